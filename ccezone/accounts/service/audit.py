"""The audit trail: who saw and who did what to whom, chained and appended in the transaction that did it.

Only what people do, and reads of what is personal, is recorded; what machines pass through the hub has its own log of events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from ccezone.accounts.rules import Principal
from ccezone.accounts.rules.chaining import BEGINNING, Entry, Head, Link, chained
from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import driver, fetch, run

NOBODY = "system"
_BEGIN = "INSERT INTO audit_head (id, number, digest) VALUES (1, 0, %(digest)s) ON CONFLICT DO NOTHING"
_LOCK = "SELECT number, digest FROM audit_head WHERE id = 1 FOR UPDATE"
_APPEND = """
INSERT INTO audit_entry (id, number, at, actor, action, subject, detail, former, digest)
VALUES (%(id)s, %(number)s, %(at)s, %(actor)s, %(action)s, %(subject)s, %(detail)s, %(former)s, %(digest)s)
"""
_MOVE = "UPDATE audit_head SET number = %(number)s, digest = %(digest)s WHERE id = 1"


@dataclass(frozen=True, slots=True)
class Audited:
    """News: an entry was appended; whoever tells people of security hears of it."""

    at: datetime
    actor: str
    action: str
    subject: str


def record(
    uow: UnitOfWork,
    actor: Principal | None,
    action: str,
    subject: str,
    clock: Clock,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Append one entry. ``action`` is a stable word (``personal.reveal``), ``subject`` names the thing (``order:ID``).

    ``detail`` may name fields, never their personal values. The entry is written, and chained, when the transaction ends.
    """
    now, name = clock.now(), actor.actor if actor else NOBODY
    uow.at_end(append, Entry(uuidv7(), now, name, action, subject, dict(detail or {})))
    uow.publish(Audited(now, name, action, subject))


def append(uow: UnitOfWork, entries: Sequence[Entry]) -> None:
    """Put entries at the end of the chain, whose head is held until the commit: everybody appends in turn."""
    run(uow.connection, _BEGIN, {"digest": BEGINNING})
    ((number, digest),) = fetch(uow.connection, _LOCK)
    links = chained(Head(number, bytes(digest)), entries)
    with driver(uow.connection).cursor() as cursor:
        cursor.executemany(_APPEND.encode(), [_values(link) for link in links])
    run(uow.connection, _MOVE, {"number": links[-1].number, "digest": links[-1].digest})


def _values(link: Link) -> dict[str, object]:
    entry = link.entry
    return {
        "id": entry.id,
        "number": link.number,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": Jsonb(dict(entry.detail)),
        "former": link.former,
        "digest": link.digest,
    }
