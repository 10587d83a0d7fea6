"""Tariff, consumption tax and value-added tax on goods.

Consumption tax is part of its own base (Interim Regulations on Consumption Tax, art. 9: (price + tariff + specific
part) / (1 - rate)), and both are part of the base of value-added tax. Within the limits the tariff is zero and the
two others are due at a factor, 70 percent (Caiguanshui 2016 No. 18).
"""

from dataclasses import dataclass
from decimal import Decimal

from ccezone.import_tax.rules.values import ZERO, EffectiveRate, Limits, Route

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a route treats the rates: a tariff that replaces the goods' own (or none), and the factor on the rest."""

    tariff_pct: Decimal | None
    factor: Decimal

    @classmethod
    def of(cls, route: Route, limits: Limits) -> "Treatment":
        """Return the treatment of a retail route."""
        if route is Route.WITHIN_LIMIT:
            return cls(limits.tariff_within_limits_pct, limits.reduced_tax_factor)
        return cls(None, Decimal(1))


@dataclass(frozen=True, slots=True)
class Levy:
    """Exact amounts, not rounded."""

    tariff: Decimal
    consumption_tax: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        return self.tariff + self.consumption_tax + self.vat


def levy(price: Decimal, rate: EffectiveRate, specific_quantity: Decimal, treatment: Treatment) -> Levy:
    """Work out the taxes on goods of one dutiable price. Raises ``ValueError`` when a tariff is due and not known."""
    tariff_pct = rate.tariff_pct if treatment.tariff_pct is None else treatment.tariff_pct
    if tariff_pct is None:
        raise ValueError("a tariff is due, and the rate is not known")
    tariff = price * tariff_pct / _HUNDRED
    base = price + tariff
    consumption = ZERO
    if rate.consumption_pct or rate.consumption_specific:
        share = rate.consumption_pct / _HUNDRED
        specific = rate.consumption_specific * specific_quantity
        consumption = (base + specific) / (1 - share) * share + specific
    vat = (base + consumption) * rate.vat_pct / _HUNDRED
    return Levy(tariff, consumption * treatment.factor, vat * treatment.factor)
