"""Rows of authorities: a firm lets an agent or foreign-trade service enterprise act in its name (委托)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT


class AgentAuthority(SQLModel, table=True):
    """What one firm (``owner_id``) lets another (``agent_id``) do for it, from a day to a day (inclusive), until revoked."""

    __tablename__ = "agent_authority"
    __table_args__ = (
        CheckConstraint("owner_id <> agent_id", name="agent_authority_for_another"),
        CheckConstraint("valid_to >= valid_from", name="agent_authority_days_in_order"),
        CheckConstraint(
            "cardinality(modes) > 0 AND cardinality(flows) > 0 AND cardinality(actions) > 0", name="agent_authority_scope"
        ),
        CheckConstraint("accepted_at IS NULL OR declined_at IS NULL", name="agent_authority_one_answer"),
        Index("ix_agent_authority_owner", "owner_id"),
        Index("ix_agent_authority_agent", "agent_id"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    owner_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("enterprise.id"), nullable=False))
    agent_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("enterprise.id"), nullable=False))
    modes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    flows: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    actions: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    valid_from: date = Field(sa_column=Column(Date, nullable=False))
    valid_to: date | None = Field(default=None, sa_column=Column(Date))
    note: str = Field(default="", sa_type=Text)
    granted_by: str = Field(sa_type=Text)
    granted_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    accepted_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    declined_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    ended_by: str = Field(default="", sa_type=Text)
