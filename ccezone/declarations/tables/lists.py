"""Rows of declarations: lists with their narrow mutable state, submissions, changes and cancellations; wishes; general ones."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, Column, Index, Integer, Sequence, UniqueConstraint
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, DOCUMENT, KEY8, MOMENT, SEALED, SMALL

# An id is a number because it travels as copNo (20 characters at most in CEB621) and comes back with every receipt.
DECLARATION_ID = Sequence("declaration_id_seq", start=1_000_001, data_type=BigInteger, metadata=SQLModel.metadata)


class DeclarationList(SQLModel, table=True):
    """One list for one order in one waybill. ``content`` holds the declared values, ``personal`` those of the buyer.

    ``attempt`` counts the lists of a parcel: a cancelled one stays, and a fresh one with a number of its own takes its place.
    """

    __tablename__ = "declaration_list"
    __table_args__ = (
        UniqueConstraint("order_key", "waybill_key", "attempt", name="uq_declaration_list_parcel"),
        Index("ix_declaration_list_merchant", "merchant_id", "id"),
        Index("ix_declaration_list_transmitter", "transmitter_code", "id"),
    )

    id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    cop_no: str
    flow: str = Field(sa_type=CHAR(1))
    trade_mode: str = Field(sa_type=CHAR(4))
    declaration_path: str = Field(sa_type=CHAR(1))
    message_type: str
    order_key: int = Field(sa_type=KEY8)
    waybill_key: int = Field(sa_type=KEY8)
    attempt: int = Field(default=1, sa_column=Column(SMALL, nullable=False, server_default="1"))
    merchant_id: UUID
    transmitter_code: str
    order_no: str
    waybill_no: str
    currency: str
    total_value: Decimal = Field(sa_type=AMOUNT)
    content_digest: int = Field(sa_type=KEY8)
    content: dict[str, Any] = Field(sa_type=DOCUMENT)
    personal: bytes | None = Field(sa_type=SEALED)
    buyer_digest: int | None = Field(sa_type=KEY8)
    tax: dict[str, Any] | None = Field(sa_type=DOCUMENT)
    created_at: datetime = Field(sa_type=MOMENT)


class DeclarationState(SQLModel, table=True):
    """Where a list stands. Updated often and in place: room on every page, and no index on what changes with each receipt."""

    __tablename__ = "declaration_state"
    __table_args__ = (
        Index("ix_declaration_state_list_no", "list_no", postgresql_where="list_no IS NOT NULL"),
        Index("ix_declaration_state_eport_no", "eport_no", postgresql_where="eport_no IS NOT NULL"),
        Index("ix_declaration_state_updated_at", "updated_at", postgresql_using="brin"),  # BRIN does not hinder HOT updates
        {"postgresql_with": {"fillfactor": 60}},
    )

    id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    submission: int = Field(sa_type=SMALL)
    code: int | None = Field(sa_type=Integer)
    returned_at: datetime | None = Field(sa_type=MOMENT)
    standing: int | None = Field(sa_type=Integer)
    standing_at: datetime | None = Field(sa_type=MOMENT)
    standing_seen: int = Field(sa_type=Integer)
    eport_no: str | None
    list_no: str | None
    missing: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    updated_at: datetime = Field(sa_type=MOMENT)


class Submission(SQLModel, table=True):
    """One filing of a list: exactly what was filed, sealed. Its id travels as the document's guid."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("declaration_id", "number", name="uq_submission_number"),)

    id: UUID = Field(primary_key=True)
    declaration_id: int = Field(sa_type=BigInteger)
    number: int = Field(sa_type=SMALL)
    app_type: int = Field(sa_type=SMALL)
    document: bytes = Field(sa_type=SEALED)
    created_at: datetime = Field(sa_type=MOMENT)
    actor: str


class SubmissionMessage(SQLModel, table=True):
    """Which message carried which submission."""

    __tablename__ = "submission_message"
    __table_args__ = (Index("ix_submission_message_message", "message_id"),)

    submission_id: UUID = Field(primary_key=True)
    message_id: UUID


class DeclarationDraft(SQLModel, table=True):
    """A form on its way, or a template to start from: what was typed, sealed, since it may name the buyer.

    ``version`` counts saves, so that two who edit at once notice. ``filed_key`` is the order it was filed as.
    """

    __tablename__ = "declaration_draft"
    __table_args__ = (
        CheckConstraint("flow IN ('E', 'I')", name="declaration_draft_flow_known"),
        Index("ix_declaration_draft_enterprise", "enterprise_id", "updated_at"),
        Index("ix_declaration_draft_filed", "filed_key"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    trade_mode: str = Field(sa_type=CHAR(4))
    flow: str = Field(sa_type=CHAR(1))
    template: bool = False
    name: str = ""
    order_no: str = ""
    version: int = 1
    typed: bytes = Field(sa_type=SEALED)
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: str
    updated_at: datetime = Field(sa_type=MOMENT)
    updated_by: str
    deleted_at: datetime | None = Field(default=None, sa_type=MOMENT)
    filed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    filed_key: int | None = Field(default=None, sa_type=KEY8)


class DeclarationWish(SQLModel, table=True):
    """What a form says of an order's lists beyond bills, products and defaults. ``waybill_key`` 0 speaks of all its parcels."""

    __tablename__ = "declaration_wish"

    order_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    waybill_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    merchant_id: UUID
    version: int
    trade_mode: str
    declaration_path: str
    filing: str
    head: dict[str, Any] = Field(sa_type=DOCUMENT)
    lines: dict[str, Any] = Field(sa_type=DOCUMENT)
    statements: dict[str, Any] = Field(sa_type=DOCUMENT)
    actor: str
    updated_at: datetime = Field(sa_type=MOMENT)


class ListChange(SQLModel, table=True):
    """What a list declared before submission ``number`` changed it: it stands again when customs refuses the change."""

    __tablename__ = "list_change"

    declaration_id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    former: int = Field(sa_type=SMALL)
    trade_mode: str
    declaration_path: str = Field(sa_type=CHAR(1))
    transmitter_code: str
    total_value: Decimal = Field(sa_type=AMOUNT)
    content_digest: int = Field(sa_type=KEY8)
    content: dict[str, Any] = Field(sa_type=DOCUMENT)
    personal: bytes | None = Field(sa_type=SEALED)
    buyer_digest: int | None = Field(sa_type=KEY8)
    tax: dict[str, Any] | None = Field(sa_type=DOCUMENT)
    reverted_at: datetime | None = Field(sa_type=MOMENT)


class Cancellation(SQLModel, table=True):
    """One application to cancel a filed list (CEB605, CEB623), sealed as it was filed. Its id travels as the document's guid.

    ``state`` is ``queued``, ``sent`` or the deciding receipt's code, which came at ``returned_at``.
    """

    __tablename__ = "cancellation"
    __table_args__ = (UniqueConstraint("declaration_id", "number", name="uq_cancellation_number"),)

    id: UUID = Field(primary_key=True)
    declaration_id: int = Field(sa_type=BigInteger)
    number: int = Field(sa_type=SMALL)
    message_type: str
    reason: str
    document: bytes = Field(sa_type=SEALED)
    state: str
    code: int | None = Field(sa_type=Integer)
    returned_at: datetime | None = Field(sa_type=MOMENT)
    created_at: datetime = Field(sa_type=MOMENT)
    actor: str


class GeneralDeclaration(SQLModel, table=True):
    """A customs declaration (报关单) that went another way than a list: recorded, never sent. ``removed_at`` takes it back."""

    __tablename__ = "general_declaration"
    __table_args__ = (
        Index(
            "uq_general_declaration_no",
            "declaration_no",
            unique=True,
            postgresql_where="removed_at IS NULL",
        ),
        Index("ix_general_declaration_merchant", "merchant_id", "id"),
        Index("ix_general_declaration_updated", "updated_at"),
        Index("ix_general_declaration_declared_on", "declared_on"),
    )

    id: UUID = Field(primary_key=True)
    merchant_id: UUID
    declaration_no: str
    flow: str = Field(sa_type=CHAR(1))
    trade_mode: str = Field(sa_type=CHAR(4))
    customs_code: str = Field(sa_type=CHAR(4))
    declared_on: date
    released_on: date | None
    country: str
    transport_mode: str
    currency: str
    total_value: Decimal = Field(sa_type=AMOUNT)
    net_weight: Decimal | None = Field(sa_type=AMOUNT)
    lines: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    order_nos: list[str] = Field(sa_type=DOCUMENT)
    note: str
    version: int
    created_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)
    actor: str
    removed_at: datetime | None = Field(sa_type=MOMENT)
