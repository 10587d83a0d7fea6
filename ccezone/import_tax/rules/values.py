"""The values import tax is worked out from, and what comes out. Amounts are yuan, rates are percent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ccezone.kernel.errors import Fault

ZERO = Decimal(0)


class Route(StrEnum):
    """Which way an order may take into the country."""

    WITHIN_LIMIT = "cbec_within_limit"
    FULL_TAX = "cbec_full_tax"
    SPLIT_OR_GENERAL_TRADE = "not_eligible_split_or_general_trade"
    GENERAL_TRADE = "general_trade"

    @property
    def retail(self) -> bool:
        """Whether the order may be declared as a retail import (and then counts in the buyer's year)."""
        return self in (Route.WITHIN_LIMIT, Route.FULL_TAX)


class Measure(StrEnum):
    """What consumption tax measures goods in: the base of a specific rate, or of a price threshold."""

    LITRE = "litre"
    GRAM_OR_MILLILITRE = "gram_or_millilitre"
    PIECE = "piece"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force on a day (parameters ``import.*``)."""

    single: Decimal
    annual: Decimal
    reduced_tax_factor: Decimal
    tariff_within_limits_pct: Decimal = ZERO

    def with_factor(self, factor: Decimal) -> "Limits":
        """Return these limits with another factor, for what-if questions."""
        return replace(self, reduced_tax_factor=factor)


def limits_on(decimal_parameter: Callable[[str, date], Decimal], day: date) -> Limits:
    """Read the limits of a day through a look-up such as ``ParameterBook.decimal``; its errors pass through."""
    return Limits(
        decimal_parameter("import.single_limit", day),
        decimal_parameter("import.annual_limit", day),
        decimal_parameter("import.reduced_tax_factor", day),
        decimal_parameter("import.tariff_within_limits_pct", day),
    )


@dataclass(frozen=True, slots=True)
class TariffRate:
    """The rates of one commodity code on a day. ``None``: not known, which is not the same as zero."""

    hs_code: str
    vat_pct: Decimal | None
    consumption_pct: Decimal = ZERO
    consumption_specific: Decimal = ZERO
    consumption_specific_measure: Measure | None = None
    consumption_threshold: Decimal | None = None
    consumption_threshold_measure: Measure | None = None
    tariff_pct: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One line of a declaration list: its retail value, how many pieces were sold, its statutory quantities.

    ``statutory`` maps customs unit codes (``035`` kilogram, ``095`` litre, ``011`` piece …) to quantities.
    """

    line_no: int
    hs_code: str
    value: Decimal
    qty: Decimal = Decimal(1)
    statutory: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EffectiveRate:
    """The rates that do apply to certain goods, price thresholds being decided. Tariff ``None``: not known."""

    vat_pct: Decimal
    consumption_pct: Decimal = ZERO
    consumption_specific: Decimal = ZERO
    tariff_pct: Decimal | None = ZERO


@dataclass(frozen=True, slots=True)
class DutiableGoods:
    """Goods ready to be taxed: dutiable price, rates, and the quantity a specific rate multiplies."""

    line_no: int
    price: Decimal
    rate: EffectiveRate
    specific_quantity: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class LineTax:
    """Tax of one line, each kind rounded half up to fen."""

    line_no: int
    dutiable_price: Decimal
    tariff: Decimal
    consumption_tax: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        return self.tariff + self.consumption_tax + self.vat


@dataclass(frozen=True, slots=True)
class TaxAssessment:
    """What an order pays and why. With ``faults`` it could not be worked out; off the retail routes ``lines`` is empty.

    ``composite_rate_pct`` is the exact rate before rounding to fen, half up to four decimals.
    """

    route: Route
    dutiable_price: Decimal
    used_after: Decimal
    lines: Sequence[LineTax] = ()
    composite_rate_pct: Decimal | None = None
    faults: Sequence[Fault] = ()

    @property
    def tariff(self) -> Decimal:
        return sum((line.tariff for line in self.lines), ZERO)

    @property
    def consumption_tax(self) -> Decimal:
        return sum((line.consumption_tax for line in self.lines), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((line.vat for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), ZERO)
