"""Where the money of a receipt is, and what that makes of the receipt: its state is a function of its parts.

Every move takes from one part and adds to another, so that the parts always add up to what was received.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ccezone.kernel.errors import Fault, Refused

ZERO = Decimal(0)


def receipt_reference(number: int) -> str:
    """Name a receipt of money as people do."""
    return f"FX{number:08d}"


class Part(StrEnum):
    """``HELD`` and ``LEAVING`` wait for the bank's word; ``PENDING`` lies on the pending-check account."""

    OPEN = "open"
    HELD = "held"
    PENDING = "pending"
    SETTLED = "settled"
    LEAVING = "leaving"
    RETURNED = "returned"


class Action(StrEnum):
    """What the bank is asked to do with money of a receipt."""

    SETTLE = "settle"
    """Convert it for the firm's free use."""
    CREDIT = "credit"
    """Enter yuan on the firm's yuan account: nothing is converted."""
    PEND = "pend"
    """Put it on the pending-check account (待核查账户)."""
    RELEASE = "release"
    """Settle it from the pending-check account."""
    RETURN = "return"
    """Send it back abroad."""


class State(StrEnum):
    """The life of a receipt."""

    REPORTED = "reported"
    UNMATCHED = "unmatched"
    PART = "part"
    MATCHED = "matched"
    DECLARED = "declared"
    PENDING = "pending"
    SETTLED = "settled"
    CLOSED = "closed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Parts:
    """A receipt's amount, what of it is matched to orders, and its parts, all in its currency."""

    amount: Decimal
    open: Decimal
    held: Decimal = ZERO
    pending: Decimal = ZERO
    settled: Decimal = ZERO
    leaving: Decimal = ZERO
    returned: Decimal = ZERO
    matched: Decimal = ZERO

    def of(self, part: Part) -> Decimal:
        """Return what lies in a part."""
        found: Decimal = getattr(self, part.value)
        return found

    @property
    def matchable(self) -> Decimal:
        """What no order and no refund abroad has taken yet."""
        return self.amount - self.matched - self.leaving - self.returned

    @property
    def drawable(self) -> Decimal:
        """What of the matched amount is neither settled nor on its way there: all an individual may still settle."""
        return max(ZERO, self.matched - self.held - self.settled)


def spelled(amount: Decimal) -> str:
    """Spell an amount as people read it: two decimals, more only where there are more."""
    cents = amount.quantize(Decimal("0.01"))
    return f"{cents if cents == amount else amount:f}"


def waits_in(action: Action) -> Part:
    """Return the part that holds money while the bank is asked."""
    return Part.LEAVING if action is Action.RETURN else Part.HELD


def ends_in(action: Action) -> Part:
    """Return the part money is in once the bank has done what it was asked."""
    return {Action.PEND: Part.PENDING, Action.RETURN: Part.RETURNED}.get(action, Part.SETTLED)


def moved(parts: Parts, source: Part, target: Part, amount: Decimal) -> Parts:
    """Move money from part to part. Raises ``Refused``: nothing, more than there is, or matched money that would leave."""
    if amount <= 0:
        raise Refused(Fault("/amount", "fx_amount_positive"))
    if amount > parts.of(source):
        raise Refused(Fault("/amount", "fx_above_part", {"amount": spelled(amount), "left": spelled(parts.of(source))}))
    if target is Part.LEAVING and amount > parts.matchable:
        raise Refused(Fault("/amount", "fx_return_matched", {"amount": spelled(amount), "left": spelled(parts.matchable)}))
    return replace(parts, **{source.value: parts.of(source) - amount, target.value: parts.of(target) + amount})


def state_of(parts: Parts, *, declared: bool, tried: bool) -> State:
    """Say what state a receipt is in. ``tried``: somebody or the hub has looked for its orders."""
    kept = parts.amount - parts.returned
    if not kept:
        return State.RETURNED
    if parts.settled == kept:
        return State.CLOSED if parts.matched == kept else State.SETTLED
    if parts.pending:
        return State.PENDING
    if declared:
        return State.DECLARED
    if parts.matched:
        return State.MATCHED if parts.matched == kept else State.PART
    return State.UNMATCHED if tried else State.REPORTED
