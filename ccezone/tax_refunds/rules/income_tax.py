"""Enterprise income tax assessed by revenue (核定征收) for retail exporters, STA Announcement 2019 No.36. Rates are percent."""

from dataclasses import dataclass
from decimal import Decimal

from ccezone.kernel.money import round_half_up

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class SmallProfitRelief:
    """Relief of small low-profit firms: up to a taxable income, a share of it is taxed at a lower rate."""

    limit: Decimal
    base_pct: Decimal
    rate_pct: Decimal


@dataclass(frozen=True, slots=True)
class AssessedTax:
    """Taxable income, the tax on it, and whether the relief was given."""

    taxable_income: Decimal
    income_tax: Decimal
    relieved: bool


def assessed_tax(
    total_income: Decimal, income_rate_pct: Decimal, tax_rate_pct: Decimal, relief: SmallProfitRelief | None
) -> AssessedTax:
    """Taxable income is a share of total income; tax is half up to fen. ``relief`` is what a small low-profit firm would get.

    Above its limit there is no relief at all: it is no marginal scale.
    """
    taxable = round_half_up(total_income * income_rate_pct / _HUNDRED)
    if relief is not None and taxable <= relief.limit:
        reduced = taxable * relief.base_pct / _HUNDRED * relief.rate_pct / _HUNDRED
        return AssessedTax(taxable, round_half_up(reduced), relieved=True)
    return AssessedTax(taxable, round_half_up(taxable * tax_rate_pct / _HUNDRED), relieved=False)
