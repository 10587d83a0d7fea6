"""Special-area export (1210): goods are refunded when they enter, leave in split deliveries, and are declared in summary.

Goods entering a special customs area count as exported (MOF/STA Announcement 2026 No. 11): their recorded general declaration
under 1210 is what is claimed. How deliveries are gathered (入区退税、分送集报) is the zone's own arrangement here, by parameters
marked unverified: the reference states no period and no deadline.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from ccezone.kernel.errors import Fault, Refused

MODE = "1210"
_NOTHING = Decimal(0)
_DECIMALS = 5
"""As exactly as quantities are kept."""
_NUMBER = re.compile(r"[0-9]{18}")


class State(StrEnum):
    """Where a consolidated declaration stands."""

    DRAFT = "draft"
    DECLARED = "declared"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What is done to it: customs has it under a number, or it is taken back and its deliveries are free again."""

    DECLARE = "declare"
    WITHDRAW = "withdraw"


class Stage(StrEnum):
    """What a firm is told of a period: it is over and its deliveries are to be declared, or the last day passed."""

    ENDED = "ended"
    OVERDUE = "overdue"


_TABLE: dict[tuple[State, Step], State] = {
    (State.DRAFT, Step.DECLARE): State.DECLARED,
    (State.DRAFT, Step.WITHDRAW): State.WITHDRAWN,
    (State.DECLARED, Step.WITHDRAW): State.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Lot:
    """The account of goods that entered, in their unit: entered = declared + open + stock."""

    entered: Decimal
    declared: Decimal = _NOTHING
    open: Decimal = _NOTHING

    @property
    def delivered(self) -> Decimal:
        """What left the area, declared in summary or not yet."""
        return self.declared + self.open

    @property
    def stock(self) -> Decimal:
        """What still lies in the area."""
        return self.entered - self.delivered


@dataclass(frozen=True, slots=True)
class Period:
    """The days whose deliveries go into one consolidated declaration, both included."""

    since: date
    until: date

    def due(self, days: int) -> date:
        """Return the last day to declare its deliveries."""
        return self.until + timedelta(days=days)

    def stage(self, today: date, days: int) -> Stage | None:
        """Return what there is to tell of deliveries nobody declared; nothing while the period lasts."""
        if today <= self.until:
            return None
        return Stage.OVERDUE if today > self.due(days) else Stage.ENDED


def period_of(day: date, months: int) -> Period:
    """Return the period of a day: so many months, counted from January; a period ends with its year at the latest."""
    first = (day.month - 1) // months * months + 1
    last = min(first + months - 1, 12)
    return Period(date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1]))


def delivered(lot: Lot, quantity: Decimal) -> Lot:
    """Return the lot after a delivery. Raises ``Refused`` for nothing, for more than lies there, for a finer one than is kept."""
    if not 0 < quantity <= lot.stock:
        raise Refused(Fault("/quantity", "area_stock", {"stock": f"{lot.stock.normalize():f}"}))
    if quantity != round(quantity, _DECIMALS):
        raise Refused(Fault("/quantity", "too_many_decimals", {"decimals": str(_DECIMALS)}))
    return replace(lot, open=lot.open + quantity)


def declared(lot: Lot, quantity: Decimal) -> Lot:
    """Return the lot after deliveries of this quantity were declared; a negative one takes the declaration back."""
    return replace(lot, declared=lot.declared + quantity, open=lot.open - quantity)


def after(state: State, step: Step) -> State:
    """Return the state a step leads to. Raises ``Refused`` when the state does not allow it."""
    found = _TABLE.get((state, step))
    if found is None:
        raise Refused(Fault("", "area_step_not_allowed", {"state": str(state), "step": str(step)}))
    return found


def day_faults(delivered_on: date, entered_on: date, today: date) -> list[Fault]:
    """Judge the day of a delivery: not before the goods entered, not to come."""
    if delivered_on > today:
        return [Fault("/delivered_on", "day_to_come", {"value": delivered_on.isoformat()})]
    if delivered_on < entered_on:
        return [Fault("/delivered_on", "area_before_entry", {"entered_on": entered_on.isoformat()})]
    return []


def declaration_faults(declaration_no: str, declared_on: date, last: date, today: date) -> list[Fault]:
    """Judge what customs took: an eighteen-digit number, on a day that was, after the ``last`` delivery in it."""
    faults = []
    if not _NUMBER.fullmatch(declaration_no):
        faults.append(Fault("/declaration_no", "bad_declaration_no", {"value": declaration_no}))
    if declared_on > today:
        faults.append(Fault("/declared_on", "day_to_come", {"value": declared_on.isoformat()}))
    elif declared_on < last:
        faults.append(Fault("/declared_on", "area_before_delivery", {"delivered_on": last.isoformat()}))
    return faults
