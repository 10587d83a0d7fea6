"""Goods returns (CEB213 export, CEB625 import): of a released list, never more than was declared over all its returns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.errors import CheckViolation
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from ccezone.bills.ports import Deliveries
from ccezone.declarations.queries.returns import return_terms
from ccezone.declarations.rules.applications import RETURNS, Kind
from ccezone.declarations.rules.returns import (
    RETURNABLE,
    STATED,
    ReturnedLine,
    ReturnWish,
    apply_until,
    arrive_until,
    relief_faults,
    returned_lines,
    wish_faults,
)
from ccezone.declarations.service.applications import (
    changeable,
    drop_application,
    file_application,
    held_application,
    open_application,
    reopen_application,
)
from ccezone.declarations.service.return_documents import return_document
from ccezone.declarations.service.submitting import refuse_blocked
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.outbox.service import record_event
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault

_LIST = """
SELECT d.id, d.flow, d.transmitter_code, d.content, d.personal, s.state, s.list_no FROM declaration_list d
JOIN declaration_state s ON s.id = d.id WHERE d.id = %(id)s AND d.merchant_id = %(merchant)s FOR UPDATE OF s
"""
_RETURN = """
SELECT r.declaration_id, r.reason, r.head, r.relief, r.repayment FROM goods_return r WHERE r.id = %(id)s
"""
_INSERT = """
INSERT INTO goods_return (id, declaration_id, flow, list_no, reason, head, relief, repayment)
VALUES (%(id)s, %(list)s, %(flow)s, %(list_no)s, %(reason)s, %(head)s, %(relief)s, 'none')
"""
_UPDATE = "UPDATE goods_return SET reason = %(reason)s, head = %(head)s, relief = %(relief)s WHERE id = %(id)s"
_LINE = "INSERT INTO goods_return_line (application_id, line_no, quantity, amount) VALUES (%(id)s, %(line)s, %(qty)s, %(amount)s)"
_LINES = "SELECT line_no, quantity, amount FROM goods_return_line WHERE application_id = %(id)s ORDER BY line_no"
_CLEAR = "DELETE FROM goods_return_line WHERE application_id = %(id)s"
# The table's own check refuses the second of two who together take back more than went, whoever comes first.
_TAKE = """
INSERT INTO returned_quantity (declaration_id, line_no, declared, returned) VALUES (%(list)s, %(line)s, %(declared)s, %(qty)s)
ON CONFLICT (declaration_id, line_no) DO UPDATE SET returned = returned_quantity.returned + excluded.returned
"""
_GIVE = "UPDATE returned_quantity SET returned = returned - %(qty)s WHERE declaration_id = %(list)s AND line_no = %(line)s"
_ARRIVED = "UPDATE goods_return SET arrived_on = %(day)s WHERE id = %(id)s"
_REPAYMENT = "UPDATE goods_return SET repayment = %(repayment)s WHERE id = %(id)s"
Released = Callable[[Connection, int], datetime | None]


@dataclass(frozen=True, slots=True)
class ReturnDesk:
    """What returns are judged and filed with; ``released`` tells when customs released a list."""

    vault: PersonalVault
    deliveries: Deliveries
    clock: Clock
    zone: str
    released: Released


@dataclass(frozen=True, slots=True)
class ReturnChanged:
    """News: a return was opened, changed or given up (no lines); tax refunds look whether a refund must be repaid."""

    at: datetime
    id: int
    merchant_id: UUID
    declaration_id: int
    flow: str
    lines: Sequence[ReturnedLine]


@dataclass(frozen=True, slots=True)
class _Origin:
    """The list goods come back of."""

    id: int
    flow: str
    transmitter: str
    content: Mapping[str, Any]
    personal: bytes | None
    state: str
    list_no: str
    released_on: date


def open_return(uow: UnitOfWork, desk: ReturnDesk, merchant_id: UUID, declaration_id: int, wish: ReturnWish, actor: str) -> int:
    """Open a draft of a return, and return its number. Raises ``NotFound``, ``Refused`` with everything wrong."""
    origin = _origin(uow, desk, merchant_id, declaration_id)
    lines = _judged(uow, desk, origin, wish)
    now = desk.clock.now()
    number = open_application(uow, Kind.RETURN, merchant_id, RETURNS[origin.flow], origin.transmitter, actor, now)
    values = {"id": number, "list": origin.id, "flow": origin.flow, "list_no": origin.list_no}
    run(uow.connection, _INSERT, {**values, **_said(wish)})
    _take(uow, number, origin, lines)
    uow.publish(ReturnChanged(now, number, merchant_id, origin.id, origin.flow, lines))
    return number


def change_return(uow: UnitOfWork, desk: ReturnDesk, merchant_id: UUID, application_id: int, wish: ReturnWish, actor: str) -> None:
    """Change a return that customs does not have. Raises ``NotFound``, ``Refused``."""
    known = changeable(uow, Kind.RETURN, application_id, merchant_id)
    declaration_id = _held(uow, application_id)[0]
    origin = _origin(uow, desk, merchant_id, declaration_id)
    lines = _judged(uow, desk, origin, wish)
    _give(uow, application_id, declaration_id)
    run(uow.connection, _UPDATE, {"id": application_id, **_said(wish)})
    _take(uow, application_id, origin, lines)
    reopen_application(uow, known, actor, desk.clock.now())
    uow.publish(ReturnChanged(desk.clock.now(), application_id, merchant_id, origin.id, origin.flow, lines))


def file_return(uow: UnitOfWork, desk: ReturnDesk, merchant_id: UUID, application_id: int, actor: str) -> None:
    """File a return, or again after it was turned down.

    With relief from import taxes only once a refund of the goods was repaid (MOF/GACC/STA 2026 No. 16). Raises ``Refused``.
    """
    known = changeable(uow, Kind.RETURN, application_id, merchant_id)
    refuse_blocked(uow, merchant_id)
    declaration_id, reason, head, relief, repayment = _held(uow, application_id)
    origin = _origin(uow, desk, merchant_id, declaration_id)
    today, terms = _today(desk), return_terms(uow.connection, desk.zone, _today(desk))
    until = apply_until(origin.flow, origin.released_on, terms)
    faults = [Fault("", "return_window_over", {"until": until.isoformat()})] if today > until else []
    if relief:
        faults += relief_faults(origin.released_on, today, terms)
        faults += [Fault("/relief", "return_relief_needs_repayment")] if repayment == "due" else []
    if faults:
        raise Refused(*faults)
    lines = [ReturnedLine(*row) for row in fetch(uow.connection, _LINES, {"id": application_id})]
    personal = desk.vault.open(origin.personal) if origin.personal else {}
    said = {**origin.content, **personal, **head, "list_no": origin.list_no, "reason": reason, "eport_no": known.eport_no or ""}
    document = return_document(origin.flow, said, origin.content["lines"], lines, application_id)
    file_application(uow, desk.vault, desk.deliveries, known, document, actor, desk.clock.now())


def drop_return(uow: UnitOfWork, merchant_id: UUID, application_id: int, actor: str, clock: Clock) -> None:
    """Give a return up that customs does not have; what it took is free for another. Raises ``NotFound``, ``Refused``."""
    known = changeable(uow, Kind.RETURN, application_id, merchant_id)
    declaration_id = _held(uow, application_id)[0]
    _give(uow, application_id, declaration_id)
    drop_application(uow, known, actor, clock.now())
    flow = "E" if known.message_type == RETURNS["E"] else "I"
    uow.publish(ReturnChanged(clock.now(), application_id, merchant_id, declaration_id, flow, ()))


def note_arrival(uow: UnitOfWork, desk: ReturnDesk, merchant_id: UUID, application_id: int, day: date, actor: str) -> None:
    """Note the day the goods arrived at the site they left from. Raises ``NotFound``, ``Refused``: too late, or not yet."""
    held_application(uow, Kind.RETURN, application_id, merchant_id)
    origin = _origin(uow, desk, merchant_id, _held(uow, application_id)[0])
    until = arrive_until(origin.flow, origin.released_on, return_terms(uow.connection, desk.zone, _today(desk)))
    if not origin.released_on <= day <= _today(desk):
        raise Refused(Fault("/day", "return_arrival_wrong", {"value": day.isoformat()}))
    if day > until:
        raise Refused(Fault("/day", "return_window_over", {"until": until.isoformat()}))
    run(uow.connection, _ARRIVED, {"id": application_id, "day": day})
    record_event(uow, "application", application_id, desk.clock.now(), "goods_arrived", actor, {"day": day.isoformat()})


def set_repayment(uow: UnitOfWork, application_id: int, repayment: str) -> None:
    """Set whether a refund of the goods is ``due`` to be repaid, was ``settled``, or there is ``none``: what tax refunds know."""
    run(uow.connection, _REPAYMENT, {"id": application_id, "repayment": repayment})


def _origin(uow: UnitOfWork, desk: ReturnDesk, merchant_id: UUID, declaration_id: int) -> _Origin:
    found = fetch(uow.connection, _LIST, {"id": declaration_id, "merchant": merchant_id})
    if not found:
        raise NotFound(Fault("", "declaration_not_found", {"id": str(declaration_id)}))
    number, flow, transmitter, content, personal, state, list_no = found[0]
    released = desk.released(uow.connection, declaration_id)
    if state not in RETURNABLE or not list_no or released is None:
        raise Refused(Fault("", "return_not_released", {"state": state}))
    return _Origin(number, flow, transmitter, content, personal, state, list_no, released.astimezone(SHANGHAI).date())


def _judged(uow: UnitOfWork, desk: ReturnDesk, origin: _Origin, wish: ReturnWish) -> Sequence[ReturnedLine]:
    today = _today(desk)
    faults = wish_faults(wish, origin.flow, origin.released_on, today, return_terms(uow.connection, desk.zone, today))
    lines, unknown = returned_lines(origin.content["lines"], wish.quantities)
    if faults or unknown:
        raise Refused(*faults, *unknown)
    return lines


def _take(uow: UnitOfWork, number: int, origin: _Origin, lines: Sequence[ReturnedLine]) -> None:
    declared = {int(line["line_no"]): Decimal(line["qty"]) for line in origin.content["lines"]}
    for line in lines:
        of = {"list": origin.id, "line": line.line_no, "qty": line.quantity}
        try:
            run(uow.connection, _TAKE, {**of, "declared": declared[line.line_no]})
        except CheckViolation:
            raise Refused(Fault(f"/lines/{line.line_no}/qty", "return_above_declared", {"line": str(line.line_no)})) from None
        run(uow.connection, _LINE, {"id": number, "line": line.line_no, "qty": line.quantity, "amount": line.amount})


def _give(uow: UnitOfWork, number: int, declaration_id: int) -> None:
    for line, quantity, _ in fetch(uow.connection, _LINES, {"id": number}):
        run(uow.connection, _GIVE, {"list": declaration_id, "line": line, "qty": quantity})
    run(uow.connection, _CLEAR, {"id": number})


def _held(uow: UnitOfWork, number: int) -> tuple[Any, ...]:
    found: tuple[Any, ...] = fetch(uow.connection, _RETURN, {"id": number})[0]
    return found


def _said(wish: ReturnWish) -> Mapping[str, object]:
    head = {name: value.strip() for name, value in wish.head.items() if name in STATED and value.strip()}
    return {"reason": wish.reason.strip(), "head": Jsonb(head), "relief": wish.relief}


def _today(desk: ReturnDesk) -> date:
    return desk.clock.now().astimezone(SHANGHAI).date()
