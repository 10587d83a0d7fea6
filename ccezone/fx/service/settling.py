"""Declaring a receipt, and asking the bank: to settle, to put on the pending-check account, to settle from there, to send back.

What the gate lets through is held on the receipt in the same transaction, so that it cannot be asked for twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.fx.queries.gates import bop_codes, gate_of, in_usd
from ccezone.fx.rules.parts import Action, Part, moved, spelled, waits_in
from ccezone.fx.rules.routing import Firm, Gate, Refund, refund_faults, source_of
from ccezone.fx.service.held import Held, hold, refresh
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import run

_DECLARE = """
UPDATE fx_receipt SET bop_code = %(code)s, registration_no = %(registration)s, declared_at = %(at)s WHERE id = %(id)s
"""
_ASK = """
INSERT INTO fx_instruction (id, receipt_id, action, source, amount, converts, gate, note, actor, created_at, attempts,
    next_attempt_at, last_error, sent_at, outcome, answered_at, rate, yuan, answer)
VALUES (%(id)s, %(receipt)s, %(action)s, %(source)s, %(amount)s, %(converts)s, %(gate)s, %(note)s, %(actor)s, %(at)s, 0, %(at)s, '',
    NULL, '', NULL, NULL, NULL, '')
"""
MOVE = """
INSERT INTO fx_move (id, receipt_id, instruction_id, source, target, amount, at, actor)
VALUES (%(id)s, %(receipt)s, %(instruction)s, %(source)s, %(target)s, %(amount)s, %(at)s, %(actor)s)
"""


@dataclass(frozen=True, slots=True)
class Back:
    """Money to be sent back abroad: from which part, by the way it came or another, with SAFE's registration where it needs one."""

    amount: Decimal
    source: Part
    original_route: bool
    registration_no: str
    reason: str


def declare(
    uow: UnitOfWork,
    firm: UUID,
    receipt_id: UUID,
    version: int | None,
    code: str,
    registration_no: str,
    book: ParameterBook,
    actor: str,
    clock: Clock,
) -> None:
    """Declare a receipt to the balance of payments. Raises ``Refused``: no such code, or money of it is already on its way."""
    held = hold(uow.connection, firm, receipt_id, version)
    if code not in bop_codes(book, _today(clock)):
        raise Refused(Fault("/bop_code", "fx_bop_code", {"value": code}))
    if held.declared and held.parts.open != held.parts.amount:
        raise Refused(Fault("/bop_code", "fx_declared_in_use"))
    values = {"id": receipt_id, "code": code, "registration": registration_no[:40], "at": clock.now()}
    run(uow.connection, _DECLARE, values)
    refresh(uow.connection, receipt_id, "declare", actor, clock, note=code)


def instruct(
    uow: UnitOfWork,
    owner: UUID,
    firm: Firm,
    receipt_id: UUID,
    version: int | None,
    action: Action,
    amount: Decimal,
    book: ParameterBook,
    actor: str,
    clock: Clock,
) -> UUID:
    """Ask the bank to settle money, put it on the pending-check account, or settle it from there; return the instruction's id.

    ``firm`` is what the owner is today. Raises ``Refused`` with what closes the gate, or that the amount is above what it lets
    through: an individual's above the matched amount.
    """
    held = hold(uow.connection, owner, receipt_id, version)
    gate = gate_of(uow.connection, firm, held.id, book, _today(clock))
    faults = [*gate.reasons.get(action, ())]
    most = gate.most.get(action, Decimal(0))
    if amount <= 0:
        faults.append(Fault("/amount", "fx_amount_positive"))
    elif amount > most:
        code = "fx_above_matched" if firm.individual or action is Action.RELEASE else "fx_above_part"
        faults.append(Fault("/amount", code, {"amount": spelled(amount), "left": spelled(most)}))
    if faults:
        raise Refused(*faults)
    converts = gate.converts and action is not Action.PEND
    return _ask(uow.connection, held, action, source_of(action), amount, converts, shown(gate), "", actor, clock)


def send_back(
    uow: UnitOfWork,
    owner: UUID,
    firm: Firm,
    receipt_id: UUID,
    version: int | None,
    back: Back,
    book: ParameterBook,
    actor: str,
    clock: Clock,
) -> UUID:
    """Ask the bank to send money back abroad; matched money must be taken off its orders first. Raises ``Refused``."""
    held, today = hold(uow.connection, owner, receipt_id, version), _today(clock)
    if not back.reason.strip():
        raise Refused(Fault("/reason", "required"))
    refund = Refund(
        in_usd(book, back.amount, held.currency, today),
        (today - held.value_date).days,
        back.original_route,
        back.registration_no,
    )
    special, limit = book.integer("fx.special_refund_days", today), book.row("fx.special_refund_bank_limit", today)
    faults = refund_faults(firm, refund, special, Decimal(str(limit.value)))
    if faults:
        raise Refused(*faults)
    rule = {"key": limit.key, "value": str(limit.value), "document": limit.document, "status": limit.status}
    told = {**rule, "original_route": "1" if back.original_route else "", "registration_no": back.registration_no[:40]}
    return _ask(uow.connection, held, Action.RETURN, back.source, back.amount, False, told, back.reason[:500], actor, clock)


def shown(gate: Gate) -> Mapping[str, str]:
    """Return the rule a decision rested on, to be kept with it."""
    rule = gate.rule
    kept = {"key": rule.key, "value": rule.value, "document": rule.document, "status": rule.status}
    return {**kept, "since": rule.since.isoformat()}


def _ask(
    connection: Connection,
    held: Held,
    action: Action,
    source: Part,
    amount: Decimal,
    converts: bool,
    gate: Mapping[str, str],
    note: str,
    actor: str,
    clock: Clock,
) -> UUID:
    """Hold the money and write the instruction. Raises ``Refused`` when the part has less."""
    moved(held.parts, source, waits_in(action), amount)
    number, now = uuidv7(), clock.now()
    named = {"id": number, "receipt": held.id, "action": str(action), "source": str(source), "amount": amount, "at": now}
    run(connection, _ASK, {**named, "converts": converts, "gate": Jsonb(dict(gate)), "note": note, "actor": actor})
    move = {"id": uuidv7(), "receipt": held.id, "instruction": number, "source": str(source), "target": str(waits_in(action))}
    run(connection, MOVE, {**move, "amount": amount, "at": now, "actor": actor})
    refresh(connection, held.id, f"ask_{action}", actor, clock, amount, note)
    return number


def _today(clock: Clock) -> date:
    return clock.now().astimezone(SHANGHAI).date()
