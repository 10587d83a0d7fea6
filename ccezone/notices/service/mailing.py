"""From messages to mail: at once, or as a daily digest, to whoever chose so. Run by the scheduler."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.notices.queries.centre import NoticeView
from ccezone.notices.rules import DIGEST_HOUR
from ccezone.notices.service.letters import Letterhead, Reader, letter, locale_of
from ccezone.notices.service.mail import queue_mail
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault

_TAKE = """
SELECT u.id, u.login, u.name, u.locale, n.id, n.place, n.kind, n.subject_kind, n.subject, n.params, n.number,
    n.first_at, n.last_at, n.read_at
FROM notice n JOIN user_account u ON u.id = n.user_id
WHERE n.mail = %(mail)s AND n.first_at <= %(until)s AND u.status = 'active'
ORDER BY n.user_id, n.place DESC LIMIT %(limit)s FOR UPDATE OF n SKIP LOCKED
"""
_QUEUED = "UPDATE notice SET mail = 'queued' WHERE id = ANY(%(ids)s)"
_AT_ONCE, _AT_MOST_DAILY = 500, 5000


def mail_notices(database: Database, vault: PersonalVault, clock: Clock, head: Letterhead) -> int:
    """Queue mail for messages that are to be mailed at once, and from eight in the morning the daily digests.

    Messages to one person that wait at the same moment travel in one mail. Returns how many mails were queued.
    """
    now = clock.now()
    with database.begin() as uow:
        queued = _mail(uow, vault, clock, head, _rows(uow, "due", now, _AT_ONCE), daily=False)
    with database.begin() as uow:
        return queued + _mail(uow, vault, clock, head, _rows(uow, "digest", _last_digest(now), _AT_MOST_DAILY), daily=True)


def _rows(uow: UnitOfWork, state: str, until: datetime, limit: int) -> list[tuple[Any, ...]]:
    return fetch(uow.connection, _TAKE, {"mail": state, "until": until, "limit": limit})


def _last_digest(now: datetime) -> datetime:
    """The latest moment at which a digest was due; what came after it waits for the next."""
    local = now.astimezone(SHANGHAI)
    today = datetime.combine(local.date(), time(DIGEST_HOUR), SHANGHAI)
    return today if local >= today else today - timedelta(days=1)


def _mail(
    uow: UnitOfWork,
    vault: PersonalVault,
    clock: Clock,
    head: Letterhead,
    rows: Sequence[tuple[Any, ...]],
    *,
    daily: bool,
) -> int:
    by_reader: dict[Reader, list[NoticeView]] = defaultdict(list)
    for user_id, login, name, locale, *rest in rows:
        by_reader[Reader(user_id, login, name, locale_of(locale))].append(NoticeView(*rest))
    queued = 0
    for reader, notices in by_reader.items():
        wanted = [each for each in notices if not (daily and each.read_at)]
        if wanted:
            kind = "daily" if daily else wanted[0].kind if len(wanted) == 1 else "several"
            queue_mail(uow, letter(head, reader, wanted, daily=daily), vault, clock, kind=kind, user_id=reader.user_id)
            queued += 1
    if rows:
        run(uow.connection, _QUEUED, {"ids": [each.id for notices in by_reader.values() for each in notices]})
    return queued
