"""Rows of exception cases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT


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
