"""Checking the audit trail from end to end, and keeping what was found: the next check holds the trail against it.

Whoever could write the whole trail anew, checks included, is found by the digest of the last check, which every check also writes
to the log, where the database's owner does not reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from uuid import UUID

import structlog

from ccezone.accounts.queries.audit import Verification, audit_end, audit_links, digest_at, verifications
from ccezone.accounts.rules.chaining import Break, Damage, Head, breaks
from ccezone.accounts.tables import AuditVerification
from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection, Database, UnitOfWork

NAMED = 100
"""How many places are kept by name; the rest is counted."""
_KNOWN_CHECKS = 1_000
_A_DAY = timedelta(days=1)
_log = structlog.get_logger("ccezone.audit")


@dataclass(frozen=True, slots=True)
class AuditChecked:
    """News: the trail was checked; ``found`` places of it do not hold, ``first`` among them."""

    verification_id: UUID
    found: int
    first: int | None
    at: datetime


def verify_audit(database: Database, clock: Clock, asked_by: str = "system", anchor: Head | None = None) -> Verification:
    """Check every entry, keep what was found, and return it. ``anchor``: an entry's digest as somebody kept it elsewhere."""
    started_at = clock.now()
    with database.reading() as connection:
        head, highest = audit_end(connection)
        found = _all_breaks(connection, head, highest, anchor)
        broken = list(islice(found, NAMED))
        number = len(broken) + sum(1 for _each in found)
    row = AuditVerification(
        id=uuidv7(),
        started_at=started_at,
        finished_at=clock.now(),
        number=head.number,
        digest=head.digest,
        found=number,
        breaks=[{"number": each.number, "damage": each.damage, "entry": _text(each.entry_id)} for each in broken],
        asked_by=asked_by,
    )
    with database.begin() as uow:
        _keep(uow, row)
    _log.info("audit_checked", number=head.number, digest=head.digest.hex(), breaks=number)
    return Verification(row.id, row.started_at, row.finished_at, row.number, row.digest, row.found, broken, row.asked_by)


def verify_daily(database: Database, clock: Clock) -> Verification | None:
    """Check the trail unless that was done within the last day."""
    with database.reading() as connection:
        last = next(iter(verifications(connection, 1)), None)
    if last is not None and clock.now() - last.finished_at < _A_DAY:
        return None
    return verify_audit(database, clock)


def _keep(uow: UnitOfWork, row: AuditVerification) -> None:
    uow.session.add(row)
    uow.session.flush()
    uow.publish(AuditChecked(row.id, row.found, row.breaks[0]["number"] if row.breaks else None, row.finished_at))


def _all_breaks(connection: Connection, head: Head, highest: int, anchor: Head | None) -> Iterator[Break]:
    """Places where the chain does not hold, ends otherwise than its head says, or is not what was found before."""
    last = yield from breaks(audit_links(connection, highest))
    for gone in range(last.number + 1, head.number + 1):
        yield Break(gone, Damage.REMOVED)
    if last.number > head.number or (last.number == head.number and last.digest != head.digest):
        yield Break(last.number, Damage.FORGED)
    known = (Head(check.number, check.digest) for check in verifications(connection, _KNOWN_CHECKS))
    for kept in chain([anchor] if anchor else [], known):
        if kept.number > max(head.number, last.number):
            yield Break(kept.number, Damage.REMOVED)
        elif kept.number and digest_at(connection, kept.number) not in (kept.digest, None):
            yield Break(kept.number, Damage.FORGED)


def _text(number: UUID | None) -> str | None:
    return str(number) if number else None
