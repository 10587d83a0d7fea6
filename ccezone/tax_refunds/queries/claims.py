"""Claims for pages and for filing: rows by state, one with its items, invoices, steps, self-check and the bureau's clock."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.working_days import WorkCalendar
from ccezone.parameters.rules import ParameterBook, ParameterMissing
from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.queries.collection import collected
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.rules.claims import IN_REVIEW, State, Step
from ccezone.tax_refunds.rules.money import Account
from ccezone.tax_refunds.rules.self_check import ClaimFacts, InvoiceFacts, ItemFacts
from ccezone.tax_refunds.rules.terms import Pause, ReviewClock, review_clock

_COLUMNS = """c.id, c.number, c.merchant_id, c.method, c.period, c.taxpayer_class, c.state, c.version, c.domestic_sales,
    c.domestic_vat_pct, c.input_vat, c.carried_credit, c.claimed, c.approved, c.paid, c.recovered, c.reversed, c.accepted_on,
    c.paid_at, c.created_at, c.updated_at"""
_ITEMS = """
SELECT r.item_id, i.source_id, i.document_no, i.line_no, i.goods_name, i.hs_code, i.exported_on, i.amount, i.currency, i.source,
    r.declaration_no, r.vat_pct, r.refund_pct, r.rate_basis, r.value_cny, cardinality(i.gaps) = 0, i.order_no, r.collection,
    r.collection_note, i.trade_mode, i.unit, i.quantity, r.sold
FROM refund_claim_item r JOIN goods_ledger_item i ON i.id = r.item_id WHERE r.claim_id = %(id)s ORDER BY r.id
"""
_INVOICES = """
SELECT item_id, invoice_no, seller_uscc, issued_on, amount, vat_pct, vat, id FROM refund_invoice WHERE claim_id = %(id)s ORDER BY id
"""
_STEPS = "SELECT at, actor, step, state, amount, note FROM refund_step WHERE claim_id = ANY(%(ids)s) ORDER BY recorded_at, id"
_PAUSES = """
SELECT claim_id, at, step FROM refund_step WHERE claim_id = ANY(%(ids)s) AND step IN ('doubt', 'answer') ORDER BY recorded_at, id
"""
TABS: Mapping[str, Sequence[State]] = {
    "draft": (State.DRAFT, State.CHECKED, State.NOT_ACCEPTED),
    "bureau": (State.SUBMITTED, State.ACCEPTED, State.REVIEWING, State.APPROVED, State.PARTLY, State.TREASURY),
    "doubt": (State.DOUBT,),
    "paid": (State.PAID,),
    "ended": (State.REFUSED, State.WITHDRAWN, State.RECOVERED, State.OFFSET),
}
_AWAITED = (State.SUBMITTED, State.ACCEPTED, State.REVIEWING, State.DOUBT, State.APPROVED, State.PARTLY, State.TREASURY)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim. Amounts are yuan."""

    id: UUID
    number: int
    merchant_id: UUID
    method: str
    period: str
    taxpayer_class: int
    state: str
    version: int
    domestic_sales: Decimal
    domestic_vat_pct: Decimal
    input_vat: Decimal
    carried_credit: Decimal
    claimed: Decimal | None
    approved: Decimal | None
    paid: Decimal
    recovered: Decimal
    reversed: Decimal
    accepted_on: date | None
    paid_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def account(self) -> Account:
        """Its money."""
        return Account(self.claimed or Decimal(0), self.approved or Decimal(0), self.reversed, self.paid, self.recovered)

    @property
    def reference(self) -> str:
        """How people and the bureau name it."""
        return reference_of(self.number)


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """An item in a claim; ``collected`` says whether its money came in: as the hub knows, else as the firm states.

    ``sold`` is what of goods for a warehouse abroad was sold by then; ``None``: undivided, or another supervision mode.
    """

    item_id: UUID
    source_id: str
    document_no: str
    line_no: int
    goods_name: str
    hs_code: str
    exported_on: date | None
    amount: Decimal | None
    currency: str
    source: str
    declaration_no: str
    vat_pct: Decimal | None
    refund_pct: Decimal | None
    rate_basis: str
    value_cny: Decimal | None
    complete: bool
    order_no: str
    collection: str
    collection_note: str
    trade_mode: str
    unit: str
    quantity: Decimal | None
    sold: Decimal | None
    collected: bool | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """A VAT invoice behind an item of a claim; amounts in yuan."""

    item_id: UUID
    invoice_no: str
    seller_uscc: str
    issued_on: date
    amount: Decimal
    vat_pct: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class ClaimInvoice(Invoice):
    """One that is in a claim."""

    id: UUID


@dataclass(frozen=True, slots=True)
class ClaimStep:
    """One step of a claim."""

    at: datetime
    actor: str
    step: str
    state: str
    amount: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class ParkedNotice:
    """What the bureau told and nobody could place."""

    number: int
    claim: str
    step: str
    at: datetime
    amount: str | None
    note: str
    reason: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with all that belongs to it."""

    row: ClaimRow
    items: Sequence[ClaimItem]
    invoices: Sequence[ClaimInvoice]
    steps: Sequence[ClaimStep]


def reference_of(number: int) -> str:
    """Spell a claim's number."""
    return f"TR{number:08d}"


def search_claims(
    connection: Connection, merchant: UUID | None, tab: str = "", text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[ClaimRow]:
    """Return claims of a tab, the newest first, older than the cursor; ``text`` is a reference. ``None``: of every firm."""
    conditions = ["(%(merchant)s::uuid IS NULL OR c.merchant_id = %(merchant)s)"]
    if tab:
        conditions.append("c.state = ANY(%(states)s)")
    if text:
        conditions.append("('TR' || lpad(c.number::text, 8, '0') = upper(%(text)s) OR c.period = %(text)s)")
    if after:
        conditions.append("c.id < %(after)s")
    statement = f"SELECT {_COLUMNS} FROM refund_claim c WHERE {' AND '.join(conditions)} ORDER BY c.id DESC LIMIT %(limit)s"  # noqa: S608  # our own names
    states = [str(state) for state in TABS.get(tab, ())]
    values = {"merchant": merchant, "states": states, "text": text, "after": after, "limit": limit}
    return [ClaimRow(*row) for row in fetch(connection, statement, values)]


def count_claims(connection: Connection, merchant: UUID | None) -> Mapping[str, int]:
    """Count claims by tab; ``""`` counts all."""
    statement = "SELECT state, count(*) FROM refund_claim WHERE %(m)s::uuid IS NULL OR merchant_id = %(m)s GROUP BY 1"
    found = {State(state): number for state, number in fetch(connection, statement, {"m": merchant})}
    tabs = {tab: sum(found.get(state, 0) for state in states) for tab, states in TABS.items()}
    return {"": sum(found.values()), **tabs}


def claim(connection: Connection, merchant: UUID | None, claim_id: UUID) -> ClaimView | None:
    """Return one claim with all that belongs to it; another firm's looks like none."""
    statement = f"""SELECT {_COLUMNS} FROM refund_claim c
        WHERE c.id = %(id)s AND (%(merchant)s::uuid IS NULL OR c.merchant_id = %(merchant)s)"""  # noqa: S608  # our own names
    found = fetch(connection, statement, {"id": claim_id, "merchant": merchant})
    if not found:
        return None
    items = _with_money(connection, found[0][2], [ClaimItem(*row) for row in fetch(connection, _ITEMS, {"id": claim_id})])
    invoices = [ClaimInvoice(*row) for row in fetch(connection, _INVOICES, {"id": claim_id})]
    steps = [ClaimStep(*row) for row in fetch(connection, _STEPS, {"ids": [claim_id]})]
    return ClaimView(ClaimRow(*found[0]), items, invoices, steps)


def facts_of(view: ClaimView, book: ParameterBook, today: date) -> ClaimFacts:
    """Return what the self-check judges a claim by."""
    behind: defaultdict[UUID, list[InvoiceFacts]] = defaultdict(list)
    for each in view.invoices:
        behind[each.item_id].append(InvoiceFacts(each.invoice_no, each.issued_on, each.amount, each.vat_pct, each.vat))
    items = [
        ItemFacts(
            item.goods_name, item.declaration_no, item.exported_on, item.complete, item.value_cny, item.vat_pct, item.refund_pct,
            behind[item.item_id], item.collected, item.collection_note,
        )
        for item in view.items
    ]  # fmt: skip
    row = view.row
    tolerance = book.decimal("refund.invoice_vat_tolerance", today)
    figures = (row.domestic_sales, row.domestic_vat_pct, row.input_vat, row.carried_credit)
    return ClaimFacts(Method(row.method), items, today, _window(book, today), tolerance, *figures, _collection_due(book, today))


def review_clocks(
    connection: Connection, claims: Sequence[ClaimRow], book: ParameterBook, calendar: WorkCalendar, today: date
) -> Mapping[UUID, ReviewClock]:
    """Return the bureau's clocks of the claims it reviews, by the class's term on the day of acceptance."""
    running = [each for each in claims if each.accepted_on is not None and State(each.state) in IN_REVIEW]
    pauses = _pauses(connection, [each.id for each in running])
    clocks = {}
    for each in running:
        accepted = each.accepted_on or today
        days = book.integer(f"refund.review_working_days.{each.taxpayer_class}", accepted)
        clocks[each.id] = review_clock(calendar, accepted, days, pauses[each.id], today)
    return clocks


def awaited(connection: Connection, merchant: UUID | None) -> Sequence[ClaimRow]:
    """Return the claims whose money is still to come, for a forecast; the oldest first, at most some thousand."""
    statement = f"""SELECT {_COLUMNS} FROM refund_claim c WHERE c.state = ANY(%(states)s)
        AND (%(merchant)s::uuid IS NULL OR c.merchant_id = %(merchant)s) ORDER BY c.id LIMIT 5000"""  # noqa: S608  # our own names
    states = [str(state) for state in _AWAITED]
    return [ClaimRow(*row) for row in fetch(connection, statement, {"states": states, "merchant": merchant})]


def parked_notices(connection: Connection, limit: int = 200) -> Sequence[ParkedNotice]:
    """Return what the bureau told and nobody could place, the newest first."""
    statement = """SELECT number, claim, kind, at, content ->> 'amount', coalesce(content ->> 'note', ''), reason, received_at
        FROM refund_parked_notice ORDER BY number DESC LIMIT %(limit)s"""
    return [ParkedNotice(*row) for row in fetch(connection, statement, {"limit": limit})]


def _pauses(connection: Connection, claims: Sequence[UUID]) -> Mapping[UUID, Sequence[Pause]]:
    found: defaultdict[UUID, list[Pause]] = defaultdict(list)
    for claim_id, at, step in fetch(connection, _PAUSES, {"ids": list(claims)}):
        day = at.astimezone(SHANGHAI).date()
        if step == Step.DOUBT:
            found[claim_id].append(Pause(day, None))
        elif found[claim_id]:
            found[claim_id][-1] = Pause(found[claim_id][-1].since, day)
    return found


def _with_money(connection: Connection, merchant: UUID, items: Sequence[ClaimItem]) -> Sequence[ClaimItem]:
    known = collected(connection, merchant, [each.order_no for each in items if each.order_no])
    stated = {"collected": True, "not_collected": False}
    return [replace(each, collected=known.get(each.order_no, stated.get(each.collection))) for each in items]


def _collection_due(book: ParameterBook, today: date) -> str:
    try:
        return book.text("refund.collection_due", today)
    except ParameterMissing:
        return ""


def _window(book: ParameterBook, today: date) -> int | None:
    try:
        return book.integer("refund.claim_window_months", today)
    except ParameterMissing:
        return None
