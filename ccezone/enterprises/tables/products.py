"""Rows of the product master."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Text, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, MOMENT


class Product(SQLModel, table=True):
    """One item of an enterprise's product master: how a shop's item is declared.

    ``qty1_per_unit`` and ``qty2_per_unit`` are legal quantities per declared unit, ``net_weight`` kilograms per
    declared unit. The price band (yuan per unit) is a plausibility range for declared prices. A product that was taken out
    (``removed_at``) keeps its row, so that it can be put back and its history stays whole.
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
    enterprise_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("enterprise.id"), nullable=False))
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
    removed_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
