"""Read models of inspectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_SELECT = "SELECT id, code, name, agency, since, until, related, version FROM inspector"
_SEARCH = f"""
{_SELECT} WHERE (%(text)s = '' OR strpos(lower(code || ' ' || name), lower(%(text)s)) > 0)
    AND (%(agency)s = '' OR agency = %(agency)s) AND (%(after)s = '' OR code > %(after)s)
ORDER BY code LIMIT %(limit)s
"""
_SERVING = f"{_SELECT} WHERE since <= %(day)s AND (until IS NULL OR until >= %(day)s) AND agency = ANY(%(agencies)s) ORDER BY code"


@dataclass(frozen=True, slots=True)
class InspectorView:
    """An inspector; ``related`` are the credit codes of firms they must not inspect."""

    id: UUID
    code: str
    name: str
    agency: str
    since: date
    until: date | None
    related: Sequence[str]
    version: int

    def serves(self, day: date) -> bool:
        """Say whether they may be sent on a day."""
        return self.since <= day and (self.until is None or self.until >= day)


def inspector(connection: Connection, inspector_id: UUID) -> InspectorView | None:
    """Return one inspector."""
    rows = fetch(connection, f"{_SELECT} WHERE id = %(id)s", {"id": inspector_id})
    return InspectorView(*rows[0]) if rows else None


def search_inspectors(
    connection: Connection, text: str = "", agency: str = "", after: str = "", limit: int = 50
) -> Sequence[InspectorView]:
    """Return inspectors by service number, after a cursor (a number)."""
    values = {"text": text, "agency": agency, "after": after, "limit": limit}
    return [InspectorView(*row) for row in fetch(connection, _SEARCH, values)]


def serving(connection: Connection, agencies: Sequence[str], day: date) -> Sequence[InspectorView]:
    """Return who may be sent for these agencies on a day, by service number."""
    return [InspectorView(*row) for row in fetch(connection, _SERVING, {"day": day, "agencies": list(agencies)})]


def names_by_code(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """Return the names of inspectors by their service numbers."""
    return dict(fetch(connection, "SELECT code, name FROM inspector WHERE code = ANY(%(codes)s)", {"codes": list(codes)}))
