"""A claim in one's hands: locked, put back into its draft, moved on, each step written down."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.rules.claims import State, Step, after

_HELD = "SELECT state, version, method FROM refund_claim WHERE id = %(id)s AND merchant_id = %(merchant)s FOR UPDATE"
_STEP = """
INSERT INTO refund_step (id, claim_id, at, recorded_at, actor, step, state, amount, note, notice)
VALUES (%(id)s, %(claim)s, %(at)s, %(at)s, %(actor)s, %(step)s, %(state)s, %(amount)s, %(note)s, NULL)
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A claim locked for the transaction."""

    id: UUID
    state: State
    version: int
    method: Method


def held(connection: Connection, merchant: UUID, claim_id: UUID, version: int | None = None) -> Held:
    """Lock a claim. Raises ``NotFound``, ``Stale`` when it is no longer the version somebody looked at."""
    found = fetch(connection, _HELD, {"id": claim_id, "merchant": merchant})
    if not found:
        raise NotFound(Fault("", "not_found"))
    state, current, method = found[0]
    if version is not None and version != current:
        raise Stale(Fault("", "refund_claim_changed"))
    return Held(claim_id, State(state), current, Method(method))


def draft(uow: UnitOfWork, merchant: UUID, claim_id: UUID, actor: str, clock: Clock) -> Held:
    """Lock a claim to change it; one that was checked, or not accepted, becomes a draft again. Raises ``Refused``."""
    known = held(uow.connection, merchant, claim_id)
    if known.state is not State.DRAFT:
        move(uow.connection, known.id, after(known.state, Step.EDIT), clock)
        note_step(uow.connection, known.id, Step.EDIT, State.DRAFT, actor, clock)
    return known


def move(connection: Connection, claim_id: UUID, state: State, clock: Clock) -> None:
    """Put a claim into a state."""
    statement = "UPDATE refund_claim SET state = %(state)s, version = version + 1, updated_at = %(at)s WHERE id = %(id)s"
    run(connection, statement, {"id": claim_id, "state": str(state), "at": clock.now()})


def note_step(
    connection: Connection,
    claim_id: UUID,
    step: Step,
    state: State,
    actor: str,
    clock: Clock,
    note: str = "",
    amount: Decimal | None = None,
) -> None:
    """Append a step to a claim's history."""
    values = {"id": uuidv7(), "claim": claim_id, "at": clock.now(), "actor": actor, "step": str(step), "state": str(state)}
    run(connection, _STEP, {**values, "amount": amount, "note": note})
