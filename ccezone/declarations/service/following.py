"""Following receipts: fold what customs answered into each list's state, many lists at once, in any order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ccezone.bills.service import lock_orders
from ccezone.cases.service import open_case
from ccezone.declarations.rules.lifecycle import Course, Mark, ended_unsuccessfully, fold, next_state, state_name
from ccezone.declarations.service.news import ListMove, ListReleased, ListsMoved
from ccezone.declarations.service.undoing import Earlier, no_receipts, undo_change
from ccezone.import_tax.service import Cause, give_back, take_again
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, microseconds, numbers, run, text_array

_STATES = """
SELECT s.id, s.submission, s.code, s.returned_at, s.standing, s.standing_at, s.standing_seen, s.state, d.order_key, d.merchant_id,
    d.buyer_digest, s.eport_no, s.list_no
FROM declaration_state s JOIN declaration_list d ON d.id = s.id
WHERE s.id = ANY(%(ids)s) ORDER BY s.id FOR UPDATE OF s
"""
_UPDATE = """
UPDATE declaration_state SET state = u.state, submission = u.submission, code = u.code,
    standing = u.standing, standing_seen = u.seen,
    returned_at = timestamptz 'epoch' + u.returned_at * interval '1 microsecond',
    standing_at = timestamptz 'epoch' + u.standing_at * interval '1 microsecond',
    eport_no = u.eport_no, list_no = u.list_no, updated_at = %(at)s
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(codes)s::int[], %(times)s::bigint[], %(standings)s::int[],
    %(standing_times)s::bigint[], %(seen)s::int[], %(eport)s::text[], %(list)s::text[], %(submissions)s::smallint[])
    AS u (id, state, code, returned_at, standing, standing_at, seen, eport_no, list_no, submission)
WHERE declaration_state.id = u.id
"""
_RELEASED = frozenset({"800", "899"})
_CANCELLED = "430"


@dataclass(slots=True)
class ListAnswer:
    """One receipt about one list: which submission it answers, what it says, the numbers customs gave."""

    declaration_id: int
    submission: int
    mark: Mark
    eport_no: str = ""
    list_no: str = ""


@dataclass(slots=True)
class _Row:
    """A list's state as stored, and as it will be."""

    id: int
    course: Course
    state: str
    order_key: int
    merchant_id: UUID
    buyer_digest: int | None
    eport_no: str | None
    list_no: str | None


def apply_answers(uow: UnitOfWork, answers: Iterable[ListAnswer], at: datetime, earlier: Earlier = no_receipts) -> None:
    """Fold answers into the states of their lists; the same answers again change nothing.

    ``earlier`` tells stored receipts of a list whose change was refused.
    """
    by_list: Mapping[int, list[ListAnswer]] = defaultdict(list)
    for answer in answers:
        by_list[answer.declaration_id].append(answer)
    if not by_list:
        return
    rows = [_row(row) for row in fetch(uow.connection, _STATES, {"ids": list(by_list)})]
    changed, released, rejected, moves = [], [], [], []
    for row in rows:
        before, was_contradictory = row.state, row.course.contradictory
        _advance(row, by_list[row.id])
        changed.append(row)
        if row.state != before and row.state.startswith("-") and (undone := undo_change(uow, row.id, row.course, earlier, at)):
            row.course, row.state = undone, state_name(undone)
        if row.course.contradictory and not was_contradictory:
            open_case(uow, "contradictory_receipts", "list", row.id, row.merchant_id, at, {"state": row.state})
        if row.state != before:
            moves.append(ListMove(row.id, row.merchant_id, before, row.state, row.eport_no, row.list_no))
        if row.state in _RELEASED and before not in _RELEASED:
            released.append(row)
        if _ended(row.state) and not _ended(before):
            rejected.append(row)
    _write(uow, changed, at)
    give_back(uow, _causes(rejected), at)  # a rejected or cancelled list does not count in the buyer's year
    take_again(uow, _causes(released), at)
    if released:
        lock_orders(uow, [row.order_key for row in released], at)
        uow.publish(ListReleased(at, [row.id for row in released]))
    if moves:
        uow.publish(ListsMoved(at, moves))


def _ended(state: str) -> bool:
    return state == _CANCELLED or ended_unsuccessfully(state)


def _advance(row: _Row, answers: Sequence[ListAnswer]) -> None:
    row.course = fold(row.course, [(answer.submission, answer.mark) for answer in answers])
    row.state = next_state(row.state, row.course)
    for answer in answers:
        row.eport_no = answer.eport_no or row.eport_no
        row.list_no = answer.list_no or row.list_no


def _row(stored: tuple[Any, ...]) -> _Row:
    number, submission, code, returned_at, standing, standing_at, seen, *rest = stored
    newest = Mark(code, returned_at) if code is not None else None
    stands = Mark(standing, standing_at) if standing is not None else None
    return _Row(number, Course(submission, newest, stands, seen), *rest)


def _causes(rows: Iterable[_Row]) -> list[Cause]:
    return [(row.buyer_digest, row.id, row.course.submission) for row in rows if row.buyer_digest is not None]


def _write(uow: UnitOfWork, rows: Sequence[_Row], at: datetime) -> None:
    newest = [row.course.newest for row in rows]
    standing = [row.course.standing for row in rows]
    values = {
        "at": at,
        "ids": numbers(row.id for row in rows),
        "states": text_array(row.state for row in rows),
        "codes": numbers(mark.code if mark else None for mark in newest),
        "times": numbers(microseconds(mark.returned_at) if mark else None for mark in newest),
        "standings": numbers(mark.code if mark else None for mark in standing),
        "standing_times": numbers(microseconds(mark.returned_at) if mark else None for mark in standing),
        "seen": numbers(row.course.seen for row in rows),
        "eport": text_array(row.eport_no for row in rows),
        "list": text_array(row.list_no for row in rows),
        "submissions": numbers(row.course.submission for row in rows),
    }
    run(uow.connection, _UPDATE, values)
