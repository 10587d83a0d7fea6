"""Income tax assessed by revenue, by the rates of the example's day."""

from ccezone.parameters.rules import ParameterMissing
from ccezone.tax_refunds.queries.legal import income_tax_terms
from ccezone.tax_refunds.queries.quoting.inputs import Answer, Inputs, Row, Terms, figure, ignored
from ccezone.tax_refunds.rules.income_tax import assessed_tax

_INPUTS = frozenset(
    {"vector_id", "regime", "total_income_cny", "small_low_profit", "taxable_income_rate_pct", "origin", "source", "note"}
)


def quote_assessed_income_tax(row: Row, terms: Terms) -> Answer:
    """Answer one example; without a taxable income rate that of its day counts. Raises ``Refused``."""
    inputs = Inputs(row)
    income, small = inputs.amount("total_income_cny"), inputs.yes("small_low_profit")
    try:
        rates = income_tax_terms(terms.book, inputs.day("regime", terms.today))
    except (ValueError, ParameterMissing):
        inputs.fault("regime", "quote_assessment_day", value=inputs.text("regime"))
        rates = income_tax_terms(terms.book, terms.today)
    rate = inputs.percent("taxable_income_rate_pct", rates.income_rate_pct)
    inputs.refuse_faults()
    found = assessed_tax(income, rate, rates.tax_rate_pct, rates.relief if small else None)
    answer = {"taxable_income_cny": figure(found.taxable_income), "income_tax_cny": figure(found.income_tax)}
    return {**answer, **ignored(row, _INPUTS)}
