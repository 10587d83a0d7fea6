"""Rows of export tax refund: the goods ledger, claims with their items and invoices, what is sent to and heard from the bureau."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, Column, ForeignKey, Identity, Index, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, DOCUMENT, MOMENT, SMALL

_PERCENT = AMOUNT


class LedgerItem(SQLModel, table=True):
    """One exported item: a line of a released list (``L``) or of a recorded general declaration (``G``).

    The six fields of Caishui 2018 No.103 are ``exported_on``, ``goods_name``, ``unit``, ``quantity``, ``unit_price``, ``amount``;
    ``gaps`` names those that are missing.
    """

    __tablename__ = "goods_ledger_item"
    __table_args__ = (
        UniqueConstraint("source", "source_id", "line_no", name="uq_goods_ledger_item_line"),
        CheckConstraint("source IN ('L', 'G')", name="goods_ledger_item_source_known"),
        Index("ix_goods_ledger_item_merchant", "merchant_id", "id"),
        Index("ix_goods_ledger_item_exported_on", "exported_on"),
        Index("ix_goods_ledger_item_made", "made_at"),
    )

    id: UUID = Field(primary_key=True)
    source: str = Field(sa_type=CHAR(1))
    source_id: str
    line_no: int = Field(sa_type=SMALL)
    merchant_id: UUID
    document_no: str
    order_no: str
    trade_mode: str
    declaration_path: str
    customs_code: str
    hs_code: str
    currency: str
    exported_on: date | None
    goods_name: str
    unit: str
    quantity: Decimal | None = Field(sa_type=AMOUNT)
    unit_price: Decimal | None = Field(sa_type=AMOUNT)
    amount: Decimal | None = Field(sa_type=AMOUNT)
    gaps: list[str] = Field(sa_column=Column(ARRAY(TEXT), nullable=False))
    made_at: datetime = Field(sa_type=MOMENT)


class LedgerMark(SQLModel, table=True):
    """How far the ledger has read a source."""

    __tablename__ = "goods_ledger_mark"

    source: str = Field(primary_key=True)
    at: datetime = Field(sa_type=MOMENT)
    after: str


class RefundClaim(SQLModel, table=True):
    """One claim of a firm. Amounts are yuan; ``number`` names it to people and to the bureau.

    ``approved`` is after what a second check ``reversed``; ``paid`` and ``recovered`` are what went to and fro.
    """

    __tablename__ = "refund_claim"
    __table_args__ = (
        Index("ix_refund_claim_merchant", "merchant_id", "id"),
        Index("ix_refund_claim_state", "state", "id"),
        Index("ix_refund_claim_updated", "updated_at"),
        CheckConstraint("method IN ('exempt-credit-refund', 'exempt-refund')", name="refund_claim_method_known"),
        CheckConstraint("taxpayer_class BETWEEN 1 AND 4", name="refund_claim_class_known"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    merchant_id: UUID
    method: str
    period: str = Field(sa_type=CHAR(7))
    taxpayer_class: int = Field(sa_type=SMALL)
    state: str
    version: int
    domestic_sales: Decimal = Field(sa_type=AMOUNT)
    domestic_vat_pct: Decimal = Field(sa_type=_PERCENT)
    input_vat: Decimal = Field(sa_type=AMOUNT)
    carried_credit: Decimal = Field(sa_type=AMOUNT)
    claimed: Decimal | None = Field(sa_type=AMOUNT)
    approved: Decimal | None = Field(sa_type=AMOUNT)
    paid: Decimal = Field(sa_type=AMOUNT)
    recovered: Decimal = Field(sa_type=AMOUNT)
    reversed: Decimal = Field(sa_column=Column(AMOUNT, nullable=False, server_default="0"))
    accepted_on: date | None
    paid_at: datetime | None = Field(sa_type=MOMENT)
    created_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)


class RefundClaimItem(SQLModel, table=True):
    """An item of the ledger in a claim, with its rates of the day of export. An item stands in one ``live`` claim at most.

    ``collection`` is what the firm states of the money for it: ``collected``, ``not_collected`` (with the reason), or nothing.
    ``sold`` is what of goods for a warehouse abroad (9810) was sold when they were claimed; undivided they count as unsold.
    """

    __tablename__ = "refund_claim_item"
    __table_args__ = (
        UniqueConstraint("claim_id", "item_id", name="uq_refund_claim_item"),
        Index("uq_refund_claim_item_live", "item_id", unique=True, postgresql_where="live"),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="refund_claim.id")
    item_id: UUID = Field(foreign_key="goods_ledger_item.id")
    declaration_no: str
    vat_pct: Decimal | None = Field(sa_type=_PERCENT)
    refund_pct: Decimal | None = Field(sa_type=_PERCENT)
    rate_basis: str
    value_cny: Decimal | None = Field(sa_type=AMOUNT)
    live: bool
    collection: str = Field(default="", sa_column=Column(TEXT, nullable=False, server_default=""))
    collection_note: str = Field(default="", sa_column=Column(TEXT, nullable=False, server_default=""))
    sold: Decimal | None = Field(default=None, sa_type=AMOUNT)


class RefundInvoice(SQLModel, table=True):
    """A VAT invoice behind an item of a claim. A number is used in one ``live`` claim only, whoever claims."""

    __tablename__ = "refund_invoice"
    __table_args__ = (
        Index("ix_refund_invoice_claim", "claim_id"),
        Index("uq_refund_invoice_live", "invoice_no", unique=True, postgresql_where="live"),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="refund_claim.id")
    item_id: UUID = Field(foreign_key="goods_ledger_item.id")
    invoice_no: str
    seller_uscc: str
    issued_on: date
    amount: Decimal = Field(sa_type=AMOUNT)
    vat_pct: Decimal = Field(sa_type=_PERCENT)
    vat: Decimal = Field(sa_type=AMOUNT)
    live: bool


class GoodsExemption(SQLModel, table=True):
    """A firm's choice to take an exported item as exempt without invoice (Caishui 2018 No.103), with what it was judged by.

    An item stands in one ``live`` exemption, or in one live claim, never in both: the trigger ``one_use_of_goods`` of the
    database refuses the second. ``value_cny`` is the revenue that assessed income tax counts. ``filed_on``: it was declared
    with the tax return of its month and cannot be undone any more.
    """

    __tablename__ = "goods_exemption"
    __table_args__ = (
        Index("uq_goods_exemption_live", "item_id", unique=True, postgresql_where="live"),
        Index("ix_goods_exemption_month", "merchant_id", "month"),
        CheckConstraint("live OR filed_on IS NULL", name="goods_exemption_filed_stays"),
    )

    id: UUID = Field(primary_key=True)
    item_id: UUID = Field(foreign_key="goods_ledger_item.id")
    merchant_id: UUID
    month: str = Field(sa_type=CHAR(7))
    value_cny: Decimal | None = Field(sa_type=AMOUNT)
    document: str
    confirmed: list[str] = Field(sa_column=Column(ARRAY(TEXT), nullable=False))
    live: bool
    chosen_at: datetime = Field(sa_type=MOMENT)
    chosen_by: str
    filed_on: date | None
    filed_by: str
    undone_at: datetime | None = Field(sa_type=MOMENT)
    undone_by: str


class RefundStep(SQLModel, table=True):
    """One step of a claim: append-only. ``notice`` is the bureau's own number of what it told, so that it counts once."""

    __tablename__ = "refund_step"
    __table_args__ = (
        Index("ix_refund_step_claim", "claim_id", "id"),
        Index("uq_refund_step_notice", "notice", unique=True, postgresql_where="notice IS NOT NULL"),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="refund_claim.id")
    at: datetime = Field(sa_type=MOMENT)
    recorded_at: datetime = Field(sa_type=MOMENT)
    actor: str
    step: str
    state: str
    amount: Decimal | None = Field(sa_type=AMOUNT)
    note: str
    notice: int | None = Field(sa_type=BigInteger)


class RefundMessage(SQLModel, table=True):
    """Something for the tax bureau, written in the transaction that decided it. Its id makes a repeated sending count once."""

    __tablename__ = "refund_message"
    __table_args__ = (
        Index("ix_refund_message_unsent", "next_attempt_at", postgresql_where="sent_at IS NULL AND refused = ''"),
        Index("ix_refund_message_claim", "claim_id"),
    )

    id: UUID = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="refund_claim.id")
    kind: str
    body: dict[str, Any] = Field(sa_type=DOCUMENT)
    created_at: datetime = Field(sa_type=MOMENT)
    attempts: int
    next_attempt_at: datetime = Field(sa_type=MOMENT)
    last_error: str
    sent_at: datetime | None = Field(sa_type=MOMENT)
    refused: str


class RefundNotice(SQLModel, table=True):
    """What the bureau told and the hub could not place: an unknown claim, or a step its state does not allow; for a person."""

    __tablename__ = "refund_parked_notice"

    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    claim: str
    kind: str
    at: datetime = Field(sa_type=MOMENT)
    content: dict[str, Any] = Field(sa_type=DOCUMENT)
    reason: str
    received_at: datetime = Field(sa_type=MOMENT)


class Clawback(SQLModel, table=True):
    """Refunded tax of an item that is to be repaid, in yuan, in the proportion of its goods: they return (``return_id``), or were
    refunded before they were sold abroad and were not sold, or not accounted for (``prerefund_id``).

    ``state``: ``pending`` (the claim is not paid yet), ``due``, ``asked`` (the bureau has the firm's offer), ``settled``, ``void``.
    """

    __tablename__ = "refund_clawback"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'due', 'asked', 'settled', 'void')", name="refund_clawback_state_known"),
        CheckConstraint("num_nonnulls(return_id, prerefund_id) = 1", name="refund_clawback_one_cause"),
        Index("uq_refund_clawback_open", "return_id", "item_id", "claim_id", unique=True, postgresql_where="state <> 'void'"),
        Index("ix_refund_clawback_merchant", "merchant_id", "id"),
        Index("ix_refund_clawback_claim", "claim_id"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    merchant_id: UUID
    claim_id: UUID = Field(foreign_key="refund_claim.id")
    item_id: UUID = Field(foreign_key="goods_ledger_item.id")
    return_id: int | None = Field(sa_type=BigInteger)
    prerefund_id: UUID | None = Field(
        default=None, sa_column=Column(Uuid, ForeignKey("leave_prerefund.id", name="refund_clawback_prerefund_id_fkey"))
    )
    quantity: Decimal = Field(sa_type=AMOUNT)
    amount: Decimal | None = Field(sa_type=AMOUNT)
    state: str
    message_id: UUID | None
    opened_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)
