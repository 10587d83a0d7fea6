"""Matching money to orders: one receipt to many orders, one order to many receipts, netting lines that explain the gap between.

Overseas costs of storage, logistics and tax may be netted against export receipts (Huifa 2020 No.11 art.2); both gross and net
stay on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise

from ccezone.fx.rules.parts import spelled
from ccezone.kernel.errors import Fault, Refused

_CENT = Decimal("0.01")
_ZERO = Decimal(0)


class LineKind(StrEnum):
    """What explains a part of an order: money, or what was kept back from it."""

    MONEY = "money"
    PLATFORM_FEE = "platform_fee"
    STORAGE = "storage"
    LOGISTICS = "logistics"
    TAX = "tax"
    REFUND = "refund"
    BANK_FEE = "bank_fee"


NETTINGS = tuple(kind for kind in LineKind if kind is not LineKind.MONEY)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order's money: ``open`` is what is still expected; ``matchable`` that with the tolerance."""

    key: int
    order_no: str
    currency: str
    open: Decimal
    matchable: Decimal


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order to match, with its gross amount; ``None``: all that is open."""

    order: OrderFacts
    gross: Decimal | None = None
    netted: Mapping[LineKind, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan: what explains how much of which order."""

    order_key: int
    kind: LineKind
    amount: Decimal


def plan(
    currency: str, left: Decimal, wanted: Sequence[Wanted], nettings: Mapping[LineKind, Decimal] | None = None
) -> Sequence[Line]:
    """Lay money of a receipt onto orders. ``left`` is what the receipt has, ``nettings`` what was kept back of all orders together.

    Nettings are spread by the orders' gross amounts, half up to the cent, so that they add up exactly. Raises ``Refused`` with a
    fault for each order or amount that does not fit.
    """
    shared = {kind: amount for kind, amount in (nettings or {}).items() if amount}
    faults = _netting_faults(shared) + _order_faults(currency, wanted)
    if faults:
        raise Refused(*faults)
    gross = _gross(left, wanted, sum(shared.values(), _ZERO))
    lines = [line for each in wanted for line in _own(each)]
    for kind, amount in shared.items():
        keys = [each.order.key for each in wanted]
        lines += [Line(key, kind, part) for key, part in zip(keys, spread(amount, gross), strict=True) if part]
    money = {each.order.key: amount for each, amount in zip(wanted, gross, strict=True)}
    for line in lines:
        money[line.order_key] -= line.amount
    faults = _money_faults(left, wanted, gross, money)
    if faults:
        raise Refused(*faults)
    return [*(Line(key, LineKind.MONEY, amount) for key, amount in money.items() if amount), *lines]


def spread(amount: Decimal, weights: Sequence[Decimal]) -> Sequence[Decimal]:
    """Divide an amount by weights, half up to the cent; the parts add up to it, each a running total less the one before."""
    whole = sum(weights, _ZERO)
    totals, running = [_ZERO], _ZERO
    for weight in weights:
        running += weight
        totals.append((amount * running / whole).quantize(_CENT, ROUND_HALF_UP))
    totals[-1] = amount
    return [later - earlier for earlier, later in pairwise(totals)]


def _own(each: Wanted) -> Sequence[Line]:
    return [Line(each.order.key, kind, amount) for kind, amount in each.netted.items() if amount]


def _gross(left: Decimal, wanted: Sequence[Wanted], shared: Decimal) -> Sequence[Decimal]:
    """The gross amounts: as stated, or all that is open; a single order takes no more than the money and the nettings give."""
    if len(wanted) == 1 and wanted[0].gross is None:
        given = left + shared + sum(wanted[0].netted.values(), _ZERO)
        return [min(wanted[0].order.open, given)]
    return [each.order.open if each.gross is None else each.gross for each in wanted]


def _netting_faults(nettings: Mapping[LineKind, Decimal]) -> list[Fault]:
    wrong = [kind for kind, amount in nettings.items() if amount < 0]
    return [Fault(f"/{kind}", "fx_amount_positive") for kind in wrong]


def _order_faults(currency: str, wanted: Sequence[Wanted]) -> list[Fault]:
    if not wanted:
        return [Fault("/orders", "required")]
    faults, seen = [], set[int]()
    for place, each in enumerate(wanted):
        at, told = f"/orders/{place}", {"order": each.order.order_no}
        if each.order.key in seen:
            faults.append(Fault(at, "fx_order_twice", told))
        seen.add(each.order.key)
        if each.order.currency != currency:
            differ = {**told, "order_currency": each.order.currency, "currency": currency}
            faults.append(Fault(at, "fx_currency_differs", differ))
        if (each.gross is not None and each.gross <= 0) or any(amount < 0 for amount in each.netted.values()):
            faults.append(Fault(f"{at}/amount", "fx_amount_positive"))
        elif each.gross is None and each.order.open <= 0:
            faults.append(Fault(at, "fx_order_full", told))
    return faults


def _money_faults(left: Decimal, wanted: Sequence[Wanted], gross: Sequence[Decimal], money: Mapping[int, Decimal]) -> list[Fault]:
    faults = []
    for place, (each, amount) in enumerate(zip(wanted, gross, strict=True)):
        told = {"order": each.order.order_no, "amount": spelled(amount), "open": spelled(each.order.open)}
        if amount > each.order.matchable:
            faults.append(Fault(f"/orders/{place}", "fx_over_order", told))
        elif money[each.order.key] < 0:
            faults.append(Fault(f"/orders/{place}", "fx_netting_above_order", told))
    total = sum(money.values(), _ZERO)
    if not faults and total > left:
        faults.append(Fault("/orders", "fx_above_receipt", {"total": spelled(total), "left": spelled(left)}))
    if not faults and total <= 0:
        faults.append(Fault("/orders", "fx_no_money"))
    return faults
