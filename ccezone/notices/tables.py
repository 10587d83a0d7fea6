"""Rows of mail that waits to be sent. The text may hold a one-time link, so it is sealed, and dropped once sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, Uuid, text
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT, SEALED


class MailMessage(SQLModel, table=True):
    """One mail; ``sealed`` holds address, subject and body until it is sent or given up."""

    __tablename__ = "mail_message"
    __table_args__ = (Index("mail_message_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),)

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    sealed: bytes | None = Field(default=None, sa_column=Column(SEALED))
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    due_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    sent_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    attempts: int = 0
    last_error: str = Field(default="", sa_type=Text)
