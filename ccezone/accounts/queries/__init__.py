"""Read models of accounts: who a cookie or a token stands for, users, sessions, credentials; ``audit``: the audit trail."""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, Table, and_, or_, select
from sqlmodel import SQLModel

from ccezone.accounts import tables  # noqa: F401 - declares the tables
from ccezone.accounts.queries.audit import AuditView, audit_of
from ccezone.accounts.rules import SESSION_IDLE, Permission, Principal, Role, UserStatus, folded_login, held_permissions

__all__ = ["AuditView", "audit_of"]  # and what is defined here

FRESH_SECONDS = 5.0
_REMEMBERED = 10_000  # strangers' tokens must not fill the memory

_users = SQLModel.metadata.tables["user_account"]
_sessions = SQLModel.metadata.tables["web_session"]
_links = SQLModel.metadata.tables["one_time_link"]
_credentials = SQLModel.metadata.tables["api_credential"]
_partners = SQLModel.metadata.tables["partner"]
_MACHINES = {"bank": Role.BANK}
"""What the machines of a partner are; those of others have no role, only the permissions of their credential."""
_SHUT_OUT = select(_partners.c.id).where(_partners.c.active.is_(False))


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session in use, whose it is, and the authority of another firm its user works under just now."""

    principal: Principal
    last_seen_at: datetime
    acting_under: UUID | None = None


@dataclass(frozen=True, slots=True)
class UserView:
    """A user as officers see one."""

    id: UUID
    login: str
    name: str
    role: str
    enterprise_id: UUID | None
    status: str
    locked_until: datetime | None
    last_sign_in_at: datetime | None
    created_at: datetime
    permissions: list[str] | None
    node: str
    partner_id: UUID | None

    @property
    def held(self) -> frozenset[Permission]:
        """What the user may do."""
        return held_permissions(Role(self.role), self.permissions)


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its owner sees it."""

    digest: bytes
    created_at: datetime
    last_seen_at: datetime
    ip: str
    agent: str


@dataclass(frozen=True, slots=True)
class CredentialView:
    """An API credential as its enterprise sees it; the token is known to nobody.

    The token before the last rotation (``previous_hint``) works until ``previous_until``.
    """

    id: UUID
    name: str
    hint: str
    permissions: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    rotated_at: datetime | None
    last_used_at: datetime | None
    previous_hint: str
    previous_until: datetime | None

    def works(self, now: datetime) -> bool:
        """Say whether its token is taken now."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class LinkView:
    """A one-time link that may still be used."""

    login: str
    name: str
    purpose: str


_tokens: WeakKeyDictionary[Engine, dict[bytes, tuple[float, Principal | None]]] = WeakKeyDictionary()


def token_digest(token: str) -> bytes:
    """Digest a random token as it is stored."""
    return hashlib.sha256(token.encode()).digest()


def authenticate_token(
    connection: Connection, token: str, now: datetime, monotonic: Callable[[], float] = time.monotonic
) -> Principal | None:
    """Return whom an API token stands for, at most ``FRESH_SECONDS`` old; ``None``: unknown, expired or revoked."""
    digest = token_digest(token)
    remembered = _tokens.setdefault(connection.engine, {})
    tick = monotonic()
    known = remembered.get(digest)
    if known is not None and tick - known[0] < FRESH_SECONDS:
        return known[1]
    if len(remembered) >= _REMEMBERED:
        remembered.clear()
    principal = _credential_principal(connection, digest, now)
    remembered[digest] = (tick, principal)
    return principal


def forget_tokens(connection: Connection) -> None:
    """Drop what is remembered of tokens: a credential has changed."""
    _tokens.pop(connection.engine, None)


def authenticate_session(connection: Connection, token: str, now: datetime) -> LiveSession | None:
    """Return whose session a cookie's token opens; ``None``: unknown, ended, expired, idle too long, user disabled."""
    statement = (
        select(_users, _sessions.c.last_seen_at, _sessions.c.acting_under)
        .join(_sessions, _sessions.c.user_id == _users.c.id)
        .where(
            _sessions.c.digest == token_digest(token),
            _sessions.c.expires_at > now,
            _sessions.c.last_seen_at > now - SESSION_IDLE,
            _users.c.status == UserStatus.ACTIVE,
            or_(_users.c.partner_id.is_(None), _users.c.partner_id.not_in(_SHUT_OUT)),
        )
    )
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else LiveSession(_user_principal(row), row["last_seen_at"], row["acting_under"])


def link(connection: Connection, token: str, now: datetime) -> LinkView | None:
    """Return what a one-time link is for, when it may still be used."""
    statement = (
        select(_users.c.login, _users.c.name, _links.c.purpose)
        .join(_links, _links.c.user_id == _users.c.id)
        .where(
            _links.c.digest == token_digest(token),
            _links.c.used_at.is_(None),
            _links.c.expires_at > now,
            _users.c.status != UserStatus.DISABLED,
        )
    )
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else LinkView(**row)


def user(connection: Connection, user_id: UUID) -> UserView | None:
    """Return one user."""
    row = connection.execute(_select(UserView, _users).where(_users.c.id == user_id)).mappings().one_or_none()
    return None if row is None else UserView(**row)


def user_by_login(connection: Connection, login: str) -> UserView | None:
    """Return the user with this login, however it is written."""
    statement = _select(UserView, _users).where(_users.c.login == folded_login(login))
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else UserView(**row)


def names_of(connection: Connection, user_ids: Collection[UUID | None]) -> Mapping[UUID, str]:
    """Return the names of users by id."""
    statement = select(_users.c.id, _users.c.name).where(_users.c.id.in_({each for each in user_ids if each is not None}))
    return {row.id: row.name for row in connection.execute(statement)}


def search_users(
    connection: Connection,
    text: str = "",
    enterprise_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
    roles: Collection[Role] | None = None,
    partner_id: UUID | None = None,
) -> Sequence[UserView]:
    """Return users whose login or name contains ``text``, newest first, after a cursor; of one enterprise or role, or all."""
    statement = _select(UserView, _users).order_by(_users.c.id.desc()).limit(limit)
    if text:
        statement = statement.where(or_(*(c.icontains(text, autoescape=True) for c in (_users.c.login, _users.c.name))))
    if enterprise_id is not None:
        statement = statement.where(_users.c.enterprise_id == enterprise_id)
    if partner_id is not None:
        statement = statement.where(_users.c.partner_id == partner_id)
    if roles is not None:
        statement = statement.where(_users.c.role.in_(roles))
    if after is not None:
        statement = statement.where(_users.c.id < after)
    return [UserView(**row) for row in connection.execute(statement).mappings()]


def sessions_of(connection: Connection, user_id: UUID, now: datetime) -> Sequence[SessionView]:
    """Return a user's live sessions, the last used first."""
    live = (_sessions.c.expires_at > now, _sessions.c.last_seen_at > now - SESSION_IDLE)
    statement = _select(SessionView, _sessions).where(_sessions.c.user_id == user_id, *live)
    ordered = statement.order_by(_sessions.c.last_seen_at.desc())
    return [SessionView(**row) for row in connection.execute(ordered).mappings()]


def credentials_of(connection: Connection, enterprise_id: UUID) -> Sequence[CredentialView]:
    """Return the API credentials of an enterprise or a partner, newest first."""
    statement = _select(CredentialView, _credentials).where(_owned_by(enterprise_id))
    rows = connection.execute(statement.order_by(_credentials.c.id.desc())).mappings()
    return [CredentialView(**row) for row in rows]


def credential(connection: Connection, enterprise_id: UUID, credential_id: UUID) -> CredentialView | None:
    """Return one API credential of an enterprise; another's looks like none."""
    own = (_owned_by(enterprise_id), _credentials.c.id == credential_id)
    row = connection.execute(_select(CredentialView, _credentials).where(*own)).mappings().one_or_none()
    return None if row is None else CredentialView(**row)


def _owned_by(owner_id: UUID) -> ColumnElement[bool]:
    """Of an enterprise, or of a partner: ids of one are never those of the other."""
    return or_(_credentials.c.enterprise_id == owner_id, _credentials.c.partner_id == owner_id)


def _credential_principal(connection: Connection, digest: bytes, now: datetime) -> Principal | None:
    unexpired = or_(_credentials.c.expires_at.is_(None), _credentials.c.expires_at > now)
    overlapping = and_(_credentials.c.previous_digest == digest, _credentials.c.previous_until > now)
    good = (or_(_credentials.c.token_digest == digest, overlapping), _credentials.c.revoked_at.is_(None), unexpired)
    let_in = or_(_credentials.c.partner_id.is_(None), _credentials.c.partner_id.not_in(_SHUT_OUT))
    of_partner = _credentials.join(_partners, _partners.c.id == _credentials.c.partner_id, isouter=True)
    statement = select(_credentials, _partners.c.kind.label("partner_kind")).select_from(of_partner).where(*good, let_in)
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        return None
    permissions = frozenset(Permission(name) for name in row["permissions"])
    role = _MACHINES.get(row["partner_kind"], Role.UNASSIGNED) if row["partner_id"] else Role.FIRM
    known = {"credential_id": row["id"], "name": row["name"], "partner_id": row["partner_id"]}
    return Principal(role, row["enterprise_id"], permissions, **known)


def _user_principal(row: RowMapping) -> Principal:
    role = Role(row["role"])
    return Principal(
        role,
        row["enterprise_id"],
        held_permissions(role, row["permissions"]),
        user_id=row["id"],
        name=row["name"],
        login=row["login"],
        locale=row["locale"],
        node=row["node"],
        partner_id=row["partner_id"],
    )


def _select(view: type[Any], table: Table) -> Select[tuple[object, ...]]:
    return select(*(table.c[field.name] for field in fields(view)))
