"""Promotion-cost vouchers: a firm's, or all; each with its story; and as a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import xlsxwriter

from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.rules.vouchers import State

TABS = ("", *State)
MOST = 50_000
_TOGETHER = 5_000
_ROWS = """
SELECT v.id, v.number, v.merchant_id, e.name, e.uscc, v.platform, v.period, v.currency, v.amount, v.document_no, v.file_id, v.state,
    v.version, v.updated_at, coalesce(u.used_for, '')
FROM promotion_voucher v JOIN enterprise e ON e.id = v.merchant_id LEFT JOIN promotion_voucher_use u ON u.voucher_id = v.id
WHERE (%(firm)s::uuid IS NULL OR v.merchant_id = %(firm)s) AND (%(id)s::uuid IS NULL OR v.id = %(id)s)
    AND (%(after)s::uuid IS NULL OR v.id < %(after)s) AND (%(state)s = '' OR v.state = %(state)s)
    AND (%(text)s = '' OR strpos(lower(concat_ws(' ', 'PV' || lpad(v.number::text, 8, '0'), v.document_no, v.platform, v.period,
        e.name, e.uscc)), lower(%(text)s)) > 0)
ORDER BY v.id DESC LIMIT %(limit)s
"""
_STEPS = "SELECT at, name, step, note FROM promotion_voucher_step WHERE voucher_id = %(id)s ORDER BY id DESC"
_COUNTS = """
SELECT state, count(*) FROM promotion_voucher WHERE %(firm)s::uuid IS NULL OR merchant_id = %(firm)s GROUP BY state
"""
_HEADING = (
    *("凭证编号 Voucher", "企业 Enterprise", "统一社会信用代码 USCC", "平台 Platform", "所属月份 Month", "币制 Currency"),
    *("金额 Amount", "平台单据编号 Document", "状态 State", "用途 Used for"),
)


@dataclass(frozen=True, slots=True)
class VoucherView:
    """One voucher; ``used_for`` is empty until it is used."""

    id: UUID
    number: int
    merchant_id: UUID
    firm: str
    uscc: str
    platform: str
    period: str
    currency: str
    amount: Decimal
    document_no: str
    file_id: UUID | None
    state: str
    version: int
    updated_at: datetime
    used_for: str

    @property
    def reference(self) -> str:
        """How people name it."""
        return f"PV{self.number:08d}"


@dataclass(frozen=True, slots=True)
class VoucherStepRow:
    """One thing that was done with it."""

    at: datetime
    name: str
    step: str
    note: str


def search_vouchers(
    connection: Connection, firm: UUID | None, state: str = "", text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[VoucherView]:
    """Return vouchers of a firm, or of all, the newest first. The text is sought in number, document, platform, month, firm."""
    values = {"firm": firm, "id": None, "state": state, "text": text, "after": after, "limit": limit}
    return [VoucherView(*row) for row in fetch(connection, _ROWS, values)]


def count_vouchers(connection: Connection, firm: UUID | None) -> Mapping[str, int]:
    """Count vouchers by state; under the empty name all."""
    counts = dict(fetch(connection, _COUNTS, {"firm": firm}))
    return {"": sum(counts.values()), **{state.value: counts.get(state, 0) for state in State}}


def voucher(connection: Connection, voucher_id: UUID, firm: UUID | None = None) -> VoucherView | None:
    """Return one; another firm's looks like none."""
    values = {"firm": firm, "id": voucher_id, "state": "", "text": "", "after": None, "limit": 1}
    found = fetch(connection, _ROWS, values)
    return VoucherView(*found[0]) if found else None


def voucher_steps(connection: Connection, voucher_id: UUID) -> Sequence[VoucherStepRow]:
    """Return what was done with a voucher, the latest first."""
    return [VoucherStepRow(*row) for row in fetch(connection, _STEPS, {"id": voucher_id})]


def vouchers_sheet(connection: Connection, firm: UUID | None, state: str, text: str) -> bytes:
    """Return vouchers as an xlsx file, the newest first, at most ``MOST``."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("推广费凭证 Vouchers")
        sheet.write_row(0, 0, _HEADING)
        for line, row in enumerate(_all(connection, firm, state, text), start=1):
            cells = (row.reference, row.firm, row.uscc, row.platform, row.period, row.currency, row.amount, row.document_no)
            sheet.write_row(line, 0, (*cells, row.state, row.used_for))
    return file.getvalue()


def _all(connection: Connection, firm: UUID | None, state: str, text: str) -> Iterator[VoucherView]:
    after: UUID | None = None
    for _ in range(MOST // _TOGETHER):
        rows = search_vouchers(connection, firm, state, text, after, _TOGETHER)
        yield from rows
        if len(rows) < _TOGETHER:
            return
        after = rows[-1].id
