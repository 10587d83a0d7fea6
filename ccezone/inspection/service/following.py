"""Following the single window: customs' order to inspect (500) opens or joins an order, its release ends it as passed.

The lists that changed since the oldest transaction that was open in the last round are looked at again; every step is done once
however often it runs.
"""

from collections.abc import Sequence
from datetime import timedelta
from json import dumps
from uuid import UUID

from sqlmodel import col, select

from ccezone.inspection.queries.terms import inspection_terms
from ccezone.inspection.rules import CUSTOMS, FOUND, INSPECT, PASS, RELEASED, Signed, conclusion_faults
from ccezone.inspection.service.orders import SYSTEM, Check, Conclusion, Wanted, end, note_step, open_order, sign
from ccezone.inspection.tables import InspectionCheck, InspectionOrder
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.lateness import lateness

_MARK = "SELECT seen_at FROM inspection_mark"
_SET_MARK = """
INSERT INTO inspection_mark (id, seen_at) VALUES (1, %(at)s) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
"""
_NEWS = """
SELECT s.id, r.submission, max(r.code) FILTER (WHERE r.code = ANY(%(ends)s)), bool_or(r.code = 500)
FROM declaration_state s JOIN receipt r ON r.kind IN (604, 622) AND r.subject = s.id AND r.submission = s.submission
WHERE s.updated_at >= %(since)s AND (r.code = 500 OR r.code = ANY(%(ends)s))
GROUP BY s.id, r.submission
HAVING bool_or(r.code = 500) OR EXISTS (
    SELECT FROM inspection_order o WHERE o.subject_kind = 'list' AND o.subject = s.id::text AND o.closed_at IS NULL
)
ORDER BY s.id
"""
_NOTED = """
SELECT 1 FROM inspection_step t JOIN inspection_order o ON o.id = t.order_id
WHERE o.subject_kind = 'list' AND o.subject = %(subject)s AND t.detail @> %(seen)s::jsonb LIMIT 1
"""
_OPEN = "SELECT id FROM inspection_order WHERE subject_kind = 'list' AND subject = %(subject)s AND closed_at IS NULL"
_AT_FIRST = timedelta(days=1)  # what was inspected longer ago than the first round looks back is history


def follow_customs(database: Database, zone: str, clock: Clock) -> int:
    """Take in what customs said since the last round; return how many orders took a step. Repeatable."""
    now = clock.now()
    ends = sorted(RELEASED | FOUND)
    with database.reading() as connection:
        marks = fetch(connection, _MARK)
        since, complete = marks[0][0] if marks else now - _AT_FIRST, now - lateness(connection)
        rows = fetch(connection, _NEWS, {"since": since, "ends": ends})
    moved = 0
    for list_id, submission, last, inspect in rows:
        with database.begin() as uow:
            moved += _follow(uow, zone, list_id, submission, int(last) if last else 0, clock, inspect=bool(inspect))
    with database.begin() as uow:
        run(uow.connection, _SET_MARK, {"at": complete})
    return moved


def _follow(uow: UnitOfWork, zone: str, list_id: int, submission: int, last: int, clock: Clock, *, inspect: bool) -> bool:
    moved = False
    if inspect and not _noted(uow, list_id, submission, INSPECT):
        order_id = open_order(uow, _wanted(uow, zone, list_id, clock), SYSTEM, clock)
        _seen(uow, order_id, submission, INSPECT, clock)
        moved = True
    open_now = fetch(uow.connection, _OPEN, {"subject": str(list_id)})
    if open_now and last and not _noted(uow, list_id, submission, last):
        _seen(uow, open_now[0][0], submission, last, clock)
        if last in RELEASED:
            _released(uow, open_now[0][0], clock)
        moved = True
    return moved


def _wanted(uow: UnitOfWork, zone: str, list_id: int, clock: Clock) -> Wanted:
    today = clock.now().astimezone(SHANGHAI).date()
    due = today + timedelta(days=inspection_terms(uow.connection, zone, today).order_days)
    return Wanted("list", str(list_id), [CUSTOMS], due, "receipt")


def _released(uow: UnitOfWork, order_id: UUID, clock: Clock) -> None:
    """Sign customs' check in as passed; the order ends when nobody else is still to sign."""
    check = uow.session.get(InspectionCheck, (order_id, CUSTOMS))
    if check is not None and not check.opinion:
        sign(uow, order_id, Check(CUSTOMS, PASS), SYSTEM, clock)
    if not conclusion_faults(PASS, _signed(uow, order_id)):
        order = uow.session.get_one(InspectionOrder, order_id, with_for_update=True)
        end(uow, order, Conclusion(PASS), SYSTEM, clock)


def _signed(uow: UnitOfWork, order_id: UUID) -> Sequence[Signed]:
    statement = select(InspectionCheck).where(col(InspectionCheck.order_id) == order_id)
    return [Signed(check.agency, check.opinion) for check in uow.session.exec(statement)]


def _seen(uow: UnitOfWork, order_id: UUID, submission: int, code: int, clock: Clock) -> None:
    note_step(uow, order_id, "customs", SYSTEM, clock.now(), agency=CUSTOMS, detail={"code": code, "submission": submission})


def _noted(uow: UnitOfWork, list_id: int, submission: int, code: int) -> bool:
    values = {"subject": str(list_id), "seen": dumps({"code": code, "submission": submission})}
    return bool(fetch(uow.connection, _NOTED, values))
