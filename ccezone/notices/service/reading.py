"""What a person does with messages: read them, and choose how to hear of what."""

from collections.abc import Mapping
from uuid import UUID

from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.notices.queries.centre import NoticeView, notice
from ccezone.notices.queries.kinds import kinds
from ccezone.notices.rules import Channel
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run

_READ = "UPDATE notice SET read_at = %(now)s WHERE id = %(id)s AND user_id = %(user)s AND read_at IS NULL"
_READ_ALL = """
UPDATE notice SET read_at = %(now)s WHERE user_id = %(user)s AND read_at IS NULL AND place <= coalesce(%(upto)s::uuid, place)
"""
_CHOOSE = """
INSERT INTO notice_choice (user_id, kind, channel) VALUES (%(user)s, %(kind)s, %(channel)s)
ON CONFLICT (user_id, kind) DO UPDATE SET channel = excluded.channel
"""


def read(uow: UnitOfWork, user_id: UUID, notice_id: UUID, clock: Clock) -> NoticeView:
    """Mark one of this person's messages as read and return it. Raises ``NotFound``."""
    run(uow.connection, _READ, {"id": notice_id, "user": user_id, "now": clock.now()})
    found = notice(uow.connection, user_id, notice_id)
    if found is None:
        raise NotFound(Fault("", "notice_not_found"))
    return found


def read_all(uow: UnitOfWork, user_id: UUID, clock: Clock, upto: UUID | None = None) -> int:
    """Mark messages as read, up to the newest one that was shown (``place``); return how many."""
    return run(uow.connection, _READ_ALL, {"user": user_id, "now": clock.now(), "upto": upto})


def choose(uow: UnitOfWork, user_id: UUID, chosen: Mapping[str, str]) -> None:
    """Remember how a person wants to hear of kinds. Raises ``Refused``: unknown channel, or security switched off."""
    faults = []
    for code, channel in chosen.items():
        kind = kinds().get(code)
        if kind is None or channel not in set(Channel):
            faults.append(Fault(f"/{code}", "channel_unknown", {"value": channel}))
        elif kind.fixed and channel == Channel.OFF:
            faults.append(Fault(f"/{code}", "notice_fixed"))
    if faults:
        raise Refused(*faults)
    for code, channel in chosen.items():
        run(uow.connection, _CHOOSE, {"user": user_id, "kind": code, "channel": channel})
