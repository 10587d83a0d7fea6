"""Loading tax rates, and writing the ledger of buyers' yearly quota."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy.dialects.postgresql import insert

from ccezone.import_tax.rules import QuotaEntry, rate_facts
from ccezone.import_tax.tables import TARIFF_RATE
from ccezone.kernel.clock import Clock
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run
from schemas.codes import rows

# Value-added tax has been 13 and 9 percent since that day; the snapshot itself names no dates.
SNAPSHOT_BEGINS = date(2019, 4, 1)

_RECORD = """
INSERT INTO quota_entry (buyer_digest, year, declaration_id, kind, cause, amount, created_at)
SELECT buyer, year, declaration, kind, cause, amount, %(at)s
FROM unnest(%(buyers)s::bigint[], %(years)s::smallint[], %(declarations)s::bigint[], %(kinds)s::text[],
            %(causes)s::bigint[], %(amounts)s::numeric[]) AS entry (buyer, year, declaration, kind, cause, amount)
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
