"""Rows of background jobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT


class BackgroundJob(SQLModel, table=True):
    """One piece of long work. ``checkpoint`` says how far it came, so that another worker goes on from there."""

    __tablename__ = "background_job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="background_job_state_known"),
        Index("ix_background_job_open", "id", postgresql_where="state IN ('waiting', 'running')"),
        Index("ix_background_job_enterprise", "enterprise_id", "id"),
        Index("ix_background_job_user", "user_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    enterprise_id: UUID | None
    user_id: UUID | None
    arguments: dict[str, Any] = Field(sa_type=DOCUMENT)
    state: str
    steps_done: int = 0
    steps: int | None
    checkpoint: dict[str, Any] = Field(sa_type=DOCUMENT)
    result: dict[str, Any] = Field(sa_type=DOCUMENT)
    file_id: UUID | None
    faults: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    attempts: int = 0
    lease_until: datetime | None = Field(sa_type=MOMENT)
    created_at: datetime = Field(sa_type=MOMENT)
    started_at: datetime | None = Field(sa_type=MOMENT)
    finished_at: datetime | None = Field(sa_type=MOMENT)
