"""What a form says of a declaration beyond bills, products and defaults: the wish, and how it is laid over a composed list.

Which values may be stated is in ``modes``; how long they are and from which list they come, only the message definition says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ccezone.declarations.rules.facts import OrderFacts, WaybillFacts
from ccezone.declarations.rules.modes import LINE, MODE, STATEMENTS
from ccezone.kernel.errors import Fault


class Filing(StrEnum):
    """When a list is to be filed."""

    USUAL = "usual"
    """As the enterprise, else the zone, has it."""
    AT_ONCE = "at_once"
    HOLD = "hold"
    """Composed and checked, but filed by hand only."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish, under domain names, values as texts.

    ``head`` holds names of ``Mode.head``, ``lines`` names of ``modes.LINE`` by the order's line number, ``statements`` says
    ``yes`` or ``no`` to names of ``modes.STATEMENTS``. An empty ``trade_mode`` or ``path`` leaves the choice to the hub.
    """

    trade_mode: str = ""
    path: str = ""
    filing: Filing = Filing.USUAL
    head: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)


NO_WISH = Wish()


def wish_faults(wish: Wish, flow: str, order_type: str = "") -> list[Fault]:
    """Judge a wish by the table of modes; lengths and lists are judged where the list is written."""
    mode = MODE.get((wish.trade_mode, flow))
    if mode is None or (order_type and mode.order_type != order_type):
        return [Fault("/trade_mode", "mode_not_for_order", {"value": wish.trade_mode, "order_type": order_type or flow})]
    faults = []
    if wish.path and wish.path not in mode.paths:
        faults.append(Fault("/declaration_path", "unknown_code", {"value": wish.path}))
    faults += [Fault(f"/{name}", "not_stated_in_mode", {"mode": wish.trade_mode}) for name in wish.head if name not in mode.head]
    for number, line in wish.lines.items():
        faults += [
            Fault(f"/lines/{number - 1}/{name}", "not_stated_in_mode", {"mode": wish.trade_mode})
            for name in line
            if name not in LINE
        ]
    faults += [
        Fault(f"/{name}", "unknown_code", {"value": said}) for name, said in wish.statements.items() if not _statement(name, said)
    ]
    return faults + [Fault(f"/{name}", "bad_decimal", {"value": text}) for name, text in _amounts(wish) if not _is_amount(text)]


def merged(former: Wish, later: Wish) -> Wish:
    """Lay a later wish over a former one: what it says replaces, what it leaves out stays, an empty text takes back."""
    lines = {number: _laid(former.lines.get(number, {}), later.lines.get(number, {})) for number in {*former.lines, *later.lines}}
    return Wish(
        later.trade_mode or former.trade_mode,
        later.path or former.path,
        later.filing,
        _laid(former.head, later.head),
        {number: line for number, line in lines.items() if line},
        _laid(former.statements, later.statements),
    )


def wished_waybill(waybill: WaybillFacts, wish: Wish) -> WaybillFacts:
    """Return a waybill as the wish corrects it for the list: weight, packages, freight, insurance."""
    said = wish.head.get
    return replace(
        waybill,
        gross_weight=Decimal(said("gross_weight") or waybill.gross_weight),
        freight=Decimal(said("freight") or waybill.freight),
        insurance=Decimal(said("insurance") or waybill.insurance),
        packages=int(said("packages") or waybill.packages),
    )


def wished_order(order: OrderFacts, wish: Wish) -> OrderFacts:
    """Return an order as the wish corrects it for an import list, whose freight is the order's."""
    freight = wish.head.get("freight")
    return replace(order, freight=Decimal(freight)) if freight and order.flow == "I" else order


def _laid(former: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in {**former, **later}.items() if value}


def _statement(name: str, said: str) -> bool:
    return name in STATEMENTS and said in ("yes", "no", "")


def _amounts(wish: Wish) -> Sequence[tuple[str, str]]:
    head = [(name, wish.head[name]) for name in ("gross_weight", "net_weight", "freight", "insurance") if wish.head.get(name)]
    packages = wish.head.get("packages", "")
    whole = [] if not packages or packages.isdecimal() else [("packages", "")]
    rows = [
        (f"lines/{number - 1}/{name}", line[name])
        for number, line in wish.lines.items()
        for name in ("qty1", "qty2")
        if line.get(name)
    ]
    return [*head, *whole, *rows]


def _is_amount(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and Decimal(text) >= 0
    except InvalidOperation:
        return False
