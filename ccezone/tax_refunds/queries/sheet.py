"""The goods ledger as a workbook: the six legal fields of every item, and what is missing."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from uuid import UUID

import xlsxwriter

from ccezone.storage import Connection
from ccezone.tax_refunds.queries.ledger import LedgerFilter, LedgerRow, search_ledger

MOST = 50_000
_TOGETHER = 5_000
_HEADING = (
    *("单证编号 Document", "项号 Line", "订单编号 Order", "监管方式 Mode", "关区 Customs", "商品编码 HS code"),
    *("出口日期 Export date", "商品名称 Goods name", "计量单位 Unit", "数量 Quantity", "单价 Unit price", "金额 Amount"),
    *("币制 Currency", "缺少的字段 Missing fields"),
)


def ledger_sheet(connection: Connection, merchant: UUID | None, wanted: LedgerFilter) -> bytes:
    """Return the items of a filter as an xlsx file, the newest first, at most ``MOST``."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("商品台账 Ledger")
        sheet.write_row(0, 0, _HEADING)
        for line, row in enumerate(_all(connection, merchant, wanted), start=1):
            sheet.write_row(line, 0, _cells(row))
    return file.getvalue()


def _all(connection: Connection, merchant: UUID | None, wanted: LedgerFilter) -> Iterator[LedgerRow]:
    after: UUID | None = None
    for _ in range(MOST // _TOGETHER):
        rows = search_ledger(connection, merchant, wanted, after, _TOGETHER)
        yield from rows
        if len(rows) < _TOGETHER:
            return
        after = rows[-1].id


def _cells(row: LedgerRow) -> Sequence[object]:
    return (
        *(row.document_no, row.line_no, row.order_no, row.trade_mode, row.customs_code, row.hs_code),
        *(row.exported_on.isoformat() if row.exported_on else "", row.goods_name, row.unit),
        *(row.quantity, row.unit_price, row.amount, row.currency, " ".join(row.gaps)),
    )
