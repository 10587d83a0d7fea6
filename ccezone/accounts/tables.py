"""Rows of users, their sessions and links, API credentials, and the audit trail. Secrets are stored as digests only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT, SEALED, SMALL


def _owner() -> "Column[UUID]":
    return Column(Uuid, ForeignKey("user_account.id"), nullable=False, index=True)


def _partner(name: str) -> "Column[UUID]":
    return Column(Uuid, ForeignKey("partner.id", name=name), nullable=True, index=True)


def _moment() -> "Column[datetime]":
    return Column(MOMENT, nullable=False)


class PartnerOrganisation(SQLModel, table=True):
    """A bank, a tax bureau or an inspection agency whose people work here, or a data provider whose machines send feeds: ``code``
    names it among its kind, an agency's is that of the code list. Suspended, its people and machines are shut out at once."""

    __tablename__ = "partner"
    __table_args__ = (
        CheckConstraint("kind IN ('bank', 'tax_bureau', 'agency', 'data_provider')", name="partner_kind_known"),
        UniqueConstraint("kind", "code", name="partner_code_unique"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    kind: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    name_en: str = Field(default="", sa_type=Text)
    active: bool = True
    created_at: datetime = Field(sa_column=_moment())


class UserAccount(SQLModel, table=True):
    """A person. ``enterprise_id`` names the enterprise of a firm user, ``partner_id`` the organisation of a partner's.

    ``permissions`` narrows what the role may do; without it the person may do all of it. ``node`` is the node of somebody of
    the office, who sees the firms of it and of the nodes under it; empty: the whole zone.
    """

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint("login = lower(login)", name="user_account_login_folded"),
        CheckConstraint(
            "role IN ('firm', 'zone_officer', 'auditor', 'admin', 'security_admin', 'audit_admin', 'bank', 'tax_officer', "
            "'agency', 'unassigned')",
            name="user_account_role_known",
        ),
        CheckConstraint(
            "CASE WHEN role IN ('bank', 'tax_officer', 'agency') THEN partner_id IS NOT NULL "
            "ELSE partner_id IS NULL OR role = 'unassigned' END",
            name="user_account_partner_for_partners",
        ),
        CheckConstraint("status IN ('invited', 'active', 'disabled')", name="user_account_status_known"),
        CheckConstraint("(role = 'firm') = (enterprise_id IS NOT NULL)", name="user_account_enterprise_for_firm"),
        CheckConstraint("role <> 'firm' OR node = ''", name="user_account_node_of_the_office"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    login: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    enterprise_id: UUID | None = Field(default=None, sa_column=Column(Uuid, index=True))
    partner_id: UUID | None = Field(default=None, sa_column=_partner("user_account_partner_fkey"))
    permissions: list[str] | None = Field(default=None, sa_column=Column(ARRAY(Text)))
    password_hash: str | None = Field(default=None, sa_type=Text)
    locale: str = Field(default="", sa_type=Text)
    status: str = Field(default="invited", sa_type=Text)
    failed_attempts: int = 0
    locked_until: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    last_sign_in_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    created_at: datetime = Field(sa_column=_moment())
    node: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


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
    """A machine's key of one enterprise, or of one partner organisation; ``hint`` is the start of the token, to recognise it by.

    After a rotation the token before it stands in ``previous_*`` and works until ``previous_until``.
    """

    __tablename__ = "api_credential"
    __table_args__ = (
        CheckConstraint("(previous_digest IS NULL) = (previous_until IS NULL)", name="api_credential_overlap_bounded"),
        UniqueConstraint("previous_digest", name="api_credential_previous_digest_unique"),
        CheckConstraint("num_nonnulls(enterprise_id, partner_id) = 1", name="api_credential_of_one"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    enterprise_id: UUID | None = Field(default=None, sa_column=Column(Uuid, nullable=True, index=True))
    partner_id: UUID | None = Field(default=None, sa_column=_partner("api_credential_partner_fkey"))
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

    enterprise_id: UUID = Field(sa_column=Column(Uuid, primary_key=True))  # whoever asked: an enterprise or a partner
    key: str = Field(sa_column=Column(Text, primary_key=True))
    request_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    status: int = Field(sa_type=SMALL)
    headers: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    body: bytes = Field(sa_column=Column(SEALED, nullable=False))
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())


class AuditEntry(SQLModel, table=True):
    """One thing somebody saw or did that must be answerable for: append-only. ``detail`` never holds the personal value itself.

    ``number`` counts without a gap; ``former`` is the digest of the entry before, ``digest`` that of this one in its place.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("number", name="audit_entry_number_unique"),
        CheckConstraint("number IS NOT NULL AND former IS NOT NULL AND digest IS NOT NULL", name="audit_entry_chained"),
        Index("audit_entry_by_subject", "subject", "id"),
        Index("ix_audit_entry_actor", "actor", "number"),
        Index("ix_audit_entry_at", "at"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    number: int = Field(sa_column=Column(BigInteger))
    at: datetime = Field(sa_column=_moment())
    actor: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    detail: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    former: bytes = Field(sa_column=Column(LargeBinary))
    digest: bytes = Field(sa_column=Column(LargeBinary))


class AuditHead(SQLModel, table=True):
    """The end of the trail, one row: whoever appends holds it, and a trail cut off behind it is found out."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="audit_head_is_one"),)

    id: int = Field(sa_column=Column(SMALL, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(BigInteger, nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AuditVerification(SQLModel, table=True):
    """One check of the whole trail: how far it went, the digest it found there, and the places that did not hold.

    What a check found is held against the trail by the next: a trail written anew from end to end does not pass.
    """

    __tablename__ = "audit_verification"

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    started_at: datetime = Field(sa_column=_moment())
    finished_at: datetime = Field(sa_column=_moment())
    number: int = Field(sa_column=Column(BigInteger, nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    found: int = Field(sa_column=Column(BigInteger, nullable=False))
    breaks: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    asked_by: str = Field(sa_type=Text)


class RoleRequest(SQLModel, table=True):
    """A role asked for by the system administrator for somebody of the office, to be granted or refused by another's power."""

    __tablename__ = "role_request"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'granted', 'refused', 'withdrawn')", name="role_request_state_known"),
        Index("ix_role_request_state", "state", "id"),
        Index("ix_role_request_one_waiting", "user_id", unique=True, postgresql_where="state = 'waiting'"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    user_id: UUID = Field(sa_column=_owner())
    role: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    state: str = Field(default="waiting", sa_type=Text)
    asked_by: UUID = Field(sa_column=Column(Uuid, nullable=False))
    asked_at: datetime = Field(sa_column=_moment())
    decided_by: UUID | None = Field(default=None, sa_column=Column(Uuid))
    decided_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    note: str = Field(default="", sa_type=Text)
