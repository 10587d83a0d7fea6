"""Rows of risk: rules and their trials, traces and how far they were gathered, alerts and what was done about them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, Column, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, KEY8, MOMENT, SMALL


class RiskRule(SQLModel, table=True):
    """One edition of a rule. Editions of a ``family`` follow each other by date; a live one is never changed but in its end."""

    __tablename__ = "risk_rule"
    __table_args__ = (
        UniqueConstraint("family", "edition", name="uq_risk_rule_edition"),
        Index(
            "uq_risk_rule_draft",
            "family",
            unique=True,
            postgresql_where="state = 'draft'",
        ),
        CheckConstraint("state IN ('draft', 'live', 'dropped')", name="risk_rule_state_known"),
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="risk_rule_ends_after_it_begins"),
    )

    id: UUID = Field(primary_key=True)
    family: UUID
    edition: int
    kind: str
    name: str
    level: str
    type: str
    thresholds: dict[str, Any] = Field(sa_type=DOCUMENT)
    scope: dict[str, Any] = Field(sa_type=DOCUMENT)
    document: str
    status: str
    state: str
    effective_from: date | None
    effective_to: date | None
    version: int
    drafted_by: str
    drafted_at: datetime = Field(sa_type=MOMENT)
    published_by: str | None
    published_at: datetime | None = Field(sa_type=MOMENT)


class RiskTrial(SQLModel, table=True):
    """A rule tried on past months by the background job of the same id. ``fingerprint`` says what exactly was tried."""

    __tablename__ = "risk_trial"
    __table_args__ = (Index("ix_risk_trial_rule", "rule_id", "id"),)

    id: UUID = Field(primary_key=True)
    rule_id: UUID = Field(foreign_key="risk_rule.id")
    fingerprint: str
    since: date
    until: date
    asked_by: str
    asked_at: datetime = Field(sa_type=MOMENT)
    finished_at: datetime | None = Field(sa_type=MOMENT)
    traces: int = Field(sa_type=BigInteger)
    alerts: int
    known: int
    firms: int
    months: dict[str, Any] = Field(sa_type=DOCUMENT)
    samples: list[dict[str, Any]] = Field(sa_type=DOCUMENT)


class RiskTrace(SQLModel, table=True):
    """One narrow fact about a bill or list (``rules.traces``), gathered off the path that takes bills in."""

    __tablename__ = "risk_trace"
    __table_args__ = (Index("ix_risk_trace_bucket", "stream", "bucket", "at"),)

    subject: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    stream: str = Field(primary_key=True)
    part: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    bucket: int = Field(sa_type=KEY8)
    at: datetime = Field(sa_type=MOMENT)
    kind: str
    number: str
    flow: str = Field(sa_type=CHAR(1))
    merchant_id: UUID | None
    said: dict[str, Any] = Field(sa_type=DOCUMENT)


class RiskMark(SQLModel, table=True):
    """How far a source was read: the last row's moment and id."""

    __tablename__ = "risk_mark"

    source: str = Field(primary_key=True)
    at: datetime = Field(sa_type=MOMENT)
    after: str


class RiskAlert(SQLModel, table=True):
    """Something a rule found. The same traces never make two alerts of one family; more traces make one alert grow."""

    __tablename__ = "risk_alert"
    __table_args__ = (
        UniqueConstraint("family", "bucket", "first_subject", name="uq_risk_alert_finding"),
        Index("ix_risk_alert_open", "id", postgresql_where="state <> 'closed'"),
        Index("ix_risk_alert_merchant", "merchant_id", "id"),
        CheckConstraint("state IN ('open', 'handling', 'closed')", name="risk_alert_state_known"),
        CheckConstraint("(state = 'closed') = (disposition IS NOT NULL)", name="risk_alert_closed_with_disposition"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    rule_id: UUID = Field(foreign_key="risk_rule.id")
    family: UUID
    kind: str
    level: str
    type: str
    bucket: int = Field(sa_type=KEY8)
    first_subject: int = Field(sa_type=KEY8)
    subjects: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    merchant_id: UUID | None
    merchants: int
    at: datetime = Field(sa_type=MOMENT)
    raised_at: datetime = Field(sa_type=MOMENT)
    measures: dict[str, Any] = Field(sa_type=DOCUMENT)
    evidence: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    state: str
    owner: str | None
    disposition: str | None
    cause: str | None
    closed_at: datetime | None = Field(sa_type=MOMENT)
    version: int


class RiskStep(SQLModel, table=True):
    """One thing that happened to an alert; never changed or removed."""

    __tablename__ = "risk_step"
    __table_args__ = (Index("ix_risk_step_alert", "alert_id", "id"),)

    id: UUID = Field(primary_key=True)
    alert_id: UUID = Field(foreign_key="risk_alert.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    action: str
    agency: str
    note: str


class RiskAgency(SQLModel, table=True):
    """An agency that works on an alert, and what it found."""

    __tablename__ = "risk_agency"

    alert_id: UUID = Field(primary_key=True, foreign_key="risk_alert.id")
    agency: str = Field(primary_key=True)
    asked_at: datetime = Field(sa_type=MOMENT)
    asked_by: str
    opinion: str | None
    note: str
    answered_at: datetime | None = Field(sa_type=MOMENT)


class RiskBackgroundCheck(SQLModel, table=True):
    """What a bank or insurer found when it checked a firm, with its document; append-only, ``revokes`` takes one back."""

    __tablename__ = "risk_background_check"
    __table_args__ = (
        CheckConstraint("outcome IN ('clear', 'concern', 'refused')", name="risk_background_check_outcome_known"),
        Index("ix_risk_background_check_enterprise", "enterprise_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    institution: str
    kind: str
    purpose: str
    outcome: str
    checked_on: date
    valid_to: date | None
    document: str
    file_id: UUID | None
    note: str
    revokes: UUID | None = Field(sa_column=Column(ForeignKey("risk_background_check.id"), nullable=True, unique=True))
    recorded_at: datetime = Field(sa_type=MOMENT)
    recorded_by: str
