"""The life cycle of a refund claim as a pure table: which step leads from which state where, and who may take it."""

from enum import StrEnum

from ccezone.kernel.errors import Fault, Refused


class State(StrEnum):
    """Where a claim stands."""

    DRAFT = "draft"
    CHECKED = "checked"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    REVIEWING = "reviewing"
    DOUBT = "doubt"
    APPROVED = "approved"
    PARTLY = "partly"
    REFUSED = "refused"
    TREASURY = "treasury"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    RECOVERED = "recovered"
    OFFSET = "offset"


class Step(StrEnum):
    """What can happen to a claim."""

    OPEN = "open"
    CHECK = "check"
    EDIT = "edit"
    SUBMIT = "submit"
    ANSWER = "answer"
    ASK_WITHDRAWAL = "ask_withdrawal"
    DISCARD = "discard"
    ACCEPT = "accept"
    NOT_ACCEPT = "not_accept"
    REVIEW = "review"
    DOUBT = "doubt"
    APPROVE = "approve"
    APPROVE_PART = "approve_part"
    REFUSE = "refuse"
    TREASURY = "treasury"
    PAY = "pay"
    WITHDRAW = "withdraw"
    KEEP = "keep"
    RECOVER = "recover"
    OFFSET = "offset"
    REVERSE = "reverse"


FIRM_STEPS = frozenset({Step.CHECK, Step.EDIT, Step.SUBMIT, Step.ANSWER, Step.ASK_WITHDRAWAL, Step.DISCARD})
"""Steps of the claimant; all others but ``OPEN`` are the bureau's."""
IN_REVIEW = frozenset({State.ACCEPTED, State.REVIEWING, State.DOUBT})
"""States in which the bureau's working days run, or rest."""
_OPEN_AT_BUREAU = (State.SUBMITTED, State.ACCEPTED, State.REVIEWING, State.DOUBT)
_REVERSIBLE = (State.PARTLY, State.TREASURY, State.PAID, State.RECOVERED, State.OFFSET)
"""States in which the bureau's second check may still find a refund wrong, wholly or in part (G4)."""
_TABLE: dict[tuple[State, Step], State] = {
    (State.DRAFT, Step.CHECK): State.CHECKED,
    (State.DRAFT, Step.EDIT): State.DRAFT,
    (State.CHECKED, Step.EDIT): State.DRAFT,
    (State.NOT_ACCEPTED, Step.EDIT): State.DRAFT,
    (State.CHECKED, Step.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Step.ACCEPT): State.ACCEPTED,
    (State.SUBMITTED, Step.NOT_ACCEPT): State.NOT_ACCEPTED,
    (State.ACCEPTED, Step.REVIEW): State.REVIEWING,
    (State.REVIEWING, Step.REVIEW): State.REVIEWING,
    (State.REVIEWING, Step.DOUBT): State.DOUBT,
    (State.DOUBT, Step.ANSWER): State.REVIEWING,
    (State.REVIEWING, Step.APPROVE): State.APPROVED,
    (State.REVIEWING, Step.APPROVE_PART): State.PARTLY,
    (State.REVIEWING, Step.REFUSE): State.REFUSED,
    (State.APPROVED, Step.TREASURY): State.TREASURY,
    (State.PARTLY, Step.TREASURY): State.TREASURY,
    (State.TREASURY, Step.PAY): State.PAID,
    (State.PAID, Step.RECOVER): State.RECOVERED,
    (State.RECOVERED, Step.RECOVER): State.RECOVERED,
    (State.PAID, Step.OFFSET): State.OFFSET,
    (State.OFFSET, Step.OFFSET): State.OFFSET,
    (State.APPROVED, Step.REVERSE): State.PARTLY,
    **{(state, Step.REVERSE): state for state in _REVERSIBLE},
    **{(state, Step.DISCARD): State.WITHDRAWN for state in (State.DRAFT, State.CHECKED, State.NOT_ACCEPTED)},
    **{(state, Step.ASK_WITHDRAWAL): state for state in _OPEN_AT_BUREAU},
    **{(state, Step.WITHDRAW): State.WITHDRAWN for state in _OPEN_AT_BUREAU},
    **{(state, Step.KEEP): state for state in State if state not in (State.DRAFT, State.CHECKED)},
}
ENDED_UNUSED = frozenset({State.WITHDRAWN, State.REFUSED})
"""States that give items and invoices free: another claim may use them."""


def after(state: State, step: Step) -> State:
    """Return the state a step leads to. Raises ``Refused`` when the state does not allow it."""
    found = _TABLE.get((state, step))
    if found is None:
        raise Refused(Fault("", "refund_step_not_allowed", {"state": str(state), "step": str(step)}))
    return found


def steps_from(state: State) -> frozenset[Step]:
    """Return the steps a state allows."""
    return frozenset(step for (known, step) in _TABLE if known is state)
