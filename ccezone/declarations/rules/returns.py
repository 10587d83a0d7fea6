"""Goods of released lists that come back: until when, under which mode, and what share of a line they are.

Export: within a year of the release (GACC 2020 No. 44), relief from import taxes within six months (MOF/GACC/STA 2026 No. 16).
Import: applied for within 30 days of the release, back within 45 (GACC 2020 No. 45).
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from ccezone.kernel.errors import Fault
from ccezone.kernel.money import round_half_up

RETURN_MODES: Mapping[str, str] = {"9610": "9661", "1210": "1261"}
"""The supervision mode of an export's return, by that of the export (CEB213, edition 202205)."""
RETURNABLE = frozenset({"800", "899"})
STATED = (
    "waybill_no",
    "carrier_code",
    "carrier_name",
    "bill_no",
    "transport_mode",
    "traf_name",
    "voyage_no",
    "port_code",
    "country",
)
"""What a firm states of the way back of an export; what it leaves out is as on the list, where the list says it."""
_PLACES = Decimal("0.00001")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ReturnTerms:
    """The terms in force on the day; ``relief_months`` is ``None`` while no rule grants relief."""

    export_months: int
    relief_months: int | None
    import_apply_days: int
    import_arrive_days: int


@dataclass(frozen=True, slots=True)
class ReturnWish:
    """What a firm asks for: quantities by line number, why, on which way. ``relief``: without import taxes (exports only)."""

    quantities: Mapping[int, Decimal]
    reason: str
    relief: bool = False
    head: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A line that comes back: how much of it, and what that is worth in the list's currency."""

    line_no: int
    quantity: Decimal
    amount: Decimal


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def apply_until(flow: str, released_on: date, terms: ReturnTerms) -> date:
    """Return the last day on which a return may be applied for."""
    if flow == "E":
        return months_after(released_on, terms.export_months)
    return released_on + timedelta(days=terms.import_apply_days)


def arrive_until(flow: str, released_on: date, terms: ReturnTerms) -> date:
    """Return the last day on which the goods may arrive."""
    if flow == "E":
        return months_after(released_on, terms.export_months)
    return released_on + timedelta(days=terms.import_arrive_days)


def relief_until(released_on: date, terms: ReturnTerms) -> date | None:
    """Return the last day of relief from import taxes; ``None`` while no rule grants any."""
    return None if terms.relief_months is None else months_after(released_on, terms.relief_months)


def wish_faults(wish: ReturnWish, flow: str, released_on: date, today: date, terms: ReturnTerms) -> list[Fault]:
    """Judge what a firm asks for, but for the quantities other returns leave."""
    faults = [] if wish.reason.strip() else [Fault("/reason", "required")]
    if not wish.quantities:
        faults.append(Fault("", "return_no_lines"))
    faults += [
        Fault(f"/lines/{number}/qty", "return_quantity", {"line": str(number)})
        for number, qty in wish.quantities.items()
        if qty <= 0
    ]
    until = apply_until(flow, released_on, terms)
    if today > until:
        faults.append(Fault("", "return_window_over", {"until": until.isoformat()}))
    if flow == "E" and wish.relief:
        faults += relief_faults(released_on, today, terms)
    if flow == "I" and (wish.relief or any(value.strip() for value in wish.head.values())):
        faults.append(Fault("/relief" if wish.relief else "/way", "return_export_only"))
    return faults


def relief_faults(released_on: date, today: date, terms: ReturnTerms) -> list[Fault]:
    """Judge whether relief from import taxes can still be asked for."""
    until = relief_until(released_on, terms)
    if until is None:
        return [Fault("/relief", "return_relief_rule_unknown")]
    return [Fault("/relief", "return_relief_over", {"until": until.isoformat()})] if today > until else []


def returned_lines(lines: Sequence[Mapping[str, str]], quantities: Mapping[int, Decimal]) -> tuple[list[ReturnedLine], list[Fault]]:
    """Return what comes back of a list's lines, in their order, and faults for lines the list does not have."""
    known = {int(line["line_no"]): line for line in lines}
    faults = [Fault("", "return_line_unknown", {"line": str(number)}) for number in quantities if number not in known]
    rows = [
        ReturnedLine(number, quantities[number], share(Decimal(line["total_price"]), quantities[number], Decimal(line["qty"])))
        for number, line in sorted(known.items())
        if number in quantities
    ]
    return rows, faults


def share(whole: Decimal, part: Decimal, of: Decimal) -> Decimal:
    """Return a part's share of an amount, to five decimals."""
    return round_half_up(whole * part / of, _PLACES) if of else _ZERO


def spelled(amount: Decimal) -> str:
    """Spell a quantity as messages want it: at most five decimals, no exponent."""
    text = f"{round_half_up(amount, _PLACES):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
