"""Handling alerts: somebody takes it, agencies are asked and answer, notes, a disposition with its cause. All of it on record."""

from uuid import UUID

from sqlmodel import col, select

from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.risk.rules.casework import AGENCIES, DISPOSITIONS
from ccezone.risk.service.looking import note_step
from ccezone.risk.tables import RiskAgency, RiskAlert
from ccezone.storage import UnitOfWork

LONGEST = 1000


def take_alert(uow: UnitOfWork, alert_id: UUID, actor: str, clock: Clock) -> None:
    """Become the owner of an alert, from nobody or from somebody else. Raises ``NotFound``, ``Refused`` when it is closed."""
    row = _standing(uow, alert_id)
    former = row.owner or ""
    row.owner, row.state = actor, "handling"
    row.version += 1
    uow.session.flush()
    note_step(uow, alert_id, "taken", clock.now(), actor=actor, note=former)


def note_alert(uow: UnitOfWork, alert_id: UUID, note: str, actor: str, clock: Clock) -> None:
    """Write down what was found out. Raises ``Refused``, ``NotFound``."""
    _standing(uow, alert_id)
    note_step(uow, alert_id, "noted", clock.now(), actor=actor, note=_said(note, "/note"))


def ask_agency(uow: UnitOfWork, alert_id: UUID, agency: str, note: str, actor: str, clock: Clock) -> None:
    """Ask an agency to work on an alert. Raises ``Refused`` when it is unknown or was asked already, ``NotFound``."""
    _standing(uow, alert_id)
    if agency not in AGENCIES:
        raise Refused(Fault("/agency", "required"))
    if uow.session.get(RiskAgency, (alert_id, agency)) is not None:
        raise Refused(Fault("/agency", "risk_agency_asked"))
    if len(note) > LONGEST:
        raise Refused(_too_long(note, "/note"))
    asked = RiskAgency(
        alert_id=alert_id, agency=agency, asked_at=clock.now(), asked_by=actor, opinion=None, note="", answered_at=None
    )
    uow.session.add(asked)
    uow.session.flush()
    note_step(uow, alert_id, "asked", clock.now(), actor=actor, agency=agency, note=note.strip())


def answer_for_agency(uow: UnitOfWork, alert_id: UUID, agency: str, opinion: str, note: str, actor: str, clock: Clock) -> None:
    """Write down what an agency found: a disposition it thinks right, and its words. Raises ``Refused``, ``NotFound``."""
    _standing(uow, alert_id)
    asked = uow.session.get(RiskAgency, (alert_id, agency))
    if asked is None:
        raise NotFound(Fault("/agency", "risk_agency_not_asked"))
    if opinion not in DISPOSITIONS:
        raise Refused(Fault("/opinion", "required"))
    asked.opinion, asked.note, asked.answered_at = opinion, _said(note, "/note"), clock.now()
    uow.session.flush()
    note_step(uow, alert_id, "answered", clock.now(), actor=actor, agency=agency, note=f"{opinion}: {note.strip()}")


def close_alert(uow: UnitOfWork, alert_id: UUID, version: int, disposition: str, cause: str, actor: str, clock: Clock) -> None:
    """End an alert with its cause. Raises ``Refused`` (agencies have not answered), ``Stale`` when it grew meanwhile."""
    row = _standing(uow, alert_id)
    if row.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    faults = [] if disposition in DISPOSITIONS else [Fault("/disposition", "required")]
    if not cause.strip():
        faults.append(Fault("/cause", "required"))
    if len(cause) > LONGEST:
        faults.append(_too_long(cause, "/cause"))
    if row.owner != actor:
        faults.append(Fault("", "risk_not_owner"))
    silent = select(RiskAgency).where(col(RiskAgency.alert_id) == alert_id, col(RiskAgency.answered_at).is_(None))
    if uow.session.exec(silent).first() is not None:
        faults.append(Fault("", "risk_agency_silent"))
    if faults:
        raise Refused(*faults)
    row.state, row.disposition, row.cause, row.closed_at = "closed", disposition, cause.strip(), clock.now()
    row.version += 1
    uow.session.flush()
    note_step(uow, alert_id, "closed", clock.now(), actor=actor, note=f"{disposition}: {cause.strip()}")


def _standing(uow: UnitOfWork, alert_id: UUID) -> RiskAlert:
    found = uow.session.exec(select(RiskAlert).where(col(RiskAlert.id) == alert_id).with_for_update()).first()
    if found is None:
        raise NotFound(Fault("", "risk_alert_not_found"))
    if found.state == "closed":
        raise Refused(Fault("", "risk_alert_closed"))
    return found


def _said(text: str, pointer: str) -> str:
    if not text.strip():
        raise Refused(Fault(pointer, "required"))
    if len(text) > LONGEST:
        raise Refused(_too_long(text, pointer))
    return text.strip()


def _too_long(text: str, pointer: str) -> Fault:
    return Fault(pointer, "too_long", {"max": str(LONGEST), "actual": str(len(text))})
