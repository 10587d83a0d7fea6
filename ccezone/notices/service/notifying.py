"""Telling people: one row for each person who wants to hear of it, in the transaction of what it tells of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.kernel.ids import uuidv7
from ccezone.notices.queries.kinds import kind_named
from ccezone.notices.rules import MAIL_STATE, Channel
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

_READERS = """
SELECT u.id, coalesce(c.channel, %(channel)s) FROM user_account u
LEFT JOIN notice_choice c ON c.user_id = u.id AND c.kind = %(kind)s
WHERE u.status = 'active' AND coalesce(c.channel, %(channel)s) <> 'off'
    AND (%(permission)s = '' OR u.permissions IS NULL OR %(permission)s = ANY(u.permissions))
    AND (u.id = %(user)s::uuid OR u.enterprise_id = %(enterprise)s::uuid
        OR (u.role = ANY(%(roles)s::text[]) AND (%(nodes)s::text[] IS NULL OR u.node = '' OR u.node = ANY(%(nodes)s))))
"""
_INSERT = """
INSERT INTO notice (id, user_id, place, kind, subject_kind, subject, params, number, first_at, last_at, mail)
VALUES (%(id)s, %(user)s, %(id)s, %(kind)s, %(subject_kind)s, %(subject)s, %(params)s, %(number)s, %(first)s, %(at)s, %(mail)s)
"""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told: one person, everybody of an enterprise, or everybody in these roles.

    Where a firm is what it is about, ``nodes`` are its node and those above: of the office's people, those of other nodes are
    not told.
    """

    user_id: UUID | None = None
    enterprise_id: UUID | None = None
    roles: tuple[str, ...] = ()
    nodes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tidings:
    """What is told. ``subject_kind`` and ``subject`` name what the message opens; ``params`` fill its words.

    A parameter that is a code is ``{"list": …, "code": …}``, worded by that code list when it is read.
    """

    kind: str
    at: datetime
    subject_kind: str = ""
    subject: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    number: int = 1
    first_at: datetime | None = None


def notify(uow: UnitOfWork, audience: Audience, tidings: Tidings) -> int:
    """Tell an audience; return how many were told. Whoever switched the kind off is not. Raises ``KeyError``: unknown kind."""
    found = readers(uow, audience, tidings.kind)
    for user_id, channel in found:
        insert(uow, user_id, channel, tidings)
    return len(found)


def readers(uow: UnitOfWork, audience: Audience, kind: str) -> list[tuple[UUID, Channel]]:
    """Return who of an audience wants to hear of a kind, and how."""
    values: dict[str, object] = {"user": audience.user_id, "enterprise": audience.enterprise_id, "roles": list(audience.roles)}
    values["nodes"] = None if audience.nodes is None else list(audience.nodes)
    known = kind_named(kind)
    asked = {"kind": kind, "channel": known.channel.value, "permission": known.permission}
    rows = fetch(uow.connection, _READERS, {**values, **asked})
    return [(user_id, Channel(channel)) for user_id, channel in rows]


def insert(uow: UnitOfWork, user_id: UUID, channel: Channel, tidings: Tidings) -> None:
    """Write one person's message."""
    values = {
        "id": uuidv7(),
        "user": user_id,
        "kind": tidings.kind,
        "subject_kind": tidings.subject_kind,
        "subject": tidings.subject,
        "params": Jsonb(dict(tidings.params)),
        "number": tidings.number,
        "first": tidings.first_at or tidings.at,
        "at": tidings.at,
        "mail": MAIL_STATE[channel],
    }
    run(uow.connection, _INSERT, values)
