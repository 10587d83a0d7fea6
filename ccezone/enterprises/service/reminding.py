"""Reminding firms of licences that end: at each of the zone's distances (``registration.remind_days``) once."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ccezone.enterprises.queries.terms import registration_terms
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run

_TOGETHER = 500
_DUE = """
SELECT l.id, l.enterprise_id, l.kind, l.number, l.expires_on, nearest.days
FROM licence l JOIN enterprise e ON e.id = l.enterprise_id
CROSS JOIN LATERAL (SELECT min(d) AS days FROM unnest(%(distances)s::int[]) AS d WHERE d >= l.expires_on - %(today)s::date) nearest
WHERE l.expires_on >= %(today)s AND (nearest.days < l.reminded_days OR l.reminded_days IS NULL AND nearest.days IS NOT NULL)
    AND e.status = 'active'
ORDER BY l.id LIMIT %(most)s FOR UPDATE OF l SKIP LOCKED
"""
_REMINDED = "UPDATE licence SET reminded_days = %(days)s WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class LicenceEnding:
    """News: a licence of a firm ends soon."""

    at: datetime
    enterprise_id: UUID
    licence_id: UUID
    kind: str
    number: str
    expires_on: date


def remind_of_licences(database: Database, zone: str, clock: Clock) -> int:
    """Publish every licence that came nearer to its end than the last distance it was reminded at; return how many."""
    reminded = 0
    while True:
        with database.begin() as uow:
            stretch = _remind(uow, zone, clock.now())
        reminded += stretch
        if stretch < _TOGETHER:
            return reminded


def _remind(uow: UnitOfWork, zone: str, now: datetime) -> int:
    today = now.astimezone(SHANGHAI).date()
    distances = registration_terms(uow.connection, zone, today).remind_days
    due = fetch(uow.connection, _DUE, {"today": today, "distances": list(distances), "most": _TOGETHER})
    for licence_id, enterprise_id, kind, number, expires_on, days in due:
        run(uow.connection, _REMINDED, {"id": licence_id, "days": days})
        uow.publish(LicenceEnding(now, enterprise_id, licence_id, kind, number, expires_on))
    return len(due)
