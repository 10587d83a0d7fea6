"""Rows of promotion-cost vouchers (平台推广费凭证): what a firm recorded, an officer certified or sent back, and the one use."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Text
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, MOMENT


class PromotionVoucher(SQLModel, table=True):
    """What a platform charged a firm for promotion in a month (``YYYY-MM``).

    A platform's document stands once, whoever records it and however it is spelled (``document_key``); one that was sent back may
    be recorded anew.
    """

    __tablename__ = "promotion_voucher"
    __table_args__ = (
        CheckConstraint("state IN ('recorded', 'certified', 'sent_back', 'used')", name="promotion_voucher_state_known"),
        CheckConstraint("amount > 0", name="promotion_voucher_amount_positive"),
        CheckConstraint("period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name="promotion_voucher_period_a_month"),
        Index("uq_promotion_voucher_document", "document_key", unique=True, postgresql_where="state <> 'sent_back'"),
        Index("ix_promotion_voucher_merchant", "merchant_id", "id"),
        Index("ix_promotion_voucher_state", "state", "id"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    merchant_id: UUID = Field(foreign_key="enterprise.id")
    platform: str
    period: str
    currency: str
    amount: Decimal = Field(sa_type=AMOUNT)
    document_no: str
    document_key: str
    file_id: UUID | None = Field(foreign_key="stored_file.id")
    state: str
    version: int
    made_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)


class VoucherUse(SQLModel, table=True):
    """What a certified voucher was used for: append-only, and one row a voucher at most."""

    __tablename__ = "promotion_voucher_use"

    voucher_id: UUID = Field(primary_key=True, foreign_key="promotion_voucher.id")
    used_for: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=MOMENT)
    actor: str


class VoucherStep(SQLModel, table=True):
    """One thing that was done with a voucher: append-only."""

    __tablename__ = "promotion_voucher_step"
    __table_args__ = (Index("ix_promotion_voucher_step_voucher", "voucher_id", "id"),)

    id: UUID = Field(primary_key=True)
    voucher_id: UUID = Field(foreign_key="promotion_voucher.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    name: str
    step: str
    note: str = Field(sa_type=Text)
