"""Rows of dated parameters. The newest that has begun wins, so two rows of one key may never begin on the same day."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
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


PARAMETER = SQLModel.metadata.tables["parameter"]
