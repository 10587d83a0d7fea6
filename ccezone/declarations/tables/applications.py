"""Rows of the applications that follow released lists: summary declarations (CEB701) and goods returns (CEB213, CEB625)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, Index, Integer, Sequence, UniqueConstraint
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, DOCUMENT, MOMENT, SEALED, SMALL

# A number, because it travels as copNo and coElNo; it begins high, so that it is no submission's number in the quota ledger.
APPLICATION_ID = Sequence("application_id_seq", start=1_000_001, data_type=BigInteger, metadata=SQLModel.metadata)


class CustomsApplication(SQLModel, table=True):
    """One application and where it stands. ``customs_no`` is customs' own number of it (``sumNo``)."""

    __tablename__ = "customs_application"
    __table_args__ = (
        CheckConstraint("kind IN ('summary', 'return')", name="customs_application_kind_known"),
        Index("ix_customs_application_merchant", "merchant_id", "kind", "id"),
        Index("ix_customs_application_updated", "updated_at"),
        Index("ix_customs_application_customs_no", "customs_no", postgresql_where="customs_no IS NOT NULL"),
    )

    id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    merchant_id: UUID
    message_type: str
    transmitter_code: str
    state: str
    submission: int = Field(sa_type=SMALL)
    code: int | None = Field(sa_type=Integer)
    returned_at: datetime | None = Field(sa_type=MOMENT)
    standing: int | None = Field(sa_type=Integer)
    standing_at: datetime | None = Field(sa_type=MOMENT)
    standing_seen: int = Field(sa_type=Integer)
    eport_no: str | None
    customs_no: str | None
    created_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)
    actor: str


class ApplicationFiling(SQLModel, table=True):
    """One filing of an application, sealed as it was filed. Its id travels as the document's guid."""

    __tablename__ = "application_filing"
    __table_args__ = (UniqueConstraint("application_id", "number", name="uq_application_filing_number"),)

    id: UUID = Field(primary_key=True)
    application_id: int = Field(sa_type=BigInteger, foreign_key="customs_application.id")
    number: int = Field(sa_type=SMALL)
    document: bytes = Field(sa_type=SEALED)
    created_at: datetime = Field(sa_type=MOMENT)
    actor: str


class SummaryDeclaration(SQLModel, table=True):
    """A summary declaration's grouping key, and the month (``YYYY-MM``) in which its lists were closed."""

    __tablename__ = "summary_declaration"

    id: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="customs_application.id", sa_column_kwargs={"autoincrement": False}
    )
    month: str = Field(sa_type=CHAR(7), index=True)
    key: dict[str, Any] = Field(sa_type=DOCUMENT)
    proposed: bool


class SummaryList(SQLModel, table=True):
    """A list in a summary declaration. A list stands in one ``live`` summary at most."""

    __tablename__ = "summary_list"
    __table_args__ = (
        Index("uq_summary_list_live", "declaration_id", unique=True, postgresql_where="live"),
        Index("ix_summary_list_no", "list_no"),
    )

    application_id: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="customs_application.id", sa_column_kwargs={"autoincrement": False}
    )
    declaration_id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    list_no: str
    live: bool


class SummaryEntry(SQLModel, table=True):
    """A customs declaration that customs made of a summary (CEB792): each number as soon as one of its messages told it."""

    __tablename__ = "summary_entry"
    __table_args__ = (
        Index("ix_summary_entry_no", "entry_no", postgresql_where="entry_no <> ''"),
        Index("ix_summary_entry_told", "told_at"),
    )

    application_id: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="customs_application.id", sa_column_kwargs={"autoincrement": False}
    )
    decl_seq_no: str = Field(primary_key=True)
    draft_no: str
    pre_entry_no: str
    entry_no: str
    entry_state: str
    told_at: datetime = Field(sa_type=MOMENT)
    gross_weight: Decimal = Field(sa_type=AMOUNT)
    net_weight: Decimal = Field(sa_type=AMOUNT)


class SummaryEntryLine(SQLModel, table=True):
    """Under which item of which customs declaration a line of a list was summed up."""

    __tablename__ = "summary_entry_line"
    __table_args__ = (Index("ix_summary_entry_line_entry", "application_id", "decl_seq_no"),)

    declaration_id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    line_no: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    application_id: int = Field(sa_type=BigInteger)
    decl_seq_no: str
    item_no: int = Field(sa_type=Integer)
    hs_code: str


class GoodsReturn(SQLModel, table=True):
    """Goods of a released list that come back. ``head`` is what the firm states of the way back.

    ``relief``: whether an export's return asks for relief from import taxes; ``repayment`` is set by tax refunds: ``none``,
    ``due`` or ``settled``. ``released_at`` is customs' time of the release or approval.
    """

    __tablename__ = "goods_return"
    __table_args__ = (
        CheckConstraint("repayment IN ('none', 'due', 'settled')", name="goods_return_repayment_known"),
        Index("ix_goods_return_list", "declaration_id"),
    )

    id: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="customs_application.id", sa_column_kwargs={"autoincrement": False}
    )
    declaration_id: int = Field(sa_type=BigInteger)
    flow: str = Field(sa_type=CHAR(1))
    list_no: str
    reason: str
    head: dict[str, Any] = Field(sa_type=DOCUMENT)
    relief: bool
    repayment: str
    arrived_on: date | None
    released_at: datetime | None = Field(sa_type=MOMENT)


class GoodsReturnLine(SQLModel, table=True):
    """How much of a line comes back; ``amount`` is its share of the line's value, in the list's currency."""

    __tablename__ = "goods_return_line"

    application_id: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="customs_application.id", sa_column_kwargs={"autoincrement": False}
    )
    line_no: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    quantity: Decimal = Field(sa_type=AMOUNT)
    amount: Decimal = Field(sa_type=AMOUNT)


class ReturnedQuantity(SQLModel, table=True):
    """What all returns of a list's line take together: never more than was declared, whoever writes at once."""

    __tablename__ = "returned_quantity"
    __table_args__ = (CheckConstraint("returned >= 0 AND returned <= declared", name="returned_quantity_within_declared"),)

    declaration_id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    line_no: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    declared: Decimal = Field(sa_type=AMOUNT)
    returned: Decimal = Field(sa_type=AMOUNT)
