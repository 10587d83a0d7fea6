"""Keeping the computed queues: opening cases about what stands, closing those that are settled. Doing it twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.cases.ports import Detector, Finding
from ccezone.cases.rules.queues import SETTLED
from ccezone.cases.service.casework import SYSTEM, end_case, open_case
from ccezone.kernel.clock import Clock
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run

MOST_OPEN = 1000
"""As many open cases as one computed queue holds: when a whole system is down, more would only hide the first."""
_LOOKED_AT = 5 * MOST_OPEN
_OPEN = "SELECT id, subject, detail FROM exception_case WHERE kind = %(kind)s AND closed_at IS NULL"
_DETAIL = "UPDATE exception_case SET detail = %(detail)s WHERE id = %(id)s"
_CLOSED_BY_HAND = """
SELECT subject, max(closed_at) FROM exception_case
WHERE kind = %(kind)s AND closed_at IS NOT NULL AND cause IS DISTINCT FROM %(settled)s AND subject = ANY(%(subjects)s::bigint[])
GROUP BY subject
"""


@dataclass(frozen=True, slots=True)
class Overseen:
    """What one look came to."""

    opened: int = 0
    settled: int = 0


def oversee(database: Database, detectors: Sequence[Detector], clock: Clock) -> Mapping[str, Overseen]:
    """Let every detector look once, each in a transaction of its own; return by kind what came of it."""
    done = {}
    for detector in detectors:
        with database.begin() as uow:
            done[detector.kind] = _look(uow, detector, clock)
    return done


def _look(uow: UnitOfWork, detector: Detector, clock: Clock) -> Overseen:
    now = clock.now()
    known = {subject: (case_id, detail) for case_id, subject, detail in fetch(uow.connection, _OPEN, {"kind": detector.kind})}
    standing = detector.still(uow.connection, now, list(known)) if known else {}
    settled = [case_id for subject, (case_id, _) in known.items() if subject not in standing]
    for case_id in settled:
        end_case(uow, case_id, SYSTEM, SETTLED, "", now)
    _refresh(uow, known, standing)
    opened = _open_new(uow, detector, clock, known, MOST_OPEN - len(standing))
    return Overseen(opened, len(settled))


def _refresh(
    uow: UnitOfWork, known: Mapping[int, tuple[UUID, Mapping[str, object]]], standing: Mapping[int, Mapping[str, object]]
) -> None:
    for subject, detail in standing.items():
        case_id, former = known[subject]
        if dict(detail) != dict(former):
            run(uow.connection, _DETAIL, {"id": case_id, "detail": Jsonb(dict(detail))})


def _open_new(uow: UnitOfWork, detector: Detector, clock: Clock, known: Mapping[int, object], room: int) -> int:
    if room <= 0:
        return 0
    now = clock.now()
    found = [each for each in detector.find(uow.connection, now, _LOOKED_AT) if each.subject not in known]
    fresh = _not_done_with(uow, detector.kind, found)[:room]
    opened = [
        open_case(uow, detector.kind, detector.subject_kind, each.subject, each.enterprise_id, now, each.detail) for each in fresh
    ]
    return sum(each is not None for each in opened)


def _not_done_with(uow: UnitOfWork, kind: str, found: Sequence[Finding]) -> list[Finding]:
    """Leave out what an officer closed after its newest fact."""
    values = {"kind": kind, "settled": SETTLED, "subjects": [each.subject for each in found]}
    closed = dict(fetch(uow.connection, _CLOSED_BY_HAND, values)) if found else {}
    return [each for each in found if each.subject not in closed or closed[each.subject] < each.since]
