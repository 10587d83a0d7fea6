"""Rows of yuan borrowed across the border (跨境人民币借款): a contract's standing, and what was said of it."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Text
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, MOMENT


class FxBorrowing(SQLModel, table=True):
    """One contract of a firm with a bank; a number of a bank's contract stands once. All amounts are yuan.

    ``partner_id`` names the bank where it is an organisation of the hub, which may then say what becomes of its own contracts.
    """

    __tablename__ = "fx_borrowing"
    __table_args__ = (
        CheckConstraint("state IN ('registered', 'drawn', 'repaid', 'closed')", name="fx_borrowing_state_known"),
        CheckConstraint("amount > 0 AND repaid >= 0 AND repaid <= drawn AND drawn <= amount", name="fx_borrowing_adds_up"),
        Index("uq_fx_borrowing_contract", "bank", "contract_no", unique=True),
        Index("ix_fx_borrowing_enterprise", "enterprise_id", "id"),
        Index("ix_fx_borrowing_partner", "partner_id", "enterprise_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    partner_id: UUID | None = Field(foreign_key="partner.id")
    bank: str
    lender: str
    contract_no: str
    amount: Decimal = Field(sa_type=AMOUNT)
    drawn: Decimal = Field(sa_type=AMOUNT)
    repaid: Decimal = Field(sa_type=AMOUNT)
    begins_on: date
    due_on: date
    state: str
    version: int
    made_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)


class FxBorrowingStep(SQLModel, table=True):
    """One thing said about a borrowing: append-only. ``side``: the office or the bank; ``document`` is what it rests on."""

    __tablename__ = "fx_borrowing_step"
    __table_args__ = (Index("ix_fx_borrowing_step_borrowing", "borrowing_id", "id"),)

    id: UUID = Field(primary_key=True)
    borrowing_id: UUID = Field(foreign_key="fx_borrowing.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    name: str
    side: str
    step: str
    state: str
    on_day: date
    amount: Decimal | None = Field(sa_type=AMOUNT)
    document: str = Field(sa_type=Text)
