"""What summary declarations and goods returns have in common: opening, filing, following receipts, giving up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from ccezone.bills.ports import Deliveries
from ccezone.declarations.rules.applications import DRAFT, DROPPED, QUEUED, Kind, following, may_change
from ccezone.declarations.rules.lifecycle import Course, Mark, fold
from ccezone.kernel.clock import wire_time
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.outbox.service import enqueue_submissions, record_event
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault

_OPEN = """
INSERT INTO customs_application (id, kind, merchant_id, message_type, transmitter_code, state, submission, standing_seen,
    created_at, updated_at, actor)
VALUES (nextval('application_id_seq'), %(kind)s, %(merchant)s, %(type)s, %(transmitter)s, 'draft', 0, 0, %(at)s, %(at)s, %(actor)s)
RETURNING id
"""
_HELD = """
SELECT id, kind, merchant_id, message_type, transmitter_code, state, submission, eport_no FROM customs_application
WHERE id = %(id)s AND kind = %(kind)s AND (%(merchant)s::uuid IS NULL OR merchant_id = %(merchant)s) FOR UPDATE
"""
_FILING = """
INSERT INTO application_filing (id, application_id, number, document, created_at, actor)
VALUES (%(id)s, %(application)s, %(number)s, %(document)s, %(at)s, %(actor)s)
"""
_QUEUED = """
UPDATE customs_application SET state = 'queued', submission = %(number)s, code = NULL, returned_at = NULL, updated_at = %(at)s
WHERE id = %(id)s
"""
_STATE = "UPDATE customs_application SET state = %(state)s, updated_at = %(at)s WHERE id = %(id)s"
_COURSES = """
SELECT id, kind, merchant_id, message_type, state, submission, code, returned_at, standing, standing_at, standing_seen, eport_no,
    customs_no
FROM customs_application WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE
"""
_FOLLOWED = """
UPDATE customs_application SET state = %(state)s, code = %(code)s, returned_at = %(returned_at)s, standing = %(standing)s,
    standing_at = %(standing_at)s, standing_seen = %(seen)s, eport_no = %(eport)s, customs_no = %(customs_no)s, updated_at = %(at)s
WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class HeldApplication:
    """An application locked for the transaction."""

    id: int
    kind: str
    merchant_id: UUID
    message_type: str
    transmitter: str
    state: str
    submission: int
    eport_no: str | None


@dataclass(frozen=True, slots=True)
class ApplicationAnswer:
    """One receipt about one filing of an application, with the numbers it gives."""

    id: int
    submission: int
    mark: Mark
    eport_no: str = ""
    customs_no: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationMove:
    """An application's step from one state to another; ``at`` is customs' time."""

    id: int
    kind: str
    merchant_id: UUID
    message_type: str
    before: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationsMoved:
    """News: these applications were filed, answered by customs or given up, and their states changed."""

    at: datetime
    moves: Sequence[ApplicationMove]


def open_application(
    uow: UnitOfWork, kind: Kind, merchant_id: UUID, message_type: str, transmitter: str, actor: str, at: datetime
) -> int:
    """Open a draft, and return its number."""
    values = {"kind": str(kind), "merchant": merchant_id, "type": message_type, "transmitter": transmitter}
    number: int = fetch(uow.connection, _OPEN, {**values, "at": at, "actor": actor})[0][0]
    record_event(uow, "application", number, at, "application_opened", actor)
    return number


def held_application(uow: UnitOfWork, kind: Kind, application_id: int, merchant_id: UUID | None) -> HeldApplication:
    """Lock an application. Raises ``NotFound``; another merchant's looks like none."""
    found = fetch(uow.connection, _HELD, {"id": application_id, "kind": str(kind), "merchant": merchant_id})
    if not found:
        raise NotFound(Fault("", "application_not_found", {"id": str(application_id)}))
    return HeldApplication(*found[0])


def changeable(uow: UnitOfWork, kind: Kind, application_id: int, merchant_id: UUID | None) -> HeldApplication:
    """Lock an application in order to change, file or drop it. Raises ``Refused`` while customs has it, ``NotFound``."""
    known = held_application(uow, kind, application_id, merchant_id)
    if not may_change(known.state):
        raise Refused(Fault("", "application_not_changeable", {"state": known.state}))
    return known


def file_application(
    uow: UnitOfWork,
    vault: PersonalVault,
    deliveries: Deliveries,
    known: HeldApplication,
    said: Mapping[str, object],
    actor: str,
    at: datetime,
) -> int:
    """File a held application with what it says; return the filing's number. Raises ``Refused`` when no message can say it."""
    guid, number = uuidv7(), known.submission + 1
    started = {"guid": str(guid).upper(), "app_type": "1", "app_time": wire_time(at), "app_status": "2"}
    document = {**started, **{name: value for name, value in said.items() if value not in ("", None)}}
    if faults := deliveries.faults(known.message_type, document):
        raise Refused(*faults)
    values = {"id": guid, "application": known.id, "number": number, "at": at, "actor": actor}
    run(uow.connection, _FILING, {**values, "document": vault.seal_bytes(orjson.dumps(document))})
    run(uow.connection, _QUEUED, {"id": known.id, "number": number, "at": at})
    enqueue_submissions(uow, known.message_type, known.transmitter, [guid], at)
    moves = [ApplicationMove(known.id, known.kind, known.merchant_id, known.message_type, known.state, QUEUED, at)]
    uow.publish(ApplicationsMoved(at, moves))
    return number


def drop_application(uow: UnitOfWork, known: HeldApplication, actor: str, at: datetime) -> None:
    """Give a held application up."""
    run(uow.connection, _STATE, {"id": known.id, "state": DROPPED, "at": at})
    record_event(uow, "application", known.id, at, "application_dropped", actor)
    moves = [ApplicationMove(known.id, known.kind, known.merchant_id, known.message_type, known.state, DROPPED, at)]
    uow.publish(ApplicationsMoved(at, moves))


def reopen_application(uow: UnitOfWork, known: HeldApplication, actor: str, at: datetime) -> None:
    """Make one that was turned down a draft again, because it is changed."""
    if known.state != DRAFT:
        run(uow.connection, _STATE, {"id": known.id, "state": DRAFT, "at": at})
    record_event(uow, "application", known.id, at, "application_changed", actor)


def apply_application_answers(uow: UnitOfWork, answers: Sequence[ApplicationAnswer], at: datetime) -> Sequence[ApplicationMove]:
    """Fold receipts into applications and return their steps; any order and any repetition end the same."""
    by_id: dict[int, list[ApplicationAnswer]] = defaultdict(list)
    for answer in answers:
        by_id[answer.id].append(answer)
    if not by_id:
        return ()
    rows = fetch(uow.connection, _COURSES, {"ids": list(by_id)})
    moves = [move for row in rows if (move := _followed(uow, row, by_id[row[0]], at))]
    if moves:
        uow.publish(ApplicationsMoved(at, moves))
    return moves


def _followed(uow: UnitOfWork, row: tuple[Any, ...], answers: Sequence[ApplicationAnswer], at: datetime) -> ApplicationMove | None:
    number, kind, merchant, message_type, state, submission, code, returned_at, standing, standing_at, seen, eport, customs = row
    course = Course(submission, _mark(code, returned_at), _mark(standing, standing_at), seen)
    course = fold(course, [(answer.submission, answer.mark) for answer in answers])
    reached = following(state, course)
    newest, stands, decided = course.newest, course.standing, course.decided
    for answer in answers:
        eport, customs = answer.eport_no or eport, answer.customs_no or customs
    values = {"id": number, "state": reached, "seen": course.seen, "eport": eport, "customs_no": customs, "at": at}
    values |= {"code": newest.code if newest else None, "returned_at": newest.returned_at if newest else None}
    values |= {"standing": stands.code if stands else None, "standing_at": stands.returned_at if stands else None}
    run(uow.connection, _FOLLOWED, values)
    told_at = decided.returned_at if decided else at
    return ApplicationMove(number, kind, merchant, message_type, state, reached, told_at) if reached != state else None


def _mark(code: int | None, at: datetime | None) -> Mark | None:
    return Mark(code, at) if code is not None and at is not None else None
