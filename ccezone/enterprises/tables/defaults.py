"""Rows of declaration defaults."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT


class DeclarationDefaults(SQLModel, table=True):
    """What every list of one enterprise, mode and flow has in common, beyond its bills and products."""

    __tablename__ = "declaration_defaults"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "trade_mode", "flow", name="declaration_defaults_one_per_mode"),
        CheckConstraint("flow IN ('E', 'I')", name="declaration_defaults_flow_known"),
        CheckConstraint("declaration_path IN ('A', 'B')", name="declaration_defaults_path_known"),
        Index("declaration_defaults_by_mode", "trade_mode", "flow"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    enterprise_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("enterprise.id"), nullable=False))
    trade_mode: str = Field(sa_type=Text)
    flow: str = Field(sa_type=Text)
    customs_code: str = Field(sa_type=Text)
    port_code: str = Field(sa_type=Text)
    agent_code: str = Field(sa_type=Text)
    agent_name: str = Field(sa_type=Text)
    owner_code: str = Field(default="", sa_type=Text)
    owner_name: str = Field(default="", sa_type=Text)
    bonded_enterprise_code: str = Field(default="", sa_type=Text)
    bonded_enterprise_name: str = Field(default="", sa_type=Text)
    ems_no: str = Field(default="", sa_type=Text)
    assure_code: str = Field(default="", sa_type=Text)
    declaration_path: str = Field(default="A", sa_type=Text)
    transport_mode: str = Field(sa_type=Text)
    transport_name: str = Field(default="", sa_type=Text)
    voyage_no: str = Field(default="", sa_type=Text)
    bill_no: str = Field(default="", sa_type=Text)
    total_package_no: str = Field(default="", sa_type=Text)
    wrap_type: str = Field(default="", sa_type=Text)
    loct_no: str = Field(default="", sa_type=Text)
    license_no: str = Field(default="", sa_type=Text)
    country: str = Field(default="", sa_type=Text)
    pod: str = Field(default="", sa_type=Text)
    trade_country: str = Field(default="", sa_type=Text)
    freight_flag: str = Field(default="3", sa_type=Text)
    insurance_flag: str = Field(default="3", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    updated_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
