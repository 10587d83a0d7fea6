"""What a report says beyond what the hub counts already: that, and no more, is added to the zone's figures.

The reported total of a direction decides. It is spread over countries by what each is reported beyond what is known of it; what the
countries do not explain stands under the customs code for an unknown country. Parcels, which a report gives for both directions
together, are shared out by value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ccezone.kernel.money import round_half_up

UNKNOWN = "701"
"""国（地）别不详的 / country (region) unknown, in the customs list of countries."""
PARCELS = "parcels"
_NOUGHT = Decimal(0)
_DIRECTIONS = (("E", "export"), ("I", "import"))
Figures = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Beyond:
    """An amount in yuan of one direction and country that nothing else tells of, and its share of the parcels."""

    flow: str
    country: str
    amount: Decimal
    parcels: int


def beyond(reported: Figures, known: Figures) -> list[Beyond]:
    """Return what a report adds to what is known; nothing where it says no more. Keys are those of a report."""
    found = [
        (flow, country, amount)
        for flow, name in _DIRECTIONS
        for country, amount in _spread(f"{name}_country.", reported, known, _more(f"{name}_value", reported, known))
    ]
    parcels = max(_more(PARCELS, reported, known), _NOUGHT)
    shares = _shared(parcels, [amount for _flow, _country, amount in found])
    return [Beyond(*each, share) for each, share in zip(found, shares, strict=True)]


def _more(key: str, reported: Figures, known: Figures) -> Decimal:
    return reported.get(key, _NOUGHT) - known.get(key, _NOUGHT)


def _spread(head: str, reported: Figures, known: Figures, total: Decimal) -> list[tuple[str, Decimal]]:
    """Spread a direction's total over countries; where these come to more, each is cut in proportion."""
    if total <= 0:
        return []
    more = {key.removeprefix(head): _more(key, reported, known) for key in reported if key.startswith(head)}
    parts = sorted(((value, country) for country, value in more.items() if value > 0))
    come_to = sum((value for value, _country in parts), _NOUGHT)
    if come_to <= total:
        rest = [(UNKNOWN, total - come_to)] if total > come_to else []
        return [*((country, value) for value, country in parts), *rest]
    *smaller, (_most, last) = parts
    cut = [(country, round_half_up(value * total / come_to)) for value, country in smaller]
    cut.append((last, total - sum((value for _country, value in cut), _NOUGHT)))
    return [(country, value) for country, value in cut if value > 0]


def _shared(parcels: Decimal, amounts: list[Decimal]) -> list[int]:
    """Share parcels out by amount, so that the shares come to them exactly."""
    whole, passed, given, shares = sum(amounts, _NOUGHT), _NOUGHT, 0, []
    for amount in amounts:
        passed += amount
        upto = int(round_half_up(parcels * passed / whole, Decimal(1)))
        shares.append(upto - given)
        given = upto
    return shares
