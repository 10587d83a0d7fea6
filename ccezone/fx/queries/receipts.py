"""Receipts of money for pages: rows by tab and search, one receipt with all that belongs to it, accounts, deadlines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ccezone.fx.rules.parts import State, receipt_reference
from ccezone.kernel.working_days import WorkCalendar
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

TABS: Mapping[str, Sequence[State]] = {
    "match": (State.REPORTED, State.UNMATCHED, State.PART),
    "declare": (State.MATCHED,),
    "settle": (State.DECLARED,),
    "pending": (State.PENDING,),
    "done": (State.SETTLED, State.CLOSED),
    "returned": (State.RETURNED,),
}
REFERENCE = "'FX' || lpad(r.number::text, 8, '0')"
"""How ``receipt_reference`` names a receipt ``r``, in a statement."""
_COLUMNS = """r.id, r.number, r.enterprise_id, r.account, r.bank_reference, r.currency, r.amount, r.payer, r.value_date, r.kind,
    r.settlement_reference, r.origin, r.confirmed_at, r.limited, r.matched, r.open, r.held, r.pending, r.settled, r.leaving,
    r.returned, r.bop_code, r.registration_no, r.declared_at, r.state, r.version, r.created_at"""
_MATCHED = """
SELECT o.order_key, o.order_no, o.platform_name, o.expected, o.received, o.netted,
    coalesce(sum(m.amount) FILTER (WHERE m.kind = 'money'), 0),
    coalesce(jsonb_object_agg(m.kind, m.total) FILTER (WHERE m.kind <> 'money' AND m.amount <> 0), '{}')
FROM (SELECT order_key, kind, sum(amount) AS amount, sum(amount)::text AS total FROM fx_match
      WHERE receipt_id = %(id)s GROUP BY 1, 2) m
JOIN fx_order o ON o.order_key = m.order_key
GROUP BY o.order_key HAVING sum(m.amount) <> 0 ORDER BY o.order_no
"""
_ASKED = """
SELECT id, number, action, source, amount, converts, gate, note, created_at, attempts, last_error, sent_at, outcome, answered_at,
    rate, yuan, answer
FROM fx_instruction WHERE receipt_id = %(id)s ORDER BY id
"""
_STEPS = "SELECT at, actor, step, state, amount, note FROM fx_step WHERE receipt_id = %(id)s ORDER BY id"
_ACCOUNTS = """
SELECT a.number, a.enterprise_id, a.bank, a.currency, a.created_at, count(r.id)
FROM fx_account a LEFT JOIN fx_receipt r ON r.account = a.number
WHERE %(firm)s::uuid IS NULL OR a.enterprise_id = %(firm)s GROUP BY a.number ORDER BY a.number LIMIT 500
"""
_SUMS = """
SELECT currency, sum(amount), sum(matched), sum(open), sum(held + leaving), sum(pending), sum(settled), sum(returned)
FROM fx_receipt WHERE %(firm)s::uuid IS NULL OR enterprise_id = %(firm)s GROUP BY 1 ORDER BY 2 DESC
"""
_UNDECLARED = """
SELECT id, value_date FROM fx_receipt
WHERE declared_at IS NULL AND state <> 'returned' AND value_date < %(day)s AND (%(firm)s::uuid IS NULL OR enterprise_id = %(firm)s)
    AND NOT limited ORDER BY value_date LIMIT 5000
"""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt and its parts."""

    id: UUID
    number: int
    enterprise_id: UUID
    account: str
    bank_reference: str
    currency: str
    amount: Decimal
    payer: str
    value_date: date
    kind: str
    settlement_reference: str
    origin: str
    confirmed_at: datetime | None
    limited: bool
    matched: Decimal
    open: Decimal
    held: Decimal
    pending: Decimal
    settled: Decimal
    leaving: Decimal
    returned: Decimal
    bop_code: str
    registration_no: str
    declared_at: datetime | None
    state: str
    version: int
    created_at: datetime

    @property
    def reference(self) -> str:
        """The name people use."""
        return receipt_reference(self.number)

    @property
    def unmatched(self) -> Decimal:
        """What no order and no refund abroad has taken."""
        return self.amount - self.matched - self.leaving - self.returned


@dataclass(frozen=True, slots=True)
class MatchedOrder:
    """An order a receipt pays: money and nettings of this receipt, and how the order stands."""

    order_key: int
    order_no: str
    platform_name: str
    expected: Decimal
    received: Decimal
    netted: Decimal
    money: Decimal
    nettings: Mapping[str, str]

    @property
    def elsewhere(self) -> Decimal:
        """The order's money that other receipts brought."""
        return self.received - self.money

    @property
    def open(self) -> Decimal:
        """What the order still expects; less than nothing where it was paid beyond its value."""
        return self.expected - self.received - self.netted


@dataclass(frozen=True, slots=True)
class Asked:
    """An instruction to the bank and what came of it."""

    id: UUID
    number: int
    action: str
    source: str
    amount: Decimal
    converts: bool
    gate: Mapping[str, Any]
    note: str
    created_at: datetime
    attempts: int
    last_error: str
    sent_at: datetime | None
    outcome: str
    answered_at: datetime | None
    rate: Decimal | None
    yuan: Decimal | None
    answer: str


@dataclass(frozen=True, slots=True)
class ReceiptStep:
    """One step of a receipt."""

    at: datetime
    actor: str
    step: str
    state: str
    amount: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with all that belongs to it."""

    row: ReceiptRow
    orders: Sequence[MatchedOrder]
    asked: Sequence[Asked]
    steps: Sequence[ReceiptStep]

    @property
    def used(self) -> Decimal:
        """What the orders took of it, added up from the entries."""
        return sum((each.money for each in self.orders), Decimal(0))

    @property
    def used_once(self) -> bool:
        """Whether orders took what the receipt says was taken, and it, refunds abroad included, is no more than came."""
        return self.used == self.row.matched and self.row.unmatched >= 0


@dataclass(frozen=True, slots=True)
class Account:
    """A registered account and how many receipts came to it."""

    number: str
    enterprise_id: UUID
    bank: str
    currency: str
    created_at: datetime
    receipts: int


@dataclass(frozen=True, slots=True)
class CurrencySum:
    """All receipts of a currency, by where the money is."""

    currency: str
    amount: Decimal
    matched: Decimal
    open: Decimal
    under_way: Decimal
    pending: Decimal
    settled: Decimal
    returned: Decimal


def search_receipts(
    connection: Connection, firm: UUID | None, tab: str = "", text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[ReceiptRow]:
    """Return receipts of a tab, the newest first, older than the cursor; ``None``: of every firm.

    ``text`` is exactly a reference, a bank's or a settlement's, or part of the payer's name.
    """
    conditions = ["(%(firm)s::uuid IS NULL OR r.enterprise_id = %(firm)s)"]
    if tab:
        conditions.append("r.state = ANY(%(states)s)")
    if text:
        exact = f"%(text)s IN ({REFERENCE}, r.bank_reference, r.settlement_reference, r.account)"
        conditions.append(f"({exact} OR strpos(r.payer, %(text)s) > 0)")
    if after:
        conditions.append("r.id < %(after)s")
    statement = f"SELECT {_COLUMNS} FROM fx_receipt r WHERE {' AND '.join(conditions)} ORDER BY r.id DESC LIMIT %(limit)s"  # noqa: S608  # our own names
    values = {"firm": firm, "states": [str(each) for each in TABS.get(tab, ())], "text": text, "after": after, "limit": limit}
    return [ReceiptRow(*row) for row in fetch(connection, statement, values)]


def count_receipts(connection: Connection, firm: UUID | None) -> Mapping[str, int]:
    """Count receipts by tab; ``""`` counts all."""
    statement = "SELECT state, count(*) FROM fx_receipt WHERE %(f)s::uuid IS NULL OR enterprise_id = %(f)s GROUP BY 1"
    found = {State(state): number for state, number in fetch(connection, statement, {"f": firm})}
    return {"": sum(found.values()), **{tab: sum(found.get(each, 0) for each in states) for tab, states in TABS.items()}}


def receipt(connection: Connection, firm: UUID | None, receipt_id: UUID) -> ReceiptView | None:
    """Return one receipt with all that belongs to it; another firm's looks like none."""
    statement = f"""SELECT {_COLUMNS} FROM fx_receipt r
        WHERE r.id = %(id)s AND (%(firm)s::uuid IS NULL OR r.enterprise_id = %(firm)s)"""  # noqa: S608  # our own names
    found = fetch(connection, statement, {"id": receipt_id, "firm": firm})
    if not found:
        return None
    values = {"id": receipt_id}
    orders = [MatchedOrder(*row) for row in fetch(connection, _MATCHED, values)]
    asked = [Asked(*row) for row in fetch(connection, _ASKED, values)]
    return ReceiptView(ReceiptRow(*found[0]), orders, asked, [ReceiptStep(*row) for row in fetch(connection, _STEPS, values)])


def accounts_of(connection: Connection, firm: UUID | None) -> Sequence[Account]:
    """Return a firm's registered accounts, or everybody's."""
    return [Account(*row) for row in fetch(connection, _ACCOUNTS, {"firm": firm})]


def sums(connection: Connection, firm: UUID | None) -> Sequence[CurrencySum]:
    """Return what came in each currency, and where it is."""
    return [CurrencySum(*row) for row in fetch(connection, _SUMS, {"firm": firm})]


def overdue_declarations(connection: Connection, firm: UUID | None, days: int, calendar: WorkCalendar, today: date) -> set[UUID]:
    """Return the receipts whose declaration to the balance of payments was due before today."""
    found = fetch(connection, _UNDECLARED, {"firm": firm, "day": today})
    return {number for number, value_date in found if calendar.add(value_date, days) < today}
