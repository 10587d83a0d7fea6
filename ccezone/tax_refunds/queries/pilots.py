"""Firms' parts in the general-taxpayer pilot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_OF = """
SELECT id, document, begins_on, ends_on, set_at, set_name, ended_on, ended_reason, ended_at, ended_name, version
FROM taxpayer_pilot WHERE merchant_id = %(firm)s ORDER BY id DESC
"""


@dataclass(frozen=True, slots=True)
class PilotView:
    """One part in the pilot. ``ends_on`` is its last day by the document; ``ended_on`` the first day without it."""

    id: UUID
    document: str
    begins_on: date
    ends_on: date | None
    set_at: datetime
    set_name: str
    ended_on: date | None
    ended_reason: str
    ended_at: datetime | None
    ended_name: str
    version: int

    def standing(self, today: date) -> str:
        """Say how it stands: ``live``, ``to_come``, ``lapsed`` (its last day is over) or ``ended`` by an officer."""
        if self.ended_at is not None:
            return "ended"
        if today < self.begins_on:
            return "to_come"
        return "lapsed" if self.ends_on is not None and today > self.ends_on else "live"


def pilots_of(connection: Connection, firm: UUID) -> Sequence[PilotView]:
    """Return a firm's parts, the latest first."""
    return [PilotView(*row) for row in fetch(connection, _OF, {"firm": firm})]


def open_pilot(connection: Connection, firm: UUID) -> PilotView | None:
    """Return the part that no officer ended; there is one at most."""
    return next((each for each in pilots_of(connection, firm) if each.ended_at is None), None)
