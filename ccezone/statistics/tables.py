"""Rows of exports, and of figures about declaration lists."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Index
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, MOMENT, SEALED

CRITERIA: Mapping[str, str] = {
    "flow": "flow",
    "mode": "trade_mode",
    "country": "country",
    "chapter": "chapter",
    "stage": "stage",
}
"""What lists are counted by beside time, and the column of ``ListFact`` that says it."""
EVERY = "every"
RELEASED = "stage IN ('released', 'closed')"
REJECTED = "stage = 'rejected'"


class ExportPart(SQLModel, table=True):
    """One stretch of an export's archive, sealed: in parts, so that neither writing nor reading holds it whole in memory."""

    __tablename__ = "export_part"

    job_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: bytes = Field(sa_type=SEALED)
    expires_at: datetime = Field(sa_type=MOMENT, index=True)


class ListFact(SQLModel, table=True):
    """What figures are made of. ``day``: prepared, in Shanghai; ``cleared``: seconds from filing to release."""

    __tablename__ = "list_fact"
    __table_args__ = (Index("ix_list_fact_merchant", "merchant_id", "day"),)

    id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    merchant_id: UUID
    day: date
    flow: str = Field(sa_type=CHAR(1))
    trade_mode: str = Field(sa_type=CHAR(4))
    country: str
    chapter: str
    node: str
    stage: str
    currency: str
    value: Decimal = Field(sa_type=AMOUNT)
    cleared: int | None
    updated_at: datetime = Field(sa_type=MOMENT)


class ListFigure(SQLModel, table=True):
    """How many lists of a merchant and a day there are, and what they are worth, by one criterion: what pages add up.

    ``criterion``: one of ``CRITERIA``, ``key`` its value; or ``EVERY``, with no key.
    """

    __tablename__ = "list_figure"

    merchant_id: UUID = Field(primary_key=True)
    criterion: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    key: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    lists: int
    released: int
    rejected: int
    value: Decimal = Field(sa_type=AMOUNT)


class FigureMark(SQLModel, table=True):
    """Up to when the lists' changes are in the figures."""

    __tablename__ = "figure_mark"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=MOMENT)
