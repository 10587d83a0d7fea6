"""Special-area export as workbooks: lots with their deliveries, consolidated declarations with what each gathers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol, TypeVar
from uuid import UUID

import xlsxwriter

from ccezone.kernel.clock import SHANGHAI
from ccezone.storage import Connection
from ccezone.tax_refunds.queries.area import (
    DeliveryRow,
    LotRow,
    SummaryRow,
    deliveries_of_lots,
    deliveries_of_summaries,
    search_lots,
    search_summaries,
)

MOST = 50_000
_TOGETHER, _INSIDE_TOGETHER = 2_000, 100
_BOOK = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_LOTS = (
    *("入区批次 Lot", "企业 Enterprise", "商品编码 HS code", "货物名称 Goods", "入区日期 Entered", "计量单位 Unit"),
    *("入区数量 Entered quantity", "已集报 Declared", "已送未报 Open", "在区 Stock", "币制 Currency", "入区金额 Value"),
    "入区退税 Use",
)
_DELIVERIES = (
    *(
        "集中申报编号 Consolidated declaration",
        "状态 State",
        "入区批次 Lot",
        "货物名称 Goods",
        "出区单号 Delivery",
        "出区日期 Delivered",
    ),
    *("数量 Quantity", "计量单位 Unit", "币制 Currency", "金额 Value", "运单号 Waybill", "出口清单编号 List"),
)
_SUMMARIES = (
    *(
        "集中申报编号 Consolidated declaration",
        "企业 Enterprise",
        "周期起 From",
        "周期止 Until",
        "状态 State",
        "出区笔数 Deliveries",
    ),
    *("报关单号 Declaration", "申报日期 Declared on", "更新时间 Changed"),
)
Cells = Sequence[object]


class _Known(Protocol):
    """Whatever has an id."""

    @property
    def id(self) -> UUID:
        """Its id."""


Row = TypeVar("Row", bound=_Known)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How states, uses and enterprises read in a file."""

    state: Callable[[str], str]
    use: Callable[[LotRow], str]
    enterprise: Callable[[UUID], str]


def lots_sheet(connection: Connection, merchant: UUID | None, tab: str, text: str, said: Spelling) -> bytes:
    """Return the lots of a tab as xlsx, the newest first, at most ``MOST``; a second sheet names what was delivered out of them."""
    rows = list(_all(lambda after: search_lots(connection, merchant, tab, text, after, _TOGETHER)))
    inside = (_delivery(each, said) for part in _parts(rows) for each in deliveries_of_lots(connection, part, None))
    return _book({"入区批次 Lots": (_LOTS, (_lot(row, said) for row in rows)), "出区 Deliveries": (_DELIVERIES, inside)})


def summaries_sheet(connection: Connection, merchant: UUID | None, text: str, said: Spelling) -> bytes:
    """Return consolidated declarations as xlsx, the newest first, at most ``MOST``; a second sheet names the deliveries of each.

    A withdrawn one names none: they are free, or stand in another.
    """
    rows = list(_all(lambda after: search_summaries(connection, merchant, text, after, _TOGETHER)))
    living = [row for row in rows if row.state != "withdrawn"]
    inside = (_delivery(each, said) for part in _parts(living) for each in deliveries_of_summaries(connection, part, None))
    heads = (_summary(row, said) for row in rows)
    return _book({"集中申报 Declarations": (_SUMMARIES, heads), "出区 Deliveries": (_DELIVERIES, inside)})


def _all(turn: Callable[[UUID | None], Sequence[Row]]) -> Iterator[Row]:
    after: UUID | None = None
    for _ in range(MOST // _TOGETHER):
        rows = turn(after)
        yield from rows
        if len(rows) < _TOGETHER:
            return
        after = rows[-1].id


def _parts(rows: Sequence[_Known]) -> Iterator[Sequence[UUID]]:
    """So many at a time that what is inside them fits into memory, whatever there is of it."""
    for place in range(0, len(rows), _INSIDE_TOGETHER):
        yield [row.id for row in rows[place : place + _INSIDE_TOGETHER]]


def _lot(row: LotRow, said: Spelling) -> Cells:
    return (
        *(row.reference, said.enterprise(row.merchant_id), row.hs_code, row.goods_name, row.entered_on.isoformat(), row.unit),
        *(row.entered, row.declared, row.open, row.account.stock, row.currency, row.amount, said.use(row)),
    )


def _delivery(row: DeliveryRow, said: Spelling) -> Cells:
    return (
        *(row.summary_reference, said.state(row.state) if row.state else "", row.lot_reference, row.goods_name, row.delivery_no),
        *(row.delivered_on.isoformat(), row.quantity, row.unit, row.currency, row.value, row.waybill_no, row.list_no),
    )


def _summary(row: SummaryRow, said: Spelling) -> Cells:
    changed = f"{row.updated_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return (
        *(row.reference, said.enterprise(row.merchant_id), row.since.isoformat(), row.until.isoformat(), said.state(row.state)),
        *(row.deliveries, row.declaration_no, row.declared_on.isoformat() if row.declared_on else "", changed),
    )


def _book(sheets: Mapping[str, tuple[Cells, Iterable[Cells]]]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, _BOOK) as book:
        for name, (heading, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, heading)
            for line, cells in enumerate(rows, start=1):
                sheet.write_row(line, 0, cells)
    return file.getvalue()
