"""Yuan borrowed across the border as a pure table: registered, drawn, repaid, closed; amounts never above the contract's.

The hub keeps the standing that officers are shown papers of, or that the bank tells; it gives no leave to borrow. Which steps
there are is our reading (unverified): the plan asks for the status of such borrowings and says no more.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ccezone.fx.rules.parts import spelled
from ccezone.kernel.errors import Fault, Refused

LONGEST = 200
MOST = Decimal(10) ** 13
_CENT = Decimal("0.01")


class State(StrEnum):
    """Where a borrowing stands."""

    REGISTERED = "registered"
    DRAWN = "drawn"
    REPAID = "repaid"
    CLOSED = "closed"


class Step(StrEnum):
    """What can be said about it."""

    DRAW = "draw"
    REPAY = "repay"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Contract:
    """What is borrowed, from whom, through which bank, from when till when; in yuan."""

    bank: str
    lender: str
    contract_no: str
    amount: Decimal
    begins_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """A contract's amounts so far."""

    amount: Decimal
    drawn: Decimal
    repaid: Decimal
    state: State

    @property
    def owed(self) -> Decimal:
        """What is drawn and not repaid."""
        return self.drawn - self.repaid


def contract_faults(contract: Contract) -> list[Fault]:
    """Judge a contract to be registered."""
    named = {"/bank": contract.bank, "/lender": contract.lender, "/contract_no": contract.contract_no}
    faults = [Fault(pointer, "required") for pointer, text in named.items() if not text.strip()]
    faults += _amount_faults(contract.amount)
    if contract.due_on < contract.begins_on:
        faults.append(Fault("/due_on", "ends_before_begin"))
    return faults


def steps_from(standing: Standing) -> list[Step]:
    """Return what may be said next. Drawing after repaying is another part of the contract; closing asks for nothing owed."""
    if standing.state is State.CLOSED:
        return []
    possible = {Step.DRAW: standing.drawn < standing.amount, Step.REPAY: standing.owed > 0, Step.CLOSE: not standing.owed}
    return [step for step, may in possible.items() if may]


def after(standing: Standing, step: Step, amount: Decimal | None) -> Standing:
    """Return the standing after a step. Raises ``Refused``: not from here, no amount, or more than is left."""
    if step not in steps_from(standing):
        raise Refused(Fault("/step", "fx_borrowing_step"))
    if step is Step.CLOSE:
        return replace(standing, state=State.CLOSED)
    if amount is None:
        raise Refused(Fault("/amount", "required"))
    left = standing.amount - standing.drawn if step is Step.DRAW else standing.owed
    faults = _amount_faults(amount)
    if not faults and amount > left:
        faults.append(Fault("/amount", "fx_above_part", {"amount": spelled(amount), "left": spelled(left)}))
    if faults:
        raise Refused(*faults)
    if step is Step.DRAW:
        return replace(standing, drawn=standing.drawn + amount, state=State.DRAWN)
    repaid = standing.repaid + amount
    return replace(standing, repaid=repaid, state=State.REPAID if repaid == standing.drawn else State.DRAWN)


def _amount_faults(amount: Decimal) -> list[Fault]:
    if not _CENT <= amount <= MOST:
        return [Fault("/amount", "out_of_range", {"low": f"{_CENT:f}", "high": f"{MOST:f}"})]
    return [] if amount == amount.quantize(_CENT) else [Fault("/amount", "fx_cents", {"value": spelled(amount)})]
