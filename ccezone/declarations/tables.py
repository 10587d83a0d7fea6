"""Rows of declaration lists: what is declared, its narrow mutable state, and every submission made of it."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Index, Integer, Sequence, UniqueConstraint
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, DOCUMENT, KEY8, MOMENT, SEALED, SMALL

# An id is a number because it travels as copNo (20 characters at most in CEB621) and comes back with every receipt.
DECLARATION_ID = Sequence("declaration_id_seq", start=1_000_001, data_type=BigInteger, metadata=SQLModel.metadata)


class DeclarationList(SQLModel, table=True):
    """One list for one order in one waybill. ``content`` holds the declared values, ``personal`` those of the buyer."""

    __tablename__ = "declaration_list"
    __table_args__ = (
        UniqueConstraint("order_key", "waybill_key", name="uq_declaration_list_parcel"),
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
