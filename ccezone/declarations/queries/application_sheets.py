"""Summary declarations and goods returns as a workbook with what is in each of them, or the applications alone as CSV."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Protocol, TypeVar
from uuid import UUID

import xlsxwriter

from ccezone.declarations.queries.returns import ReturnRow, search_returns
from ccezone.declarations.queries.summaries import SummaryRow, search_summaries
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.csv_text import csv_text
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

MOST = 50_000
_TOGETHER = 2_000
_BOOK = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_SUMMARIES = (
    *("申请编号 Application", "企业 Enterprise", "结关月份 Month", "运抵国（地区） Country", "监管方式 Mode", "申报地海关 Customs"),
    *("清单数 Lists", "币制 Currency", "金额 Value", "毛重 Gross kg", "净重 Net kg", "状态 State", "状态代码 State code"),
    *("海关汇总编号 Customs number", "报关单数 Declarations", "建立时间 Opened", "更新时间 Changed"),
)
_LISTS = (
    *("申请编号 Application", "清单编号 List", "订单编号 Order", "运单编号 Waybill", "币制 Currency", "金额 Value"),
    "报关单号 Declarations",
)
_RETURNS = (
    *(
        "申请编号 Application",
        "企业 Enterprise",
        "进出口 Flow",
        "清单编号 List",
        "订单编号 Order",
        "监管方式 Mode",
        "币制 Currency",
    ),
    *("退货金额 Value", "退货原因 Reason", "免征进境税款 Relief", "退税 Refund", "状态 State", "状态代码 State code"),
    *("海关通过时间 Granted", "运抵日期 Arrived", "建立时间 Opened", "更新时间 Changed"),
)
_LINES = (
    *("申请编号 Application", "项号 Line", "商品编码 HS code", "商品名称 Goods", "退货数量 Quantity", "申报数量 Declared"),
    "计量单位 Unit",
)
_INSIDE = """
SELECT l.application_id, l.list_no, d.order_no, d.waybill_no, d.currency, d.total_value,
    coalesce((SELECT string_agg(DISTINCT e.entry_no, ' ' ORDER BY e.entry_no) FROM summary_entry_line n
        JOIN summary_entry e ON e.application_id = n.application_id AND e.decl_seq_no = n.decl_seq_no
        WHERE n.declaration_id = d.id AND n.application_id = l.application_id AND e.entry_no <> ''), '')
FROM summary_list l JOIN customs_application a ON a.id = l.application_id JOIN declaration_list d ON d.id = l.declaration_id
WHERE l.application_id = ANY(%(ids)s) AND (l.live OR a.state = 'dropped') ORDER BY l.application_id DESC, l.list_no
"""
Cells = Sequence[object]


class Known(Protocol):
    """Whatever has a number."""

    @property
    def id(self) -> int:
        """Its number."""


Row = TypeVar("Row", bound=Known)
Turn = Callable[[int | None, int], Sequence[Row]]
"""The next rows after a number, at most so many."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How states and enterprises read in a file."""

    state: Callable[[str], str]
    enterprise: Callable[[UUID], str]


def summaries_sheet(connection: Connection, merchant: UUID | None, tab: str, text: str, said: Spelling) -> bytes:
    """Return the summaries of a tab as xlsx, the newest first, at most ``MOST``; a second sheet names the lists in each."""
    rows = list(_all(lambda after, most: search_summaries(connection, merchant, tab, text, after, most)))
    inside = _inside(connection, [row.id for row in rows])
    return _book({"汇总申报 Summaries": (_SUMMARIES, (_summary(row, said) for row in rows)), "清单 Lists": (_LISTS, inside)})


def summaries_csv(connection: Connection, merchant: UUID | None, tab: str, text: str, said: Spelling) -> bytes:
    """Return the summaries of a tab as CSV, the newest first, at most ``MOST``."""
    rows = _all(lambda after, most: search_summaries(connection, merchant, tab, text, after, most))
    return csv_text((_SUMMARIES, *(_summary(row, said) for row in rows)))


def returns_sheet(connection: Connection, merchant: UUID | None, tab: str, text: str, said: Spelling) -> bytes:
    """Return the goods returns of a tab as xlsx, the newest first, at most ``MOST``; a second sheet names the goods of each."""
    rows = list(_all(lambda after, most: search_returns(connection, merchant, tab, text, after, most)))
    lines = (cells for row in rows for cells in _lines(row))
    return _book({"退货 Returns": (_RETURNS, (_return(row, said) for row in rows)), "商品 Goods": (_LINES, lines)})


def returns_csv(connection: Connection, merchant: UUID | None, tab: str, text: str, said: Spelling) -> bytes:
    """Return the goods returns of a tab as CSV, the newest first, at most ``MOST``."""
    rows = _all(lambda after, most: search_returns(connection, merchant, tab, text, after, most))
    return csv_text((_RETURNS, *(_return(row, said) for row in rows)))


def _all(turn: Turn[Row]) -> Iterator[Row]:
    after: int | None = None
    for _ in range(MOST // _TOGETHER):
        rows = turn(after, _TOGETHER)
        yield from rows
        if len(rows) < _TOGETHER:
            return
        after = rows[-1].id


def _inside(connection: Connection, ids: Sequence[int]) -> Iterator[Cells]:
    for place in range(0, len(ids), _TOGETHER):
        for row in fetch(connection, _INSIDE, {"ids": list(ids[place : place + _TOGETHER])}):
            yield (str(row[0]), *row[1:])


def _summary(row: SummaryRow, said: Spelling) -> Cells:
    key = row.key
    return (
        *(str(row.id), said.enterprise(row.merchant_id), row.month, key.get("country", ""), key.get("trade_mode", "")),
        *(key.get("customs_code", ""), row.lists, key.get("currency", ""), row.value, row.gross_weight, row.net_weight),
        *(said.state(row.state), row.state, row.customs_no or "", row.entries, _at(row.created_at), _at(row.updated_at)),
    )


def _return(row: ReturnRow, said: Spelling) -> Cells:
    return (
        *(str(row.id), said.enterprise(row.merchant_id), row.flow, row.list_no, row.order_no, row.trade_mode, row.currency),
        *(row.amount, row.reason, "Y" if row.relief else "N", row.repayment, said.state(row.state), row.state),
        *(_at(row.released_at), row.arrived_on.isoformat() if row.arrived_on else "", _at(row.created_at), _at(row.updated_at)),
    )


def _lines(row: ReturnRow) -> Iterator[Cells]:
    by_line = {str(line["line_no"]): line for line in row.lines}
    for number, quantity in sorted(row.quantities.items(), key=lambda each: int(each[0])):
        line: Mapping[str, str] = by_line.get(number, {})
        declared = Decimal(line["qty"]) if line.get("qty") else ""
        named = (line.get("hs_code", ""), line.get("goods_name", ""))
        yield (str(row.id), int(number), *named, Decimal(quantity), declared, line.get("unit", ""))


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if moment else ""


def _book(sheets: Mapping[str, tuple[Cells, Iterator[Cells]]]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, _BOOK) as book:
        for name, (heading, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, heading)
            for line, cells in enumerate(rows, start=1):
                sheet.write_row(line, 0, cells)
    return file.getvalue()
