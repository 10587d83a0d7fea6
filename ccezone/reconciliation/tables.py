"""Rows of the reconciliation, append-only: a balance of a ledger and day as often as it was looked at, with what differs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, DOCUMENT, KEY8, MOMENT


class ReconciliationRun(SQLModel, table=True):
    """One look at a day: the newest of a day counts. ``differences`` is how many items disagreed in all ledgers."""

    __tablename__ = "reconciliation_run"
    __table_args__ = (Index("ix_reconciliation_run_day", "day", "id"),)

    id: UUID = Field(primary_key=True)
    day: date
    at: datetime = Field(sa_type=MOMENT)
    balances: int
    differences: int


class ReconciliationBalance(SQLModel, table=True):
    """The balance of one ledger in one unit. ``parts`` are ``[name, amount]`` in the ledger's order."""

    __tablename__ = "reconciliation_balance"
    __table_args__ = (Index("ix_reconciliation_balance_run", "run_id", "place"),)

    id: UUID = Field(primary_key=True)
    run_id: UUID = Field(foreign_key="reconciliation_run.id")
    place: int
    ledger: str
    unit: str
    whole: Decimal = Field(sa_type=AMOUNT)
    parts: list[Any] = Field(sa_type=DOCUMENT)
    gap: Decimal = Field(sa_type=AMOUNT)


class ReconciliationItem(SQLModel, table=True):
    """One item that disagreed; ``subject`` is the digest of ledger, kind and number, which an exception case is about."""

    __tablename__ = "reconciliation_item"
    __table_args__ = (Index("ix_reconciliation_item_run", "run_id"), Index("ix_reconciliation_item_subject", "subject"))

    id: UUID = Field(primary_key=True)
    run_id: UUID = Field(foreign_key="reconciliation_run.id")
    ledger: str
    unit: str
    kind: str
    number: str
    merchant: str
    subject: int = Field(sa_type=KEY8)
    expected: Decimal = Field(sa_type=AMOUNT)
    found: Decimal = Field(sa_type=AMOUNT)
