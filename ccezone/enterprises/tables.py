"""Rows of enterprises, their products and their declaration defaults."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, MOMENT


def _enterprise_id() -> "Column[UUID]":
    return Column(Uuid, ForeignKey("enterprise.id"), nullable=False)


class Enterprise(SQLModel, table=True):
    """One registered enterprise; ``uscc`` or ``customs_code`` names it in messages."""

    __tablename__ = "enterprise"
    __table_args__ = (
        CheckConstraint("uscc ~ '^[0-9A-Z]{18}$'", name="enterprise_uscc_form"),
        CheckConstraint("customs_code ~ '^[0-9]{4}[0-9A-Z]{6}$'", name="enterprise_customs_code_form"),
        CheckConstraint("status IN ('applied', 'active', 'suspended')", name="enterprise_status_known"),
        CheckConstraint("cardinality(roles) > 0", name="enterprise_has_a_role"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    uscc: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    customs_code: str | None = Field(default=None, sa_column=Column(Text, unique=True))
    name: str = Field(sa_type=Text)
    name_en: str = Field(default="", sa_type=Text)
    roles: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    dxp_id: str | None = Field(default=None, sa_type=Text)
    node: str = Field(default="", sa_type=Text)
    contact: str = Field(default="", sa_type=Text)
    status: str = Field(default="active", sa_type=Text)
    auto_submit: bool = False
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    updated_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))


class Product(SQLModel, table=True):
    """One item of an enterprise's product master: how a shop's item is declared.

    ``qty1_per_unit`` and ``qty2_per_unit`` are legal quantities per declared unit, ``net_weight`` kilograms per
    declared unit. The price band (yuan per unit) is a plausibility range for declared prices.
    """

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "item_no", name="product_item_no_unique"),
        CheckConstraint("hs_code ~ '^[0-9]{10}$'", name="product_hs_code_form"),
        CheckConstraint("(unit2 IS NULL) = (qty2_per_unit IS NULL)", name="product_second_unit_pair"),
        CheckConstraint("qty1_per_unit > 0 AND net_weight > 0", name="product_quantities_positive"),
        CheckConstraint("price_low <= price_high", name="product_price_band_ordered"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    enterprise_id: UUID = Field(sa_column=_enterprise_id())
    item_no: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    declared_name: str = Field(sa_type=Text)
    hs_code: str = Field(sa_type=Text)
    specification: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)
    unit1: str = Field(sa_type=Text)
    unit2: str | None = Field(default=None, sa_type=Text)
    qty1_per_unit: Decimal = Field(sa_column=Column(AMOUNT, nullable=False))
    qty2_per_unit: Decimal | None = Field(default=None, sa_column=Column(AMOUNT))
    net_weight: Decimal = Field(sa_column=Column(AMOUNT, nullable=False))
    barcode: str = Field(default="", sa_type=Text)
    origin_country: str = Field(default="", sa_type=Text)
    item_record_no: str | None = Field(default=None, sa_type=Text)
    price_low: Decimal | None = Field(default=None, sa_column=Column(AMOUNT))
    price_high: Decimal | None = Field(default=None, sa_column=Column(AMOUNT))
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    updated_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))


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
    enterprise_id: UUID = Field(sa_column=_enterprise_id())
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
