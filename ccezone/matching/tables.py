"""Rows of the merge: the queue of touched keys, and each order's verdict."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Column, Identity, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, KEY8, MOMENT, SMALL


class MergeQueue(SQLModel, table=True):
    """Keys that one delivery touched; a worker matches them again."""

    __tablename__ = "merge_queue"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    at: datetime = Field(sa_type=MOMENT)
    order_keys: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    order_no_keys: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    waybill_keys: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))


class OrderMatch(SQLModel, table=True):
    """The merge's present opinion of one order. ``waybills`` holds (waybill key, linked lines) of each parcel."""

    __tablename__ = "order_match"
    __table_args__ = (
        Index("ix_order_match_board", "merchant_id", "verdict", "merged_at"),
        Index("ix_order_match_merged_at", "merged_at", postgresql_using="brin"),  # as with declaration_state.updated_at
    )

    order_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    order_version: int = Field(sa_type=SMALL)
    flow: str = Field(sa_type=CHAR(1))
    merchant_id: UUID | None
    order_no: str
    verdict: str
    waiting: list[str] = Field(sa_type=DOCUMENT)
    differences: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    fileable: bool
    reasons: list[str] = Field(sa_type=DOCUMENT)
    payments: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    waybills: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    merged_at: datetime = Field(sa_type=MOMENT)


class OrderRecognition(SQLModel, table=True):
    """An officer's word on whether an order is cross-border e-commerce, over what the rules say; the newest counts. Append-only."""

    __tablename__ = "order_recognition"
    __table_args__ = (Index("ix_order_recognition_order", "order_key", "id"),)

    id: UUID = Field(primary_key=True)
    order_key: int = Field(sa_type=KEY8)
    recognised: bool | None
    reason: str
    document: str
    at: datetime = Field(sa_type=MOMENT)
    actor: str
