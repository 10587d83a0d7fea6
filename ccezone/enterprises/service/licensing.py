"""What follows from licences and from time: firms without a licence they need may not file, drafts nobody sends are dropped."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from ccezone.accounts.service import record
from ccezone.enterprises.queries import forget_directory
from ccezone.enterprises.queries.terms import registration_terms
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run

EXPIRED = "licence_expired"
_FIRMS = "SELECT id, roles, filing_block FROM enterprise ORDER BY id"
_LICENCES = "SELECT enterprise_id, kind, max(coalesce(expires_on, 'infinity'::date)) < %(today)s FROM licence GROUP BY 1, 2"
_BLOCK = "UPDATE enterprise SET filing_block = %(block)s, updated_at = %(now)s WHERE id = %(id)s"
_ABANDONED = """
SELECT id FROM application WHERE state = 'draft' AND kind = 'registration' AND updated_at < %(before)s ORDER BY id LIMIT 500
FOR UPDATE SKIP LOCKED
"""
_FILES = """
UPDATE stored_file SET expires_at = %(now)s WHERE id IN (
    SELECT (each->>'id')::uuid FROM application a, jsonb_array_elements(a.files) AS each WHERE a.id = ANY(%(ids)s)
    UNION ALL
    SELECT nullif(each->>'file_id', '')::uuid FROM application a, jsonb_array_elements(a.licences) AS each WHERE a.id = ANY(%(ids)s)
)
"""
_DROP = "DELETE FROM application WHERE id = ANY(%(ids)s)"


def judge_licences(database: Database, zone: str, clock: Clock) -> int:
    """Suspend filing for firms of which a licence they need has ended, and lift it when it was renewed; return the changes.

    A licence nobody ever showed suspends nothing: firms that officers registered have none on record.
    """
    with database.begin() as uow:
        return _judge_all(uow, zone, clock)


def _judge_all(uow: UnitOfWork, zone: str, clock: Clock) -> int:
    today = clock.now().astimezone(SHANGHAI).date()
    terms = registration_terms(uow.connection, zone, today)
    ended = _ended(uow, today)
    changed = 0
    for enterprise_id, roles, before in fetch(uow.connection, _FIRMS):
        lacks = terms.expired_licence_blocks and bool(ended[enterprise_id] & terms.required(roles))
        block = EXPIRED if lacks else ""
        if block != before:
            run(uow.connection, _BLOCK, {"id": enterprise_id, "block": block, "now": clock.now()})
            action = "enterprise.filing_suspended" if block else "enterprise.filing_resumed"
            record(uow, None, action, f"enterprise:{enterprise_id}", clock, {"reason": block or before})
            changed += 1
    if changed:
        forget_directory(uow.connection)
    return changed


def drop_abandoned(database: Database, zone: str, clock: Clock) -> int:
    """Drop drafts that nobody sent in ``registration.draft_days``, and let their files go; return how many."""
    with database.begin() as uow:
        terms = registration_terms(uow.connection, zone, clock.now().astimezone(SHANGHAI).date())
        before = clock.now() - timedelta(days=terms.draft_days)
        ids = [row[0] for row in fetch(uow.connection, _ABANDONED, {"before": before})]
        if ids:
            run(uow.connection, _FILES, {"ids": ids, "now": clock.now()})
            run(uow.connection, _DROP, {"ids": ids})
    return len(ids)


def _ended(uow: UnitOfWork, today: date) -> dict[UUID, set[str]]:
    """Return the kinds of licences of each firm that have ended, all of that kind."""
    ended: dict[UUID, set[str]] = defaultdict(set)
    for enterprise_id, kind, over in fetch(uow.connection, _LICENCES, {"today": today}):
        if over:
            ended[enterprise_id].add(kind)
    return ended
