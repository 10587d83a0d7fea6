"""Rows of the general-taxpayer pilot (一般纳税人资格试点): from when till when a firm takes part, by which document."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT


class TaxpayerPilot(SQLModel, table=True):
    """One firm's part in the pilot. At most one per firm is not ended; an ended one keeps its reason and stays."""

    __tablename__ = "taxpayer_pilot"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="taxpayer_pilot_days_in_order"),
        CheckConstraint("(ended_at IS NULL) = (ended_on IS NULL)", name="taxpayer_pilot_ended_whole"),
        Index("uq_taxpayer_pilot_live", "merchant_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_taxpayer_pilot_merchant", "merchant_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    merchant_id: UUID = Field(foreign_key="enterprise.id")
    document: str
    begins_on: date
    ends_on: date | None
    set_at: datetime = Field(sa_type=MOMENT)
    set_by: str
    set_name: str
    ended_on: date | None
    ended_reason: str = Field(sa_type=Text)
    ended_at: datetime | None = Field(sa_type=MOMENT)
    ended_by: str
    ended_name: str
    version: int
