"""Refund upon leaving the country (离境即退税, STA Announcement 2025 No. 3) of goods for a warehouse abroad (9810), as pure rules.

Unsold goods are refunded when they leave (pre-refund). From the first of the month after that to the VAT filing deadline of the
next April the firm accounts for what was sold: what was sold settles, what was not, or was not accounted for, is recovered. Parts
of the amount are cut by running totals, so that all of them are the whole to the fen; the announcement names no way to divide
(assumed).
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ccezone.kernel.errors import Fault, Refused
from ccezone.kernel.money import round_half_up
from ccezone.tax_refunds.rules.terms import collected_until

MODE = "9810"
_NOTHING = Decimal(0)


class State(StrEnum):
    """Where a pre-refund stands; the last four are its ends."""

    DECLARED = "declared"
    OPEN = "open"
    SETTLED = "settled"
    SPLIT = "split"
    RECOVERED = "recovered"
    VOID = "void"


class Step(StrEnum):
    """What can happen to it: refunded, accounted for, goods came back, given up by the firm, its window over, its claim ended."""

    REFUND = "refund"
    RECONCILE = "reconcile"
    BACK = "back"
    CLOSE = "close"
    LAPSE = "lapse"
    VOID = "void"


RECOVERING = frozenset({Step.BACK, Step.CLOSE, Step.LAPSE})
"""Steps after which a part of the pre-refund is to be repaid."""
_TABLE: dict[tuple[State, Step], State] = {
    (State.DECLARED, Step.REFUND): State.OPEN,
    (State.DECLARED, Step.VOID): State.VOID,
    **{(State.OPEN, step): State.OPEN for step in (Step.RECONCILE, *RECOVERING)},
}


@dataclass(frozen=True, slots=True)
class Account:
    """What the entries of a pre-refund come to: quantities in the goods' unit, amounts in yuan."""

    quantity: Decimal
    amount: Decimal = _NOTHING
    settled: Decimal = _NOTHING
    recovered: Decimal = _NOTHING
    settled_cny: Decimal = _NOTHING
    recovered_cny: Decimal = _NOTHING

    @property
    def open(self) -> Decimal:
        """Goods nobody accounted for yet."""
        return self.quantity - self.settled - self.recovered

    @property
    def open_cny(self) -> Decimal:
        """The pre-refund that is neither settled nor recovered."""
        return self.amount - self.settled_cny - self.recovered_cny


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day of accounting."""

    since: date
    until: date

    def left(self, today: date) -> int:
        """Days left, the last one included; below nought it is over."""
        return (self.until - today).days


def window(done_on: date, month_day: str) -> Window:
    """Return the window of a pre-refund that was done on a day: REF-005 to REF-006, ``month_day`` as ``MM-DD`` of the next year."""
    first = date(done_on.year + done_on.month // 12, done_on.month % 12 + 1, 1)
    return Window(first, collected_until(done_on, month_day))


def unsold(exported: Decimal, sold: Decimal | None) -> Decimal:
    """Return what of the goods is claimed as unsold: undivided ones all are (REF-004)."""
    return exported - (sold or _NOTHING)


def divisible(trade_mode: str, exported_on: date | None, business_code: str) -> list[Fault]:
    """Say why goods cannot be claimed divided into sold and unsold ones; ``business_code`` is empty before the rule began."""
    if trade_mode != MODE:
        return [Fault("/sold", "leave_other_mode", {"mode": trade_mode})]
    if exported_on is None or not business_code:
        return [Fault("/sold", "leave_before_begin", {"exported_on": exported_on.isoformat() if exported_on else "—"})]
    return []


def sold_faults(exported: Decimal, sold: Decimal) -> list[Fault]:
    """Judge how much was sold at the time of the claim."""
    if not 0 <= sold <= exported:
        return [Fault("/sold", "out_of_range", {"low": "0", "high": f"{exported.normalize():f}"})]
    return []


def prerefund_amount(item_amount: Decimal, exported: Decimal, quantity: Decimal) -> Decimal:
    """Return the part of an item's refund, in yuan, that belongs to its unsold goods."""
    return round_half_up(item_amount * quantity / exported) if exported else _NOTHING


def entered(account: Account, step: Step, quantity: Decimal) -> tuple[Account, Decimal]:
    """Return the account after a step and the yuan it moves. Raises ``Refused`` when nothing, or more than is open, is named."""
    if not 0 < quantity <= account.open:
        raise Refused(Fault("/quantity", "leave_quantity", {"open": f"{account.open.normalize():f}"}))
    done = account.settled + account.recovered
    amount = _upto(account, done + quantity) - _upto(account, done)
    if step is Step.RECONCILE:
        return replace(account, settled=account.settled + quantity, settled_cny=account.settled_cny + amount), amount
    return replace(account, recovered=account.recovered + quantity, recovered_cny=account.recovered_cny + amount), amount


def after(state: State, step: Step, account: Account) -> State:
    """Return the state a step leads to; ``account`` is that after it. Raises ``Refused`` when the state does not allow it."""
    found = _TABLE.get((state, step))
    if found is None:
        raise Refused(Fault("", "leave_step_not_allowed", {"state": str(state), "step": str(step)}))
    if found is not State.OPEN or account.open:
        return found
    if not account.recovered:
        return State.SETTLED
    return State.SPLIT if account.settled else State.RECOVERED


def reconcile_faults(open_on: Window, today: date, recorded: Decimal, stated: Decimal) -> list[Fault]:
    """Judge an account of sales: within the window, and what the firm states is what its recorded sales come to."""
    if today < open_on.since:
        return [Fault("", "leave_window_ahead", {"since": open_on.since.isoformat()})]
    if today > open_on.until:
        return [Fault("", "leave_window_over", {"until": open_on.until.isoformat()})]
    if stated != recorded:
        said = {"stated": f"{stated.normalize():f}", "recorded": f"{recorded.normalize():f}"}
        return [Fault("/quantity", "leave_sales_differ", {**said, "difference": f"{(stated - recorded).normalize():f}"})]
    return []


def _upto(account: Account, quantity: Decimal) -> Decimal:
    return round_half_up(account.amount * quantity / account.quantity)
