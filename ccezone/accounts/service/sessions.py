"""Sessions: signing in with lock-out, staying signed in, signing out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import select

from ccezone.accounts.queries import token_digest
from ccezone.accounts.rules import SEEN_AGAIN, SESSION_IDLE, SESSION_LIFE, Principal, Role, UserStatus, folded_login, lock_until
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.secrets import new_token, password_matches
from ccezone.accounts.tables import PartnerOrganisation, UserAccount, WebSession
from ccezone.kernel.clock import Clock
from ccezone.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; the token goes into the cookie and is not stored."""

    token: str
    user_id: UUID
    role: str
    locale: str
    expires_at: datetime


def sign_in(uow: UnitOfWork, login: str, password: str, clock: Clock, ip: str = "", agent: str = "") -> SignedIn | None:
    """Open a session, or return ``None``: unknown login, wrong password, locked and disabled all look the same.

    A failure is counted, so this must be committed; after five in a row the login is locked for a quarter of an hour.
    """
    now = clock.now()
    statement = select(UserAccount).where(UserAccount.login == folded_login(login)).with_for_update()
    user = uow.session.exec(statement).first()
    right = password_matches(user.password_hash if user else None, password)
    if user is None or user.status != UserStatus.ACTIVE or _shut_out(uow, user) or (user.locked_until and user.locked_until > now):
        return None
    if not right:
        user.failed_attempts += 1
        user.locked_until = lock_until(user.failed_attempts, now)
        record(uow, None, "session.lock" if user.locked_until else "session.refuse", f"user:{user.id}", clock, {"ip": ip[:64]})
        return None
    user.failed_attempts = 0
    user.locked_until = None
    user.last_sign_in_at = now
    person = Principal(Role(user.role), user.enterprise_id, frozenset(), user_id=user.id)
    record(uow, person, "session.open", f"user:{user.id}", clock, {"ip": ip[:64]})
    return _open(uow, user, now, ip, agent)


def keep_alive(uow: UnitOfWork, token: str, last_seen_at: datetime, clock: Clock) -> None:
    """Note that a session is in use, at most once a minute."""
    now = clock.now()
    if now - last_seen_at >= SEEN_AGAIN:
        table = WebSession.metadata.tables["web_session"]
        uow.connection.execute(update(table).where(table.c.digest == token_digest(token)).values(last_seen_at=now))


def sign_out(uow: UnitOfWork, token: str) -> None:
    """End a session; one that is over already is fine."""
    table = WebSession.metadata.tables["web_session"]
    uow.connection.execute(delete(table).where(table.c.digest == token_digest(token)))


def work_under(uow: UnitOfWork, token: str, authority_id: UUID | None) -> None:
    """Remember under whose authority this session works; ``None``: for one's own firm. Whether one may is judged elsewhere."""
    table = WebSession.metadata.tables["web_session"]
    uow.connection.execute(update(table).where(table.c.digest == token_digest(token)).values(acting_under=authority_id))


def end_other_sessions(uow: UnitOfWork, user_id: UUID, token: str) -> int:
    """End all sessions of a user but this one; return how many."""
    table = WebSession.metadata.tables["web_session"]
    others = (table.c.user_id == user_id, table.c.digest != token_digest(token))
    return uow.connection.execute(delete(table).where(*others)).rowcount


def _shut_out(uow: UnitOfWork, user: UserAccount) -> bool:
    return user.partner_id is not None and not uow.session.get_one(PartnerOrganisation, user.partner_id).active


def _open(uow: UnitOfWork, user: UserAccount, now: datetime, ip: str, agent: str) -> SignedIn:
    table = WebSession.metadata.tables["web_session"]
    over = (table.c.expires_at <= now) | (table.c.last_seen_at <= now - SESSION_IDLE)
    uow.connection.execute(delete(table).where(table.c.user_id == user.id, over))
    token = new_token()
    expires_at = now + SESSION_LIFE
    uow.session.add(
        WebSession(
            digest=token_digest(token),
            user_id=user.id,
            created_at=now,
            expires_at=expires_at,
            last_seen_at=now,
            ip=ip[:64],
            agent=agent[:200],
        )
    )
    return SignedIn(token, user.id, user.role, user.locale, expires_at)
