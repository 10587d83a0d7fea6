"""Rows of firms' party books."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, Uuid
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT, SEALED


class PartyBookEntry(SQLModel, table=True):
    """One party of one firm. ``short_name`` is what the firm calls it by; ``sealed`` holds name, telephone, number and address."""

    __tablename__ = "party_book_entry"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('platform', 'carrier', 'payment', 'warehouse', 'buyer', 'consignee')", name="party_book_kind_known"
        ),
        Index(
            "uq_party_book_short_name", "enterprise_id", "kind", "short_name", unique=True, postgresql_where="removed_at IS NULL"
        ),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    enterprise_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("enterprise.id"), nullable=False))
    kind: str = Field(sa_type=Text)
    short_name: str = Field(sa_type=Text)
    code: str = Field(default="", sa_type=Text)
    country: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    sealed: bytes = Field(sa_column=Column(SEALED, nullable=False))
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    updated_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    removed_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
