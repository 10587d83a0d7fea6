"""Rows of inspection: orders with the checks of agencies and their story, inspectors, plans with population, publications."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT, SMALL


class InspectionOrder(SQLModel, table=True):
    """One order to look at a list, a batch of goods or a firm's premises. ``origin`` names what it came from (``risk_alert:ID``).

    ``subject`` is a list's id, a batch as people name it, or the firm's code. One open order about a list at a time.
    """

    __tablename__ = "inspection_order"
    __table_args__ = (
        CheckConstraint("subject_kind IN ('list', 'batch', 'firm')", name="inspection_order_subject_known"),
        CheckConstraint("result IN ('', 'pass', 'fail', 'cancelled')", name="inspection_order_result_known"),
        CheckConstraint("(result = '') = (closed_at IS NULL)", name="inspection_order_closed_with_result"),
        Index("uq_inspection_order_list", "subject", unique=True, postgresql_where="closed_at IS NULL AND subject_kind = 'list'"),
        Index("ix_inspection_order_subject", "subject_kind", "subject"),
        Index("ix_inspection_order_origin", "origin"),
        Index("ix_inspection_order_enterprise", "enterprise_id", "id"),
        Index("ix_inspection_order_open", "id", postgresql_where="closed_at IS NULL"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(default=None, sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    subject_kind: str
    subject: str
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    reason: str
    origin: str
    what: str = Field(sa_type=Text)
    place: str
    planned_at: datetime | None = Field(sa_type=MOMENT)
    due_on: date
    result: str
    findings: list[str] = Field(sa_type=DOCUMENT)
    conclusion: str = Field(sa_type=Text)
    opened_at: datetime = Field(sa_type=MOMENT)
    opened_by: str
    closed_at: datetime | None = Field(sa_type=MOMENT)
    closed_by: str
    version: int


class InspectionCheck(SQLModel, table=True):
    """An agency on an order: who inspects for it, and what it signed in. ``opinion`` is empty until it has."""

    __tablename__ = "inspection_check"
    __table_args__ = (CheckConstraint("opinion IN ('', 'pass', 'fail')", name="inspection_check_opinion_known"),)

    order_id: UUID = Field(primary_key=True, foreign_key="inspection_order.id")
    agency: str = Field(primary_key=True)
    inspectors: list[str] = Field(sa_type=DOCUMENT)
    invited_at: datetime = Field(sa_type=MOMENT)
    opinion: str
    findings: list[str] = Field(sa_type=DOCUMENT)
    note: str = Field(sa_type=Text)
    file_id: UUID | None
    signed_at: datetime | None = Field(sa_type=MOMENT)
    signed_by: str


class InspectionStep(SQLModel, table=True):
    """One step of an order's story: append-only. ``detail`` holds codes, never personal values."""

    __tablename__ = "inspection_step"
    __table_args__ = (Index("ix_inspection_step_order", "order_id", "id"),)

    id: UUID = Field(primary_key=True)
    order_id: UUID = Field(foreign_key="inspection_order.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    action: str
    agency: str
    note: str = Field(sa_type=Text)
    file_id: UUID | None
    detail: dict[str, Any] = Field(sa_type=DOCUMENT)


class InspectionMark(SQLModel, table=True):
    """How far the lists' news was read."""

    __tablename__ = "inspection_mark"

    id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    seen_at: datetime = Field(sa_type=MOMENT)


class Inspector(SQLModel, table=True):
    """Somebody an agency may send. ``related`` holds the codes of firms they must not inspect."""

    __tablename__ = "inspector"
    __table_args__ = (CheckConstraint("until >= since", name="inspector_days_in_order"),)

    id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    name: str
    agency: str
    since: date
    until: date | None
    related: list[str] = Field(sa_type=DOCUMENT)
    version: int


class InspectionPlan(SQLModel, table=True):
    """A plan of random inspections: draft, then frozen (population and digest of the secret published), then drawn.

    ``secret`` is sealed until the draw reveals it. ``wanted`` filters the population, ``shares`` say how much of each grade.
    """

    __tablename__ = "inspection_plan"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'frozen', 'drawn', 'dropped')", name="inspection_plan_state_known"),
        CheckConstraint("until >= since", name="inspection_plan_days_in_order"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(default=None, sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    title: str
    subject_kind: str
    since: date
    until: date
    due_on: date
    wanted: dict[str, Any] = Field(sa_type=DOCUMENT)
    agencies: list[str] = Field(sa_type=DOCUMENT)
    each: int = Field(sa_type=SMALL)
    state: str
    secret: bytes | None = Field(sa_type=LargeBinary)
    drafted_at: datetime = Field(sa_type=MOMENT)
    drafted_by: str
    frozen_at: datetime | None = Field(sa_type=MOMENT)
    drawn_at: datetime | None = Field(sa_type=MOMENT)
    version: int


class InspectionObject(SQLModel, table=True):
    """One object of a frozen plan. ``token`` is its public name, ``place`` its rank once it is drawn."""

    __tablename__ = "inspection_object"
    __table_args__ = (
        UniqueConstraint("plan_id", "subject", name="uq_inspection_object_subject"),
        Index("ix_inspection_object_drawn", "plan_id", "place", postgresql_where="place IS NOT NULL"),
        Index("ix_inspection_object_order", "order_id", postgresql_where="order_id IS NOT NULL"),
    )

    plan_id: UUID = Field(primary_key=True, foreign_key="inspection_plan.id")
    token: str = Field(primary_key=True)
    subject: str
    enterprise_id: UUID
    grade: str
    place: int | None
    order_id: UUID | None


class InspectionPublication(SQLModel, table=True):
    """What was published of a plan, byte for byte, at freezing and at the draw: written once, never changed."""

    __tablename__ = "inspection_publication"

    plan_id: UUID = Field(primary_key=True, foreign_key="inspection_plan.id")
    stage: str = Field(primary_key=True)
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    document: bytes
    digest: str
