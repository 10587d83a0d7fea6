"""From the lines of a declaration list to its tax: settle prices and rates, choose the route, levy, round."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ccezone.import_tax.rules.levy import Treatment, levy
from ccezone.import_tax.rules.measures import consumption_tax_applies, measured
from ccezone.import_tax.rules.routes import choose_route
from ccezone.import_tax.rules.spread import spread
from ccezone.import_tax.rules.values import (
    ZERO,
    DutiableGoods,
    EffectiveRate,
    Limits,
    LineTax,
    Route,
    TariffRate,
    TaxAssessment,
    TaxLine,
)
from ccezone.kernel.errors import Fault
from ccezone.kernel.money import round_half_up

_HUNDRED = Decimal(100)
_FOUR_DECIMALS = Decimal("0.0001")


def price_list(
    lines: Sequence[TaxLine],
    rates: Mapping[str, TariffRate],
    limits: Limits,
    used_before: Decimal,
    freight: Decimal = ZERO,
    insurance: Decimal = ZERO,
) -> TaxAssessment:
    """Tax a declaration list.

    ``rates`` by commodity code, ``used_before`` what the buyer used this year. Freight and insurance are spread over
    the lines by value. An order is one indivisible item when it is one line of quantity one. Rates or quantities that
    are missing come back as faults with pointers ``/lines/N/…`` (N from 0), and nothing is levied then.
    """
    price = sum((line.value for line in lines), ZERO) + freight + insurance
    single_item = len(lines) == 1 and lines[0].qty == 1
    route = choose_route(price, single_item, used_before, limits)
    if not route.retail:
        return TaxAssessment(route, price, used_before)
    shares = spread(price, [line.value for line in lines])
    settled = [
        _settle(f"/lines/{index}", line, share, rates.get(line.hs_code), route)
        for index, (line, share) in enumerate(zip(lines, shares, strict=True))
    ]
    faults = [each for each in settled if isinstance(each, Fault)]
    if faults:
        return TaxAssessment(route, price, used_before + price, faults=faults)
    goods = [each for each in settled if isinstance(each, DutiableGoods)]
    return assess(goods, price, route, limits, used_before)


def assess(
    goods: Sequence[DutiableGoods], dutiable_price: Decimal, route: Route, limits: Limits, used_before: Decimal
) -> TaxAssessment:
    """Levy tax on goods whose prices and rates are settled, along a route that was chosen for the whole order.

    Each tax of each line is rounded half up to fen (assumed; customs publishes no rule for retail imports).
    """
    if not route.retail:
        return TaxAssessment(route, dutiable_price, used_before)
    treatment = Treatment.of(route, limits)
    exact = [levy(each.price, each.rate, each.specific_quantity, treatment) for each in goods]
    lines = [
        LineTax(
            each.line_no,
            each.price,
            round_half_up(due.tariff),
            round_half_up(due.consumption_tax),
            round_half_up(due.vat),
        )
        for each, due in zip(goods, exact, strict=True)
    ]
    base = sum((each.price for each in goods), ZERO)
    composite = sum((due.total for due in exact), ZERO) / base * _HUNDRED if base else ZERO
    return TaxAssessment(route, dutiable_price, used_before + dutiable_price, lines, round_half_up(composite, _FOUR_DECIMALS))


def _settle(pointer: str, line: TaxLine, price: Decimal, rate: TariffRate | None, route: Route) -> DutiableGoods | Fault:
    if rate is None:
        return Fault(f"{pointer}/hs_code", "tax_rate_unknown", {"hs_code": line.hs_code})
    if rate.vat_pct is None:
        return Fault(f"{pointer}/hs_code", "vat_rate_unknown", {"hs_code": line.hs_code})
    if route is Route.FULL_TAX and rate.tariff_pct is None:
        return Fault(f"{pointer}/hs_code", "tariff_rate_unknown", {"hs_code": line.hs_code})
    if not rate.consumption_pct and not rate.consumption_specific:
        return DutiableGoods(line.line_no, price, EffectiveRate(rate.vat_pct, tariff_pct=rate.tariff_pct))
    applies = consumption_tax_applies(rate, price, line.statutory)
    specific_measure = rate.consumption_specific_measure
    quantity = measured(line.statutory, specific_measure) if specific_measure else ZERO
    if applies is None or quantity is None:
        needed = rate.consumption_threshold_measure if applies is None else specific_measure
        return Fault(f"{pointer}/statutory", "tax_quantity_missing", {"hs_code": line.hs_code, "measure": str(needed)})
    if not applies:
        return DutiableGoods(line.line_no, price, EffectiveRate(rate.vat_pct, tariff_pct=rate.tariff_pct))
    effective = EffectiveRate(rate.vat_pct, rate.consumption_pct, rate.consumption_specific, rate.tariff_pct)
    return DutiableGoods(line.line_no, price, effective, quantity)
