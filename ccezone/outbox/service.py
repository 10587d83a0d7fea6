"""Putting work into the outbox, in the transaction that decided it, and telling the event log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run

_ITEM = """
INSERT INTO outbox_item
    (message_type, transmitter_code, batch_id, positions, submission_ids, created_at, attempts, available_at, last_error)
VALUES (%(type)s, %(transmitter)s, %(batch)s, %(positions)s, %(submissions)s, %(at)s, 0, %(at)s, '')
"""
_EVENT = """
INSERT INTO event_log (subject_kind, subject, at, kind, actor, detail)
VALUES (%(subject_kind)s, %(subject)s, %(at)s, %(kind)s, %(actor)s, %(detail)s)
"""


def enqueue_batch(
    uow: UnitOfWork, message_type: str, transmitter: str, batch_id: UUID, positions: Sequence[int] | None, at: datetime
) -> None:
    """Queue a batch for the single window: byte for byte, or only the documents at ``positions``, packed by the hub."""
    chosen = None if positions is None else list(positions)
    run(
        uow.connection,
        _ITEM,
        {
            "type": message_type,
            "transmitter": transmitter,
            "batch": batch_id,
            "positions": chosen,
            "submissions": [],
            "at": at,
        },
    )


def enqueue_submissions(uow: UnitOfWork, message_type: str, transmitter: str, submissions: Sequence[UUID], at: datetime) -> None:
    """Queue submissions of declaration lists; a worker packs up to 100 into one message."""
    run(
        uow.connection,
        _ITEM,
        {
            "type": message_type,
            "transmitter": transmitter,
            "batch": None,
            "positions": None,
            "submissions": list(submissions),
            "at": at,
        },
    )


def record_event(
    uow: UnitOfWork,
    subject_kind: str,
    subject: int,
    at: datetime,
    kind: str,
    actor: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append one event to a document's log."""
    run(
        uow.connection,
        _EVENT,
        {
            "subject_kind": subject_kind,
            "subject": subject,
            "at": at,
            "kind": kind,
            "actor": actor,
            "detail": Jsonb(dict(detail or {})),
        },
    )
