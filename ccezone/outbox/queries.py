"""Read models of the outbox: a document's event log, and how much waits to leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_EVENTS = """
SELECT at, kind, actor, detail FROM event_log WHERE subject_kind = %(kind)s AND subject = %(subject)s ORDER BY at, id
"""
_WAITING = "SELECT count(*), min(created_at) FROM outbox_item"


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of a document that its own rows do not tell."""

    at: datetime
    kind: str
    actor: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many pieces of work wait to be packed, and since when."""

    number: int
    since: datetime | None


def events_of(connection: Connection, subject_kind: str, subject: int) -> Sequence[EventView]:
    """Return the events of one document, oldest first."""
    return [EventView(*row) for row in fetch(connection, _EVENTS, {"kind": subject_kind, "subject": subject})]


def waiting_to_be_packed(connection: Connection) -> Waiting:
    """Return how much waits to be packed into messages."""
    return Waiting(*fetch(connection, _WAITING)[0])
