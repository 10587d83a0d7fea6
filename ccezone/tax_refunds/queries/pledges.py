"""Pledges of refund accounts: a firm's, a bank's, the one that lives; each with its story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_ROWS = """
SELECT p.id, p.number, p.merchant_id, e.name, e.uscc, p.partner_id, b.name, b.name_en, p.consent_id, p.account_no, p.contract_no,
    p.note, p.until, p.state, p.version, p.made_at, p.updated_at
FROM refund_account_pledge p JOIN enterprise e ON e.id = p.merchant_id JOIN partner b ON b.id = p.partner_id
WHERE (%(firm)s::uuid IS NULL OR p.merchant_id = %(firm)s) AND (%(bank)s::uuid IS NULL OR p.partner_id = %(bank)s)
    AND (%(id)s::uuid IS NULL OR p.id = %(id)s) AND (%(after)s::uuid IS NULL OR p.id < %(after)s)
    AND (%(state)s = '' OR p.state = %(state)s)
ORDER BY p.id DESC LIMIT %(limit)s
"""
_STEPS = "SELECT at, name, side, action, note FROM refund_pledge_step WHERE pledge_id = %(id)s ORDER BY id"


@dataclass(frozen=True, slots=True)
class PledgeView:
    """One pledge; ``bank`` and ``bank_en`` name who holds it."""

    id: UUID
    number: int
    merchant_id: UUID
    firm: str
    uscc: str
    partner_id: UUID
    bank: str
    bank_en: str
    consent_id: UUID
    account_no: str
    contract_no: str
    note: str
    until: date | None
    state: str
    version: int
    made_at: datetime
    updated_at: datetime

    @property
    def reference(self) -> str:
        """How people name it."""
        return f"RP{self.number:08d}"


@dataclass(frozen=True, slots=True)
class PledgeStepRow:
    """One thing that was said about it."""

    at: datetime
    name: str
    side: str
    action: str
    note: str


def search_pledges(
    connection: Connection, firm: UUID | None = None, bank: UUID | None = None, state: str = "", after: UUID | None = None,
    limit: int = 50,
) -> Sequence[PledgeView]:  # fmt: skip
    """Return pledges of a firm, of a bank, or with neither all; the newest first."""
    values = {"firm": firm, "bank": bank, "id": None, "after": after, "state": state, "limit": limit}
    return [PledgeView(*row) for row in fetch(connection, _ROWS, values)]


def pledge(connection: Connection, pledge_id: UUID, firm: UUID | None = None, bank: UUID | None = None) -> PledgeView | None:
    """Return one; another firm's or bank's looks like none."""
    values = {"firm": firm, "bank": bank, "id": pledge_id, "after": None, "state": "", "limit": 1}
    found = fetch(connection, _ROWS, values)
    return PledgeView(*found[0]) if found else None


def live_pledge(connection: Connection, firm: UUID) -> PledgeView | None:
    """Return the pledge a firm's refunds are bound by; there is one at most."""
    found = search_pledges(connection, firm, state="live", limit=1)
    return found[0] if found else None


def steps_of(connection: Connection, pledge_id: UUID) -> Sequence[PledgeStepRow]:
    """Return what was said about a pledge, in order."""
    return [PledgeStepRow(*row) for row in fetch(connection, _STEPS, {"id": pledge_id})]


def pledged_account(connection: Connection, firm: UUID) -> str:
    """Return the account a firm's refunds must be paid to; empty when they may go anywhere."""
    found = fetch(
        connection, "SELECT account_no FROM refund_account_pledge WHERE merchant_id = %(firm)s AND state = 'live'", {"firm": firm}
    )
    return str(found[0][0]) if found else ""
