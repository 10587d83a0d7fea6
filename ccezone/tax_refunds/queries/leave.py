"""Pre-refunds of goods for warehouses abroad, for pages and the API: rows by standing, one with its sales and entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.queries.claims import reference_of
from ccezone.tax_refunds.queries.clawbacks import prerefund_reference
from ccezone.tax_refunds.rules.leave import Account, Window

SOON = 30
_COLUMNS = """p.id, p.number, p.merchant_id, p.claim_id, k.number, p.item_id, i.document_no, i.line_no, i.goods_name, i.unit,
    i.exported_on, i.quantity, p.quantity, p.amount, p.settled, p.recovered, p.settled_cny, p.recovered_cny, p.state, p.version,
    p.done_on, p.window_from, p.window_until, p.updated_at, sold.uncounted, owed.amount"""
_FROM = """leave_prerefund p JOIN refund_claim k ON k.id = p.claim_id JOIN goods_ledger_item i ON i.id = p.item_id
CROSS JOIN LATERAL (SELECT coalesce(sum(s.quantity), 0) AS uncounted FROM overseas_sale s
    WHERE s.prerefund_id = p.id AND s.removed_at IS NULL AND s.entry_id IS NULL) sold
CROSS JOIN LATERAL (SELECT coalesce(sum(b.amount), 0) AS amount FROM refund_clawback b
    WHERE b.prerefund_id = p.id AND b.state IN ('due', 'asked')) owed"""
_MINE = "(%(merchant)s::uuid IS NULL OR p.merchant_id = %(merchant)s)"
_TEXT = """(%(text)s = '' OR %(text)s = i.document_no OR p.number = %(number)s OR k.number = %(claim)s
    OR strpos(i.goods_name, %(text)s) > 0)"""
TABS: Mapping[str, str] = {
    "": "p.state <> 'void'",
    "waiting": "(p.state = 'declared' OR p.state = 'open' AND p.window_from > %(today)s)",
    "open": "p.state = 'open' AND p.window_from <= %(today)s",
    "soon": "p.state = 'open' AND p.window_until <= %(today)s::date + %(soon)s",
    "owed": "owed.amount > 0",
    "ended": "p.state IN ('settled', 'split', 'recovered')",
}


@dataclass(frozen=True, slots=True)
class PrerefundRow:
    """One pre-refund. Amounts are yuan; ``uncounted`` are recorded sales not accounted for, ``owed`` what is still to be repaid."""

    id: UUID
    number: int
    merchant_id: UUID
    claim_id: UUID
    claim_number: int
    item_id: UUID
    document_no: str
    line_no: int
    goods_name: str
    unit: str
    exported_on: date
    exported: Decimal
    quantity: Decimal
    amount: Decimal | None
    settled: Decimal
    recovered: Decimal
    settled_cny: Decimal
    recovered_cny: Decimal
    state: str
    version: int
    done_on: date | None
    window_from: date | None
    window_until: date | None
    updated_at: datetime
    uncounted: Decimal
    owed: Decimal

    @property
    def reference(self) -> str:
        """How people name it."""
        return prerefund_reference(self.number)

    @property
    def claim_reference(self) -> str:
        """How its claim is named."""
        return reference_of(self.claim_number)

    @property
    def account(self) -> Account:
        """What its entries come to."""
        sums = (self.settled, self.recovered, self.settled_cny, self.recovered_cny)
        return Account(self.quantity, self.amount or Decimal(0), *sums)

    @property
    def window(self) -> Window | None:
        """When sales are accounted for; nothing until it was done."""
        return Window(self.window_from, self.window_until) if self.window_from and self.window_until else None


@dataclass(frozen=True, slots=True)
class SaleRow:
    """One recorded sale; ``counted``: a reconciliation took it."""

    id: UUID
    sale_no: str
    sold_on: date
    quantity: Decimal
    amount: Decimal
    currency: str
    warehouse: str
    source: str
    counted: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One step of a pre-refund."""

    at: datetime
    actor: str
    step: str
    quantity: Decimal
    amount: Decimal
    note: str


def search_prerefunds(
    connection: Connection, merchant: UUID | None, today: date, tab: str = "", text: str = "", after: UUID | None = None,
    limit: int = 50,
) -> Sequence[PrerefundRow]:  # fmt: skip
    """Return pre-refunds of a tab, the newest first; ``text``: its number, the claim's, the declaration's, part of the goods."""
    statement = f"""SELECT {_COLUMNS} FROM {_FROM} WHERE {_MINE} AND {TABS[tab]} AND {_TEXT}
        AND (%(after)s::uuid IS NULL OR p.id < %(after)s) ORDER BY p.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {**_values(merchant, today, text), "after": after, "limit": limit}
    return [PrerefundRow(*row) for row in fetch(connection, statement, values)]


def count_prerefunds(connection: Connection, merchant: UUID | None, today: date, text: str = "") -> Mapping[str, int]:
    """Count pre-refunds by tab."""
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in TABS.values())
    statement = f"SELECT {counts} FROM {_FROM} WHERE {_MINE} AND {_TEXT}"  # noqa: S608  # our own names
    return dict(zip(TABS, fetch(connection, statement, _values(merchant, today, text))[0], strict=True))


def prerefund(connection: Connection, merchant: UUID | None, prerefund_id: UUID) -> PrerefundRow | None:
    """Return one; another merchant's looks like none."""
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {_MINE} AND p.id = %(id)s"  # noqa: S608  # our own names
    found = fetch(connection, statement, {"merchant": merchant, "id": prerefund_id})
    return PrerefundRow(*found[0]) if found else None


def prerefunds_of_claim(connection: Connection, claim_id: UUID) -> Sequence[PrerefundRow]:
    """Return a claim's pre-refunds. The caller has judged who may read it."""
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE p.claim_id = %(id)s AND p.state <> 'void' ORDER BY p.number"  # noqa: S608  # our own names
    return [PrerefundRow(*row) for row in fetch(connection, statement, {"id": claim_id})]


def sales_of(connection: Connection, prerefund_id: UUID, limit: int = 5_000) -> Sequence[SaleRow]:
    """Return the sales of a pre-refund, the last recorded first."""
    statement = """SELECT id, sale_no, sold_on, quantity, amount, currency, warehouse, source, entry_id IS NOT NULL, made_at
        FROM overseas_sale WHERE prerefund_id = %(id)s AND removed_at IS NULL ORDER BY id DESC LIMIT %(limit)s"""
    return [SaleRow(*row) for row in fetch(connection, statement, {"id": prerefund_id, "limit": limit})]


def entries_of(connection: Connection, prerefund_id: UUID) -> Sequence[EntryRow]:
    """Return the steps of a pre-refund in order."""
    statement = "SELECT at, actor, step, quantity, amount, note FROM leave_entry WHERE prerefund_id = %(id)s ORDER BY id"
    return [EntryRow(*row) for row in fetch(connection, statement, {"id": prerefund_id})]


def _values(merchant: UUID | None, today: date, text: str) -> Mapping[str, object]:
    found = {"merchant": merchant, "today": today, "soon": SOON, "text": text}
    return {**found, "number": _number(text, "LR"), "claim": _number(text, "TR")}


def _number(text: str, prefix: str) -> int:
    digits = text.upper().removeprefix(prefix)
    return int(digits) if text.upper().startswith(prefix) and digits.isascii() and digits.isdigit() and len(digits) <= 18 else -1
