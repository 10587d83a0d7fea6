"""Rows of exports, of figures about declaration lists, and of statistical returns."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.statistics import supplement_tables as supplement_tables
from ccezone.storage.columns import AMOUNT, KEY8, MOMENT, SEALED, SMALL

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
    """What figures are made of. ``day``: prepared, in Shanghai; ``cleared``: seconds from filing to release.

    Released goods count on ``counted_on`` in hour ``counted_hour``: exports when completed, imports when released, as the zone's
    parameters say. ``worth`` is what statistics count (export FOB, import CIF) in ``currency``; ``cny`` the same in yuan at
    ``rate``, customs' own of that month; both empty without a rate. ``parcel`` tells its waybill again in a feed.
    """

    __tablename__ = "list_fact"
    __table_args__ = (
        Index("ix_list_fact_merchant", "merchant_id", "day"),
        Index("ix_list_fact_day", "day", postgresql_using="brin"),
        Index("ix_list_fact_country", "country", "counted_on", "id", postgresql_where="counted_on IS NOT NULL"),
        Index("ix_list_fact_counted", "counted_on", "id", postgresql_where="counted_on IS NOT NULL"),
        Index("ix_list_fact_parcel", "parcel", postgresql_where="counted_on IS NOT NULL"),
    )

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
    park: str = Field(default="", sa_column_kwargs={"server_default": ""})
    counted_on: date | None = None
    counted_hour: int | None = Field(default=None, sa_type=SMALL)
    worth: Decimal | None = Field(default=None, sa_type=AMOUNT)
    rate: Decimal | None = Field(default=None, sa_type=Numeric)
    cny: Decimal | None = Field(default=None, sa_type=AMOUNT)
    parcel: int | None = Field(default=None, sa_type=KEY8)


class ListTotal(SQLModel, table=True):
    """How many lists there are and what they are worth, by one criterion: what pages add up, kept by adding what changed.

    A merchant's lists stand on the day they were prepared (criteria ``rules.PREPARED``); under ``rules.WHOLE_ZONE`` stand all
    merchants' released goods on the day they count (``rules.COUNTED``), in yuan, or in their own currency where no rate is
    known; under ``rules.node_owner`` those of one node's own firms. ``grain``: D a day, M a month, by its first day.
    ``cleared`` counts times to clear by bucket (``rules.EDGES``).
    """

    __tablename__ = "list_total"
    __table_args__ = (Index("ix_list_total_nought", "lists", postgresql_where="lists = 0"),)

    merchant_id: UUID = Field(primary_key=True)
    criterion: str = Field(primary_key=True)
    grain: str = Field(sa_type=CHAR(1), primary_key=True)
    day: date = Field(primary_key=True)
    key: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    lists: int
    released: int
    rejected: int
    value: Decimal = Field(sa_type=AMOUNT)
    cleared: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))


class ListContributor(SQLModel, table=True):
    """How many lists of a firm's released goods stand behind a figure of a month, by its first day, kept as totals are.

    ``criterion``: mode, country or chapter (``rules.OPEN_CRITERIA``). Returns count the firms of it, whatever the number of lists.
    """

    __tablename__ = "list_contributor"
    __table_args__ = (Index("ix_list_contributor_nought", "lists", postgresql_where="lists = 0"),)

    month: date = Field(primary_key=True)
    flow: str = Field(sa_type=CHAR(1), primary_key=True)
    criterion: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    merchant_id: UUID = Field(primary_key=True)
    lists: int


class OrderFact(SQLModel, table=True):
    """How far an order came: when its first version arrived, it was matched, its first list was filed, and released.

    ``day``: of arrival, in Shanghai. ``changed_at`` is the last change of what it is made of; ``node`` is the merchant's then.
    """

    __tablename__ = "order_fact"
    __table_args__ = (Index("ix_order_fact_day", "day", "order_key"),)

    order_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    order_no: str
    merchant_id: UUID
    flow: str = Field(sa_type=CHAR(1))
    day: date
    arrived_at: datetime = Field(sa_type=MOMENT)
    matched_at: datetime | None = Field(sa_type=MOMENT)
    filed_at: datetime | None = Field(sa_type=MOMENT)
    released_at: datetime | None = Field(sa_type=MOMENT)
    changed_at: datetime = Field(sa_type=MOMENT)
    node: str = Field(default="", sa_column_kwargs={"server_default": ""})


class OrderTotal(SQLModel, table=True):
    """How many orders of a day (D) or month (M) of arrival came how far, and how long each step took, by bucket.

    ``owner``: ``rules.WHOLE_ZONE``, or ``rules.node_owner`` of the node whose firms' orders they are.
    """

    __tablename__ = "order_total"
    __table_args__ = (Index("ix_order_total_nought", "arrived", postgresql_where="arrived = 0"),)

    owner: UUID = Field(primary_key=True, sa_column_kwargs={"server_default": str(UUID(int=0))})
    grain: str = Field(sa_type=CHAR(1), primary_key=True)
    day: date = Field(primary_key=True)
    flow: str = Field(sa_type=CHAR(1), primary_key=True)
    arrived: int
    matched: int
    filed: int
    released: int
    to_match: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    to_file: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    to_release: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))


class GoodsFact(SQLModel, table=True):
    """How far an exported item of the goods ledger came after its release (``service.goods_facts``). ``day``: of export."""

    __tablename__ = "goods_fact"
    __table_args__ = (
        Index("ix_goods_fact_claim", "claim_id", postgresql_where="claim_id IS NOT NULL"),
        Index("ix_goods_fact_general", "item_id", postgresql_where="general"),
        Index("ix_goods_fact_claimed", "item_id", postgresql_where="claimed_at IS NOT NULL"),
        Index("ix_goods_fact_paid", "item_id", postgresql_where="paid_at IS NOT NULL"),
        Index("ix_goods_fact_collected", "item_id", postgresql_where="collected_at IS NOT NULL"),
        Index("ix_goods_fact_settled", "item_id", postgresql_where="settled_at IS NOT NULL"),
    )

    item_id: UUID = Field(primary_key=True)
    general: bool
    node: str
    day: date
    claim_id: UUID | None
    claimed_at: datetime | None = Field(sa_type=MOMENT)
    paid_at: datetime | None = Field(sa_type=MOMENT)
    collected_at: datetime | None = Field(sa_type=MOMENT)
    settled_at: datetime | None = Field(sa_type=MOMENT)


class GoodsTotal(SQLModel, table=True):
    """How many items exported on a day (D) or in a month (M) took a stage, and how long it took them, by bucket.

    ``owner``: ``rules.WHOLE_ZONE``, or ``rules.node_owner`` of the node whose firms' goods they are.
    """

    __tablename__ = "goods_total"
    __table_args__ = (Index("ix_goods_total_nought", "items", postgresql_where="items = 0"),)

    owner: UUID = Field(primary_key=True)
    grain: str = Field(sa_type=CHAR(1), primary_key=True)
    day: date = Field(primary_key=True)
    stage: str = Field(primary_key=True)
    items: int
    took: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))


class GoodsClaimDay(SQLModel, table=True):
    """How many items exported on a day a filed claim holds: which claims the goods of a span stand in."""

    __tablename__ = "goods_claim_day"
    __table_args__ = (Index("ix_goods_claim_day_nought", "items", postgresql_where="items = 0"),)

    claim_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    items: int


class FigureMark(SQLModel, table=True):
    """Up to when the lists' changes are in the figures, and the digest of the rates and rules they were counted by."""

    __tablename__ = "figure_mark"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=MOMENT)
    terms: str


class StatisticalReturn(SQLModel, table=True):
    """A return of one period and edition, and how far it is. ``code``: anybody verifies it by that."""

    __tablename__ = "statistical_return"
    __table_args__ = (
        CheckConstraint(
            "state IN ('compiled', 'approved', 'signed', 'published', 'superseded', 'refused')",
            name="statistical_return_state_known",
        ),
        CheckConstraint("series IN ('preliminary', 'final')", name="statistical_return_series_known"),
        UniqueConstraint("kind", "period", "edition", name="uq_statistical_return_edition"),
        Index(
            "uq_statistical_return_open",
            "kind",
            "period",
            unique=True,
            postgresql_where="state IN ('compiled', 'approved', 'signed')",
        ),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(default=None, sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    kind: str
    period: str
    edition: int
    series: str
    reason: str = Field(sa_type=Text)
    state: str
    code: str = Field(unique=True)
    compiled_at: datetime = Field(sa_type=MOMENT)
    compiled_by: str
    version: int


class ReturnSnapshot(SQLModel, table=True):
    """What a return says, frozen: canonical JSON and its SHA-256. Append-only."""

    __tablename__ = "return_snapshot"

    return_id: UUID = Field(primary_key=True, foreign_key="statistical_return.id")
    document: bytes = Field(sa_type=LargeBinary)
    digest: str


class ReturnFile(SQLModel, table=True):
    """A rendering of a snapshot: zh.pdf, en.pdf, zh.xlsx, en.xlsx; as made (draft) and as signed. Append-only.

    ``digest`` is that of the bytes before signing, which whoever renders the snapshot again arrives at.
    """

    __tablename__ = "return_file"
    __table_args__ = (CheckConstraint("stage IN ('draft', 'signed')", name="return_file_stage_known"),)

    return_id: UUID = Field(primary_key=True, foreign_key="statistical_return.id")
    name: str = Field(primary_key=True)
    stage: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
    digest: str
    made_at: datetime = Field(sa_type=MOMENT)


class ReturnStep(SQLModel, table=True):
    """One step of a return's story: who did what. Append-only."""

    __tablename__ = "return_step"
    __table_args__ = (Index("ix_return_step_return", "return_id", "id"),)

    id: UUID = Field(primary_key=True)
    return_id: UUID = Field(foreign_key="statistical_return.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    action: str
    note: str = Field(sa_type=Text)
