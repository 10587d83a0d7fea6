"""Rows of what follows receipts: trade-credit reports, reminders, and settlement lines that wait for somebody."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, KEY8, MOMENT


class FxCreditReport(SQLModel, table=True):
    """A trade-credit report somebody marked as made: of a receipt (advance) or of an order (deferred); withdrawn if by mistake."""

    __tablename__ = "fx_credit_report"
    __table_args__ = (
        CheckConstraint("(receipt_id IS NULL) <> (order_key IS NULL)", name="fx_credit_report_of_one"),
        CheckConstraint("amount > 0", name="fx_credit_report_amount_positive"),
        Index("uq_fx_credit_report_receipt", "receipt_id", unique=True, postgresql_where="withdrawn_at IS NULL"),
        Index("uq_fx_credit_report_order", "order_key", unique=True, postgresql_where="withdrawn_at IS NULL"),
        Index("ix_fx_credit_report_enterprise", "enterprise_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    receipt_id: UUID | None = Field(foreign_key="fx_receipt.id")
    order_key: int | None = Field(sa_type=KEY8, foreign_key="fx_order.order_key")
    currency: str
    amount: Decimal = Field(sa_type=AMOUNT)
    since: date
    reported_on: date
    reference: str
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    name: str
    withdrawn_at: datetime | None = Field(sa_type=MOMENT)


class FxReminder(SQLModel, table=True):
    """What a firm was last told of what is due: told again when there is more."""

    __tablename__ = "fx_reminder"

    enterprise_id: UUID = Field(primary_key=True, foreign_key="enterprise.id")
    told_on: date
    reports: int
    declarations: int


class FxParkedLine(SQLModel, table=True):
    """A settlement line above what a payment institution may handle at once: it waits until an officer accepts or drops it."""

    __tablename__ = "fx_parked_line"
    __table_args__ = (
        Index("uq_fx_parked_line", "enterprise_id", "reference", "order_no", unique=True),
        Index("ix_fx_parked_line_waiting", "id", postgresql_where="decision = ''"),
        CheckConstraint("decision IN ('', 'accepted', 'dropped')", name="fx_parked_line_decision_known"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    reference: str
    order_no: str
    gross: Decimal = Field(sa_type=AMOUNT)
    fee: Decimal = Field(sa_type=AMOUNT)
    currency: str
    in_usd: Decimal = Field(sa_type=AMOUNT)
    limit_usd: Decimal = Field(sa_type=AMOUNT)
    document: str
    status: str
    filed_at: datetime = Field(sa_type=MOMENT)
    filed_by: str
    decision: str
    decided_at: datetime | None = Field(sa_type=MOMENT)
    decided_by: str
    note: str
