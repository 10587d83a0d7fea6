"""Rows of the outbox: what waits to be packed, and messages packed, sent or refused."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import SmallInteger, Uuid
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT, SEALED


class OutboxItem(SQLModel, table=True):
    """Documents that a commit decided to send: a whole batch as it came, some of its documents, or submissions."""

    __tablename__ = "outbox_item"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    message_type: str
    transmitter_code: str
    batch_id: UUID | None
    positions: list[int] | None = Field(sa_column=Column(ARRAY(SmallInteger), nullable=True))
    submission_ids: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    created_at: datetime = Field(sa_type=MOMENT)
    attempts: int = 0
    available_at: datetime = Field(sa_type=MOMENT)
    last_error: str = ""


class OutgoingMessage(SQLModel, table=True):
    """A packed message. ``id`` travels as CopMsgId and never changes; without ``body`` the batch's raw message is sent."""

    __tablename__ = "outgoing_message"
    __table_args__ = (
        Index("ix_outgoing_message_unsent", "next_attempt_at", postgresql_where="sent_at IS NULL AND refused_code IS NULL"),
        Index("ix_outgoing_message_batch", "batch_id", postgresql_where="batch_id IS NOT NULL"),
    )

    id: UUID = Field(primary_key=True)
    message_type: str
    transmitter_code: str
    batch_id: UUID | None
    body: bytes | None = Field(sa_type=SEALED)
    documents: int
    created_at: datetime = Field(sa_type=MOMENT)
    next_attempt_at: datetime = Field(sa_type=MOMENT)
    attempts: int = 0
    last_error: str = ""
    sent_at: datetime | None = Field(sa_type=MOMENT)
    refused_code: str | None
    refused_text: str | None


class EventLog(SQLModel, table=True):
    """What happened to a document and is not told by its own rows: manual steps, corrections, contradictions."""

    __tablename__ = "event_log"
    __table_args__ = (Index("ix_event_log_subject", "subject_kind", "subject", "at"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    subject_kind: str
    subject: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=MOMENT)
    kind: str
    actor: str
    detail: dict[str, Any] = Field(sa_type=DOCUMENT)
