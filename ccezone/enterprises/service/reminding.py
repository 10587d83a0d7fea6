"""Reminding firms of licences that end: at each of the zone's distances (``registration.remind_days``) once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from ccezone.enterprises.queries.terms import registration_terms
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import Database
from ccezone.storage.copying import fetch, run

_DUE = """
SELECT l.id, l.enterprise_id, l.kind, l.number, l.expires_on, l.reminded_days
FROM licence l JOIN enterprise e ON e.id = l.enterprise_id
WHERE l.expires_on <= %(until)s AND l.expires_on >= %(today)s AND e.status = 'active'
ORDER BY l.id LIMIT 1000 FOR UPDATE OF l SKIP LOCKED
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
    now = clock.now()
    today, reminded = now.astimezone(SHANGHAI).date(), 0
    with database.begin() as uow:
        distances = registration_terms(uow.connection, zone, today).remind_days
        if not distances:
            return 0
        until = today + timedelta(days=max(distances))
        for licence_id, enterprise_id, kind, number, expires_on, before in fetch(
            uow.connection, _DUE, {"today": today, "until": until}
        ):
            days = min(each for each in distances if each >= (expires_on - today).days)
            if before is None or days < before:
                run(uow.connection, _REMINDED, {"id": licence_id, "days": days})
                uow.publish(LicenceEnding(now, enterprise_id, licence_id, kind, number, expires_on))
                reminded += 1
    return reminded
