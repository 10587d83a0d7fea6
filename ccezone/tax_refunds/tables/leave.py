"""Rows of the refund upon leaving the country (9810, STA Announcement 2025 No. 3): pre-refunds, their entries, sales abroad."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, Column, Identity, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, MOMENT, SMALL


class LeavePrerefund(SQLModel, table=True):
    """The unsold part of an item of a claim: ``quantity`` of its goods and, once the claim is paid, ``amount`` in yuan.

    ``settled`` and ``recovered`` (with their amounts) are what its entries come to. ``state`` and steps: ``rules.leave``.
    ``told`` is the nearest distance in days to the end of its window at which the firm was reminded.
    """

    __tablename__ = "leave_prerefund"
    __table_args__ = (
        UniqueConstraint("claim_id", "item_id", name="uq_leave_prerefund_item"),
        CheckConstraint("quantity > 0 AND settled >= 0 AND recovered >= 0", name="leave_prerefund_amounts"),
        CheckConstraint("settled + recovered <= quantity", name="leave_prerefund_quantity_adds_up"),
        CheckConstraint("settled_cny + recovered_cny <= coalesce(amount, 0)", name="leave_prerefund_amount_adds_up"),
        Index("ix_leave_prerefund_merchant", "merchant_id", "id"),
        Index("ix_leave_prerefund_open", "state", "window_until"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    merchant_id: UUID
    claim_id: UUID = Field(foreign_key="refund_claim.id")
    item_id: UUID = Field(foreign_key="goods_ledger_item.id")
    quantity: Decimal = Field(sa_type=AMOUNT)
    amount: Decimal | None = Field(sa_type=AMOUNT)
    settled: Decimal = Field(sa_type=AMOUNT)
    recovered: Decimal = Field(sa_type=AMOUNT)
    settled_cny: Decimal = Field(sa_type=AMOUNT)
    recovered_cny: Decimal = Field(sa_type=AMOUNT)
    state: str
    version: int
    done_on: date | None
    window_from: date | None
    window_until: date | None
    told: int | None = Field(sa_type=SMALL)
    made_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)


class LeaveEntry(SQLModel, table=True):
    """One step of a pre-refund: append-only. ``quantity`` and ``amount`` (yuan) are what it settles or recovers."""

    __tablename__ = "leave_entry"
    __table_args__ = (Index("ix_leave_entry_prerefund", "prerefund_id", "id"), Index("ix_leave_entry_at", "at"))

    id: UUID = Field(primary_key=True)
    prerefund_id: UUID = Field(foreign_key="leave_prerefund.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    step: str
    quantity: Decimal = Field(sa_type=AMOUNT)
    amount: Decimal = Field(sa_type=AMOUNT)
    note: str = Field(sa_type=Text)


class OverseasSale(SQLModel, table=True):
    """A sale from a warehouse abroad, by the firm's own number; ``entry_id`` is the reconciliation that counted it.

    ``source`` says how it came: ``form``, ``sheet`` or ``api``. One taken back keeps its row (``removed_at``).
    """

    __tablename__ = "overseas_sale"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND amount >= 0", name="overseas_sale_amounts"),
        CheckConstraint("removed_at IS NULL OR entry_id IS NULL", name="overseas_sale_counted_stays"),
        Index("uq_overseas_sale_live", "prerefund_id", "sale_no", unique=True, postgresql_where="removed_at IS NULL"),
        Index("ix_overseas_sale_prerefund", "prerefund_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    merchant_id: UUID
    prerefund_id: UUID = Field(foreign_key="leave_prerefund.id")
    sale_no: str
    sold_on: date
    quantity: Decimal = Field(sa_type=AMOUNT)
    amount: Decimal = Field(sa_type=AMOUNT)
    currency: str = Field(sa_type=CHAR(3))
    warehouse: str
    source: str
    entry_id: UUID | None = Field(foreign_key="leave_entry.id")
    actor: str
    made_at: datetime = Field(sa_type=MOMENT)
    removed_at: datetime | None = Field(sa_type=MOMENT)
