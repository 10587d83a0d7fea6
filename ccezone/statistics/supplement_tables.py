"""Rows of what counts beyond declaration lists: feeds and their lines, officers' words, the facts they make, and their totals."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, Column, ForeignKey, Identity, Index, Integer, Numeric, Text, Uuid
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, DOCUMENT, KEY8, MOMENT

_PROVIDER = "supplement_batch_provider_fkey"


class SupplementBatch(SQLModel, table=True):
    """A feed: who reported what, by which method. ``digest`` keeps it from being taken twice; ``undone_at`` takes it back.

    ``refusals`` are the rows that were not taken, each with its faults. ``provider_id``: the partner whose system sent it.
    """

    __tablename__ = "supplement_batch"
    __table_args__ = (
        CheckConstraint(
            "source IN ('general_declaration', 'mail', 'express', 'overseas_node', 'enterprise_report', 'park_report', 'sample')",
            name="supplement_batch_source_known",
        ),
        CheckConstraint("method IN ('roll-up', 'model', 'sample')", name="supplement_batch_method_known"),
        Index("ix_supplement_batch_provider", "provider_id", "id", postgresql_where="provider_id IS NOT NULL"),
        Index("uq_supplement_batch_digest", "digest", unique=True, postgresql_where="undone_at IS NULL"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(default=None, sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    source: str
    method: str
    sender: str
    period: str
    name: str
    digest: str
    lines: int
    refused: int
    refusals: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    taken_at: datetime = Field(sa_type=MOMENT)
    taken_by: str
    undone_at: datetime | None = Field(default=None, sa_type=MOMENT)
    undone_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    undo_reason: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    provider_id: UUID | None = Field(default=None, sa_column=Column(Uuid, ForeignKey("partner.id", name=_PROVIDER), nullable=True))


class SupplementLine(SQLModel, table=True):
    """One line of a feed, as reported. Append-only. ``key`` is what tells a parcel or document again, in any feed and any list.

    ``weight`` expands a sample's line to what it stands for; elsewhere it is 1.
    """

    __tablename__ = "supplement_line"
    __table_args__ = (Index("ix_supplement_line_key", "key", "id"), Index("ix_supplement_line_batch", "batch_id", "id"))

    id: int = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    batch_id: UUID = Field(foreign_key="supplement_batch.id")
    position: int = Field(sa_type=Integer)
    key: int = Field(sa_type=KEY8)
    day: date
    flow: str = Field(sa_type=CHAR(1))
    trade_mode: str
    country: str
    hs_code: str
    node: str
    enterprise_code: str
    enterprise_id: UUID | None
    currency: str
    amount: Decimal = Field(sa_type=AMOUNT)
    weight: Decimal = Field(sa_type=Numeric)
    parcels: int
    waybill_no: str
    document_no: str
    order_no: str
    mark: str


class SupplementDecision(SQLModel, table=True):
    """An officer's word on whether a fact is e-commerce trade; ``recognised`` NULL: the rules decide again. Append-only."""

    __tablename__ = "supplement_decision"
    __table_args__ = (Index("ix_supplement_decision_fact", "fact_id", "id"),)

    id: UUID = Field(primary_key=True)
    fact_id: str
    recognised: bool | None
    reason: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=MOMENT)
    actor: str


class SupplementFact(SQLModel, table=True):
    """What a line of a feed, a general declaration (``general:…``) or goods that came back (``return:…``) count as.

    ``standing`` says whether it counts (``rules.supplements``), ``sign`` what it was recognised by, ``repeats`` what it repeats
    or takes off, ``counted_in`` the month in which returned goods had counted. ``worth`` is below nought for these.
    """

    __tablename__ = "supplement_fact"
    __table_args__ = (
        Index("ix_supplement_fact_day", "day", "id"),
        Index("ix_supplement_fact_returned", "day", postgresql_where="counted_in IS NOT NULL"),
        Index("ix_supplement_fact_batch", "batch_id", "id", postgresql_where="batch_id IS NOT NULL"),
        Index("ix_supplement_fact_merchant", "merchant_id", "day", postgresql_where="merchant_id IS NOT NULL"),
    )

    id: str = Field(primary_key=True)
    source: str
    method: str
    batch_id: UUID | None
    merchant_id: UUID | None
    day: date
    flow: str = Field(sa_type=CHAR(1))
    trade_mode: str
    country: str
    chapter: str
    node: str
    park: str
    currency: str
    worth: Decimal = Field(sa_type=AMOUNT)
    rate: Decimal | None = Field(sa_type=Numeric)
    cny: Decimal | None = Field(sa_type=AMOUNT)
    parcels: int
    standing: str
    sign: str
    repeats: str
    document: str
    counted_in: date | None


class SupplementTotal(SQLModel, table=True):
    """What supplementary facts of a day (D) or month (M) come to, by criterion, source, method and standing.

    What does not count stands under the criterion ``flow`` alone: for notes on coverage.
    """

    __tablename__ = "supplement_total"
    __table_args__ = (Index("ix_supplement_total_nought", "facts", postgresql_where="facts = 0"),)

    owner: UUID = Field(primary_key=True)
    criterion: str = Field(primary_key=True)
    grain: str = Field(sa_type=CHAR(1), primary_key=True)
    day: date = Field(primary_key=True)
    key: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    method: str = Field(primary_key=True)
    standing: str = Field(primary_key=True)
    facts: int
    parcels: int
    value: Decimal = Field(sa_type=AMOUNT)
