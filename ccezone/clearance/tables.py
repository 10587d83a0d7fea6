"""Rows of clearance: receipts (each is the event of a timeline), parked ones, tax bills."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, DOCUMENT, KEY8, MOMENT, SMALL


class ReceiptRow(SQLModel, table=True):
    """One receipt. ``kind`` is the answering message's number (604), ``subject`` a list's id or a bill's key.

    The key makes a repeated receipt one row, and finds a document's timeline without a second index.
    """

    __tablename__ = "receipt"

    kind: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    subject: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    digest: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    submission: int = Field(sa_type=SMALL)
    code: int = Field(sa_type=Integer)
    returned_at: datetime = Field(sa_type=MOMENT)
    received_at: datetime = Field(sa_type=MOMENT)
    info: str


class ParkedReceipt(SQLModel, table=True):
    """A receipt of a document we do not know (yet): tried again, never dropped."""

    __tablename__ = "parked_receipt"

    digest: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    message_type: str
    guid: str
    code: int = Field(sa_type=Integer)
    returned_at: datetime = Field(sa_type=MOMENT)
    info: str
    keys: dict[str, Any] = Field(sa_type=DOCUMENT)
    content: dict[str, Any] = Field(sa_type=DOCUMENT)
    received_at: datetime = Field(sa_type=MOMENT)
    tries: int = 0
    next_try_at: datetime = Field(sa_type=MOMENT)


class TaxBill(SQLModel, table=True):
    """An electronic tax bill (CEB816) and its latest status (CEB818); joined to its list by the list's number."""

    __tablename__ = "tax_bill"
    __table_args__ = (Index("ix_tax_bill_list", "list_no"),)

    tax_no: str = Field(primary_key=True)
    list_no: str
    customs_tax: Decimal = Field(sa_type=AMOUNT)
    value_added_tax: Decimal = Field(sa_type=AMOUNT)
    consumption_tax: Decimal = Field(sa_type=AMOUNT)
    status: int = Field(sa_type=SMALL)
    returned_at: datetime = Field(sa_type=MOMENT)
    received_at: datetime = Field(sa_type=MOMENT)


class MailboxMessage(SQLModel, table=True):
    """A message taken from the mailbox that could not be read: kept as it came, for a person."""

    __tablename__ = "unreadable_message"

    id: UUID = Field(primary_key=True)
    mailbox_id: str
    message_type: str
    body: bytes
    error: str
    received_at: datetime = Field(sa_type=MOMENT)
