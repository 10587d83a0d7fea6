"""Rows of exports."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT, SEALED


class ExportPart(SQLModel, table=True):
    """One stretch of an export's archive, sealed: in parts, so that neither writing nor reading holds it whole in memory."""

    __tablename__ = "export_part"

    job_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: bytes = Field(sa_type=SEALED)
    expires_at: datetime = Field(sa_type=MOMENT, index=True)
