"""Loading tax rates, and writing the ledger of buyers' yearly quota."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert

from ccezone.import_tax.rules import QuotaEntry, rate_facts
from ccezone.import_tax.tables import TARIFF_RATE
from ccezone.kernel.clock import Clock
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run
from schemas.codes import rows

# Value-added tax has been 13 and 9 percent since that day; the snapshot itself names no dates.
SNAPSHOT_BEGINS = date(2019, 4, 1)
Cause = tuple[int, int, int]  # buyer digest, declaration, number of its submission

_RECORD = """
INSERT INTO quota_entry (buyer_digest, year, declaration_id, kind, cause, amount, created_at)
SELECT buyer, year, declaration, kind, cause, amount, %(at)s
FROM unnest(%(buyers)s::bigint[], %(years)s::smallint[], %(declarations)s::bigint[], %(kinds)s::text[],
            %(causes)s::bigint[], %(amounts)s::numeric[]) AS entry (buyer, year, declaration, kind, cause, amount)
ON CONFLICT DO NOTHING
"""
# Both mirror an entry that is there, so that year and amount are those that were counted; both happen once per cause.
_GIVE_BACK = """
INSERT INTO quota_entry (buyer_digest, year, declaration_id, kind, cause, amount, created_at)
SELECT e.buyer_digest, e.year, e.declaration_id, 'give_back', e.cause, e.amount, %(at)s
FROM quota_entry e
JOIN unnest(%(buyers)s::bigint[], %(declarations)s::bigint[], %(causes)s::bigint[]) AS c (buyer, declaration, cause)
    ON e.buyer_digest = c.buyer AND e.declaration_id = c.declaration AND e.cause = c.cause AND e.kind = 'use'
ON CONFLICT DO NOTHING
"""
_TAKE_AGAIN = """
INSERT INTO quota_entry (buyer_digest, year, declaration_id, kind, cause, amount, created_at)
SELECT e.buyer_digest, e.year, e.declaration_id, 'use', -e.cause, e.amount, %(at)s
FROM quota_entry e
JOIN unnest(%(buyers)s::bigint[], %(declarations)s::bigint[], %(causes)s::bigint[]) AS c (buyer, declaration, cause)
    ON e.buyer_digest = c.buyer AND e.declaration_id = c.declaration AND e.cause = c.cause AND e.kind = 'give_back'
ON CONFLICT DO NOTHING
"""


def load_rates(uow: UnitOfWork, table: Iterable[Mapping[str, str]] | None = None, effective_from: date = SNAPSHOT_BEGINS) -> None:
    """Add rates that begin on ``effective_from`` (by default the shipped snapshot); codes that have one keep it."""
    source = rows("sample_tariff") if table is None else table
    facts = [rate_facts(row) | {"effective_from": effective_from} for row in source]
    if facts:
        uow.connection.execute(insert(TARIFF_RATE).on_conflict_do_nothing(), facts)


def record_quota(uow: UnitOfWork, clock: Clock, entries: Sequence[QuotaEntry]) -> int:
    """Write movements and return how many were new: a movement that was recorded before counts no second time."""
    if not entries:
        return 0
    return run(
        uow.connection,
        _RECORD,
        {
            "at": clock.now(),
            "buyers": [entry.buyer_digest for entry in entries],
            "years": [entry.year for entry in entries],
            "declarations": [entry.declaration_id for entry in entries],
            "kinds": [str(entry.kind) for entry in entries],
            "causes": [entry.cause for entry in entries],
            "amounts": [entry.amount for entry in entries],
        },
    )


def give_back(uow: UnitOfWork, causes: Sequence[Cause], at: datetime) -> int:
    """Give back what these filings used, in the year they used it; what was given back before, or never used, stays."""
    return _mirror(uow, _GIVE_BACK, causes, at)


def take_again(uow: UnitOfWork, causes: Sequence[Cause], at: datetime) -> int:
    """Count filings again whose use had been given back: customs released what it had rejected before."""
    return _mirror(uow, _TAKE_AGAIN, causes, at)


def _mirror(uow: UnitOfWork, statement: str, causes: Sequence[Cause], at: datetime) -> int:
    if not causes:
        return 0
    buyers, declarations, numbers = (list(column) for column in zip(*causes, strict=True))
    return run(uow.connection, statement, {"at": at, "buyers": buyers, "declarations": declarations, "causes": numbers})
