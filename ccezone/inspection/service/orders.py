"""Orders that several agencies share (查检合一): opened or joined, each agency signs in its check, one result ends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlmodel import col, select

from ccezone.enterprises.queries import directory
from ccezone.inspection.queries.numbers import spelled
from ccezone.inspection.rules import CANCELLED, FAIL, REASONS, SUBJECTS, Signed, conclusion_faults, findings_faults
from ccezone.inspection.service.evidence import note_share
from ccezone.inspection.service.news import OrderMoved
from ccezone.inspection.tables import InspectionCheck, InspectionOrder
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run
from schemas.codes import code_list

LONGEST = 2000
SYSTEM = "system"
_STEP = """
INSERT INTO inspection_step (id, order_id, at, actor, action, agency, note, file_id, detail)
VALUES (%(id)s, %(order)s, %(at)s, %(actor)s, %(action)s, %(agency)s, %(note)s, %(file)s, %(detail)s)
"""
_OWNER = "SELECT merchant_id FROM declaration_list WHERE id = %(id)s"
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('inspection ' || %(subject)s, 0))"
_OPEN = "SELECT id FROM inspection_order WHERE subject_kind = 'list' AND subject = %(subject)s AND closed_at IS NULL"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order as somebody wants it. ``party`` is the firm's code; about a list it is the list's merchant, whatever is said.

    ``inspectors`` by agency: their codes, where they are known. ``due_on`` is the day by which a result is due.
    """

    subject_kind: str
    subject: str
    agencies: Sequence[str]
    due_on: date
    reason: str = "hand"
    origin: str = ""
    party: str = ""
    what: str = ""
    place: str = ""
    planned_at: datetime | None = None
    inspectors: Mapping[str, Sequence[str]] | None = None


def open_order(uow: UnitOfWork, wanted: Wanted, actor: str, clock: Clock) -> UUID:
    """Open an order, or join the open one about the same list: its agencies are invited to that. Return its id.

    Raises ``Refused`` with everything that is wrong.
    """
    owner = _judged(uow, wanted, clock)
    if wanted.subject_kind == "list":
        run(uow.connection, _ALONE, {"subject": wanted.subject})  # two who open at once get one order
        if known := fetch(uow.connection, _OPEN, {"subject": wanted.subject}):
            return _join(uow, known[0][0], wanted, actor, clock)
    order = _fresh(wanted, owner, actor, clock.now())
    uow.session.add(order)
    uow.session.flush()
    detail = {"reason": wanted.reason, "origin": wanted.origin}
    note_step(uow, order.id, "opened", actor, clock.now(), note=wanted.what.strip(), detail=detail)
    _invite(uow, order.id, wanted, actor, clock, silent=True)
    uow.publish(OrderMoved(order.id, spelled(order.number), owner, "", clock.now(), actor == SYSTEM))
    return order.id


def _fresh(wanted: Wanted, owner: UUID, actor: str, now: datetime) -> InspectionOrder:
    return InspectionOrder(
        id=uuidv7(),
        subject_kind=wanted.subject_kind,
        subject=wanted.subject,
        enterprise_id=owner,
        reason=wanted.reason,
        origin=wanted.origin,
        what=wanted.what.strip(),
        place=wanted.place.strip(),
        planned_at=wanted.planned_at,
        due_on=wanted.due_on,
        result="",
        findings=[],
        conclusion="",
        opened_at=now,
        opened_by=actor,
        closed_at=None,
        closed_by="",
        version=1,
    )


def _judged(uow: UnitOfWork, wanted: Wanted, clock: Clock) -> UUID:
    """Return whom the order is about. Raises ``Refused``."""
    faults, owner = [], None
    if wanted.subject_kind not in SUBJECTS or wanted.reason not in REASONS:
        faults.append(Fault("/subject_kind", "unknown_choice", {"value": wanted.subject_kind}))
    elif wanted.subject_kind == "list":
        plain = wanted.subject.isascii() and wanted.subject.isdecimal() and len(wanted.subject) < 19
        rows = fetch(uow.connection, _OWNER, {"id": int(wanted.subject)}) if plain else []
        owner = rows[0][0] if rows else None
    else:
        party = directory(uow.connection).find(wanted.subject if wanted.subject_kind == "firm" else wanted.party)
        owner = party.id if party else None
    if not faults and owner is None:
        at = "/party" if wanted.subject_kind == "batch" else "/subject"
        faults.append(Fault(at, "inspection_subject_unknown", {"value": wanted.party if at == "/party" else wanted.subject}))
    if wanted.subject_kind == "batch" and not wanted.subject.strip():
        faults.append(Fault("/subject", "required"))
    if not wanted.agencies:
        faults.append(Fault("/agencies", "inspection_agency_needed"))
    faults += [Fault("/agencies", "inspection_agency_unknown", {"value": each}) for each in _strangers(wanted.agencies)]
    if wanted.due_on < clock.now().astimezone(SHANGHAI).date():
        faults.append(Fault("/due_on", "inspection_due_past"))
    if faults or owner is None:
        raise Refused(*faults)
    return UUID(str(owner))


def _strangers(agencies: Sequence[str]) -> list[str]:
    return [each for each in agencies if each not in code_list("inspection_agencies").codes]


def _join(uow: UnitOfWork, order_id: UUID, wanted: Wanted, actor: str, clock: Clock) -> UUID:
    detail = {"reason": wanted.reason, "origin": wanted.origin}
    note_step(uow, order_id, "joined", actor, clock.now(), note=wanted.what.strip(), detail=detail)
    _invite(uow, order_id, wanted, actor, clock)
    return order_id


def _invite(uow: UnitOfWork, order_id: UUID, wanted: Wanted, actor: str, clock: Clock, *, silent: bool = False) -> None:
    """Invite whoever is not invited yet; name inspectors where an agency has none."""
    for agency in dict.fromkeys(wanted.agencies):
        sent = list((wanted.inspectors or {}).get(agency, ()))
        check = uow.session.get(InspectionCheck, (order_id, agency))
        if check is not None:
            check.inspectors = check.inspectors or sent
            continue
        row = InspectionCheck(
            order_id=order_id, agency=agency, inspectors=sent, invited_at=clock.now(), opinion="", findings=[], note="",
            file_id=None, signed_at=None, signed_by="",
        )  # fmt: skip
        uow.session.add(row)
        if not silent:
            note_step(uow, order_id, "invited", actor, clock.now(), agency=agency)
    uow.session.flush()


def invite(uow: UnitOfWork, order_id: UUID, agency: str, actor: str, clock: Clock) -> None:
    """Invite another agency. Raises ``NotFound``, ``Refused``: unknown, invited already."""
    order = _held(uow, order_id)
    if _strangers([agency]):
        raise Refused(Fault("/agency", "required"))
    if uow.session.get(InspectionCheck, (order_id, agency)) is not None:
        raise Refused(Fault("/agency", "inspection_agency_invited"))
    _invite(uow, order_id, Wanted(order.subject_kind, order.subject, [agency], order.due_on), actor, clock)


def appoint(
    uow: UnitOfWork, order_id: UUID, place: str, planned_at: datetime | None, due_on: date, actor: str, clock: Clock
) -> None:
    """Say where and when it happens and by when it is due. Raises ``NotFound``, ``Refused``."""
    order = _held(uow, order_id)
    if due_on < order.opened_at.astimezone(SHANGHAI).date():
        raise Refused(Fault("/due_on", "inspection_due_past"))
    order.place, order.planned_at, order.due_on = place.strip(), planned_at, due_on
    order.version += 1
    uow.session.flush()
    at = planned_at.isoformat() if planned_at else ""
    note_step(uow, order_id, "planned", actor, clock.now(), note=place.strip(), detail={"at": at, "due": due_on.isoformat()})


@dataclass(frozen=True, slots=True)
class Check:
    """What an agency found: opinion (pass, fail), kinds of findings, words, a document."""

    agency: str
    opinion: str
    findings: Sequence[str] = ()
    note: str = ""
    file_id: UUID | None = None


def sign(uow: UnitOfWork, order_id: UUID, check: Check, actor: str, clock: Clock) -> None:
    """Sign an agency's check in, once. Raises ``NotFound``, ``Refused``: not invited, signed before, findings do not fit."""
    _held(uow, order_id)
    row = uow.session.get(InspectionCheck, (order_id, check.agency), with_for_update=True)
    if row is None:
        raise Refused(Fault("/agency", "required"))
    if row.opinion:
        raise Refused(Fault("/agency", "inspection_signed"))
    faults = findings_faults(check.opinion, check.findings, code_list("inspection_findings").codes)
    if check.opinion == CANCELLED:
        faults = [Fault("/opinion", "required")]
    faults += _length(check.note)
    if faults:
        raise Refused(*faults)
    row.opinion, row.findings, row.note = check.opinion, list(check.findings), check.note.strip()
    row.file_id, row.signed_at, row.signed_by = check.file_id, clock.now(), actor
    uow.session.flush()
    detail = {"opinion": check.opinion, "findings": list(check.findings)}
    words = {"agency": check.agency, "note": check.note.strip()}
    note_step(uow, order_id, "signed", actor, clock.now(), **words, file_id=check.file_id, detail=detail)


def add_note(uow: UnitOfWork, order_id: UUID, words: str, file_id: UUID | None, actor: str, clock: Clock) -> None:
    """Add a note, perhaps with a document; also after the end. Raises ``NotFound``, ``Refused``: neither words nor document."""
    if uow.session.get(InspectionOrder, order_id) is None:
        raise NotFound(Fault("", "not_found", {"value": str(order_id)}))
    faults = _length(words) if words.strip() or file_id else [Fault("/note", "required")]
    if faults:
        raise Refused(*faults)
    note_step(uow, order_id, "noted", actor, clock.now(), note=words.strip(), file_id=file_id)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The one result (pass, fail, cancelled) with kinds of findings and words."""

    result: str
    findings: Sequence[str] = ()
    words: str = ""


def conclude(uow: UnitOfWork, zone: str, order_id: UUID, version: int, ending: Conclusion, actor: str, clock: Clock) -> None:
    """End an order with its one result; the firm's credit takes it in. Raises ``NotFound``, ``Stale``, ``Refused``."""
    order = _held(uow, order_id)
    if order.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    statement = select(InspectionCheck).where(col(InspectionCheck.order_id) == order_id)
    checks = [Signed(check.agency, check.opinion) for check in uow.session.exec(statement)]
    faults = findings_faults(ending.result, ending.findings, code_list("inspection_findings").codes)
    faults = [Fault("/result", each.code, each.params) if each.pointer == "/opinion" else each for each in faults]
    faults += conclusion_faults(ending.result, checks) + _length(ending.words, "/words")
    if ending.result in (FAIL, CANCELLED) and not ending.words.strip():
        faults.append(Fault("/words", "required"))
    if faults:
        raise Refused(*faults)
    end(uow, order, ending, actor, clock)
    if ending.result != CANCELLED:
        note_share(uow, zone, order.enterprise_id, spelled(order.number), clock)


def end(uow: UnitOfWork, order: InspectionOrder, ending: Conclusion, actor: str, clock: Clock) -> None:
    """Write the result down and tell of it; whoever calls has judged it."""
    order.result, order.findings, order.conclusion = ending.result, list(ending.findings), ending.words.strip()
    order.closed_at, order.closed_by = clock.now(), actor
    order.version += 1
    uow.session.flush()
    detail = {"result": ending.result, "findings": list(ending.findings)}
    note_step(uow, order.id, "concluded", actor, clock.now(), note=ending.words.strip(), detail=detail)
    news = OrderMoved(order.id, spelled(order.number), order.enterprise_id, ending.result, clock.now(), actor == SYSTEM)
    uow.publish(news)


def note_step(
    uow: UnitOfWork,
    order_id: UUID,
    action: str,
    actor: str,
    at: datetime,
    *,
    agency: str = "",
    note: str = "",
    file_id: UUID | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add a step to an order's story."""
    values = {"id": uuidv7(), "order": order_id, "at": at, "actor": actor, "action": action, "agency": agency, "note": note}
    run(uow.connection, _STEP, {**values, "file": file_id, "detail": Jsonb(dict(detail or {}))})


def _held(uow: UnitOfWork, order_id: UUID) -> InspectionOrder:
    """Hold an open order until the transaction ends. Raises ``NotFound``, ``Refused`` when it is over."""
    order = uow.session.get(InspectionOrder, order_id, with_for_update=True)
    if order is None:
        raise NotFound(Fault("", "not_found", {"value": str(order_id)}))
    if order.closed_at is not None:
        raise Refused(Fault("", "inspection_over"))
    return order


def _length(words: str, pointer: str = "/note") -> list[Fault]:
    return [Fault(pointer, "too_long", {"max": str(LONGEST), "actual": str(len(words))})] if len(words) > LONGEST else []
