"""Users: an officer invites and disables them, they choose their language and change their password."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import select

from ccezone.accounts.rules import (
    Principal,
    Purpose,
    Role,
    UserStatus,
    folded_login,
    password_faults,
    user_faults,
)
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.links import IssuedLink, new_link
from ccezone.accounts.service.secrets import hash_password, password_matches
from ccezone.accounts.tables import UserAccount, WebSession
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class Invitation:
    """A person to be let in; ``enterprise_id`` for firm users only, ``partner_id`` for a partner's."""

    login: str
    name: str
    role: str
    enterprise_id: UUID | None = None
    partner_id: UUID | None = None


def invite(uow: UnitOfWork, invitation: Invitation, by: Principal | None, clock: Clock) -> IssuedLink:
    """Add a user without a password and return the link to set one.

    Raises ``Refused``: bad or taken login, wrong role. Somebody (``by``) invites a firm's people, or one of the office without any
    power yet; only the system itself gives an invitation a role of the office, for its first people.
    """
    if by is not None and invitation.role not in (Role.FIRM, Role.UNASSIGNED):
        raise Refused(Fault("/role", "invite_other_power"))
    user = _add(uow, invitation, clock)
    record(uow, by, "user.invite", f"user:{user.id}", clock, {"role": invitation.role})
    return new_link(uow, user, Purpose.INVITE, clock)


def create_user(uow: UnitOfWork, invitation: Invitation, password: str, clock: Clock) -> UUID:
    """Add a user who can sign in at once (first officer, demo). Raises ``Refused``, also for a weak password."""
    faults = password_faults(password, folded_login(invitation.login))
    if faults:
        raise Refused(*faults)
    user = _add(uow, invitation, clock)
    user.password_hash = hash_password(password)
    user.status = UserStatus.ACTIVE
    uow.session.flush()
    record(uow, None, "user.create", f"user:{user.id}", clock, {"role": invitation.role})
    return user.id


def set_enabled(uow: UnitOfWork, user_id: UUID, enabled: bool, by: Principal, clock: Clock) -> None:
    """Disable a user, ending all sessions, or enable again. Raises ``NotFound``, ``Refused`` for oneself."""
    if by.user_id == user_id:
        raise Refused(Fault("", "not_yourself"))
    user = user_row(uow, user_id)
    back = UserStatus.ACTIVE if user.password_hash else UserStatus.INVITED
    user.status = back if enabled else UserStatus.DISABLED
    end_sessions(uow, user_id)
    record(uow, by, "user.enable" if enabled else "user.disable", f"user:{user_id}", clock)


def choose_locale(uow: UnitOfWork, user_id: UUID, locale: str) -> None:
    """Remember a user's language. Raises ``NotFound``."""
    user_row(uow, user_id).locale = locale


def change_password(uow: UnitOfWork, user_id: UUID, current: str, new: str, clock: Clock) -> None:
    """Change one's own password, given the current one. Raises ``Refused``."""
    user = user_row(uow, user_id)
    if not password_matches(user.password_hash, current):
        raise Refused(Fault("/current_password", "password_wrong"))
    faults = password_faults(new, user.login)
    if faults:
        raise Refused(*faults)
    user.password_hash = hash_password(new)
    record(uow, None, "user.password", f"user:{user_id}", clock)


def user_row(uow: UnitOfWork, user_id: UUID) -> UserAccount:
    """Return a user's row for change. Raises ``NotFound``."""
    user = uow.session.get(UserAccount, user_id)
    if user is None:
        raise NotFound(Fault("", "not_found"))
    return user


def end_sessions(uow: UnitOfWork, user_id: UUID) -> None:
    """End every session of a user."""
    table = WebSession.metadata.tables["web_session"]
    uow.connection.execute(delete(table).where(table.c.user_id == user_id))


def _add(uow: UnitOfWork, invitation: Invitation, clock: Clock) -> UserAccount:
    login = folded_login(invitation.login)
    faults = user_faults(login, invitation.name, invitation.role, invitation.enterprise_id, invitation.partner_id)
    if not faults and uow.session.exec(select(UserAccount).where(UserAccount.login == login)).first():
        faults.append(Fault("/login", "login_taken", {"value": login}))
    if faults:
        raise Refused(*faults)
    user = UserAccount(
        id=uuidv7(),
        login=login,
        name=invitation.name.strip(),
        role=Role(invitation.role),
        enterprise_id=invitation.enterprise_id,
        partner_id=invitation.partner_id,
        created_at=clock.now(),
    )
    uow.session.add(user)
    uow.session.flush()
    return user
