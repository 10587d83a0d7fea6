"""Rows of users, their sessions and links, API credentials, and the audit trail. Secrets are stored as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT, SEALED, SMALL


def _owner() -> "Column[UUID]":
    return Column(Uuid, ForeignKey("user_account.id"), nullable=False, index=True)


def _moment() -> "Column[datetime]":
    return Column(MOMENT, nullable=False)


class UserAccount(SQLModel, table=True):
    """A person. ``enterprise_id`` names the enterprise of a firm user; the office has none.

    ``permissions`` narrows what the role may do; without it the person may do all of it.
    """

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint("login = lower(login)", name="user_account_login_folded"),
        CheckConstraint("role IN ('firm', 'zone_officer', 'auditor', 'admin')", name="user_account_role_known"),
        CheckConstraint("status IN ('invited', 'active', 'disabled')", name="user_account_status_known"),
        CheckConstraint("(role = 'firm') = (enterprise_id IS NOT NULL)", name="user_account_enterprise_for_firm"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    login: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    enterprise_id: UUID | None = Field(default=None, sa_column=Column(Uuid, index=True))
    permissions: list[str] | None = Field(default=None, sa_column=Column(ARRAY(Text)))
    password_hash: str | None = Field(default=None, sa_type=Text)
    locale: str = Field(default="", sa_type=Text)
    status: str = Field(default="invited", sa_type=Text)
    failed_attempts: int = 0
    locked_until: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    last_sign_in_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    created_at: datetime = Field(sa_column=_moment())


class WebSession(SQLModel, table=True):
    """A signed-in browser; ``digest`` is SHA-256 of the token in its cookie. ``acting_under`` names the authority of another
    firm in whose name its user works just now."""

    __tablename__ = "web_session"

    digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    user_id: UUID = Field(sa_column=_owner())
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    last_seen_at: datetime = Field(sa_column=_moment())
    ip: str = Field(default="", sa_type=Text)
    agent: str = Field(default="", sa_type=Text)
    acting_under: UUID | None = Field(default=None, sa_column=Column(Uuid))


class OneTimeLink(SQLModel, table=True):
    """An invitation or reset link; ``digest`` is SHA-256 of its token."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose IN ('invite', 'reset')", name="one_time_link_purpose_known"),)

    digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    user_id: UUID = Field(sa_column=_owner())
    purpose: str = Field(sa_type=Text)
    expires_at: datetime = Field(sa_column=_moment())
    used_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    created_at: datetime = Field(sa_column=_moment())


class ApiCredential(SQLModel, table=True):
    """A machine's key of one enterprise; ``hint`` is the start of the token, to recognise it by.

    After a rotation the token before it stands in ``previous_*`` and works until ``previous_until``.
    """

    __tablename__ = "api_credential"
    __table_args__ = (
        CheckConstraint("(previous_digest IS NULL) = (previous_until IS NULL)", name="api_credential_overlap_bounded"),
        UniqueConstraint("previous_digest", name="api_credential_previous_digest_unique"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    enterprise_id: UUID = Field(sa_column=Column(Uuid, nullable=False, index=True))
    name: str = Field(sa_type=Text)
    hint: str = Field(sa_type=Text)
    token_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    permissions: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    rotated_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    last_used_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    previous_hint: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    previous_digest: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    previous_until: datetime | None = Field(default=None, sa_column=Column(MOMENT))


class IdempotentAnswer(SQLModel, table=True):
    """What a request with an ``Idempotency-Key`` was answered, written in the transaction that did its work.

    ``request_digest`` is SHA-256 of the request; ``body`` is sealed, for answers may hold a token or a person's data.
    """

    __tablename__ = "idempotent_answer"
    __table_args__ = (Index("ix_idempotent_answer_expires_at", "expires_at"),)

    enterprise_id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    key: str = Field(sa_column=Column(Text, primary_key=True))
    request_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    status: int = Field(sa_type=SMALL)
    headers: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    body: bytes = Field(sa_column=Column(SEALED, nullable=False))
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())


class AuditEntry(SQLModel, table=True):
    """One thing somebody did that must be answerable for: append-only. ``detail`` never holds the personal value itself."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("audit_entry_by_subject", "subject", "id"),)

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    at: datetime = Field(sa_column=_moment())
    actor: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    detail: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
