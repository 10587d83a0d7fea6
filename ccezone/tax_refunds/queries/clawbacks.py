"""Clawbacks for pages: a firm's, or all for the office; those of a return, and of a claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.queries.claims import reference_of

_COLUMNS = """b.id, b.number, b.merchant_id, b.claim_id, k.number, b.item_id, b.return_id, r.declaration_id, r.list_no,
    i.goods_name, i.unit, i.quantity, b.quantity, b.amount, b.state, b.opened_at, b.updated_at, coalesce(m.refused, ''),
    b.prerefund_id, p.number"""
_FROM = """refund_clawback b JOIN refund_claim k ON k.id = b.claim_id JOIN goods_ledger_item i ON i.id = b.item_id
LEFT JOIN goods_return r ON r.id = b.return_id LEFT JOIN leave_prerefund p ON p.id = b.prerefund_id
LEFT JOIN refund_message m ON m.id = b.message_id"""
_MINE = "(%(merchant)s::uuid IS NULL OR b.merchant_id = %(merchant)s)"
_TEXT = """(%(text)s = '' OR %(text)s IN (r.list_no, b.return_id::text) OR b.number = %(number)s OR k.number = %(claim)s
    OR strpos(i.goods_name, %(text)s) > 0)"""
TABS: Mapping[str, str] = {
    "": "b.state <> 'void'",
    "due": "b.state = 'due'",
    "asked": "b.state = 'asked'",
    "pending": "b.state = 'pending'",
    "settled": "b.state = 'settled'",
    "void": "b.state = 'void'",
}


@dataclass(frozen=True, slots=True)
class ClawbackRow:
    """One clawback; ``amount`` in yuan, ``None`` until its claim is paid. ``refused``: why the bureau would not take the offer.

    Its cause is a return of goods, or a pre-refund of goods that were not sold abroad.
    """

    id: UUID
    number: int
    merchant_id: UUID
    claim_id: UUID
    claim_number: int
    item_id: UUID
    return_id: int | None
    declaration_id: int | None
    list_no: str | None
    goods_name: str
    unit: str
    exported: Decimal | None
    quantity: Decimal
    amount: Decimal | None
    state: str
    opened_at: datetime
    updated_at: datetime
    refused: str
    prerefund_id: UUID | None
    prerefund_number: int | None

    @property
    def prerefund_reference(self) -> str:
        """How the pre-refund it recovers is named; nothing where goods came back by a return."""
        return prerefund_reference(self.prerefund_number) if self.prerefund_number else ""

    @property
    def reference(self) -> str:
        """How people and the bureau name it."""
        return clawback_reference(self.number)

    @property
    def claim_reference(self) -> str:
        """How its claim is named."""
        return reference_of(self.claim_number)


def clawback_reference(number: int) -> str:
    """Name a clawback."""
    return f"CB{number:08d}"


def prerefund_reference(number: int) -> str:
    """Name a pre-refund of goods for a warehouse abroad."""
    return f"LR{number:08d}"


def search_clawbacks(
    connection: Connection, merchant: UUID | None, tab: str = "", text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[ClawbackRow]:
    """Return clawbacks of a tab, the newest first; ``text``: a number of theirs, the claim's, the list's, or part of the goods."""
    statement = f"""SELECT {_COLUMNS} FROM {_FROM} WHERE {_MINE} AND {TABS[tab]} AND {_TEXT}
        AND (%(after)s::uuid IS NULL OR b.id < %(after)s) ORDER BY b.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    return [ClawbackRow(*row) for row in fetch(connection, statement, {**_values(merchant, text), "after": after, "limit": limit})]


def count_clawbacks(connection: Connection, merchant: UUID | None, text: str = "") -> Mapping[str, int]:
    """Count clawbacks by tab."""
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in TABS.values())
    statement = f"SELECT {counts} FROM {_FROM} WHERE {_MINE} AND {_TEXT}"  # noqa: S608  # our own names
    return dict(zip(TABS, fetch(connection, statement, _values(merchant, text))[0], strict=True))


def clawback(connection: Connection, merchant: UUID | None, clawback_id: UUID) -> ClawbackRow | None:
    """Return one; another merchant's looks like none."""
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {_MINE} AND b.id = %(id)s"  # noqa: S608  # our own names
    found = fetch(connection, statement, {"merchant": merchant, "id": clawback_id})
    return ClawbackRow(*found[0]) if found else None


def clawbacks_of_return(connection: Connection, return_id: int) -> Sequence[ClawbackRow]:
    """Return what a return's goods owe. The caller has judged who may read it."""
    return _of(connection, "b.return_id = %(id)s", return_id)


def clawbacks_of_claim(connection: Connection, claim_id: UUID) -> Sequence[ClawbackRow]:
    """Return what of a claim is to be repaid. The caller has judged who may read it."""
    return _of(connection, "b.claim_id = %(id)s", claim_id)


def _of(connection: Connection, condition: str, number: int | UUID) -> Sequence[ClawbackRow]:
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE b.state <> 'void' AND {condition} ORDER BY b.number"  # noqa: S608  # our own names
    return [ClawbackRow(*row) for row in fetch(connection, statement, {"id": number})]


def _values(merchant: UUID | None, text: str) -> Mapping[str, object]:
    return {"merchant": merchant, "text": text, "number": _number(text, "CB"), "claim": _number(text, "TR")}


def _number(text: str, prefix: str) -> int:
    digits = text.upper().removeprefix(prefix)
    return int(digits) if text.upper().startswith(prefix) and digits.isascii() and digits.isdigit() and len(digits) <= 18 else -1
