"""Rows of applications: to be registered, or to have a registration amended; and every step of each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT, SEALED


class Application(SQLModel, table=True):
    """One application. ``facts`` are what is stated, ``personal`` the people, sealed; ``licences`` as stated.

    Without an account it is opened by ``reference`` and access code (``code_digest``), or by a link that works once
    (``link_digest``). ``version`` counts saves, so that two who edit at once notice. ``enterprise_id`` is the firm that wants
    an amendment, or the one an approval made.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("kind IN ('registration', 'amendment')", name="application_kind_known"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'refused', 'withdrawn')", name="application_state_known"
        ),
        CheckConstraint("cardinality(roles) > 0", name="application_has_a_role"),
        CheckConstraint("kind <> 'amendment' OR enterprise_id IS NOT NULL", name="application_amends_somebody"),
        Index("ix_application_state", "state", "submitted_at"),
        Index("ix_application_enterprise", "enterprise_id"),
        Index(
            "uq_application_amendment_open",
            "enterprise_id",
            unique=True,
            postgresql_where="kind = 'amendment' AND state IN ('draft', 'submitted', 'returned')",
        ),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    reference: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    kind: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    enterprise_id: UUID | None = Field(default=None, sa_column=Column(Uuid, ForeignKey("enterprise.id")))
    roles: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    uscc: str = Field(default="", sa_column=Column(Text, nullable=False, index=True))
    name: str = Field(default="", sa_type=Text)
    facts: dict[str, Any] = Field(sa_column=Column(DOCUMENT, nullable=False))
    licences: list[dict[str, Any]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    files: list[dict[str, Any]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    personal: bytes = Field(sa_column=Column(SEALED, nullable=False))
    code_digest: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    link_digest: bytes | None = Field(default=None, sa_column=Column(LargeBinary, unique=True))
    link_expires_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    locale: str = Field(default="zh", sa_type=Text)
    version: int = 1
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    updated_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    submitted_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    decided_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))


class ApplicationStep(SQLModel, table=True):
    """One step of an application: append-only. A submission keeps what was stated; a return its reasons by field."""

    __tablename__ = "application_step"
    __table_args__ = (Index("ix_application_step_application", "application_id", "id"),)

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    application_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("application.id"), nullable=False))
    at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    actor: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    reasons: dict[str, str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    stated: bytes | None = Field(default=None, sa_column=Column(SEALED))
