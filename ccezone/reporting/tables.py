"""Rows of the reporting chain: who owes reports, the reports in their editions, what happened to them, who was late."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, MOMENT, SMALL

_KINDS = "'weekly', 'monthly', 'quarterly', 'half_year', 'yearly'"


class ReportingDuty(SQLModel, table=True):
    """An order that a firm reports periods of these kinds that end within its days; ``direct``: to the zone, not its park."""

    __tablename__ = "reporting_duty"
    __table_args__ = (
        CheckConstraint(f"cardinality(kinds) > 0 AND kinds <@ ARRAY[{_KINDS}]", name="reporting_duty_kinds_known"),
        CheckConstraint("until >= since", name="reporting_duty_days_in_order"),
        Index("uq_reporting_duty_open", "enterprise_id", unique=True, postgresql_where="until IS NULL"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    kinds: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    direct: bool
    since: date
    until: date | None = None
    document: str = Field(sa_type=Text)
    ordered_at: datetime = Field(sa_type=MOMENT)
    ordered_by: str


class FiledReport(SQLModel, table=True):
    """One edition of a report. Once sent, what it says is never changed; ``digest`` is the SHA-256 of that.

    ``level`` firm: ``enterprise_id``'s, ``node`` is the park it goes to (empty: the zone); park: compiled by ``node`` from
    ``parts``. ``facts`` is what the hub knew, ``former`` what was accepted for the period before, ``variances`` what was doubted.
    """

    __tablename__ = "filed_report"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="filed_report_kind_known"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'withdrawn', 'sent_back', 'accepted', 'superseded')", name="filed_report_state_known"
        ),
        CheckConstraint(
            "level = 'firm' AND enterprise_id IS NOT NULL OR level = 'park' AND enterprise_id IS NULL AND node <> ''",
            name="filed_report_has_an_author",
        ),
        Index("uq_filed_report_firm", "enterprise_id", "kind", "period", "edition", unique=True),
        Index("uq_filed_report_park", "node", "kind", "period", "edition", unique=True, postgresql_where="level = 'park'"),
        Index(
            "uq_filed_report_firm_open",
            "enterprise_id",
            "kind",
            "period",
            unique=True,
            postgresql_where="state IN ('draft', 'submitted')",
        ),
        Index("ix_filed_report_state", "state", "id"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(default=None, sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    level: str
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id")
    node: str
    kind: str
    period: str
    edition: int
    state: str
    reason: str = Field(sa_type=Text)
    figures: dict[str, Any] = Field(sa_column=Column(DOCUMENT, nullable=False))
    explanations: dict[str, Any] = Field(sa_column=Column(DOCUMENT, nullable=False))
    facts: dict[str, Any] = Field(sa_column=Column(DOCUMENT, nullable=False))
    former: dict[str, Any] = Field(sa_column=Column(DOCUMENT, nullable=False))
    variances: list[Any] = Field(sa_column=Column(DOCUMENT, nullable=False))
    parts: list[Any] = Field(sa_column=Column(DOCUMENT, nullable=False))
    opened_at: datetime = Field(sa_type=MOMENT)
    opened_by: str
    submitted_at: datetime | None = Field(default=None, sa_type=MOMENT)
    submitted_by: str = ""
    digest: str = ""
    version: int


class ReportStep(SQLModel, table=True):
    """One step of a report's story: who did what. Append-only."""

    __tablename__ = "report_step"
    __table_args__ = (Index("ix_report_step_report", "report_id", "id"),)

    id: UUID = Field(primary_key=True)
    report_id: UUID = Field(foreign_key="filed_report.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    action: str
    note: str = Field(sa_type=Text)


class ReportReminder(SQLModel, table=True):
    """A reminder that went out: ``days`` from the due day on. ``owner``: ``firm:ID`` or ``park:CODE``."""

    __tablename__ = "report_reminder"

    owner: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    days: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=MOMENT)


class ReportLateness(SQLModel, table=True):
    """A report that had not come when its grace was over. It stays, whatever comes later; an officer may excuse it."""

    __tablename__ = "report_lateness"
    __table_args__ = (UniqueConstraint("owner", "kind", "period", name="uq_report_lateness_period"),)

    id: UUID = Field(primary_key=True)
    owner: str
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id", index=True)
    node: str
    kind: str
    period: str
    due_on: date
    noted_at: datetime = Field(sa_type=MOMENT)
    excused_at: datetime | None = Field(default=None, sa_type=MOMENT)
    excused_by: str = ""
    reason: str = Field(default="", sa_type=Text)
