"""Roles of the office's people: the system administrator asks for one, the security administrator grants, refuses or takes away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from ccezone.accounts.rules import GRANTABLE, Permission, Principal, Role, UserStatus
from ccezone.accounts.rules.partners import ROLE_OF, PartnerKind
from ccezone.accounts.rules.powers import ADMINISTRATORS, RequestState, grant_faults, wanted_faults
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.links import IssuedLink, issue_link
from ccezone.accounts.service.users import Invitation, end_sessions, invite, set_enabled, user_row
from ccezone.accounts.tables import PartnerOrganisation, RoleRequest, UserAccount
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork

_AFTER_A_LINK = "重发登录链接后须重新授予原角色 / after a new link the former role must be granted again"


@dataclass(frozen=True, slots=True)
class RoleMoved:
    """News: a role was asked for (``waiting``), or it was decided what becomes of the request."""

    request_id: UUID
    user_id: UUID
    asked_by: UUID
    role: Role
    state: RequestState
    note: str
    at: datetime


def add_officer(uow: UnitOfWork, login: str, name: str, role: str, reason: str, by: Principal, clock: Clock) -> IssuedLink:
    """Add somebody to the office, without any power, and ask for a role. Raises ``Refused``: bad or taken login, unknown role."""
    _permit(by, Permission.OFFICE_USERS_WRITE)
    faults = wanted_faults(role, Role.UNASSIGNED, reason, GRANTABLE)
    if faults:
        raise Refused(*faults)
    link = invite(uow, Invitation(login, name, Role.UNASSIGNED), by, clock)
    ask_role(uow, link.user_id, role, reason, by, clock)
    return link


def ask_role(uow: UnitOfWork, user_id: UUID, role: str, reason: str, by: Principal, clock: Clock) -> UUID:
    """Ask for a role for somebody of the office; return the request's id. Raises ``NotFound``, ``Refused``."""
    asker = _permit(by, Permission.OFFICE_USERS_WRITE)
    user = _officer(uow, user_id)
    faults = wanted_faults(role, Role(user.role), reason, _offered(uow, user))
    if faults:
        raise Refused(*faults)
    row = RoleRequest(id=uuidv7(), user_id=user_id, role=role, reason=reason.strip()[:500], asked_by=asker, asked_at=clock.now())
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
    except IntegrityError:
        raise Refused(Fault("/role", "role_asked_already")) from None
    record(uow, by, "role.ask", f"user:{user_id}", clock, {"role": role, "request": str(row.id)})
    _tell(uow, row, clock)
    return row.id


def grant_role(uow: UnitOfWork, request_id: UUID, by: Principal, clock: Clock) -> None:
    """Grant what was asked for; whoever gets it signs in anew. Raises ``NotFound``, ``Refused``: for oneself, a second power."""
    granter = _permit(by, Permission.ROLES_GRANT)
    row = _waiting(uow, request_id)
    user = _officer(uow, row.user_id)
    if granter in (row.user_id, row.asked_by):
        raise Refused(Fault("", "four_eyes"))
    before, wanted = Role(user.role), Role(row.role)
    others = [(Role(each.role), each.name) for each in _active(uow) if each.id != user.id]
    faults = grant_faults(wanted, before, user.name, others)
    if faults:
        raise Refused(*faults)
    _keep_one(uow, user)
    _set(uow, user, wanted)
    _close(uow, row, RequestState.GRANTED, granter, clock)
    record(uow, by, "role.grant", f"user:{user.id}", clock, {"role": wanted, "before": before, "request": str(row.id)})


def refuse_role(uow: UnitOfWork, request_id: UUID, note: str, by: Principal, clock: Clock) -> None:
    """Refuse what was asked for, with a reason. Raises ``NotFound``, ``Refused``."""
    granter = _permit(by, Permission.ROLES_GRANT)
    row = _waiting(uow, request_id)
    if not note.strip():
        raise Refused(Fault("/note", "required"))
    _close(uow, row, RequestState.REFUSED, granter, clock, note)
    record(uow, by, "role.refuse", f"user:{row.user_id}", clock, {"role": row.role, "request": str(row.id)})


def withdraw_role(uow: UnitOfWork, request_id: UUID, by: Principal, clock: Clock) -> None:
    """Take back what was asked for. Raises ``NotFound``, ``Refused``."""
    asker = _permit(by, Permission.OFFICE_USERS_WRITE)
    row = _waiting(uow, request_id)
    _close(uow, row, RequestState.WITHDRAWN, asker, clock)
    record(uow, by, "role.withdraw", f"user:{row.user_id}", clock, {"role": row.role, "request": str(row.id)})


def remove_role(uow: UnitOfWork, user_id: UUID, by: Principal, clock: Clock) -> None:
    """Take somebody's role away at once. Raises ``NotFound``; ``Refused`` for oneself and the last with one of the three powers."""
    _permit(by, Permission.ROLES_GRANT)
    user = _officer(uow, user_id)
    if by.user_id == user_id:
        raise Refused(Fault("", "not_yourself"))
    _keep_one(uow, user)
    before = user.role
    _set(uow, user, Role.UNASSIGNED)
    record(uow, by, "role.remove", f"user:{user_id}", clock, {"before": before})


def enable_officer(uow: UnitOfWork, user_id: UUID, enabled: bool, by: Principal, clock: Clock) -> None:
    """Disable somebody of the office, or enable again. Raises ``NotFound``, ``Refused``: oneself, the last of a power."""
    _permit(by, Permission.OFFICE_USERS_WRITE)
    user = _officer(uow, user_id)
    if not enabled:
        _keep_one(uow, user)
    set_enabled(uow, user_id, enabled, by, clock)


def relink_officer(uow: UnitOfWork, user_id: UUID, by: Principal, clock: Clock) -> IssuedLink:
    """Make a link for somebody of the office. Their role is taken away and asked for again: whoever holds the link must not
    hold the power, for the one who makes it sees it. Raises ``NotFound``, ``Refused``: oneself, the last of a power."""
    _permit(by, Permission.OFFICE_USERS_WRITE)
    user = _officer(uow, user_id)
    if by.user_id == user_id:
        raise Refused(Fault("", "not_yourself"))
    former = Role(user.role)
    if former is not Role.UNASSIGNED:
        _keep_one(uow, user)
        _set(uow, user, Role.UNASSIGNED)
        uow.session.flush()
        if not _asked(uow, user_id):
            ask_role(uow, user_id, former, _AFTER_A_LINK, by, clock)
    return issue_link(uow, user_id, by, clock)


def _permit(by: Principal, permission: Permission) -> UUID:
    if by.user_id is None or not by.may(permission):
        raise NotAllowed(Fault("", "not_allowed"))
    return by.user_id


def _officer(uow: UnitOfWork, user_id: UUID) -> UserAccount:
    user = user_row(uow, user_id)
    if user.role == Role.FIRM:
        raise NotFound(Fault("", "not_found"))
    return user


def _offered(uow: UnitOfWork, user: UserAccount) -> Sequence[Role]:
    """What somebody may be: of the office, or what the people of their organisation are."""
    if user.partner_id is None:
        return GRANTABLE
    return (ROLE_OF[PartnerKind(uow.session.get_one(PartnerOrganisation, user.partner_id).kind)],)


def _waiting(uow: UnitOfWork, request_id: UUID) -> RoleRequest:
    row = uow.session.get(RoleRequest, request_id, with_for_update=True)
    if row is None:
        raise NotFound(Fault("", "not_found"))
    if row.state != RequestState.WAITING:
        raise Refused(Fault("", "proposal_decided"))
    return row


def _asked(uow: UnitOfWork, user_id: UUID) -> bool:
    waiting = select(RoleRequest.id).where(RoleRequest.user_id == user_id, RoleRequest.state == RequestState.WAITING)
    return uow.session.exec(waiting).first() is not None


def _active(uow: UnitOfWork) -> list[UserAccount]:
    """Everybody who holds a power, locked: two at once must not remove each other, nor take two powers."""
    held = col(UserAccount.role).in_([each.value for each in ADMINISTRATORS])
    rows = uow.session.exec(select(UserAccount).where(held).order_by(col(UserAccount.id)).with_for_update()).all()
    return [row for row in rows if row.status != UserStatus.DISABLED]


def _keep_one(uow: UnitOfWork, but: UserAccount) -> None:
    """Raise ``Refused`` when the last one who can sign in with a power is about to lose it."""
    if Role(but.role) not in ADMINISTRATORS or but.status != UserStatus.ACTIVE:
        return
    others = [each for each in _active(uow) if each.id != but.id and each.role == but.role]
    if not any(each.status == UserStatus.ACTIVE for each in others):
        raise Refused(Fault("", "last_administrator"))


def _set(uow: UnitOfWork, user: UserAccount, role: Role) -> None:
    user.role, user.permissions = role, None
    end_sessions(uow, user.id)


def _close(uow: UnitOfWork, row: RoleRequest, state: RequestState, by: UUID, clock: Clock, note: str = "") -> None:
    row.state, row.decided_by, row.decided_at, row.note = state, by, clock.now(), note.strip()[:500]
    _tell(uow, row, clock)


def _tell(uow: UnitOfWork, row: RoleRequest, clock: Clock) -> None:
    state, role = RequestState(row.state), Role(row.role)
    uow.publish(RoleMoved(row.id, row.user_id, row.asked_by, role, state, row.note, clock.now()))
