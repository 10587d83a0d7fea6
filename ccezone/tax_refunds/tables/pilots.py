"""Rows of the general-taxpayer pilot: which firm takes part by which document, from a day to a day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT


class TaxpayerPilot(SQLModel, table=True):
    """A firm's part in the general-taxpayer pilot, entered by an officer; an end is entered too, nothing is deleted."""

    __tablename__ = "taxpayer_pilot"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="taxpayer_pilot_days_in_order"),
        Index("ix_taxpayer_pilot_enterprise", "enterprise_id", "valid_from"),
        Index("uq_taxpayer_pilot_open", "enterprise_id", unique=True, postgresql_where="valid_to IS NULL"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    document: str
    valid_from: date
    valid_to: date | None
    set_by: str
    set_at: datetime = Field(sa_type=MOMENT)
    ended_by: str
    ended_at: datetime | None = Field(sa_type=MOMENT)
