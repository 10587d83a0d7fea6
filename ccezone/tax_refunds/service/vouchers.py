"""Promotion-cost vouchers: a firm records one, an officer certifies it or sends it back, the firm uses it once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.errors import UniqueViolation

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service import record
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.rules.vouchers import LONGEST, OFFICE_STEPS, State, Step, Voucher, after, document_key, voucher_faults

PURPOSE = "promotion_voucher"
"""What the scan of a voucher is kept for."""
RECORD = "record"
"""How a voucher's story begins (``rules.vouchers.Step`` has what follows)."""
_INSERT = """
INSERT INTO promotion_voucher (id, merchant_id, platform, period, currency, amount, document_no, document_key, file_id, state,
    version, made_at, updated_at)
VALUES (%(id)s, %(firm)s, %(platform)s, %(period)s, %(currency)s, %(amount)s, %(document_no)s, %(key)s, %(file)s, 'recorded',
    1, %(at)s, %(at)s)
"""
_STEP = """
INSERT INTO promotion_voucher_step (id, voucher_id, at, actor, name, step, note)
VALUES (%(id)s, %(voucher)s, %(at)s, %(actor)s, %(name)s, %(step)s, %(note)s)
"""
_HELD = "SELECT merchant_id, state, version FROM promotion_voucher WHERE id = %(id)s FOR UPDATE"
_MOVE = "UPDATE promotion_voucher SET state = %(state)s, version = version + 1, updated_at = %(at)s WHERE id = %(id)s"
_USE = "INSERT INTO promotion_voucher_use (voucher_id, used_for, at, actor) VALUES (%(id)s, %(used_for)s, %(at)s, %(actor)s)"


@dataclass(frozen=True, slots=True)
class VoucherMoved:
    """News: a voucher was recorded, judged or used; ``note`` are the words said about it."""

    voucher_id: UUID
    step: str
    note: str
    at: datetime


def record_voucher(uow: UnitOfWork, firm: UUID, voucher: Voucher, file_id: UUID | None, by: Principal, clock: Clock) -> UUID:
    """Record a firm's voucher. Raises ``NotAllowed``, ``Refused``: a wrong value, or the platform's document is on record."""
    if by.enterprise_id != firm or not by.may(Permission.DECLARATIONS_WRITE):
        raise NotAllowed(Fault("", "not_allowed"))
    if faults := voucher_faults(voucher, f"{clock.now().astimezone(SHANGHAI):%Y-%m}"):
        raise Refused(*faults)
    number, document = uuidv7(), voucher.document_no.strip()
    said = {"platform": voucher.platform.strip(), "period": voucher.period, "currency": voucher.currency, "amount": voucher.amount}
    try:
        told = {"document_no": document, "key": document_key(voucher), "file": file_id, "at": clock.now()}
        run(uow.connection, _INSERT, {"id": number, "firm": firm, **said, **told})
    except UniqueViolation:
        raise Refused(Fault("/document_no", "voucher_known", {"number": document})) from None
    _note(uow, number, firm, RECORD, "", by, clock)
    return number


def move_voucher(uow: UnitOfWork, voucher_id: UUID, version: int, step: Step, words: str, by: Principal, clock: Clock) -> None:
    """Certify, send back (an officer, with a reason) or use (the firm, saying for what).

    Raises ``NotFound``, ``NotAllowed``, ``Stale``, ``Refused``: not from this state, no words, used before.
    """
    found = fetch(uow.connection, _HELD, {"id": voucher_id})
    if not found or (by.enterprise_id is not None and by.enterprise_id != found[0][0]):
        raise NotFound(Fault("", "not_found", {"value": str(voucher_id)}))
    firm, state, current = found[0]
    _permit(by, step)
    if version != current:
        raise Stale(Fault("", "changed_meanwhile"))
    reached = after(State(state), step)
    if step is not Step.CERTIFY and not words.strip():
        raise Refused(Fault("/words", "required"))
    if len(words) > LONGEST:
        raise Refused(Fault("/words", "too_long", {"max": str(LONGEST), "actual": str(len(words))}))
    if step is Step.USE:
        _use(uow, voucher_id, words.strip(), by, clock)
    run(uow.connection, _MOVE, {"id": voucher_id, "state": str(reached), "at": clock.now()})
    _note(uow, voucher_id, firm, str(step), words.strip(), by, clock)


def _use(uow: UnitOfWork, voucher_id: UUID, used_for: str, by: Principal, clock: Clock) -> None:
    try:
        run(uow.connection, _USE, {"id": voucher_id, "used_for": used_for, "at": clock.now(), "actor": by.actor})
    except UniqueViolation:
        raise Refused(Fault("", "voucher_step_not_allowed")) from None


def _permit(by: Principal, step: Step) -> None:
    firm = by.enterprise_id is not None and by.may(Permission.DECLARATIONS_WRITE)
    if not (by.role == Role.ZONE_OFFICER if step in OFFICE_STEPS else firm):
        raise NotAllowed(Fault("", "not_allowed"))


def _note(uow: UnitOfWork, voucher_id: UUID, firm: UUID, step: str, note: str, by: Principal, clock: Clock) -> None:
    values = {"id": uuidv7(), "voucher": voucher_id, "at": clock.now(), "actor": by.actor, "name": by.name, "step": step}
    run(uow.connection, _STEP, {**values, "note": note})
    record(uow, by, f"voucher.{step}", f"voucher:{voucher_id}", clock, {"enterprise": str(firm)})
    uow.publish(VoucherMoved(voucher_id, step, note, clock.now()))
