"""Rows of licences that registered enterprises hold."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Text, Uuid
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT, SMALL


class LicenceRow(SQLModel, table=True):
    """One licence. Without ``expires_on`` it runs for good. ``reminded_days`` is the last notice given before it ends."""

    __tablename__ = "licence"
    __table_args__ = (
        CheckConstraint("expires_on >= issued_on", name="licence_days_in_order"),
        Index("ix_licence_enterprise", "enterprise_id"),
        Index("ix_licence_expires", "expires_on", postgresql_where="expires_on IS NOT NULL"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    enterprise_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("enterprise.id"), nullable=False))
    kind: str = Field(sa_type=Text)
    number: str = Field(sa_type=Text)
    issued_by: str = Field(default="", sa_type=Text)
    issued_on: date | None = Field(default=None, sa_column=Column(Date))
    expires_on: date | None = Field(default=None, sa_column=Column(Date))
    file_id: UUID | None = Field(default=None, sa_column=Column(Uuid))
    reminded_days: int | None = Field(default=None, sa_column=Column(SMALL))
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
