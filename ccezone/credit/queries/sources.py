"""Which agencies may state evidence through their own connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_HELD = """
SELECT DISTINCT source FROM credit_source
WHERE enterprise_id = %(id)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
"""
_ALL = """
SELECT s.id, s.enterprise_id, e.name, e.uscc, s.source, s.document, s.valid_from, s.valid_to,
    (SELECT count(*) FROM credit_evidence v WHERE v.issuer = e.name AND v.recorded_by LIKE 'credential:%%'),
    (SELECT max(v.recorded_at) FROM credit_evidence v WHERE v.issuer = e.name AND v.recorded_by LIKE 'credential:%%')
FROM credit_source s JOIN enterprise e ON e.id = s.enterprise_id ORDER BY s.id DESC LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class SourceView:
    """One authorisation, and how much its agency stated through its connection, last when."""

    id: UUID
    enterprise_id: UUID
    name: str
    uscc: str
    source: str
    document: str
    valid_from: date
    valid_to: date | None
    stated: int
    last_at: object

    def holds(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def sources_of(connection: Connection, enterprise_id: UUID, day: date) -> frozenset[str]:
    """Return the sources an enterprise may speak for on a day."""
    return frozenset(row[0] for row in fetch(connection, _HELD, {"id": enterprise_id, "day": day}))


def all_sources(connection: Connection) -> Sequence[SourceView]:
    """Return the authorisations, the last first."""
    return [SourceView(*row) for row in fetch(connection, _ALL)]
