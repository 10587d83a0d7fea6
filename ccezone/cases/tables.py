"""Rows of exception cases and their history, of upstream systems as seen and their outages, and of files."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT, SEALED, SMALL


class ExceptionCase(SQLModel, table=True):
    """One case about one subject; only one of a kind is open for a subject at a time.

    ``awaiting`` says who is asked: ``firm`` while a question is open, ``office`` once it is answered. ``cause`` is one of the code
    list ``case_causes``, ``closing_cause`` the officer's words.
    """

    __tablename__ = "exception_case"
    __table_args__ = (
        Index("uq_exception_case_open", "kind", "subject_kind", "subject", unique=True, postgresql_where="closed_at IS NULL"),
        Index("ix_exception_case_opened", "opened_at"),
        Index("ix_exception_case_queue", "priority", "due_at", "id", postgresql_where="closed_at IS NULL"),
        Index("ix_exception_case_enterprise", "enterprise_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    subject_kind: str
    subject: int = Field(sa_type=BigInteger)
    enterprise_id: UUID | None
    opened_at: datetime = Field(sa_type=MOMENT)
    detail: dict[str, Any] = Field(sa_type=DOCUMENT)
    priority: int = Field(default=2, sa_column=Column(SMALL, nullable=False, server_default="2"))
    due_at: datetime | None = Field(default=None, sa_type=MOMENT)
    owner_id: UUID | None = None
    owner_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    awaiting: str = Field(default="", sa_column_kwargs={"server_default": ""})
    closed_at: datetime | None = Field(sa_type=MOMENT)
    closed_by: str | None
    cause: str | None = None
    closing_cause: str | None


class CaseStep(SQLModel, table=True):
    """One step of a case's history: taken, handed over, a note, a question, an answer, closed. Added to, never changed."""

    __tablename__ = "case_step"
    __table_args__ = (Index("ix_case_step_case", "case_id", "id"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="exception_case.id")
    kind: str
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    actor_name: str
    words: str
    detail: dict[str, Any] = Field(sa_type=DOCUMENT)


class UpstreamMinute(SQLModel, table=True):
    """What one minute's calls of an upstream system came to, by direction (``send``, ``receive``); many processes add to it."""

    __tablename__ = "upstream_minute"

    source: str = Field(primary_key=True)
    direction: str = Field(primary_key=True)
    minute: datetime = Field(sa_type=MOMENT, primary_key=True)
    calls: int
    failed: int
    refused: int
    documents: int
    milliseconds: int = Field(sa_type=BigInteger)
    worked_at: datetime | None = Field(sa_type=MOMENT)
    failed_at: datetime | None = Field(sa_type=MOMENT)
    error: str


class OutageNotice(SQLModel, table=True):
    """What the office tells everybody about an upstream system: since when, until when (``None``: not known), in two languages."""

    __tablename__ = "outage_notice"
    __table_args__ = (Index("ix_outage_notice_begins", "begins_at"),)

    id: UUID = Field(primary_key=True)
    source: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    begins_at: datetime = Field(sa_type=MOMENT)
    ends_at: datetime | None = Field(sa_type=MOMENT)
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: str
    ended_by: str
    withdrawn_at: datetime | None = Field(sa_type=MOMENT)


class StoredFile(SQLModel, table=True):
    """A file the hub was given or made, sealed. ``purpose`` says for what (``licence``, ``workbook``, ``export``…)."""

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_enterprise", "enterprise_id", "id"),
        Index("ix_stored_file_expires", "expires_at", postgresql_where="expires_at IS NOT NULL"),
    )

    id: UUID = Field(primary_key=True)
    name: str
    media_type: str
    purpose: str
    size: int
    sha256: str
    content: bytes = Field(sa_type=SEALED)
    enterprise_id: UUID | None
    user_id: UUID | None
    created_at: datetime = Field(sa_type=MOMENT)
    expires_at: datetime | None = Field(sa_type=MOMENT)
