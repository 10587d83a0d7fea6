"""Refund amounts of manufacturers (免抵退) and trading companies (免退); rates stand in the example, by its day of export."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from ccezone.tax_refunds.queries.quoting.inputs import Answer, Inputs, Row, Terms, figure, ignored
from ccezone.tax_refunds.rules.amounts import (
    CreditRefund,
    Method,
    Period,
    PurchaseRefund,
    RatedValue,
    credit_refund,
    purchase_refund,
)

EXPORTS = "export_lines (fob|vat_rate|refund_rate;...)"
DUTY_FREE = "duty_free_materials|vat_rate|refund_rate"
_INPUTS = frozenset(
    {
        "vector_id", "method", "regime", "money_unit", "domestic_sales_excl_vat", "domestic_vat_rate_pct", EXPORTS, DUTY_FREE,
        "input_vat", "carried_credit", "purchase_amount_excl_vat", "result_origin", "source", "note",
    }
)  # fmt: skip
_ANSWERS = (
    *("noncreditable", "tax_payable", "end_credit", "ecr_cap", "refund", "exempt_offset", "credit_carried_forward"),
    "cost_transfer",
)
_MOST = Decimal(10) ** 15
_MOST_LINES = 1000


def quote_refund(row: Row, _: Terms) -> Answer:
    """Answer one example of either method; what belongs to the other method is answered with null. Raises ``Refused``."""
    inputs = Inputs(row)
    stated = inputs.text("method").partition("(")[0].strip().lower()
    if stated not in list(Method):
        inputs.fault("method", "quote_method" if stated else "required", value=stated)
        inputs.refuse_faults()
    found = _trading(inputs) if stated == Method.EXEMPT_REFUND else _manufacturer(inputs)
    return {**dict.fromkeys(_ANSWERS), **found, **ignored(row, _INPUTS)}


def _manufacturer(inputs: Inputs) -> Answer:
    exports = _rated(inputs, EXPORTS, required=True)
    domestic = inputs.amount("domestic_sales_excl_vat", Decimal(0))
    rate = inputs.percent("domestic_vat_rate_pct", None if domestic else Decimal(0))
    duty_free = _rated(inputs, DUTY_FREE)
    credit = inputs.amount("carried_credit", Decimal(0))
    period = Period(exports, duty_free, domestic, rate, inputs.amount("input_vat"), credit)
    inputs.refuse_faults()
    return _credit_answer(credit_refund(period))


def _trading(inputs: Inputs) -> Answer:
    purchase = inputs.amount("purchase_amount_excl_vat")
    rates = _rated(inputs, EXPORTS, required=True, valued=False)
    if len(rates) > 1:
        inputs.fault(EXPORTS, "quote_one_rate")
    inputs.refuse_faults()
    return _purchase_answer(purchase_refund([RatedValue(purchase, rates[0].vat_pct, rates[0].refund_pct)]))


def _credit_answer(found: CreditRefund) -> Answer:
    return {
        "noncreditable": figure(found.noncreditable),
        "tax_payable": figure(found.payable),
        "end_credit": figure(found.end_credit),
        "ecr_cap": figure(found.cap),
        "refund": figure(found.refund),
        "exempt_offset": figure(found.exempt_offset),
        "credit_carried_forward": figure(found.carried_forward),
    }


def _purchase_answer(found: PurchaseRefund) -> Answer:
    return {"refund": figure(found.refund), "cost_transfer": figure(found.cost_transfer)}


def _rated(inputs: Inputs, key: str, *, required: bool = False, valued: bool = True) -> Sequence[RatedValue]:
    """Read ``value|VAT rate|refund rate`` lines, several separated by semicolons."""
    stated = [part.strip() for part in inputs.text(key).split(";") if part.strip()]
    if required and not stated:
        inputs.fault(key, "required")
    if len(stated) > _MOST_LINES:
        inputs.fault(key, "quote_rated", value=f"{len(stated)} > {_MOST_LINES}")
        return []
    return [line for each in stated if (line := _line(inputs, key, each, valued=valued)) is not None]


def _line(inputs: Inputs, key: str, stated: str, *, valued: bool) -> RatedValue | None:
    parts = [part.strip() for part in stated.split("|")]
    try:
        value, vat, refund = (_plain(part) for part in ([parts[0] or "0", *parts[1:]] if not valued else parts))
    except ValueError:
        inputs.fault(key, "quote_rated", value=stated[:60])
        return None
    if vat >= 100:
        inputs.fault(key, "quote_percent", value=str(vat))
    elif refund > vat:
        inputs.fault(key, "quote_refund_rate", refund=str(refund), vat=str(vat))
    else:
        return RatedValue(value, vat, refund)
    return None


def _plain(text: str) -> Decimal:
    if not text.isascii() or not text.replace(".", "", 1).isdigit() or len(text) > 26:
        raise ValueError(text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if value >= _MOST:
        raise ValueError(text)
    return value
