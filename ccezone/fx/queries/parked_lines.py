"""Settlement lines above a payment institution's limit, for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_ROWS = """
SELECT id, enterprise_id, reference, order_no, gross, fee, currency, in_usd, limit_usd, document, status, filed_at, decision,
    decided_at, note
FROM fx_parked_line
WHERE (%(firm)s::uuid IS NULL OR enterprise_id = %(firm)s) AND (%(after)s::uuid IS NULL OR id < %(after)s)
ORDER BY id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ParkedLine:
    """A line, the rule it waits by, and what was decided: ``""`` nothing yet, ``accepted`` or ``dropped``."""

    id: UUID
    enterprise_id: UUID
    reference: str
    order_no: str
    gross: Decimal
    fee: Decimal
    currency: str
    in_usd: Decimal
    limit_usd: Decimal
    document: str
    status: str
    filed_at: datetime
    decision: str
    decided_at: datetime | None
    note: str


def parked_lines(connection: Connection, firm: UUID | None, after: UUID | None = None, limit: int = 50) -> Sequence[ParkedLine]:
    """Return parked lines, the newest first."""
    return [ParkedLine(*row) for row in fetch(connection, _ROWS, {"firm": firm, "after": after, "limit": limit})]


def count_waiting(connection: Connection, firm: UUID | None) -> int:
    """Count the lines that wait."""
    statement = "SELECT count(*) FROM fx_parked_line WHERE decision = '' AND (%(firm)s::uuid IS NULL OR enterprise_id = %(firm)s)"
    return int(fetch(connection, statement, {"firm": firm})[0][0])
