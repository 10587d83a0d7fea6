"""Borrowings of yuan from abroad: a firm's, a bank's, or all; each with its story; and as a workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import xlsxwriter

from ccezone.fx.rules.borrowing import Standing, State
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

TABS = ("", *State)
MOST = 50_000
_TOGETHER = 5_000
_ROWS = """
SELECT b.id, b.number, b.enterprise_id, e.name, e.uscc, b.partner_id, b.bank, b.lender, b.contract_no, b.amount, b.drawn, b.repaid,
    b.begins_on, b.due_on, b.state, b.version, b.updated_at
FROM fx_borrowing b JOIN enterprise e ON e.id = b.enterprise_id
WHERE (%(firm)s::uuid IS NULL OR b.enterprise_id = %(firm)s) AND (%(bank)s::uuid IS NULL OR b.partner_id = %(bank)s)
    AND (%(id)s::uuid IS NULL OR b.id = %(id)s) AND (%(after)s::uuid IS NULL OR b.id < %(after)s)
    AND (%(state)s = '' OR b.state = %(state)s)
    AND (%(text)s = '' OR strpos(lower(concat_ws(' ', 'RB' || lpad(b.number::text, 8, '0'), b.contract_no, b.bank, b.lender, e.name,
        e.uscc)), lower(%(text)s)) > 0)
ORDER BY b.id DESC LIMIT %(limit)s
"""
_STEPS = """
SELECT at, name, side, step, state, on_day, amount, document FROM fx_borrowing_step WHERE borrowing_id = %(id)s ORDER BY id DESC
"""
_HEADING = (
    *("借款编号 Borrowing", "企业 Enterprise", "统一社会信用代码 USCC", "办理银行 Bank", "境外贷款人 Lender abroad"),
    *("合同编号 Contract", "合同金额（元） Amount CNY", "已提款 Drawn", "已还款 Repaid", "尚未偿还 Owed", "合同生效日 Begins"),
    *("合同到期日 Due", "状态 State"),
)


@dataclass(frozen=True, slots=True)
class BorrowingView:
    """One borrowing, in yuan."""

    id: UUID
    number: int
    enterprise_id: UUID
    firm: str
    uscc: str
    partner_id: UUID | None
    bank: str
    lender: str
    contract_no: str
    amount: Decimal
    drawn: Decimal
    repaid: Decimal
    begins_on: date
    due_on: date
    state: str
    version: int
    updated_at: datetime

    @property
    def reference(self) -> str:
        """How people name it."""
        return f"RB{self.number:08d}"

    @property
    def standing(self) -> Standing:
        """Its amounts, as the rules see them."""
        return Standing(self.amount, self.drawn, self.repaid, State(self.state))

    def overdue(self, today: date) -> bool:
        """Say whether money is owed after the day it was due."""
        return self.standing.owed > 0 and today > self.due_on


@dataclass(frozen=True, slots=True)
class BorrowingStepRow:
    """One thing that was said about it, by the office or the bank (``side``)."""

    at: datetime
    name: str
    side: str
    step: str
    state: str
    on_day: date
    amount: Decimal | None
    document: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose borrowings are wanted: a firm's, a bank's, or with neither all; in a state, with a text."""

    firm: UUID | None = None
    bank: UUID | None = None
    state: str = ""
    text: str = ""


def borrowings(connection: Connection, whose: Whose, after: UUID | None = None, limit: int = 50) -> Sequence[BorrowingView]:
    """Return borrowings, the newest first. The text is sought in number, contract, bank, lender and firm."""
    wanted = {"firm": whose.firm, "bank": whose.bank, "state": whose.state, "text": whose.text}
    return [BorrowingView(*row) for row in fetch(connection, _ROWS, {**wanted, "id": None, "after": after, "limit": limit})]


def borrowing(
    connection: Connection, borrowing_id: UUID, firm: UUID | None = None, bank: UUID | None = None
) -> BorrowingView | None:
    """Return one; another firm's or another bank's looks like none."""
    values = {"firm": firm, "bank": bank, "state": "", "text": "", "id": borrowing_id, "after": None, "limit": 1}
    found = fetch(connection, _ROWS, values)
    return BorrowingView(*found[0]) if found else None


def borrowing_steps(connection: Connection, borrowing_id: UUID) -> Sequence[BorrowingStepRow]:
    """Return what was said about a borrowing, the latest first."""
    return [BorrowingStepRow(*row) for row in fetch(connection, _STEPS, {"id": borrowing_id})]


def borrowings_sheet(connection: Connection, whose: Whose) -> bytes:
    """Return borrowings as an xlsx file, the newest first, at most ``MOST``."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("人民币借款 Borrowings")
        sheet.write_row(0, 0, _HEADING)
        for line, row in enumerate(_all(connection, whose), start=1):
            sheet.write_row(line, 0, _cells(row))
    return file.getvalue()


def _all(connection: Connection, whose: Whose) -> Iterator[BorrowingView]:
    after: UUID | None = None
    for _ in range(MOST // _TOGETHER):
        rows = borrowings(connection, whose, after, _TOGETHER)
        yield from rows
        if len(rows) < _TOGETHER:
            return
        after = rows[-1].id


def _cells(row: BorrowingView) -> Sequence[object]:
    return (
        *(row.reference, row.firm, row.uscc, row.bank, row.lender, row.contract_no, row.amount, row.drawn, row.repaid),
        *(row.standing.owed, row.begins_on.isoformat(), row.due_on.isoformat(), row.state),
    )
