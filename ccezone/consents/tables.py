"""Rows of consents: what a firm lets a bank see, what was said about it, every look of a partner, what banks decided."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Text
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT


class DataConsent(SQLModel, table=True):
    """One bank's leave to read named data of one firm, for a purpose, from a day to a day; asked for or given unasked."""

    __tablename__ = "data_consent"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name="data_consent_state_known"),
        CheckConstraint("valid_to >= valid_from", name="data_consent_days_in_order"),
        Index("ix_data_consent_enterprise", "enterprise_id", "id"),
        Index("ix_data_consent_partner", "partner_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(default=None, sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    kinds: list[str] = Field(sa_type=DOCUMENT)
    purpose: str
    note: str = Field(sa_type=Text)
    valid_from: date
    valid_to: date
    state: str
    made_at: datetime = Field(sa_type=MOMENT)
    version: int


class ConsentStep(SQLModel, table=True):
    """One thing said about a consent: append-only. ``side`` is the firm's or the bank's."""

    __tablename__ = "consent_step"
    __table_args__ = (
        CheckConstraint("side IN ('firm', 'bank')", name="consent_step_side_known"),
        Index("ix_consent_step_consent", "consent_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    consent_id: UUID = Field(foreign_key="data_consent.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    name: str
    side: str
    action: str
    note: str = Field(sa_type=Text)


class PartnerRead(SQLModel, table=True):
    """One look of a partner at a firm's data, or one that was refused: append-only. Without a consent it was by competence.

    ``name`` is the person's as it was then; ``what`` says what was looked for, never a personal value.
    """

    __tablename__ = "partner_read"
    __table_args__ = (
        Index("ix_partner_read_enterprise", "enterprise_id", "id"),
        Index("ix_partner_read_partner", "partner_id", "id"),
        Index("ix_partner_read_consent", "consent_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=MOMENT)
    partner_id: UUID = Field(foreign_key="partner.id")
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    consent_id: UUID | None = Field(foreign_key="data_consent.id")
    actor: str
    name: str
    kind: str
    what: str = Field(sa_type=Text)
    refused: bool


class BankDecision(SQLModel, table=True):
    """What a bank decided on a set of orders under a consent: append-only. ``reference`` is the bank's own number."""

    __tablename__ = "bank_decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('approved', 'refused', 'more_documents')", name="bank_decision_outcome_known"),
        Index("ix_bank_decision_consent", "consent_id", "id"),
        Index("ix_bank_decision_orders", "orders", postgresql_using="gin"),
    )

    id: UUID = Field(primary_key=True)
    consent_id: UUID = Field(foreign_key="data_consent.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    name: str
    outcome: str
    reference: str
    words: str = Field(sa_type=Text)
    orders: list[str] = Field(sa_type=DOCUMENT)
    file_id: UUID | None
