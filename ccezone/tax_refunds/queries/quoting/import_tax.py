"""Tax on retail imports, by the limits of the example's day."""

from decimal import Decimal

from ccezone.import_tax.rules import (
    DutiableGoods,
    EffectiveRate,
    Limits,
    Route,
    TaxAssessment,
    assess,
    choose_route,
    limits_on,
    spread,
)
from ccezone.parameters.rules import ParameterMissing
from ccezone.tax_refunds.queries.quoting.inputs import Answer, Inputs, Row, Terms, figure, ignored

_INPUTS = frozenset(
    {
        "vector_id", "group", "effective_regime", "order_items", "retail_price_cny", "freight_cny", "insurance_cny",
        "dutiable_price_cny", "statutory_qty", "statutory_qty_unit", "tariff_rate_pct", "vat_rate_pct",
        "ct_advalorem_pct", "ct_specific_cny_per_unit", "reduction_factor", "annual_used_before_cny",
        "result_origin", "source", "note",
    }
)  # fmt: skip


def quote_import_tax(row: Row, terms: Terms) -> Answer:
    """Answer one line of import-tax inputs. Raises ``Refused``."""
    inputs = Inputs(row)
    limits = _limits(inputs, terms)
    price = _dutiable_price(inputs)
    used_before = inputs.amount("annual_used_before_cny", Decimal(0))
    items = inputs.count("order_items")
    rate, quantity = _rate(inputs)
    route = choose_route(price, items == 1, used_before, limits)
    if route is Route.FULL_TAX and rate.tariff_pct is None:
        inputs.fault("tariff_rate_pct", "quote_tariff_needed")
    inputs.refuse_faults()
    goods = DutiableGoods(1, spread(price, [price])[0], rate, quantity)
    return {**_reply(assess([goods], price, route, limits, used_before)), **ignored(row, _INPUTS)}


def _limits(inputs: Inputs, terms: Terms) -> Limits:
    factor = inputs.amount("reduction_factor") if inputs.given("reduction_factor") else None
    if factor is not None and factor > 1:
        inputs.fault("reduction_factor", "quote_factor", value=str(factor))
    try:
        limits = limits_on(terms.book.decimal, inputs.day("effective_regime", terms.today))
    except (ValueError, ParameterMissing):
        inputs.fault("effective_regime", "quote_regime", value=inputs.text("effective_regime"))
        limits = limits_on(terms.book.decimal, terms.today)
    return limits if factor is None else limits.with_factor(factor)


def _dutiable_price(inputs: Inputs) -> Decimal:
    parts = ("retail_price_cny", "freight_cny", "insurance_cny")
    if not inputs.given("retail_price_cny") and inputs.given("dutiable_price_cny"):
        return inputs.amount("dutiable_price_cny")
    total = sum((inputs.amount(part, None if part == parts[0] else Decimal(0)) for part in parts), Decimal(0))
    if inputs.given("dutiable_price_cny"):
        stated = inputs.amount("dutiable_price_cny")
        if stated != total:
            inputs.fault("dutiable_price_cny", "quote_sum", value=str(stated), sum=str(total))
    return total


def _rate(inputs: Inputs) -> tuple[EffectiveRate, Decimal]:
    specific = inputs.amount("ct_specific_cny_per_unit", Decimal(0))
    if specific and not inputs.given("statutory_qty"):
        inputs.fault("statutory_qty", "quote_quantity_needed")
    rate = EffectiveRate(
        inputs.percent("vat_rate_pct"),
        inputs.percent("ct_advalorem_pct", Decimal(0)),
        specific,
        inputs.amount("tariff_rate_pct") if inputs.given("tariff_rate_pct") else None,
    )
    return rate, inputs.amount("statutory_qty", Decimal(0))


def _reply(assessment: TaxAssessment) -> Answer:
    retail = assessment.route.retail
    taxes = {
        "tariff_cny": assessment.tariff,
        "consumption_tax_cny": assessment.consumption_tax,
        "vat_cny": assessment.vat,
        "total_tax_cny": assessment.total,
        "composite_rate_pct": assessment.composite_rate_pct,
    }
    return {
        "route": str(assessment.route),
        **{key: figure(value) if retail else None for key, value in taxes.items()},
        "annual_used_after_cny": figure(assessment.used_after),
    }
