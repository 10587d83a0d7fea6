"""Rows of dated parameters. The newest that has begun wins, so two rows of one key may never begin on the same day."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from ccezone.kernel.ids import uuidv7
from ccezone.storage.columns import DOCUMENT, MOMENT


class ParameterRow(SQLModel, table=True):
    """One dated value of one key in one zone (``CN`` is the nation)."""

    __tablename__ = "parameter"
    __table_args__ = (
        UniqueConstraint("zone", "key", "effective_from", name="parameter_begins_once_a_day"),
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="parameter_ends_after_it_begins"),
    )

    id: uuid.UUID = Field(default_factory=uuidv7, primary_key=True)
    zone: str
    key: str
    value: Any = Field(sa_column=Column(DOCUMENT, nullable=False))  # str, int, bool or list[str], by the key's kind
    effective_from: date
    effective_to: date | None = None
    document: str
    status: str
    note: str = ""
    source: str = ""
    created_by: str = ""
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    proposal_id: uuid.UUID | None = None


class ParameterProposal(SQLModel, table=True):
    """A value somebody proposes, or proposes to take back before its day (``intent`` ``cancel``); a second person decides.

    What was proposed, by whom, and what became of it stays for good.
    """

    __tablename__ = "parameter_proposal"
    __table_args__ = (
        CheckConstraint("intent IN ('set', 'cancel')", name="parameter_proposal_intent_known"),
        CheckConstraint("state IN ('waiting', 'approved', 'refused', 'withdrawn')", name="parameter_proposal_state_known"),
        CheckConstraint("decided_by IS NULL OR state = 'withdrawn' OR decided_by <> proposed_by", name="parameter_four_eyes"),
        Index("ix_parameter_proposal_waiting", "zone", "key", "effective_from", unique=True, postgresql_where="state = 'waiting'"),
        Index("ix_parameter_proposal_state", "state", "id"),
        Index("ix_parameter_proposal_key", "key", "id"),
    )

    id: uuid.UUID = Field(default_factory=uuidv7, primary_key=True)
    intent: str
    zone: str
    key: str
    value: Any = Field(sa_column=Column(DOCUMENT, nullable=False))
    effective_from: date
    effective_to: date | None = None
    document: str
    status: str
    note: str = ""
    state: str = "waiting"
    proposed_by: uuid.UUID
    proposed_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    decided_by: uuid.UUID | None = None
    decided_at: datetime | None = Field(default=None, sa_column=Column(MOMENT))
    reason: str = ""


PARAMETER = SQLModel.metadata.tables["parameter"]
