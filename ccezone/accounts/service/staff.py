"""A firm's own people: its administrators invite them with named permissions, change, disable and reset them.

Nobody gives what they do not hold, and a firm always keeps one active administrator.
"""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select

from ccezone.accounts.rules import STAFF, Permission, Principal, Role, UserStatus, held_permissions
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.links import IssuedLink, issue_link
from ccezone.accounts.service.users import Invitation, invite, set_enabled
from ccezone.accounts.tables import UserAccount
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.storage import UnitOfWork


def invite_staff(uow: UnitOfWork, login: str, name: str, permissions: Collection[str], by: Principal, clock: Clock) -> IssuedLink:
    """Invite somebody to one's own firm. Raises ``Refused``: bad or taken login, no permission, one that is not one's to give."""
    faults = _permission_faults(permissions, by, ())
    if by.enterprise_id is None or by.acting:
        raise NotFound(Fault("", "not_found"))
    if faults:
        raise Refused(*faults)
    link = invite(uow, Invitation(login, name, Role.FIRM, by.enterprise_id), by, clock)
    user = uow.session.get_one(UserAccount, link.user_id)
    user.permissions = sorted(permissions)
    record(uow, by, "user.permissions", f"user:{user.id}", clock, {"permissions": " ".join(sorted(permissions))})
    return link


def set_permissions(uow: UnitOfWork, user_id: UUID, permissions: Collection[str], by: Principal, clock: Clock) -> None:
    """Change what somebody of one's own firm may do. Raises ``NotFound``, ``Refused``: also for the last administrator."""
    user = _own(uow, user_id, by)
    before = held_permissions(Role.FIRM, user.permissions)
    faults = _permission_faults(permissions, by, before)
    if faults:
        raise Refused(*faults)
    if Permission.STAFF_WRITE not in permissions:
        _keep_an_administrator(uow, user)
    user.permissions = sorted(permissions)
    record(uow, by, "user.permissions", f"user:{user_id}", clock, {"permissions": " ".join(sorted(permissions))})


def enable_staff(uow: UnitOfWork, user_id: UUID, enabled: bool, by: Principal, clock: Clock) -> None:
    """Disable somebody of one's own firm, or enable again. Raises ``NotFound``, ``Refused``: oneself, the last administrator."""
    user = _own(uow, user_id, by)
    if not enabled:
        _keep_an_administrator(uow, user)
    set_enabled(uow, user_id, enabled, by, clock)


def reset_staff(uow: UnitOfWork, user_id: UUID, by: Principal, clock: Clock) -> IssuedLink:
    """Make a link to set a new password for somebody of one's own firm. Raises ``NotFound``."""
    return issue_link(uow, _own(uow, user_id, by).id, by, clock)


def _own(uow: UnitOfWork, user_id: UUID, by: Principal) -> UserAccount:
    """Return a user of the administrator's own firm; locked together with its other people, so that two at once cannot
    each remove the other's last administrator."""
    own = select(UserAccount).where(UserAccount.enterprise_id == by.enterprise_id).order_by(col(UserAccount.id)).with_for_update()
    users = [] if by.enterprise_id is None or by.acting else uow.session.exec(own).all()
    user = next((each for each in users if each.id == user_id), None)
    if user is None:
        raise NotFound(Fault("", "not_found"))
    return user


def _permission_faults(permissions: Collection[str], by: Principal, before: Collection[Permission]) -> list[Fault]:
    known = {each.value for each in STAFF}
    if not permissions:
        return [Fault("/permissions", "required")]
    faults = [Fault("/permissions", "unknown_permission", {"value": each}) for each in sorted(set(permissions) - known)]
    held = {each.value for each in by.permissions} | {each.value for each in before}
    beyond = sorted(set(permissions) & known - held)
    return faults + [Fault("/permissions", "not_yours_to_give", {"permission": each}) for each in beyond]


def _keep_an_administrator(uow: UnitOfWork, but: UserAccount) -> None:
    """Raise ``Refused`` when an active administrator is about to go and no other is left."""
    if not _administers(but):
        return
    others = select(UserAccount).where(UserAccount.enterprise_id == but.enterprise_id, UserAccount.id != but.id)
    if not any(_administers(each) for each in uow.session.exec(others)):
        raise Refused(Fault("/permissions", "last_staff_admin"))


def _administers(user: UserAccount) -> bool:
    return user.status == UserStatus.ACTIVE and Permission.STAFF_WRITE in held_permissions(Role.FIRM, user.permissions)
