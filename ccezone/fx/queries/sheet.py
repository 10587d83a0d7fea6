"""Receipts of money as a workbook."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from uuid import UUID

import xlsxwriter

from ccezone.fx.queries.receipts import ReceiptRow, search_receipts
from ccezone.storage import Connection

MOST = 50_000
_TOGETHER = 5_000
_HEADING = (
    *("收汇编号 Receipt", "银行业务编号 Bank reference", "账户 Account", "收汇日期 Value date", "付款方 Payer", "币制 Currency"),
    *("金额 Amount", "已匹配 Matched", "未办理 Open", "办理中 Under way", "待核查 Pending", "已结汇 Settled", "已退汇 Returned"),
    *("交易编码 BoP code", "状态 State"),
)


def receipts_sheet(connection: Connection, firm: UUID | None, tab: str, text: str) -> bytes:
    """Return the receipts of a tab as an xlsx file, the newest first, at most ``MOST``."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("收汇 Receipts")
        sheet.write_row(0, 0, _HEADING)
        for line, row in enumerate(_all(connection, firm, tab, text), start=1):
            sheet.write_row(line, 0, _cells(row))
    return file.getvalue()


def _all(connection: Connection, firm: UUID | None, tab: str, text: str) -> Iterator[ReceiptRow]:
    after: UUID | None = None
    for _ in range(MOST // _TOGETHER):
        rows = search_receipts(connection, firm, tab, text, after, _TOGETHER)
        yield from rows
        if len(rows) < _TOGETHER:
            return
        after = rows[-1].id


def _cells(row: ReceiptRow) -> Sequence[object]:
    return (
        *(row.reference, row.bank_reference, row.account, row.value_date.isoformat(), row.payer, row.currency),
        *(row.amount, row.matched, row.open, row.held + row.leaving, row.pending, row.settled, row.returned),
        *(row.bop_code, row.state),
    )
