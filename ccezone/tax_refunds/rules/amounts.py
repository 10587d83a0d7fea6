"""Refund amounts by the two methods of Caishui 2012 No.39 art. 5: 免抵退 of manufacturers and 免退 of trading companies.

Rates are percent. Every amount a return shows is rounded half up to fen, and the next is worked out from what is shown,
so that the parts of a return always add up; the notice itself is silent about rounding (assumed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ccezone.kernel.money import round_half_up

ZERO = Decimal(0)
_NOTHING = Decimal("0.00")
_HUNDRED = Decimal(100)


class Method(StrEnum):
    """How a taxpayer is refunded."""

    EXEMPT_CREDIT_REFUND = "exempt-credit-refund"
    EXEMPT_REFUND = "exempt-refund"


@dataclass(frozen=True, slots=True)
class RatedValue:
    """A value and the VAT and refund rates of its day of export (no refund rate is above its VAT rate)."""

    value: Decimal
    vat_pct: Decimal
    refund_pct: Decimal

    @property
    def difference(self) -> Decimal:
        """The part of VAT that is not refunded, exactly."""
        return self.value * (self.vat_pct - self.refund_pct) / _HUNDRED

    @property
    def refundable(self) -> Decimal:
        """The refund at its rate, exactly."""
        return self.value * self.refund_pct / _HUNDRED


@dataclass(frozen=True, slots=True)
class Period:
    """A manufacturer's period: exports at FOB, duty-free materials of processing trade, domestic trade, input VAT, old credit."""

    exports: Sequence[RatedValue]
    duty_free: Sequence[RatedValue]
    domestic_sales: Decimal
    domestic_vat_pct: Decimal
    input_vat: Decimal
    carried_credit: Decimal


@dataclass(frozen=True, slots=True)
class CreditRefund:
    """What comes out of 免抵退. ``payable`` below nought is credit left at the end (``end_credit``)."""

    noncreditable: Decimal
    payable: Decimal
    end_credit: Decimal
    cap: Decimal
    refund: Decimal
    exempt_offset: Decimal
    carried_forward: Decimal


@dataclass(frozen=True, slots=True)
class PurchaseRefund:
    """What comes out of 免退: the refund, and the VAT that becomes cost."""

    refund: Decimal
    cost_transfer: Decimal


def credit_refund(period: Period) -> CreditRefund:
    """Exempt, credit and refund (免抵退).

    Duty-free materials reduce what cannot be credited and the cap; neither goes below nought.
    """
    noncreditable = _left([each.difference for each in period.exports], [each.difference for each in period.duty_free])
    cap = _left([each.refundable for each in period.exports], [each.refundable for each in period.duty_free])
    output = round_half_up(period.domestic_sales * period.domestic_vat_pct / _HUNDRED)
    credit = round_half_up(period.input_vat) - noncreditable + round_half_up(period.carried_credit)
    payable = output - credit
    end_credit = -payable if payable < 0 else _NOTHING
    refund = min(end_credit, cap)
    return CreditRefund(noncreditable, payable, end_credit, cap, refund, cap - refund, end_credit - refund)


def purchase_refund(purchases: Sequence[RatedValue]) -> PurchaseRefund:
    """Exempt and refund (免退): each purchase by its VAT invoice, without VAT, at the rate of the goods."""
    refund = sum((round_half_up(each.refundable) for each in purchases), _NOTHING)
    return PurchaseRefund(refund, sum((round_half_up(each.difference) for each in purchases), _NOTHING))


def _left(amounts: Sequence[Decimal], less: Sequence[Decimal]) -> Decimal:
    return max(_NOTHING, round_half_up(sum(amounts, ZERO) - sum(less, ZERO)))
