"""Rows of foreign exchange: accounts, statements, receipts of money, orders' money, entries, instructions to the bank.

Entries (``fx_match``, ``fx_move``) are append-only. Triggers of the database add them up on the receipt and the order, and the
checks there hold for whoever writes: no amount is matched, settled or given back twice.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Identity, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, DOCUMENT, KEY8, MOMENT


class FxAccount(SQLModel, table=True):
    """A firm's account for foreign exchange or yuan from abroad, as the bank's statements name it."""

    __tablename__ = "fx_account"
    __table_args__ = (Index("ix_fx_account_enterprise", "enterprise_id"),)

    number: str = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    bank: str
    currency: str
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: str


class FxStatement(SQLModel, table=True):
    """A day's statement of an account. ``parked`` ones wait with their ``reason``; ``content`` is the statement as it was read."""

    __tablename__ = "fx_statement"
    __table_args__ = (
        UniqueConstraint("account", "currency", "sequence", "digest", name="uq_fx_statement_content"),
        Index("uq_fx_statement_taken", "account", "currency", "sequence", unique=True, postgresql_where="state = 'taken'"),
        Index("ix_fx_statement_state", "state", "id"),
        CheckConstraint("state IN ('taken', 'parked')", name="fx_statement_state_known"),
    )

    id: UUID = Field(primary_key=True)
    account: str
    currency: str
    sequence: int
    day: date
    opening: Decimal = Field(sa_type=AMOUNT)
    closing: Decimal = Field(sa_type=AMOUNT)
    format: str
    origin: str
    digest: int = Field(sa_type=KEY8)
    state: str
    reason: str
    receipts: int
    content: dict[str, Any] = Field(sa_type=DOCUMENT)
    received_at: datetime = Field(sa_type=MOMENT)
    taken_at: datetime | None = Field(sa_type=MOMENT)


class FxReceipt(SQLModel, table=True):
    """One receipt of money: what came, and which part of it is where. The parts always add up to the amount.

    ``limited``: of an individual trader, who settles matched money only (Huifa 2020 No.11).
    """

    __tablename__ = "fx_receipt"
    __table_args__ = (
        UniqueConstraint("account", "bank_reference", name="uq_fx_receipt_reference"),
        UniqueConstraint("id", "enterprise_id", "currency", name="uq_fx_receipt_owner"),
        Index("ix_fx_receipt_enterprise", "enterprise_id", "id"),
        Index("ix_fx_receipt_state", "state", "id"),
        Index("ix_fx_receipt_updated", "updated_at"),
        Index("ix_fx_receipt_text", "enterprise_id", "settlement_reference"),
        CheckConstraint("amount > 0", name="fx_receipt_amount_positive"),
        CheckConstraint("open + held + pending + settled + leaving + returned = amount", name="fx_receipt_parts_add_up"),
        CheckConstraint(
            "open >= 0 AND held >= 0 AND pending >= 0 AND settled >= 0 AND leaving >= 0 AND returned >= 0",
            name="fx_receipt_parts_not_negative",
        ),
        CheckConstraint("matched >= 0 AND matched + leaving + returned <= amount", name="fx_receipt_matched_once"),
        CheckConstraint("NOT limited OR held + settled <= matched", name="fx_receipt_limited_to_matched"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    account: str = Field(foreign_key="fx_account.number")
    bank_reference: str
    currency: str
    amount: Decimal = Field(sa_type=AMOUNT)
    payer: str
    value_date: date
    kind: str
    settlement_reference: str
    origin: str
    confirmed_at: datetime | None = Field(sa_type=MOMENT)
    limited: bool
    matched: Decimal = Field(sa_type=AMOUNT)
    open: Decimal = Field(sa_type=AMOUNT)
    held: Decimal = Field(sa_type=AMOUNT)
    pending: Decimal = Field(sa_type=AMOUNT)
    settled: Decimal = Field(sa_type=AMOUNT)
    leaving: Decimal = Field(sa_type=AMOUNT)
    returned: Decimal = Field(sa_type=AMOUNT)
    tried: bool
    bop_code: str
    registration_no: str
    declared_at: datetime | None = Field(sa_type=MOMENT)
    state: str
    version: int
    created_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)


class FxOrder(SQLModel, table=True):
    """The money of one export order. ``ceiling`` is what is expected with the tolerance of the day: more is never matched."""

    __tablename__ = "fx_order"
    __table_args__ = (
        UniqueConstraint("order_key", "enterprise_id", "currency", name="uq_fx_order_owner"),
        Index("ix_fx_order_enterprise", "enterprise_id", "exported_on", "order_key"),
        Index("ix_fx_order_no", "enterprise_id", "order_no"),
        CheckConstraint("received >= 0 AND netted >= 0 AND received + netted <= ceiling", name="fx_order_money_once"),
    )

    order_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    enterprise_id: UUID
    order_no: str
    platform_code: str
    platform_name: str
    currency: str
    expected: Decimal = Field(sa_type=AMOUNT)
    ceiling: Decimal = Field(sa_type=AMOUNT)
    received: Decimal = Field(sa_type=AMOUNT)
    netted: Decimal = Field(sa_type=AMOUNT)
    ordered_on: date
    exported_on: date | None
    updated_at: datetime = Field(sa_type=MOMENT)


class FxMatch(SQLModel, table=True):
    """Money of a receipt, or a netting line beside it, that explains a part of an order; below nought it takes one back."""

    __tablename__ = "fx_match"
    __table_args__ = (
        ForeignKeyConstraint(
            ["receipt_id", "enterprise_id", "currency"],
            ["fx_receipt.id", "fx_receipt.enterprise_id", "fx_receipt.currency"],
            name="fk_fx_match_receipt",
        ),
        ForeignKeyConstraint(
            ["order_key", "enterprise_id", "currency"],
            ["fx_order.order_key", "fx_order.enterprise_id", "fx_order.currency"],
            name="fk_fx_match_order",
        ),
        UniqueConstraint("reverses", name="uq_fx_match_reverses"),
        CheckConstraint("(reverses IS NULL) = (amount > 0) AND amount <> 0", name="fx_match_sign"),
        Index("ix_fx_match_receipt", "receipt_id", "id"),
        Index("ix_fx_match_order", "order_key", "id"),
    )

    id: UUID = Field(primary_key=True)
    receipt_id: UUID
    order_key: int = Field(sa_type=KEY8)
    enterprise_id: UUID
    currency: str
    kind: str
    amount: Decimal = Field(sa_type=AMOUNT)
    reverses: UUID | None = Field(foreign_key="fx_match.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    note: str


class FxMove(SQLModel, table=True):
    """Money of a receipt that went from one of its parts to another (``rules.parts.Part``)."""

    __tablename__ = "fx_move"
    __table_args__ = (
        UniqueConstraint("instruction_id", "source", "target", name="uq_fx_move_once"),
        CheckConstraint("amount > 0 AND source <> target", name="fx_move_goes_somewhere"),
        Index("ix_fx_move_receipt", "receipt_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    receipt_id: UUID = Field(foreign_key="fx_receipt.id")
    instruction_id: UUID = Field(foreign_key="fx_instruction.id")
    source: str
    target: str
    amount: Decimal = Field(sa_type=AMOUNT)
    at: datetime = Field(sa_type=MOMENT)
    actor: str


class FxInstruction(SQLModel, table=True):
    """Something for the bank to do, written in the transaction that decided it. Its id makes a repeated sending count once."""

    __tablename__ = "fx_instruction"
    __table_args__ = (
        Index("ix_fx_instruction_unsent", "next_attempt_at", postgresql_where="sent_at IS NULL AND outcome = ''"),
        Index("ix_fx_instruction_receipt", "receipt_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    receipt_id: UUID = Field(foreign_key="fx_receipt.id")
    action: str
    source: str
    amount: Decimal = Field(sa_type=AMOUNT)
    converts: bool
    gate: dict[str, Any] = Field(sa_type=DOCUMENT)
    note: str
    actor: str
    created_at: datetime = Field(sa_type=MOMENT)
    attempts: int
    next_attempt_at: datetime = Field(sa_type=MOMENT)
    last_error: str
    sent_at: datetime | None = Field(sa_type=MOMENT)
    outcome: str
    answered_at: datetime | None = Field(sa_type=MOMENT)
    rate: Decimal | None = Field(sa_type=AMOUNT)
    yuan: Decimal | None = Field(sa_type=AMOUNT)
    answer: str


class FxStep(SQLModel, table=True):
    """One step of a receipt: append-only."""

    __tablename__ = "fx_step"
    __table_args__ = (Index("ix_fx_step_receipt", "receipt_id", "id"),)

    id: UUID = Field(primary_key=True)
    receipt_id: UUID = Field(foreign_key="fx_receipt.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    step: str
    state: str
    amount: Decimal | None = Field(sa_type=AMOUNT)
    note: str


class FxSettlementLine(SQLModel, table=True):
    """A line of a payment institution's settlement file: which order a sum it pays out belongs to, and what it kept back."""

    __tablename__ = "fx_settlement_line"
    __table_args__ = (UniqueConstraint("enterprise_id", "reference", "order_no", name="uq_fx_settlement_line"),)

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    reference: str
    order_no: str
    gross: Decimal = Field(sa_type=AMOUNT)
    fee: Decimal = Field(sa_type=AMOUNT)
    currency: str
    filed_at: datetime = Field(sa_type=MOMENT)
    filed_by: str


class FxParkedNotice(SQLModel, table=True):
    """What a bank told and the hub could not place: for a person."""

    __tablename__ = "fx_parked_notice"

    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    instruction: str
    outcome: str
    at: datetime = Field(sa_type=MOMENT)
    note: str
    reason: str
    received_at: datetime = Field(sa_type=MOMENT)


class FxMark(SQLModel, table=True):
    """How far a source was read: released lists, the bank's notices, its statements."""

    __tablename__ = "fx_mark"

    source: str = Field(primary_key=True)
    at: datetime = Field(sa_type=MOMENT)
    after: int = Field(sa_type=BigInteger)
