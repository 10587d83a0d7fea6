"""Rows of notices: messages to persons and their choices, mail that waits, webhooks.

The text of a mail may hold a one-time link, so it is sealed, and dropped once sent. Messages are kept language-free: a kind
and its parameters, worded when they are read.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Identity, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT, SEALED


class MailMessage(SQLModel, table=True):
    """One mail; ``sealed`` holds address, subject and bodies until it is sent or given up. ``kind`` says what it told of."""

    __tablename__ = "mail_message"
    __table_args__ = (Index("mail_message_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),)

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    kind: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    user_id: UUID | None = Field(default=None, sa_column=Column(Uuid))
    sealed: bytes | None = Field(default=None, sa_column=Column(SEALED))
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    due_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    sent_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    attempts: int = 0
    last_error: str = Field(default="", sa_type=Text)


class Notice(SQLModel, table=True):
    """One message to one person. A digest tells of ``number`` events and takes more while unread; ``place`` orders."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("mail IN ('none', 'due', 'digest', 'queued')", name="notice_mail_known"),
        Index("ix_notice_user_place", "user_id", "place"),
        Index("ix_notice_unread", "user_id", "kind", postgresql_where=text("read_at IS NULL")),
        Index("ix_notice_mail", "mail", "user_id", postgresql_where=text("mail IN ('due', 'digest')")),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("user_account.id"), nullable=False))
    place: UUID
    kind: str
    subject_kind: str
    subject: str
    params: dict[str, Any] = Field(sa_type=DOCUMENT)
    number: int
    first_at: datetime = Field(sa_type=MOMENT)
    last_at: datetime = Field(sa_type=MOMENT)
    read_at: datetime | None = Field(sa_type=MOMENT)
    mail: str


class NoticeChoice(SQLModel, table=True):
    """How a person wants to hear of one kind; without a row, as the kind has it."""

    __tablename__ = "notice_choice"
    __table_args__ = (CheckConstraint("channel IN ('app', 'mail', 'digest', 'off')", name="notice_choice_channel_known"),)

    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("user_account.id"), primary_key=True))
    kind: str = Field(primary_key=True)
    channel: str


class NoticeTally(SQLModel, table=True):
    """What happened to an enterprise's documents in one transaction, counted: the raw matter of digests."""

    __tablename__ = "notice_tally"
    __table_args__ = (Index("ix_notice_tally_group", "enterprise_id", "kind"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    enterprise_id: UUID
    kind: str
    at: datetime = Field(sa_type=MOMENT)
    number: int
    sample: str


class WebhookEndpoint(SQLModel, table=True):
    """Where an enterprise wants to be told. Secrets are sealed. ``claim_until`` is the title of whoever delivers to it now,
    and afterwards says whose turn was longest ago.

    ``failures`` in a row began at ``failing_since``; it is left alone until ``rest_until``. No news ever writes this row, so
    that those who make news never wait for each other here.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint("disabled_because IN ('', 'by_hand', 'gone', 'failing')", name="webhook_endpoint_disabled_because_known"),
        Index("ix_webhook_endpoint_enterprise", "enterprise_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID
    url: str
    note: str
    kinds: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    secret: bytes = Field(sa_type=SEALED)
    former_secret: bytes | None = Field(sa_type=SEALED)
    former_until: datetime | None = Field(sa_type=MOMENT)
    disabled_because: str
    version: int
    created_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)
    rest_until: datetime | None = Field(sa_type=MOMENT)
    claim_until: datetime | None = Field(sa_type=MOMENT)
    failures: int
    failing_since: datetime | None = Field(sa_type=MOMENT)


class WebhookEvent(SQLModel, table=True):
    """What happened, as it is told: ``payload`` is stored once, byte for byte, whatever it is sent to and however often."""

    __tablename__ = "webhook_event"
    __table_args__ = (Index("ix_webhook_event_at", "at"),)

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID
    kind: str
    at: datetime = Field(sa_type=MOMENT)
    payload: str = Field(sa_type=Text)


class WebhookDelivery(SQLModel, table=True):
    """One event for one endpoint: once per id. ``due_at`` is set while it is to be tried again.

    No foreign keys: rows are written with the news itself, and those of a removed endpoint are dropped with age.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name="webhook_delivery_state_known"),
        Index("ix_webhook_delivery_due", "endpoint_id", "due_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_webhook_delivery_event", "event_id"),
    )

    endpoint_id: UUID = Field(primary_key=True)
    event_id: UUID = Field(primary_key=True)
    state: str
    attempts: int
    due_at: datetime | None = Field(sa_type=MOMENT)
    ended_at: datetime | None = Field(sa_type=MOMENT)


class WebhookAttempt(SQLModel, table=True):
    """One try to deliver: what was answered, or why nothing was."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (Index("ix_webhook_attempt_delivery", "endpoint_id", "event_id", "id"),)

    id: UUID = Field(primary_key=True)
    endpoint_id: UUID
    event_id: UUID
    at: datetime = Field(sa_type=MOMENT)
    status: int | None
    error: str
    milliseconds: int
    excerpt: str
