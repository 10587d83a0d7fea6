"""Which route an order takes: the single and the annual limit (Caiguanshui 2018 No. 49; before 2019: 2016 No. 18)."""

from decimal import Decimal

from ccezone.import_tax.rules.values import Limits, Route


def choose_route(dutiable_price: Decimal, single_item: bool, used_before: Decimal, limits: Limits) -> Route:
    """Choose the route of an order from its dutiable price (freight and insurance included) and the buyer's year.

    Both limits are inclusive. The annual one is asked first: above it no splitting helps. Above the single limit
    an order of one indivisible item pays full tax (and still counts in the year); any other must be split.
    """
    if used_before + dutiable_price > limits.annual:
        return Route.GENERAL_TRADE
    if dutiable_price <= limits.single:
        return Route.WITHIN_LIMIT
    return Route.FULL_TAX if single_item else Route.SPLIT_OR_GENERAL_TRADE
