"""The course of a listing: evidence → notice → appeal window → listed → repair → exit. The red list has no appeal."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from ccezone.kernel.errors import Fault


class ListKind(StrEnum):
    """Which list."""

    NEGATIVE = "negative"
    RED = "red"


class ListingState(StrEnum):
    """Where a listing stands."""

    NOTICED = "noticed"
    APPEALED = "appealed"
    LISTED = "listed"
    REPAIRING = "repairing"
    ENDED = "ended"
    DROPPED = "dropped"


class Step(StrEnum):
    """What may be done with one."""

    APPEAL = "appeal"
    DROP = "drop"
    CONFIRM = "confirm"
    REPAIR = "repair"
    REFUSE_REPAIR = "refuse_repair"
    END = "end"


IN_FORCE = frozenset({ListingState.LISTED, ListingState.REPAIRING})
OPEN = IN_FORCE | {ListingState.NOTICED, ListingState.APPEALED}
FIRM_STEPS = frozenset({Step.APPEAL, Step.REPAIR})
_MOVES: Mapping[tuple[ListingState, Step], ListingState] = {
    (ListingState.NOTICED, Step.APPEAL): ListingState.APPEALED,
    (ListingState.NOTICED, Step.DROP): ListingState.DROPPED,
    (ListingState.APPEALED, Step.DROP): ListingState.DROPPED,
    (ListingState.NOTICED, Step.CONFIRM): ListingState.LISTED,
    (ListingState.APPEALED, Step.CONFIRM): ListingState.LISTED,
    (ListingState.LISTED, Step.REPAIR): ListingState.REPAIRING,
    (ListingState.REPAIRING, Step.REFUSE_REPAIR): ListingState.LISTED,
    (ListingState.REPAIRING, Step.END): ListingState.ENDED,
    (ListingState.LISTED, Step.END): ListingState.ENDED,
}


def next_state(kind: ListKind, state: ListingState, step: Step, today: date, appeal_until: date | None) -> ListingState | Fault:
    """Return the state a step leads to, or why it may not be done now.

    A firm may appeal to the last day of the window; without an appeal nobody is listed before the window has closed.
    """
    following = _MOVES.get((state, step))
    if following is None or (kind is ListKind.RED and step is not Step.END):
        return Fault("", "listing_step_impossible", {"state": state.value})
    if appeal_until is not None:
        if step is Step.APPEAL and today > appeal_until:
            return Fault("", "listing_appeal_over", {"day": appeal_until.isoformat()})
        if step is Step.CONFIRM and state is ListingState.NOTICED and today <= appeal_until:
            return Fault("", "listing_appeal_open", {"day": appeal_until.isoformat()})
    return following


def steps_of(kind: ListKind, state: ListingState, today: date, appeal_until: date | None) -> list[Step]:
    """Return what may be done now."""
    return [step for step in Step if not isinstance(next_state(kind, state, step, today, appeal_until), Fault)]
