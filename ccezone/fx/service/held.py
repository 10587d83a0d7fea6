"""A receipt locked for a transaction: read it, judge it, and bring its state up to its parts afterwards."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from ccezone.fx.rules.parts import Parts, State, state_of
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection
from ccezone.storage.copying import fetch, run

_COLUMNS = """id, enterprise_id, account, bank_reference, currency, value_date, payer, kind, settlement_reference, limited,
    bop_code, registration_no, declared_at IS NOT NULL, tried, state, version, amount, open, held, pending, settled, leaving,
    returned, matched"""
_HELD = f"""
SELECT {_COLUMNS} FROM fx_receipt WHERE id = %(id)s AND (%(firm)s::uuid IS NULL OR enterprise_id = %(firm)s) FOR UPDATE
"""  # noqa: S608  # our own names
_STATE = 14
"""Where the state stands among the columns; the version and the parts follow."""
_PUT = "UPDATE fx_receipt SET state = %(state)s, version = version + 1, updated_at = %(at)s WHERE id = %(id)s"
_STEP = """
INSERT INTO fx_step (id, receipt_id, at, actor, step, state, amount, note)
VALUES (%(id)s, %(receipt)s, %(at)s, %(actor)s, %(step)s, %(state)s, %(amount)s, %(note)s)
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A receipt under lock."""

    id: UUID
    enterprise_id: UUID
    account: str
    bank_reference: str
    currency: str
    value_date: date
    payer: str
    kind: str
    settlement_reference: str
    limited: bool
    bop_code: str
    registration_no: str
    declared: bool
    tried: bool
    state: State
    version: int
    parts: Parts


def hold(connection: Connection, firm: UUID | None, receipt_id: UUID, version: int | None = None) -> Held:
    """Lock a receipt of a firm (``None``: of whoever's). Raises ``NotFound``; ``Stale`` when it is no longer what somebody saw."""
    found = fetch(connection, _HELD, {"id": receipt_id, "firm": firm})
    if not found:
        raise NotFound(Fault("", "not_found"))
    row = found[0]
    facts: tuple[Any, ...] = (*row[:_STATE], State(row[_STATE]), row[_STATE + 1], Parts(*row[_STATE + 2 :]))
    if version is not None and version != row[_STATE + 1]:
        raise Stale(Fault("", "fx_receipt_changed"))
    return Held(*facts)


def refresh(
    connection: Connection, receipt_id: UUID, step: str, actor: str, clock: Clock, amount: Decimal | None = None, note: str = ""
) -> State:
    """Bring a receipt's state up to its parts after a change, and put the step on record."""
    now = hold(connection, None, receipt_id)
    state = state_of(now.parts, declared=now.declared, tried=now.tried)
    run(connection, _PUT, {"id": receipt_id, "state": str(state), "at": clock.now()})
    values = {"id": uuidv7(), "receipt": receipt_id, "at": clock.now(), "actor": actor, "step": step, "state": str(state)}
    run(connection, _STEP, {**values, "amount": amount, "note": note[:1000]})
    return state
