"""Rows of users, their sessions and links, API credentials, and the audit trail. Secrets are stored as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT


def _owner() -> "Column[UUID]":
    return Column(Uuid, ForeignKey("user_account.id"), nullable=False, index=True)


def _moment() -> "Column[datetime]":
    return Column(MOMENT, nullable=False)


class UserAccount(SQLModel, table=True):
    """A person. ``enterprise_id`` names the enterprise of a firm user; the office has none."""

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
    password_hash: str | None = Field(default=None, sa_type=Text)
    locale: str = Field(default="", sa_type=Text)
    status: str = Field(default="invited", sa_type=Text)
    failed_attempts: int = 0
    locked_until: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    last_sign_in_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    created_at: datetime = Field(sa_column=_moment())


class WebSession(SQLModel, table=True):
    """A signed-in browser; ``digest`` is SHA-256 of the token in its cookie."""

    __tablename__ = "web_session"

    digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    user_id: UUID = Field(sa_column=_owner())
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    last_seen_at: datetime = Field(sa_column=_moment())
    ip: str = Field(default="", sa_type=Text)
    agent: str = Field(default="", sa_type=Text)


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
    """A machine's key of one enterprise; ``hint`` is the start of the token, to recognise it by."""

    __tablename__ = "api_credential"

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    enterprise_id: UUID = Field(sa_column=Column(Uuid, nullable=False, index=True))
    name: str = Field(sa_type=Text)
    hint: str = Field(sa_type=Text)
    token_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    permissions: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))


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
