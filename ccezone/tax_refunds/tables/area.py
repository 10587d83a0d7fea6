"""Rows of special-area export (1210): deliveries out of goods that entered, and the declarations that gather them (分送集报)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, MOMENT


class AreaDelivery(SQLModel, table=True):
    """A delivery out of a lot, by the firm's own number; the lot is the item of the goods ledger that entered.

    One taken back keeps its row (``removed_at``).
    """

    __tablename__ = "area_delivery"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="area_delivery_quantity"),
        Index("uq_area_delivery_live", "item_id", "delivery_no", unique=True, postgresql_where="removed_at IS NULL"),
        Index("ix_area_delivery_merchant", "merchant_id", "delivered_on"),
        Index("ix_area_delivery_made", "made_at"),
        Index("ix_area_delivery_list", "merchant_id", "list_no", postgresql_where="removed_at IS NULL AND list_no <> ''"),
    )

    id: UUID = Field(primary_key=True)
    merchant_id: UUID
    item_id: UUID = Field(foreign_key="goods_ledger_item.id")
    delivery_no: str
    delivered_on: date
    quantity: Decimal = Field(sa_type=AMOUNT)
    waybill_no: str
    list_no: str
    actor: str
    made_at: datetime = Field(sa_type=MOMENT)
    removed_at: datetime | None = Field(sa_type=MOMENT)


class AreaSummary(SQLModel, table=True):
    """A consolidated declaration of a period's deliveries; states and steps: ``rules.area``. ``number`` names it to people."""

    __tablename__ = "area_summary"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'declared', 'withdrawn')", name="area_summary_state_known"),
        CheckConstraint("state <> 'declared' OR declared_on IS NOT NULL", name="area_summary_declared_has_day"),
        Index("uq_area_summary_draft", "merchant_id", "since", unique=True, postgresql_where="state = 'draft'"),
        Index("uq_area_summary_declaration", "declaration_no", unique=True, postgresql_where="state = 'declared'"),
        Index("ix_area_summary_merchant", "merchant_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    merchant_id: UUID
    since: date
    until: date
    state: str
    version: int
    declaration_no: str
    declared_on: date | None
    actor: str
    made_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)


class AreaSummaryDelivery(SQLModel, table=True):
    """A delivery in a consolidated declaration: in one ``live`` one at most."""

    __tablename__ = "area_summary_delivery"
    __table_args__ = (Index("uq_area_summary_delivery_live", "delivery_id", unique=True, postgresql_where="live"),)

    summary_id: UUID = Field(foreign_key="area_summary.id", primary_key=True)
    delivery_id: UUID = Field(foreign_key="area_delivery.id", primary_key=True)
    live: bool


class AreaReminder(SQLModel, table=True):
    """What a firm was told of a period's undeclared deliveries last: ``ended`` or ``overdue``; nothing is told twice."""

    __tablename__ = "area_reminder"
    __table_args__ = (CheckConstraint("stage IN ('ended', 'overdue')", name="area_reminder_stage_known"),)

    merchant_id: UUID = Field(primary_key=True)
    since: date = Field(primary_key=True)
    stage: str
    told_at: datetime = Field(sa_type=MOMENT)
