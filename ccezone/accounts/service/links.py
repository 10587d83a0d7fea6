"""One-time links: an invitation or a reset is a random token, good once, for a while."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import select

from ccezone.accounts.queries import token_digest
from ccezone.accounts.rules import LINK_LIFE, Principal, Purpose, UserStatus, folded_login, password_faults
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.secrets import hash_password, new_token
from ccezone.accounts.tables import OneTimeLink, UserAccount
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A link as handed out once: the token itself is not stored."""

    token: str
    user_id: UUID
    login: str
    purpose: Purpose
    expires_at: datetime


def new_link(uow: UnitOfWork, user: UserAccount, purpose: Purpose, clock: Clock) -> IssuedLink:
    """Make a link for a user; links made before lose their worth."""
    now = clock.now()
    table = OneTimeLink.metadata.tables["one_time_link"]
    uow.connection.execute(delete(table).where(table.c.user_id == user.id, table.c.used_at.is_(None)))
    token = new_token()
    expires_at = now + LINK_LIFE[purpose]
    row = OneTimeLink(digest=token_digest(token), user_id=user.id, purpose=purpose, expires_at=expires_at, created_at=now)
    uow.session.add(row)
    return IssuedLink(token, user.id, user.login, purpose, expires_at)


def issue_link(uow: UnitOfWork, user_id: UUID, by: Principal, clock: Clock) -> IssuedLink:
    """Let an officer make a link to hand over: an invitation again, or a reset. Raises ``NotFound``."""
    user = uow.session.get(UserAccount, user_id)
    if user is None or user.status == UserStatus.DISABLED:
        raise NotFound(Fault("", "not_found"))
    purpose = Purpose.RESET if user.password_hash else Purpose.INVITE
    record(uow, by, f"link.{purpose}", f"user:{user_id}", clock)
    return new_link(uow, user, purpose, clock)


def request_reset(uow: UnitOfWork, login: str, clock: Clock) -> IssuedLink | None:
    """Make a reset link for whoever has this login; ``None`` when nobody has. The asker is told the same either way."""
    user = uow.session.exec(select(UserAccount).where(UserAccount.login == folded_login(login))).first()
    if user is None or user.status != UserStatus.ACTIVE:
        return None
    record(uow, None, "link.request", f"user:{user.id}", clock)
    return new_link(uow, user, Purpose.RESET, clock)


def accept(uow: UnitOfWork, token: str, password: str, clock: Clock) -> UUID:
    """Set the first or a new password by link, end old sessions, lift a lock. Raises ``Refused``: link or password bad."""
    user = _claim(uow, token, clock)
    faults = password_faults(password, user.login)
    if faults:
        raise Refused(*faults)
    table = UserAccount.metadata.tables["user_account"]
    values = {"password_hash": hash_password(password), "status": UserStatus.ACTIVE.value}
    fresh = {"failed_attempts": 0, "locked_until": None}
    uow.connection.execute(update(table).where(table.c.id == user.id).values({**values, **fresh}))
    sessions = UserAccount.metadata.tables["web_session"]
    uow.connection.execute(delete(sessions).where(sessions.c.user_id == user.id))
    record(uow, None, "link.accept", f"user:{user.id}", clock)
    return user.id


def _claim(uow: UnitOfWork, token: str, clock: Clock) -> UserAccount:
    """Use the link up: a conditional update, so that of two at once only one wins."""
    now = clock.now()
    table = OneTimeLink.metadata.tables["one_time_link"]
    unused = (table.c.digest == token_digest(token), table.c.used_at.is_(None), table.c.expires_at > now)
    statement = update(table).where(*unused).values(used_at=now).returning(table.c.user_id)
    user_id = uow.connection.execute(statement).scalar_one_or_none()
    user = uow.session.get(UserAccount, user_id) if user_id else None
    if user is None or user.status == UserStatus.DISABLED:
        raise Refused(Fault("/token", "link_spent"))
    return user
