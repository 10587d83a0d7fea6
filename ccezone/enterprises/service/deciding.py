"""Deciding applications: approve, return for mending with a reason per field, refuse; approval makes or amends the firm."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import delete

from ccezone.accounts.rules import Principal, Role
from ccezone.accounts.service import Invitation, IssuedLink, invite
from ccezone.enterprises.queries import live_paper
from ccezone.enterprises.queries.applications import licence_of
from ccezone.enterprises.queries.papers import REGISTRATION
from ccezone.enterprises.rules import held_roles
from ccezone.enterprises.rules.applying import ON_THE_ENTERPRISE, ApplicationState, Licence
from ccezone.enterprises.service.drafts import flat, note_step
from ccezone.enterprises.service.papers import issue_paper, revoke_papers
from ccezone.enterprises.service.registering import Registration, amend, register
from ccezone.enterprises.service.treating import refuse_blocked_registration
from ccezone.enterprises.tables import Application, Enterprise, LicenceRow
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.personal import PersonalVault


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval made: the firm, its certificate's code, and (for a new firm) its first user's link."""

    enterprise_id: UUID
    certificate: str
    link: IssuedLink | None


def approve(uow: UnitOfWork, vault: PersonalVault, application_id: UUID, by: Principal, clock: Clock) -> Approved:
    """Approve: register the firm or amend it, certify it, invite its first user.

    Raises ``Refused``: codes or mail taken, or credit forbids it.
    """
    row = _submitted(uow, application_id)
    refuse_blocked_registration(uow, row.uscc)
    personal = vault.open(row.personal)
    link = None
    if row.kind == "registration":
        row.enterprise_id = register(uow, _registration(row), clock)
        link = _invite(uow, row.enterprise_id, personal, by, clock)
    elif row.enterprise_id is not None:
        current = uow.session.get_one(Enterprise, row.enterprise_id)
        wanted = replace(_registration(row), auto_submit=current.auto_submit, contact=current.contact)
        amend(uow, row.enterprise_id, wanted, clock)
    firm = uow.session.get_one(Enterprise, row.enterprise_id)
    firm.profile = {name: value for name, value in row.facts.items() if name not in ON_THE_ENTERPRISE}
    firm.personal = vault.seal(personal)
    _replace_licences(uow, firm.id, [licence_of(each) for each in row.licences], clock)
    _close(row, ApplicationState.APPROVED, clock)
    note_step(uow, vault, row, by.actor, "approved", clock, keep=True)
    return Approved(firm.id, certify(uow, firm.id, by.actor, clock), link)


def send_back(
    uow: UnitOfWork,
    vault: PersonalVault,
    application_id: UUID,
    reasons: Mapping[str, str],
    note: str,
    by: Principal,
    clock: Clock,
) -> None:
    """Return an application for mending. Raises ``Refused`` without any reason."""
    row = _submitted(uow, application_id)
    given = {name: reason.strip() for name, reason in reasons.items() if reason.strip()}
    if not given and not note.strip():
        raise Refused(Fault("/note", "reason_needed"))
    row.state = ApplicationState.RETURNED
    row.updated_at = clock.now()
    note_step(uow, vault, row, by.actor, "returned", clock, note.strip(), given)


def refuse(uow: UnitOfWork, vault: PersonalVault, application_id: UUID, reason: str, by: Principal, clock: Clock) -> None:
    """Refuse an application for good. Raises ``Refused`` without a reason."""
    row = _submitted(uow, application_id)
    if not reason.strip():
        raise Refused(Fault("/note", "reason_needed"))
    _close(row, ApplicationState.REFUSED, clock)
    note_step(uow, vault, row, by.actor, "refused", clock, reason.strip())


def start_amendment(uow: UnitOfWork, vault: PersonalVault, enterprise_id: UUID, by: Principal, clock: Clock) -> UUID:
    """Begin an amendment with what is registered now. Raises ``NotFound``, ``Refused`` when one is under way."""
    firm = uow.session.get(Enterprise, enterprise_id, with_for_update=True)
    if firm is None:
        raise NotFound(Fault("", "not_found"))
    refuse_blocked_registration(uow, firm.uscc)
    table = Application.metadata.tables["application"]
    under_way = table.c.state.in_(("draft", "submitted", "returned")) & (table.c.kind == "amendment")
    if uow.connection.execute(table.select().where(under_way, table.c.enterprise_id == enterprise_id)).first():
        raise Refused(Fault("", "amendment_under_way"))
    now = clock.now()
    row = Application(
        id=uuidv7(),
        reference=f"BG{now.astimezone(SHANGHAI):%Y%m%d}{uuidv7().hex[-6:].upper()}",
        kind="amendment",
        state=ApplicationState.DRAFT,
        enterprise_id=enterprise_id,
        roles=list(firm.roles),
        uscc=firm.uscc,
        name=firm.name,
        facts=_facts(firm),
        licences=[_kept(each) for each in _licences(uow, enterprise_id)],
        files=[],
        personal=firm.personal or vault.seal({}),
        created_at=now,
        updated_at=now,
    )
    uow.session.add(row)
    note_step(uow, vault, row, by.actor, "started", clock)
    return row.id


def certify(uow: UnitOfWork, enterprise_id: UUID, by: str, clock: Clock) -> str:
    """Issue a certificate of what is registered now, and revoke the one before; return its code."""
    firm = uow.session.get(Enterprise, enterprise_id)
    if firm is None:
        raise NotFound(Fault("", "not_found"))
    facts = {
        "name": firm.name,
        "name_en": firm.name_en,
        "uscc": firm.uscc,
        "customs_code": firm.customs_code or "",
        "roles": sorted(firm.roles),
        "node": firm.node,
        "registered_on": f"{firm.created_at.astimezone(SHANGHAI):%Y-%m-%d}",
    }
    known = live_paper(uow.connection, REGISTRATION, str(enterprise_id))
    if known is not None and known.facts == facts:
        return known.code
    revoke_papers(uow, REGISTRATION, str(enterprise_id), by, "replaced", clock)
    return issue_paper(uow, REGISTRATION, str(enterprise_id), facts, by, clock, enterprise_id)


def registered(uow: UnitOfWork, vault: PersonalVault, enterprise_id: UUID) -> dict[str, str | list[str]]:
    """Return what is registered now as a stating, to be compared with what an amendment wants."""
    firm = uow.session.get_one(Enterprise, enterprise_id)
    personal = vault.open(firm.personal) if firm.personal else {}
    return flat(firm.roles, {**_facts(firm), **personal}, _licences(uow, enterprise_id))


def _submitted(uow: UnitOfWork, application_id: UUID) -> Application:
    row = uow.session.get(Application, application_id, with_for_update=True)
    if row is None:
        raise NotFound(Fault("", "not_found"))
    if row.state != ApplicationState.SUBMITTED:
        raise Refused(Fault("", "application_decided", {"reference": row.reference}))
    return row


def _close(row: Application, state: ApplicationState, clock: Clock) -> None:
    row.state, row.decided_at, row.updated_at = state, clock.now(), clock.now()


def _registration(row: Application) -> Registration:
    facts = row.facts
    return Registration(
        uscc=facts["uscc"],
        name=facts["name"],
        roles=held_roles(row.roles),
        customs_code=facts.get("customs_code") or None,
        name_en=facts.get("name_en", ""),
        dxp_id=facts.get("dxp_id") or None,
        node=facts.get("node", ""),
    )


def _invite(uow: UnitOfWork, enterprise_id: UUID, personal: Mapping[str, str], by: Principal, clock: Clock) -> IssuedLink:
    invitation = Invitation(personal["contact_mail"], personal["contact_name"], Role.FIRM, enterprise_id)
    try:
        return invite(uow, invitation, by, clock)
    except Refused as refused:
        renamed = {"/login": "/contact_mail", "/name": "/contact_name"}
        raise Refused(*(Fault(renamed.get(f.pointer, f.pointer), f.code, f.params) for f in refused.faults)) from refused


def _facts(firm: Enterprise) -> dict[str, str | list[str]]:
    own = {name: getattr(firm, name) or "" for name in ON_THE_ENTERPRISE}
    return {**own, **firm.profile}


def _licences(uow: UnitOfWork, enterprise_id: UUID) -> list[Licence]:
    table = LicenceRow.metadata.tables["licence"]
    statement = table.select().where(table.c.enterprise_id == enterprise_id).order_by(table.c.id)
    return [
        Licence(row.kind, row.number, row.issued_by, row.issued_on, row.expires_on, str(row.file_id or ""))
        for row in uow.connection.execute(statement)
    ]


def _kept(licence: Licence) -> dict[str, str | None]:
    days = {"issued_on": licence.issued_on, "expires_on": licence.expires_on}
    texts = {"kind": licence.kind, "number": licence.number, "issued_by": licence.issued_by, "file_id": licence.file_id}
    return {**texts, **{name: day.isoformat() if day else None for name, day in days.items()}}


def _replace_licences(uow: UnitOfWork, enterprise_id: UUID, licences: Collection[Licence], clock: Clock) -> None:
    """Put what was approved in place of what is registered; a licence that stays as it was is not reminded of anew."""
    table = LicenceRow.metadata.tables["licence"]
    gone = delete(table).where(table.c.enterprise_id == enterprise_id).returning(table)
    told = {(row.kind, row.number, row.expires_on): row.reminded_days for row in uow.connection.execute(gone)}
    for each in licences:
        uow.session.add(
            LicenceRow(
                id=uuidv7(),
                enterprise_id=enterprise_id,
                kind=each.kind,
                number=each.number,
                issued_by=each.issued_by,
                issued_on=each.issued_on,
                expires_on=each.expires_on,
                file_id=UUID(each.file_id) if each.file_id else None,
                reminded_days=told.get((each.kind, each.number, each.expires_on)),
                created_at=clock.now(),
            )
        )
