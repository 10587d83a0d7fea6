"""Reading tax rates of a day, and what buyers have used of their year."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from ccezone.import_tax import tables  # noqa: F401 - declares the tables these statements name
from ccezone.import_tax.rules import Measure, TariffRate
from ccezone.storage.copying import fetch

_RATES = """
SELECT DISTINCT ON (hs_code) hs_code, vat_pct, consumption_pct, consumption_specific, consumption_specific_measure,
       consumption_threshold, consumption_threshold_measure, tariff_pct
FROM tariff_rate
WHERE effective_from <= %(day)s AND (%(codes)s::bpchar[] IS NULL OR hs_code = ANY (%(codes)s::bpchar[]))
ORDER BY hs_code, effective_from DESC
"""
_USED = """
SELECT buyer_digest, sum(CASE kind WHEN 'use' THEN amount ELSE -amount END)
FROM quota_entry
WHERE buyer_digest = ANY (%(buyers)s::bigint[]) AND year = %(year)s
GROUP BY buyer_digest
"""


def rates(connection: Connection, day: date, hs_codes: Collection[str] | None = None) -> dict[str, TariffRate]:
    """Return the rates in force on a day by commodity code; of some codes, or of all (for a worker to keep)."""
    codes = None if hs_codes is None else list(hs_codes)
    return {row[0]: _rate(*row) for row in fetch(connection, _RATES, {"day": day, "codes": codes})}


def used(connection: Connection, buyer_digests: Collection[int], year: int) -> dict[int, Decimal]:
    """Return what each buyer used of a calendar year through this hub, zero included."""
    found = fetch(connection, _USED, {"buyers": list(buyer_digests), "year": year})
    return dict.fromkeys(buyer_digests, Decimal(0)) | dict(found)


def _rate(
    hs_code: str,
    vat: Decimal | None,
    consumption: Decimal,
    specific: Decimal,
    specific_measure: str | None,
    threshold: Decimal | None,
    threshold_measure: str | None,
    tariff: Decimal | None,
) -> TariffRate:
    return TariffRate(
        hs_code,
        vat,
        consumption,
        specific,
        Measure(specific_measure) if specific_measure else None,
        threshold,
        Measure(threshold_measure) if threshold_measure else None,
        tariff,
    )
