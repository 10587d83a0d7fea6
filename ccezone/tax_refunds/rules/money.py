"""The money of a claim as a pure account: what was claimed, approved, reversed, paid, and went back. Amounts are yuan.

Nothing is ever taken off what was written: a second check that finds a refund wrong is an entry of its own (``reversed``),
and what the firm must give back follows from the entries.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from ccezone.tax_refunds.rules.claims import State, Step

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Account:
    """What the entries of a claim come to; ``approved`` is after what was reversed."""

    claimed: Decimal = _NOTHING
    approved: Decimal = _NOTHING
    reversed: Decimal = _NOTHING
    paid: Decimal = _NOTHING
    recovered: Decimal = _NOTHING

    @property
    def kept(self) -> Decimal:
        """What the firm has in hand."""
        return self.paid - self.recovered

    @property
    def due_back(self) -> Decimal:
        """What it has in hand beyond what is still approved, and must give back."""
        return max(_NOTHING, self.kept - self.approved)

    @property
    def stands(self) -> bool:
        """Whether no amount is beyond what it may come from."""
        within = self.approved + self.reversed <= self.claimed and self.paid <= self.approved + self.reversed
        amounts = (self.claimed, self.approved, self.reversed, self.paid, self.recovered)
        return within and self.recovered <= self.paid and min(amounts) >= 0


def misfit(account: Account, step: Step, amount: Decimal | None) -> str:
    """Say why a step's amount cannot be; nothing when it can."""
    if step in (Step.APPROVE_PART, Step.REVERSE, Step.RECOVER, Step.OFFSET) and (amount is None or amount <= 0):
        return "amount_missing"
    if amount is None:
        return ""
    match step:
        case Step.APPROVE_PART if amount > account.claimed:
            return "amount_above_claim"
        case Step.REVERSE if amount > account.approved:
            return "amount_above_approved"
        case Step.RECOVER | Step.OFFSET if amount > account.kept:
            return "amount_above_paid"
        case Step.PAY if amount != account.approved:
            return "amount_differs"
    return ""


def amount_of(account: Account, step: Step, amount: Decimal | None) -> Decimal | None:
    """Return what a step enters: approval enters the claim and payment the approval where they name no amount."""
    if step is Step.APPROVE:
        return account.claimed
    return account.approved if step is Step.PAY else amount


def entered(account: Account, step: Step, amount: Decimal | None) -> Account:
    """Return the account after a step that fits."""
    entry = amount_of(account, step, amount) or _NOTHING
    match step:
        case Step.SUBMIT:
            return Account(claimed=entry)
        case Step.APPROVE | Step.APPROVE_PART:
            return replace(account, approved=entry)
        case Step.REVERSE:
            return replace(account, approved=account.approved - entry, reversed=account.reversed + entry)
        case Step.PAY:
            return replace(account, paid=entry)
        case Step.RECOVER | Step.OFFSET:
            return replace(account, recovered=account.recovered + entry)
    return account


def state_after(state: State, account: Account) -> State:
    """Return the state a step leads to when the money has its say: a claim reversed wholly before payment is refused."""
    if state in (State.PARTLY, State.TREASURY) and account.reversed and not account.approved:
        return State.REFUSED
    return state
