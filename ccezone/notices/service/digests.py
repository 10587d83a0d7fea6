"""Digests: what happens by the thousand is counted as it happens, and told as one message once it has settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.notices.rules import DIGEST_OPEN, LONGEST_GATHERING, SETTLED
from ccezone.notices.service.notifying import Audience, Tidings, insert, readers
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import array, fetch, run, text_array

_TALLY = """
INSERT INTO notice_tally (enterprise_id, kind, at, number, sample)
SELECT enterprise, kind, %(at)s, number, sample
FROM unnest(%(enterprises)s::uuid[], %(kinds)s::text[], %(numbers)s::int[], %(samples)s::text[])
    AS t (enterprise, kind, number, sample)
"""
# A crowd of small rows is claimed whole, group by group: whoever is told later is counted later.
_CLAIM = """
WITH due AS (
    SELECT enterprise_id, kind FROM notice_tally GROUP BY enterprise_id, kind
    HAVING max(at) <= %(settled)s OR min(at) <= %(longest)s
), gone AS (
    DELETE FROM notice_tally t USING due WHERE t.enterprise_id = due.enterprise_id AND t.kind = due.kind
    RETURNING t.enterprise_id, t.kind, t.at, t.number, t.sample
)
SELECT enterprise_id, kind, sum(number), min(sample), min(at), max(at) FROM gone GROUP BY enterprise_id, kind
"""
_GROW = """
UPDATE notice SET number = number + %(number)s, subject = '', last_at = %(at)s, place = %(place)s
WHERE user_id = %(user)s AND kind = %(kind)s AND read_at IS NULL AND first_at > %(open)s AND subject_kind = %(subject_kind)s
"""
SUBJECT_KINDS = {
    "list_released": "list",
    "list_rejected": "list",
    "list_incomplete": "list",
    "merge_conflict": "order",
    "inspection_by_customs": "inspection",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many documents of an enterprise something happened to; ``sample`` is the id of one."""

    enterprise_id: UUID
    kind: str
    number: int
    sample: str


def count(uow: UnitOfWork, tallies: Iterable[Tally], at: datetime) -> None:
    """Note counts in the transaction that made them: one statement, however many documents they tell of."""
    noted = list(tallies)
    if not noted:
        return
    values = {
        "at": at,
        "enterprises": array(each.enterprise_id for each in noted),
        "kinds": text_array(each.kind for each in noted),
        "numbers": array(each.number for each in noted),
        "samples": text_array(each.sample for each in noted),
    }
    run(uow.connection, _TALLY, values)


def tell_digests(database: Database, clock: Clock) -> int:
    """Turn counts that have settled into messages; return how many persons were told.

    A message that is still unread takes later counts in, for a day: five thousand rejections are one message.
    """
    now, told = clock.now(), 0
    with database.begin() as uow:
        for row in fetch(uow.connection, _CLAIM, {"settled": now - SETTLED, "longest": now - LONGEST_GATHERING}):
            enterprise_id, kind, number, sample, first_at, at = row
            tidings = Tidings(kind, at, SUBJECT_KINDS[kind], sample if number == 1 else "", {}, int(number), first_at)
            for user_id, channel in readers(uow, Audience(enterprise_id=enterprise_id), kind):
                if not _grow(uow, user_id, tidings):
                    insert(uow, user_id, channel, tidings)
                told += 1
    return told


def _grow(uow: UnitOfWork, user_id: UUID, tidings: Tidings) -> bool:
    values = {"user": user_id, "kind": tidings.kind, "subject_kind": tidings.subject_kind, "number": tidings.number}
    moving = {"at": tidings.at, "open": tidings.at - DIGEST_OPEN, "place": uuidv7()}
    return run(uow.connection, _GROW, {**values, **moving}) > 0
