"""Rows of enterprises."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Column, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT, SEALED


class Enterprise(SQLModel, table=True):
    """One registered enterprise; ``uscc`` or ``customs_code`` names it in messages.

    ``profile`` holds what else it stated when it registered, ``personal`` its people, sealed. ``filing_block`` names why it
    may not file for now (``licence_expired``), empty when it may. What credit decided: ``credit_grade`` (empty: none yet),
    ``credit_block`` (``negative_list``: nothing may be filed), ``fast_lane``, and whether lists may be filed without a person.
    """

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
    profile: dict[str, Any] = Field(default_factory=dict, sa_column=Column(DOCUMENT, nullable=False, server_default=text("'{}'")))
    personal: bytes | None = Field(default=None, sa_column=Column(SEALED))
    filing_block: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    credit_grade: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    credit_block: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    fast_lane: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=text("false")))
    auto_submit_allowed: bool = Field(default=True, sa_column=Column(Boolean, nullable=False, server_default=text("true")))
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    updated_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))


class RegistrationBlock(SQLModel, table=True):
    """Somebody, registered or not, who may neither register nor amend a registration for now, and why (``negative_list``)."""

    __tablename__ = "registration_block"

    uscc: str = Field(sa_column=Column(Text, primary_key=True))
    reason: str = Field(sa_type=Text)
    since: datetime = Field(sa_column=Column(MOMENT, nullable=False))
