"""Read models of licences: a firm's own, and the office's list of what ends soon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_SELECT = """
SELECT l.id, l.enterprise_id, e.name, e.roles, l.kind, l.number, l.issued_by, l.issued_on, l.expires_on, l.file_id, l.reminded_days
FROM licence l JOIN enterprise e ON e.id = l.enterprise_id
"""
_OF = f"{_SELECT} WHERE l.enterprise_id = %(id)s ORDER BY l.kind, l.id"
_ENDING = f"""
{_SELECT} WHERE l.expires_on <= %(until)s AND (%(after_day)s::date IS NULL OR (l.expires_on, l.id) > (%(after_day)s, %(after)s))
ORDER BY l.expires_on, l.id LIMIT %(limit)s
"""
_COUNT = """
SELECT count(*) FROM licence
WHERE expires_on <= %(until)s AND (%(enterprise)s::uuid IS NULL OR enterprise_id = %(enterprise)s)
"""
_PROFILE = "SELECT profile, personal, filing_block FROM enterprise WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class LicenceView:
    """One licence of a registered firm."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: str
    roles: list[str]
    kind: str
    number: str
    issued_by: str
    issued_on: date | None
    expires_on: date | None
    file_id: UUID | None
    reminded_days: int | None

    def days_left(self, today: date) -> int | None:
        """Return the days until it ends, below nought once it has; ``None`` for one that never does."""
        return None if self.expires_on is None else (self.expires_on - today).days


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What a firm stated beside its codes; ``personal`` is in clear and masked by whoever shows it."""

    facts: Mapping[str, Any]
    personal: Mapping[str, str]
    filing_block: str


def licences_of(connection: Connection, enterprise_id: UUID) -> Sequence[LicenceView]:
    """Return a firm's licences."""
    return [LicenceView(*row) for row in fetch(connection, _OF, {"id": enterprise_id})]


def licences_ending(
    connection: Connection, until: date, after: tuple[date, UUID] | None = None, limit: int = 50
) -> Sequence[LicenceView]:
    """Return licences that end by a day (or have ended), the first to end first, after a cursor."""
    after_day, after_id = after or (None, None)
    values = {"until": until, "after_day": after_day, "after": after_id, "limit": limit}
    return [LicenceView(*row) for row in fetch(connection, _ENDING, values)]


def count_licences_ending(connection: Connection, until: date, enterprise_id: UUID | None = None) -> int:
    """Count licences that end by a day, of one firm or of all."""
    return int(fetch(connection, _COUNT, {"until": until, "enterprise": enterprise_id})[0][0])


def profile_of(connection: Connection, vault: PersonalVault, enterprise_id: UUID) -> ProfileView | None:
    """Return what a firm stated beside its codes."""
    found = fetch(connection, _PROFILE, {"id": enterprise_id}, binary=True)
    if not found:
        return None
    facts, personal, block = found[0]
    return ProfileView(facts, vault.open(bytes(personal)) if personal else {}, block)
