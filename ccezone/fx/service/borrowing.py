"""Registering a borrowing of yuan from abroad, and saying what became of it; every step is kept with its day and its document.

An officer tells what papers show of any contract; a bank tells of its own (``consents.service.lending`` asks for its consent).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from psycopg.errors import UniqueViolation

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service import record
from ccezone.fx.rules.borrowing import LONGEST, Contract, Standing, State, Step, after, contract_faults
from ccezone.fx.service.news import BorrowingMoved
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

_INSERT = """
INSERT INTO fx_borrowing (id, enterprise_id, partner_id, bank, lender, contract_no, amount, drawn, repaid, begins_on, due_on, state,
    version, made_at, updated_at)
VALUES (%(id)s, %(firm)s, %(partner)s, %(bank)s, %(lender)s, %(contract_no)s, %(amount)s, 0, 0, %(begins)s, %(due)s, 'registered',
    1, %(at)s, %(at)s)
"""
_STEP = """
INSERT INTO fx_borrowing_step (id, borrowing_id, at, actor, name, side, step, state, on_day, amount, document)
VALUES (%(id)s, %(borrowing)s, %(at)s, %(actor)s, %(name)s, %(side)s, %(step)s, %(state)s, %(day)s, %(amount)s, %(document)s)
"""
_HELD = """
SELECT enterprise_id, partner_id, version, begins_on, amount, drawn, repaid, state FROM fx_borrowing WHERE id = %(id)s FOR UPDATE
"""
_LAST_DAY = "SELECT max(on_day) FROM fx_borrowing_step WHERE borrowing_id = %(id)s AND step <> 'register'"
_MOVE = """
UPDATE fx_borrowing SET drawn = %(drawn)s, repaid = %(repaid)s, state = %(state)s, version = version + 1, updated_at = %(at)s
WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a borrowing: the day it happened, yuan (none when it is closed), the document it rests on."""

    step: Step
    on_day: date
    amount: Decimal | None
    document: str


def register_borrowing(
    uow: UnitOfWork, firm: UUID, contract: Contract, partner_id: UUID | None, document: str, by: Principal, clock: Clock
) -> UUID:
    """Register a contract; ``partner_id`` where the bank is an organisation of the hub.

    Raises ``NotAllowed``, ``Refused``: bad terms, or the contract stands already.
    """
    _permit(by, partner_id)
    if faults := [*contract_faults(contract), *_document_faults(document)]:
        raise Refused(*faults)
    number, at = uuidv7(), clock.now()
    said = {"bank": contract.bank.strip(), "lender": contract.lender.strip(), "contract_no": contract.contract_no.strip()}
    terms = {"partner": partner_id, "amount": contract.amount, "begins": contract.begins_on, "due": contract.due_on}
    try:
        run(uow.connection, _INSERT, {"id": number, "firm": firm, "at": at, **said, **terms})
    except UniqueViolation:
        raise Refused(Fault("/contract_no", "fx_borrowing_known", {"number": contract.contract_no.strip()})) from None
    _note(uow, number, firm, ("register", State.REGISTERED, at.astimezone(SHANGHAI).date(), None, document), by, clock)
    return number


def move_borrowing(uow: UnitOfWork, borrowing_id: UUID, version: int, said: Said, by: Principal, clock: Clock) -> None:
    """Note that money was drawn or repaid, or the contract closed. Raises ``NotFound``, ``NotAllowed``, ``Stale``, ``Refused``."""
    found = fetch(uow.connection, _HELD, {"id": borrowing_id})
    if not found:
        raise NotFound(Fault("", "not_found", {"value": str(borrowing_id)}))
    firm, partner_id, current, begins, amount, drawn, repaid, state = found[0]
    _permit(by, partner_id)
    if version != current:
        raise Stale(Fault("", "changed_meanwhile"))
    if faults := [*_day_faults(uow, borrowing_id, said.on_day, begins, clock), *_document_faults(said.document)]:
        raise Refused(*faults)
    reached = after(Standing(amount, drawn, repaid, State(state)), said.step, said.amount)
    values = {"drawn": reached.drawn, "repaid": reached.repaid, "state": str(reached.state), "at": clock.now()}
    run(uow.connection, _MOVE, {"id": borrowing_id, **values})
    told = None if said.step is Step.CLOSE else said.amount
    _note(uow, borrowing_id, firm, (str(said.step), reached.state, said.on_day, told, said.document), by, clock)


def _permit(by: Principal, partner_id: UUID | None) -> None:
    own = by.partner_id is not None and by.partner_id == partner_id and by.may(Permission.BANK_DECIDE)
    if by.role != Role.ZONE_OFFICER and not own:
        raise NotAllowed(Fault("", "not_allowed"))


def _day_faults(uow: UnitOfWork, borrowing_id: UUID, day: date, begins: date, clock: Clock) -> list[Fault]:
    if day > clock.now().astimezone(SHANGHAI).date():
        return [Fault("/on_day", "fx_day_to_come", {"value": day.isoformat()})]
    if day < begins:
        return [Fault("/on_day", "fx_borrowing_early", {"day": begins.isoformat()})]
    [(last,)] = fetch(uow.connection, _LAST_DAY, {"id": borrowing_id})
    return [Fault("/on_day", "fx_borrowing_before_last", {"day": last.isoformat()})] if last and day < last else []


def _document_faults(document: str) -> list[Fault]:
    if not document.strip():
        return [Fault("/document", "required")]
    return [Fault("/document", "too_long", {"max": str(LONGEST), "actual": str(len(document))})] if len(document) > LONGEST else []


def _note(
    uow: UnitOfWork, borrowing: UUID, firm: UUID, said: tuple[str, State, date, Decimal | None, str], by: Principal, clock: Clock
) -> None:
    step, state, day, amount, document = said
    side = "bank" if by.partner_id else "office"
    values = {"id": uuidv7(), "borrowing": borrowing, "at": clock.now(), "actor": by.actor, "name": by.name, "side": side}
    told = {"step": step, "state": str(state), "day": day, "amount": amount, "document": document.strip()}
    run(uow.connection, _STEP, {**values, **told})
    record(uow, by, f"fx.borrowing_{step}", f"fx_borrowing:{borrowing}", clock, {"enterprise": str(firm)})
    uow.publish(BorrowingMoved(borrowing, step, side, amount, at=clock.now()))
