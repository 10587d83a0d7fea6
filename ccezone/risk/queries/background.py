"""Reports of banks and insurers about firms' backgrounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_ROWS = """
SELECT c.id, c.enterprise_id, e.name, e.uscc, c.institution, c.kind, c.purpose, c.outcome, c.checked_on, c.valid_to, c.document,
    c.file_id, c.note, c.recorded_at, r.recorded_at, r.note
FROM risk_background_check c JOIN enterprise e ON e.id = c.enterprise_id LEFT JOIN risk_background_check r ON r.revokes = c.id
WHERE c.revokes IS NULL AND (%(outcome)s = '' OR c.outcome = %(outcome)s)
    AND (%(enterprise)s::uuid IS NULL OR c.enterprise_id = %(enterprise)s)
    AND (%(text)s = '' OR strpos(lower(e.name || ' ' || e.uscc || ' ' || c.institution), lower(%(text)s)) > 0)
    AND (%(after)s::uuid IS NULL OR c.id < %(after)s)
ORDER BY c.id DESC LIMIT %(limit)s
"""
_COUNTS = "SELECT outcome, count(*) FROM risk_background_check WHERE revokes IS NULL GROUP BY outcome"
_FILE = "SELECT file_id FROM risk_background_check WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class BackgroundView:
    """One report; ``revoked_at``: since when it counts no more, and ``revoked_why``."""

    id: UUID
    enterprise_id: UUID
    name: str
    uscc: str
    institution: str
    kind: str
    purpose: str
    outcome: str
    checked_on: date
    valid_to: date | None
    document: str
    file_id: UUID | None
    note: str
    recorded_at: datetime
    revoked_at: datetime | None
    revoked_why: str | None


def background_checks(
    connection: Connection,
    outcome: str = "",
    text: str = "",
    enterprise_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[BackgroundView]:
    """Return reports, the last recorded first."""
    values = {"outcome": outcome, "text": text, "enterprise": enterprise_id, "after": after, "limit": limit}
    return [BackgroundView(*row) for row in fetch(connection, _ROWS, values)]


def count_background(connection: Connection) -> Mapping[str, int]:
    """Count the reports by outcome."""
    return dict(fetch(connection, _COUNTS))


def background_file(connection: Connection, check_id: UUID) -> UUID | None:
    """Return the scan of a report."""
    found = fetch(connection, _FILE, {"id": check_id})
    return found[0][0] if found else None
