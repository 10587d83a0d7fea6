"""Changing a parameter by four eyes: somebody proposes, somebody else approves, and the value is in force from its day.

Whatever was judged when it was proposed is judged again when it is approved: days pass, and other values come in between.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from ccezone.accounts.rules import Permission, Principal
from ccezone.accounts.service import record
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused
from ccezone.kernel.ids import key8, uuidv7
from ccezone.parameters import queries
from ccezone.parameters.queries.bounding import bounds
from ccezone.parameters.queries.values import values_of
from ccezone.parameters.rules import NATIONAL, JsonValue, Parameter, read_value, written
from ccezone.parameters.rules.proposing import STATUSES, Intent, ProposalState, Proposed, period_faults, value_faults
from ccezone.parameters.service.storing import add_row
from ccezone.parameters.tables import ParameterProposal
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

MOST_WORDS = 500
_IN_TURN = "SELECT pg_advisory_xact_lock(%(lock)s)"  # two values of one key are judged one after the other
_TAKE_BACK = "DELETE FROM parameter WHERE proposal_id = %(proposal)s AND effective_from > %(today)s"


@dataclass(frozen=True, slots=True)
class ProposalMoved:
    """News: a value was proposed (``waiting``), or it was decided what becomes of a proposal."""

    id: UUID
    key: str
    state: ProposalState
    proposed_by: UUID
    reason: str
    at: datetime


def propose(uow: UnitOfWork, zone: str, proposed: Proposed, by: Principal, clock: Clock) -> UUID:
    """Propose a value for the acting zone or the nation; return the proposal's id.

    Raises ``Refused`` with every reason beside its field: unknown key, wrong kind, out of bounds, a day that has begun, days that
    belong to another value, days left without any, no document, or the same proposed already.
    """
    _permit(by)
    faults = _faults(uow, zone, proposed, clock)
    if faults:
        raise Refused(*faults)
    value = read_value(queries.catalogue()[proposed.key].kind, proposed.value)
    return _keep(uow, Intent.SET, proposed, value, by, clock)


def propose_cancel(uow: UnitOfWork, zone: str, proposal_id: UUID, note: str, by: Principal, clock: Clock) -> UUID:
    """Propose to take back a value that was approved and has not begun. Raises ``NotFound``, ``Refused``."""
    _permit(by)
    row = _row(uow, proposal_id)
    held = [view.parameter for view in values_of(uow.connection, zone, row.key) if view.proposal_id == proposal_id]
    if not held or held[0].effective_from <= clock.now().astimezone(SHANGHAI).date():
        raise Refused(Fault("", "parameter_begun"))
    if not note.strip():
        raise Refused(Fault("/note", "required"))
    same = Proposed(row.zone, row.key, "", row.effective_from, row.document, row.effective_to, row.status, note.strip())
    return _keep(uow, Intent.CANCEL, same, held[0].value, by, clock)


def approve_proposal(uow: UnitOfWork, zone: str, proposal_id: UUID, by: Principal, clock: Clock) -> None:
    """Approve: the value is entered. Raises ``NotFound``; ``Refused`` for one's own, a decided one, one that cannot stand now."""
    _permit(by)
    row = _open(uow, proposal_id)
    if row.proposed_by == by.user_id:
        raise Refused(Fault("", "four_eyes"))
    fetch(uow.connection, _IN_TURN, {"lock": key8("parameter", row.zone, row.key)})
    before = _in_force(uow, zone, row, clock)
    if row.intent == Intent.CANCEL:
        _take_back(uow, row, clock)
    else:
        _enter(uow, zone, row, by, clock)
    _close(uow, row, ProposalState.APPROVED, by, clock)
    change = {"before": _said(before), "after": _said(row.value), "from": row.effective_from.isoformat(), "intent": row.intent}
    record(uow, by, "parameter.approve", f"parameter:{row.key}", clock, {**change, "proposal": str(row.id), "zone": row.zone})


def refuse_proposal(uow: UnitOfWork, proposal_id: UUID, reason: str, by: Principal, clock: Clock) -> None:
    """Refuse, with a reason. Raises ``NotFound``; ``Refused`` for one's own, a decided one, without a reason."""
    _permit(by)
    row = _open(uow, proposal_id)
    if row.proposed_by == by.user_id:
        raise Refused(Fault("", "four_eyes"))
    if not reason.strip():
        raise Refused(Fault("/reason", "required"))
    _close(uow, row, ProposalState.REFUSED, by, clock, reason)
    record(uow, by, "parameter.refuse", f"parameter:{row.key}", clock, {"proposal": str(row.id)})


def withdraw_proposal(uow: UnitOfWork, proposal_id: UUID, by: Principal, clock: Clock) -> None:
    """Take one's own proposal back. Raises ``NotFound``; ``Refused`` for another's or a decided one."""
    _permit(by)
    row = _open(uow, proposal_id)
    if row.proposed_by != by.user_id:
        raise Refused(Fault("", "proposal_not_yours"))
    _close(uow, row, ProposalState.WITHDRAWN, by, clock)
    record(uow, by, "parameter.withdraw", f"parameter:{row.key}", clock, {"proposal": str(row.id)})


def _faults(uow: UnitOfWork, zone: str, proposed: Proposed, clock: Clock) -> list[Fault]:
    known = queries.catalogue().get(proposed.key)
    if known is None:
        return [Fault("/key", "unknown_parameter", {"key": proposed.key})]
    faults = value_faults(known.kind, bounds(known), proposed.value)
    if proposed.zone not in (zone, NATIONAL):
        faults.append(Fault("/zone", "parameter_other_zone"))
    rows = [view.parameter for view in values_of(uow.connection, zone, proposed.key)]
    faults += period_faults(proposed, rows, clock.now().astimezone(SHANGHAI).date())
    if not proposed.document.strip():
        faults.append(Fault("/document", "required"))
    if proposed.status not in STATUSES:
        faults.append(Fault("/status", "required"))
    return faults


def _keep(uow: UnitOfWork, intent: Intent, proposed: Proposed, value: JsonValue, by: Principal, clock: Clock) -> UUID:
    row = ParameterProposal(
        id=uuidv7(),
        intent=intent,
        zone=proposed.zone,
        key=proposed.key,
        value=value,
        effective_from=proposed.effective_from,
        effective_to=proposed.effective_to,
        document=proposed.document.strip()[:MOST_WORDS],
        status=proposed.status,
        note=proposed.note.strip()[:MOST_WORDS],
        proposed_by=_permit(by),
        proposed_at=clock.now(),
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
    except IntegrityError:
        raise Refused(Fault("/effective_from", "parameter_proposed_already")) from None
    detail = {"proposal": str(row.id), "intent": intent.value, "value": _said(value), "from": row.effective_from.isoformat()}
    record(uow, by, "parameter.propose", f"parameter:{row.key}", clock, {**detail, "zone": row.zone})
    uow.publish(ProposalMoved(row.id, row.key, ProposalState.WAITING, row.proposed_by, "", clock.now()))
    return row.id


def _enter(uow: UnitOfWork, zone: str, row: ParameterProposal, by: Principal, clock: Clock) -> None:
    said = Proposed(row.zone, row.key, written(row.value), row.effective_from, row.document, row.effective_to, row.status, row.note)
    faults = _faults(uow, zone, said, clock)
    if faults:
        raise Refused(*faults)
    entered = Parameter(row.zone, row.key, row.value, row.effective_from, row.effective_to, row.document, row.status, row.note)
    if not add_row(uow, entered, clock, by.login, row.id):
        raise Refused(Fault("/effective_from", "parameter_begins_already", {"day": row.effective_from.isoformat()}))


def _take_back(uow: UnitOfWork, row: ParameterProposal, clock: Clock) -> None:
    statement = select(ParameterProposal.id).where(
        ParameterProposal.zone == row.zone,
        ParameterProposal.key == row.key,
        ParameterProposal.effective_from == row.effective_from,
        ParameterProposal.intent == Intent.SET,
        ParameterProposal.state == ProposalState.APPROVED,
    )
    today = clock.now().astimezone(SHANGHAI).date()
    taken = sum(run(uow.connection, _TAKE_BACK, {"proposal": number, "today": today}) for number in uow.session.exec(statement))
    if not taken:
        raise Refused(Fault("", "parameter_begun"))


def _in_force(uow: UnitOfWork, zone: str, row: ParameterProposal, clock: Clock) -> JsonValue | None:
    try:
        return queries.value(uow.connection, zone, row.key, clock.now().astimezone(SHANGHAI).date())
    except LookupError:
        return None


def _close(uow: UnitOfWork, row: ParameterProposal, state: ProposalState, by: Principal, clock: Clock, reason: str = "") -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, by.user_id, clock.now(), reason.strip()[:MOST_WORDS]
    uow.publish(ProposalMoved(row.id, row.key, state, row.proposed_by, row.reason, clock.now()))


def _row(uow: UnitOfWork, proposal_id: UUID) -> ParameterProposal:
    row = uow.session.get(ParameterProposal, proposal_id, with_for_update=True)
    if row is None:
        raise NotFound(Fault("", "not_found"))
    return row


def _open(uow: UnitOfWork, proposal_id: UUID) -> ParameterProposal:
    row = _row(uow, proposal_id)
    if row.state != ProposalState.WAITING:
        raise Refused(Fault("", "proposal_decided"))
    return row


def _permit(by: Principal) -> UUID:
    if by.user_id is None or not by.may(Permission.PARAMETERS_WRITE):
        raise NotAllowed(Fault("", "not_allowed"))
    return by.user_id


def _said(value: JsonValue | None) -> str:
    return "" if value is None else written(value)
