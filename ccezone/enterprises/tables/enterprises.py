"""Rows of enterprises."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT


class Enterprise(SQLModel, table=True):
    """One registered enterprise; ``uscc`` or ``customs_code`` names it in messages."""

    __tablename__ = "enterprise"
    __table_args__ = (
        CheckConstraint("uscc ~ '^[0-9A-Z]{18}$'", name="enterprise_uscc_form"),
        CheckConstraint("customs_code ~ '^[0-9]{4}[0-9A-Z]{6}$'", name="enterprise_customs_code_form"),
        CheckConstraint("status IN ('applied', 'active', 'suspended')", name="enterprise_status_known"),
        CheckConstraint("cardinality(roles) > 0", name="enterprise_has_a_role"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    uscc: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    customs_code: str | None = Field(default=None, sa_column=Column(Text, unique=True))
    name: str = Field(sa_type=Text)
    name_en: str = Field(default="", sa_type=Text)
    roles: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    dxp_id: str | None = Field(default=None, sa_type=Text)
    node: str = Field(default="", sa_type=Text)
    contact: str = Field(default="", sa_type=Text)
    status: str = Field(default="active", sa_type=Text)
    auto_submit: bool = False
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    updated_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
