"""Three flows in one (三流合一): whether order, money and waybill of the same order agree in party, currency, amount and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ccezone.fx.rules.parts import spelled
from ccezone.kernel.errors import Fault


class Aspect(StrEnum):
    """What is compared."""

    PARTY = "party"
    WAYBILL = "waybill"
    CURRENCY = "currency"
    AMOUNT = "amount"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """What is known of an order's three flows. ``payers`` are names that may pay: platform, payment enterprises; folded alike.

    ``waybill_merchants`` are the merchants its waybills name, ``""`` where one names none.
    """

    order_no: str
    merchant_codes: frozenset[str]
    waybill_merchants: Sequence[str]
    currency: str
    money_currency: str
    expected: Decimal
    explained: Decimal
    tolerance: Decimal
    ordered_on: date
    paid_on: date
    payer: str
    payers: frozenset[str]
    direct: bool = False
    """The buyer paid by itself: no platform or payment enterprise has to be the payer."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days that money may come before and after the order."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One aspect: whether it agrees, and why not. ``waived``: it differs, and the firm is in a special area (H4)."""

    aspect: Aspect
    agrees: bool
    fault: Fault | None = None
    waived: bool = False

    @property
    def blocks(self) -> bool:
        return not self.agrees and not self.waived


def compare(facts: FlowFacts, window: Window, *, special_area: bool = False) -> Sequence[Finding]:
    """Compare the three flows of one order, aspect by aspect.

    That goods and money may go different ways is allowed to enterprises in special areas only: for them a party is waived.
    """
    said = {"order": facts.order_no}
    foreign = [each for each in facts.waybill_merchants if each and each not in facts.merchant_codes]
    stranger = not facts.direct and bool(facts.payers) and facts.payer not in facts.payers
    party = None
    if foreign:
        party = Fault("", "fx_flow_waybill_party", {**said, "code": foreign[0]})
    elif stranger:
        party = Fault("", "fx_flow_payer", {**said, "payer": facts.payer})
    gap = facts.expected - facts.explained
    days = (facts.paid_on - facts.ordered_on).days
    return [
        Finding(Aspect.PARTY, party is None, party, waived=party is not None and special_area),
        _finding(Aspect.WAYBILL, bool(facts.waybill_merchants), "fx_flow_no_waybill", said),
        _finding(
            Aspect.CURRENCY,
            facts.currency == facts.money_currency,
            "fx_currency_differs",
            {**said, "order_currency": facts.currency, "currency": facts.money_currency},
        ),
        _finding(
            Aspect.AMOUNT,
            abs(gap) <= facts.tolerance,
            "fx_flow_amount",
            {**said, "expected": spelled(facts.expected), "explained": spelled(facts.explained)},
        ),
        _finding(Aspect.WINDOW, -window.before <= days <= window.after, "fx_flow_window", {**said, "days": str(days)}),
    ]


def _finding(aspect: Aspect, agrees: bool, code: str, said: dict[str, str]) -> Finding:
    return Finding(aspect, agrees, None if agrees else Fault("", code, said))
