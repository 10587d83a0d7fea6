"""Rows of papers the hub issued, which anybody who holds one can verify by its code."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Text, Uuid
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT


class IssuedPaper(SQLModel, table=True):
    """One issued paper. ``facts`` are what it says and anybody with the code may see; ``digest`` is theirs (SHA-256)."""

    __tablename__ = "issued_paper"
    __table_args__ = (Index("ix_issued_paper_subject", "kind", "subject"),)

    code: str = Field(sa_column=Column(Text, primary_key=True))
    kind: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    facts: dict[str, Any] = Field(sa_column=Column(DOCUMENT, nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    enterprise_id: UUID | None = Field(default=None, sa_column=Column(Uuid))
    issued_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    issued_by: str = Field(sa_type=Text)
    revoked_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    revoked_by: str = Field(default="", sa_type=Text)
    revoke_reason: str = Field(default="", sa_type=Text)
