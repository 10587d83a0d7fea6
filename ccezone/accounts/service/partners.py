"""Partner organisations: the system administrator keeps them and invites their people, whose role another power grants."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import select

from ccezone.accounts.queries import forget_tokens
from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.rules.partners import ROLE_OF, PartnerKind, partner_faults
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.links import IssuedLink
from ccezone.accounts.service.roles import ask_role
from ccezone.accounts.service.users import Invitation, invite
from ccezone.accounts.tables import PartnerOrganisation
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from schemas.codes import code_list


@dataclass(frozen=True, slots=True)
class PartnerEntry:
    """A partner organisation as somebody enters it; an agency's code is one of the list of inspection agencies."""

    kind: str
    code: str
    name: str
    name_en: str = ""


def add_partner(uow: UnitOfWork, entry: PartnerEntry, by: Principal | None, clock: Clock) -> UUID:
    """Add a partner organisation; without ``by`` the system itself does. Raises ``Refused``: unknown kind or agency, code taken."""
    _permit(by)
    code = entry.code.strip()
    faults = partner_faults(entry.kind, code, entry.name)
    if not faults and entry.kind == PartnerKind.AGENCY and code not in code_list("inspection_agencies").codes:
        faults.append(Fault("/code", "inspection_agency_unknown", {"value": code}))
    same = select(PartnerOrganisation.id).where(PartnerOrganisation.kind == entry.kind, PartnerOrganisation.code == code)
    if not faults and uow.session.exec(same).first():
        faults.append(Fault("/code", "partner_known", {"value": code}))
    if faults:
        raise Refused(*faults)
    row = PartnerOrganisation(
        id=uuidv7(), kind=entry.kind, code=code, name=entry.name.strip(), name_en=entry.name_en.strip(), created_at=clock.now()
    )
    uow.session.add(row)
    uow.session.flush()
    record(uow, by, "partner.add", f"partner:{row.id}", clock, {"kind": entry.kind, "code": code})
    return row.id


def set_partner_active(uow: UnitOfWork, partner_id: UUID, active: bool, by: Principal, clock: Clock) -> None:
    """Suspend an organisation, which shuts out its people and machines at once, or let it in again. Raises ``NotFound``."""
    _permit(by)
    partner_row(uow, partner_id).active = active
    uow.session.flush()
    forget_tokens(uow.connection)
    record(uow, by, "partner.resume" if active else "partner.suspend", f"partner:{partner_id}", clock)


def invite_to_partner(
    uow: UnitOfWork, partner_id: UUID, login: str, name: str, reason: str, by: Principal, clock: Clock
) -> IssuedLink:
    """Invite somebody of an organisation, without any power, and ask for its role. Raises ``NotFound``, ``Refused``."""
    _permit(by)
    found = partner_row(uow, partner_id)
    if PartnerKind(found.kind) not in ROLE_OF:
        raise Refused(Fault("", "partner_without_people"))
    if not reason.strip():
        raise Refused(Fault("/reason", "required"))
    link = invite(uow, Invitation(login, name, Role.UNASSIGNED, partner_id=partner_id), by, clock)
    ask_role(uow, link.user_id, ROLE_OF[PartnerKind(found.kind)], reason, by, clock)
    return link


def partner_row(uow: UnitOfWork, partner_id: UUID) -> PartnerOrganisation:
    """Return an organisation's row for change. Raises ``NotFound``."""
    found = uow.session.get(PartnerOrganisation, partner_id)
    if found is None:
        raise NotFound(Fault("", "not_found"))
    return found


def _permit(by: Principal | None) -> None:
    if by is not None and not by.may(Permission.OFFICE_USERS_WRITE):
        raise NotAllowed(Fault("", "not_allowed"))
