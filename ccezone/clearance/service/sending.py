"""Sending packed messages: one that fails is tried again later with growing patience, and never blocks the others."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ccezone.cases.service import open_case
from ccezone.clearance.ports import OutgoingMessage, SingleWindow, SingleWindowRefused, SingleWindowUnavailable
from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import key8
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault

# A message never overtakes one of its own kind and sender that waits to be tried again: it may change what that one tells.
_CLAIM = """
SELECT m.id, m.message_type, coalesce(m.body, b.raw), m.attempts
FROM outgoing_message m LEFT JOIN intake_batch b ON b.id = m.batch_id AND m.body IS NULL
WHERE m.sent_at IS NULL AND m.refused_code IS NULL AND m.next_attempt_at <= %(at)s
    AND NOT EXISTS (
        SELECT FROM outgoing_message e WHERE e.sent_at IS NULL AND e.refused_code IS NULL AND e.next_attempt_at > m.next_attempt_at
            AND e.transmitter_code = m.transmitter_code AND e.message_type = m.message_type AND e.id < m.id
    )
ORDER BY m.next_attempt_at, m.id LIMIT %(limit)s FOR UPDATE OF m SKIP LOCKED
"""
_SENT = "UPDATE outgoing_message SET sent_at = %(at)s, attempts = attempts + 1, last_error = '' WHERE id = ANY(%(ids)s)"
_LATER = """
UPDATE outgoing_message SET attempts = attempts + 1, last_error = %(error)s, next_attempt_at = %(next)s WHERE id = %(id)s
"""
_REFUSED = "UPDATE outgoing_message SET attempts = attempts + 1, refused_code = %(code)s, refused_text = %(text)s WHERE id = %(id)s"
_NOT_APPLIED = """
UPDATE cancellation SET state = 'refused' WHERE id IN (SELECT submission_id FROM submission_message WHERE message_id = %(id)s)
"""
_TURNED_AWAY = """
UPDATE customs_application a SET state = 'refused' FROM application_filing f JOIN submission_message m ON m.submission_id = f.id
WHERE m.message_id = %(id)s AND a.id = f.application_id AND a.submission = f.number AND a.state = 'sent'
"""
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 300.0


def patience(attempts: int) -> timedelta:
    """How long to wait after ``attempts`` failures: doubling from a second to five minutes."""
    return timedelta(seconds=min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempts, 20)))


def send_waiting(database: Database, vault: PersonalVault, window: SingleWindow, clock: Clock, limit: int = 20) -> int:
    """Send up to ``limit`` messages that are due; return how many were handed over or refused for good."""
    with database.begin() as uow:
        waiting = fetch(uow.connection, _CLAIM, {"at": clock.now(), "limit": limit}, binary=True)
        sent: list[UUID] = []
        settled = 0
        try:
            for row in waiting:
                if _send(uow, vault, window, clock, row):
                    sent.append(row[0])
                settled += 1
        except _Unavailable as stop:
            _postpone(uow, clock, stop)
        if sent:
            run(uow.connection, _SENT, {"ids": sent, "at": clock.now()})
        return settled


class _Unavailable(Exception):
    """The channel is down: the rest of this call's messages would fail alike."""

    def __init__(self, message_id: UUID, attempts: int, reason: str) -> None:
        super().__init__(reason)
        self.message_id = message_id
        self.attempts = attempts


def _send(uow: UnitOfWork, vault: PersonalVault, window: SingleWindow, clock: Clock, row: tuple[Any, ...]) -> bool:
    message_id, message_type, sealed, attempts = row
    try:
        window.send(OutgoingMessage(message_id, message_type, vault.open_bytes(sealed)))
    except SingleWindowUnavailable as error:
        raise _Unavailable(message_id, attempts, str(error)) from error
    except SingleWindowRefused as refusal:
        _refuse(uow, message_id, refusal, clock.now())
        return False
    return True


def _postpone(uow: UnitOfWork, clock: Clock, stop: _Unavailable) -> None:
    values = {"id": stop.message_id, "error": str(stop)[:500], "next": clock.now() + patience(stop.attempts)}
    run(uow.connection, _LATER, values)


def _refuse(uow: UnitOfWork, message_id: UUID, refusal: SingleWindowRefused, at: datetime) -> None:
    run(uow.connection, _REFUSED, {"id": message_id, "code": refusal.code, "text": refusal.text[:500]})
    for statement in (_NOT_APPLIED, _TURNED_AWAY):
        run(uow.connection, statement, {"id": message_id})
    detail = {"message": str(message_id), "code": refusal.code, "text": refusal.text}
    open_case(uow, "message_refused", "message", key8("M", str(message_id)), None, at, detail)
