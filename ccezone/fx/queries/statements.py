"""Banks' statements and parked notices for pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_ROWS = """
SELECT s.id, s.account, a.enterprise_id, s.currency, s.sequence, s.day, s.opening, s.closing, s.format, s.origin, s.state, s.reason,
    s.receipts, s.content -> 'doubts', s.received_at, s.taken_at
FROM fx_statement s LEFT JOIN fx_account a ON a.number = s.account
WHERE (%(firm)s::uuid IS NULL OR a.enterprise_id = %(firm)s) AND (%(state)s = '' OR s.state = %(state)s)
    AND (%(text)s = '' OR s.account = %(text)s) AND (%(after)s::uuid IS NULL OR s.id < %(after)s)
ORDER BY s.id DESC LIMIT %(limit)s
"""
_COUNTS = """
SELECT s.state, count(*) FROM fx_statement s LEFT JOIN fx_account a ON a.number = s.account
WHERE %(firm)s::uuid IS NULL OR a.enterprise_id = %(firm)s GROUP BY 1
"""
_PARKED = "SELECT number, instruction, outcome, at, note, reason, received_at FROM fx_parked_notice ORDER BY number DESC LIMIT 200"


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement. ``doubts`` are entries that disagree with what a firm told before."""

    id: UUID
    account: str
    enterprise_id: UUID | None
    currency: str
    sequence: int
    day: date
    opening: Decimal
    closing: Decimal
    format: str
    origin: str
    state: str
    reason: str
    receipts: int
    doubts: Sequence[Mapping[str, Any]]
    received_at: datetime
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParkedNotice:
    """What the bank told and nobody could place."""

    number: int
    instruction: str
    outcome: str
    at: datetime
    note: str
    reason: str
    received_at: datetime


def search_statements(
    connection: Connection, firm: UUID | None, state: str = "", text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[StatementRow]:
    """Return statements, the newest first, older than the cursor; ``text`` is an account."""
    values = {"firm": firm, "state": state, "text": text, "after": after, "limit": limit}
    return [StatementRow(*row) for row in fetch(connection, _ROWS, values)]


def count_statements(connection: Connection, firm: UUID | None) -> Mapping[str, int]:
    """Count statements by state; ``""`` counts all."""
    found = dict(fetch(connection, _COUNTS, {"firm": firm}))
    return {"": sum(found.values()), "taken": found.get("taken", 0), "parked": found.get("parked", 0)}


def parked_notices(connection: Connection) -> Sequence[ParkedNotice]:
    """Return what the bank told and nobody could place, the newest first."""
    return [ParkedNotice(*row) for row in fetch(connection, _PARKED)]
