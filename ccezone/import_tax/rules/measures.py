"""Statutory quantities turned into what consumption tax measures in, and its price thresholds.

High-end cosmetics (Caishui 2016 No. 103; 10 yuan per gram or millilitre, 15 per piece), watches (10,000 per piece),
spirits (0.912 yuan per litre). Content by volume declared in kilograms counts one millilitre as one gram.
"""

from collections.abc import Mapping
from decimal import Decimal

from ccezone.import_tax.rules.values import Measure, TariffRate

_ONE = Decimal(1)
_THOUSAND = Decimal(1000)
_THOUSANDTH = Decimal("0.001")
# Customs unit codes: 035 kilogram, 036 gram, 095 litre, 096 millilitre; 007, 008, 010, 011 are kinds of piece.
_UNITS: Mapping[Measure, Mapping[str, Decimal]] = {
    Measure.GRAM_OR_MILLILITRE: {"036": _ONE, "096": _ONE, "035": _THOUSAND, "095": _THOUSAND},
    Measure.LITRE: {"095": _ONE, "096": _THOUSANDTH},
    Measure.PIECE: {"011": _ONE, "007": _ONE, "008": _ONE, "010": _ONE},
}


def measured(statutory: Mapping[str, Decimal], measure: Measure) -> Decimal | None:
    """Return how much of ``measure`` the statutory quantities hold, or ``None`` when none of them is in such a unit."""
    for unit, factor in _UNITS[measure].items():
        quantity = statutory.get(unit)
        if quantity:
            return quantity * factor
    return None


def consumption_tax_applies(rate: TariffRate, dutiable_price: Decimal, statutory: Mapping[str, Decimal]) -> bool | None:
    """Whether goods reach the price threshold of their rate (inclusive). ``None`` when their quantity is missing."""
    if rate.consumption_threshold is None or rate.consumption_threshold_measure is None:
        return True
    quantity = measured(statutory, rate.consumption_threshold_measure)
    return None if quantity is None else dutiable_price >= rate.consumption_threshold * quantity
