"""Rows of pledges of refund accounts (出口退税账户托管): what a bank proposed, the firm agreed to, the bank released."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Text
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT


class AccountPledge(SQLModel, table=True):
    """One firm's refund account in one bank's hands: while ``live``, refunds go to this account only. At most one lives per firm.

    ``consent_id`` is the consent under which the bank proposed it; the firm's agreement to these very terms is a step.
    """

    __tablename__ = "refund_account_pledge"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'live', 'refused', 'dropped', 'released')", name="refund_account_pledge_state_known"),
        Index("uq_refund_account_pledge_live", "merchant_id", unique=True, postgresql_where="state = 'live'"),
        Index("uq_refund_account_pledge_asked", "merchant_id", "partner_id", unique=True, postgresql_where="state = 'asked'"),
        Index("ix_refund_account_pledge_merchant", "merchant_id", "id"),
        Index("ix_refund_account_pledge_partner", "partner_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    merchant_id: UUID
    partner_id: UUID = Field(foreign_key="partner.id")
    consent_id: UUID
    account_no: str
    contract_no: str
    note: str = Field(sa_type=Text)
    until: date | None
    state: str
    version: int
    made_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)


class PledgeStep(SQLModel, table=True):
    """One thing said about a pledge: append-only. ``side`` is the firm's or the bank's."""

    __tablename__ = "refund_pledge_step"
    __table_args__ = (
        CheckConstraint("side IN ('firm', 'bank')", name="refund_pledge_step_side_known"),
        Index("ix_refund_pledge_step_pledge", "pledge_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    pledge_id: UUID = Field(foreign_key="refund_account_pledge.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    name: str
    side: str
    action: str
    note: str = Field(sa_type=Text)
