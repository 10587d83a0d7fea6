"""Rows of exception cases, and of files."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT, SEALED


class ExceptionCase(SQLModel, table=True):
    """One case about one subject; only one of a kind is open for a subject at a time."""

    __tablename__ = "exception_case"
    __table_args__ = (
        Index("uq_exception_case_open", "kind", "subject_kind", "subject", unique=True, postgresql_where="closed_at IS NULL"),
        Index("ix_exception_case_opened", "opened_at"),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    subject_kind: str
    subject: int = Field(sa_type=BigInteger)
    enterprise_id: UUID | None
    opened_at: datetime = Field(sa_type=MOMENT)
    detail: dict[str, Any] = Field(sa_type=DOCUMENT)
    closed_at: datetime | None = Field(sa_type=MOMENT)
    closed_by: str | None
    closing_cause: str | None


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
