"""Rows of credit: evidence, scores of days, treatments, listings, look-ups; grades of others; agencies; persons."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Numeric, Text
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import DOCUMENT, KEY8, MOMENT, SEALED

_SCORE = Numeric(6, 2)
_SHARE = Numeric(5, 4)


class CreditEvidence(SQLModel, table=True):
    """One piece of evidence, never changed; ``revokes`` takes an earlier one back. ``detail`` holds the counts of a share."""

    __tablename__ = "credit_evidence"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="credit_evidence_days_in_order"),
        Index("ix_credit_evidence_enterprise", "enterprise_id", "factor", "recorded_at"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    factor: str
    issuer: str
    value: str
    detail: dict[str, Any] = Field(sa_type=DOCUMENT)
    valid_from: date
    valid_to: date | None
    document: str
    file_id: UUID | None
    note: str
    revokes: UUID | None = Field(sa_column=Column(ForeignKey("credit_evidence.id"), nullable=True, unique=True))
    recorded_at: datetime = Field(sa_type=MOMENT)
    recorded_by: str


class CreditScore(SQLModel, table=True):
    """The score of an enterprise on a day, from what was known until a moment; ``digest`` covers every input."""

    __tablename__ = "credit_score"
    __table_args__ = (Index("ix_credit_score_day", "day"),)

    enterprise_id: UUID = Field(primary_key=True, foreign_key="enterprise.id")
    day: date = Field(primary_key=True)
    score: Decimal = Field(sa_type=_SCORE)
    grade: str
    known_until: datetime = Field(sa_type=MOMENT)
    digest: int = Field(sa_type=KEY8)


class CreditTreatment(SQLModel, table=True):
    """A treatment from a moment on, and how the single window was asked for its inspection share.

    ``settled_at``: sent, refused for good (``last_error`` says why) or overtaken by a newer treatment (``sent`` is false).
    """

    __tablename__ = "credit_treatment"
    __table_args__ = (
        CheckConstraint("inspection_share BETWEEN 0 AND 1", name="credit_treatment_share_possible"),
        Index("ix_credit_treatment_enterprise", "enterprise_id", "id"),
        Index("ix_credit_treatment_waiting", "next_attempt_at", postgresql_where="settled_at IS NULL"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    at: datetime = Field(sa_type=MOMENT)
    grade: str
    standing: str
    inspection_share: Decimal = Field(sa_type=_SHARE)
    auto_submit: bool
    fast_lane: bool
    registration_block: bool
    filing_block: bool
    next_attempt_at: datetime = Field(sa_type=MOMENT)
    attempts: int = 0
    last_error: str = ""
    sent: bool = False
    settled_at: datetime | None = Field(sa_type=MOMENT)


class CreditListing(SQLModel, table=True):
    """One listing of an enterprise, registered (``enterprise_id``) or not, on the negative or the red list."""

    __tablename__ = "credit_listing"
    __table_args__ = (
        CheckConstraint("kind IN ('negative', 'red')", name="credit_listing_kind_known"),
        CheckConstraint(
            "state IN ('noticed', 'appealed', 'listed', 'repairing', 'ended', 'dropped')", name="credit_listing_state_known"
        ),
        Index("uq_credit_listing_open", "uscc", "kind", unique=True, postgresql_where="state NOT IN ('ended', 'dropped')"),
        Index("ix_credit_listing_enterprise", "enterprise_id"),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    uscc: str
    name: str
    enterprise_id: UUID | None
    state: str
    ground: str = Field(sa_type=Text)
    document: str
    evidence_id: UUID | None
    appeal_until: date | None
    listed_on: date | None
    listed_until: date | None
    ended_on: date | None
    created_at: datetime = Field(sa_type=MOMENT)


class CreditListingStep(SQLModel, table=True):
    """One step of a listing: append-only."""

    __tablename__ = "credit_listing_step"
    __table_args__ = (Index("ix_credit_listing_step_listing", "listing_id", "id"),)

    id: UUID = Field(primary_key=True)
    listing_id: UUID = Field(foreign_key="credit_listing.id")
    at: datetime = Field(sa_type=MOMENT)
    actor: str
    step: str
    note: str = Field(sa_type=Text)
    file_id: UUID | None


class CreditLookup(SQLModel, table=True):
    """One look at an enterprise's credit: who, in which capacity, and which fields were shown."""

    __tablename__ = "credit_lookup"
    __table_args__ = (Index("ix_credit_lookup_uscc", "uscc", "id"),)

    id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=MOMENT)
    uscc: str
    viewer: str
    actor: str
    channel: str
    address: str
    fields: list[str] = Field(sa_type=DOCUMENT)


class CreditMark(SQLModel, table=True):
    """How far the periodic work has come: the moment news was last looked for, and the last day that was scored."""

    __tablename__ = "credit_mark"

    id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    seen_at: datetime = Field(sa_type=MOMENT)
    scored_on: date


class CreditSource(SQLModel, table=True):
    """An agency that may state evidence through its own connection: which source it speaks for, by which document, until when."""

    __tablename__ = "credit_source"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="credit_source_days_in_order"),
        Index("ix_credit_source_enterprise", "enterprise_id"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    source: str
    document: str
    valid_from: date
    valid_to: date | None
    recorded_at: datetime = Field(sa_type=MOMENT)
    recorded_by: str


class CreditForeignGrade(SQLModel, table=True):
    """A grade another authority, zone or rater gave, as its document says it; append-only, ``revokes`` takes one back."""

    __tablename__ = "credit_foreign_grade"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="credit_foreign_grade_days_in_order"),
        Index("ix_credit_foreign_grade_enterprise", "enterprise_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    scheme: str
    issuer: str
    grade: str
    valid_from: date
    valid_to: date | None
    document: str
    file_id: UUID | None
    note: str
    revokes: UUID | None = Field(sa_column=Column(ForeignKey("credit_foreign_grade.id"), nullable=True, unique=True))
    recorded_at: datetime = Field(sa_type=MOMENT)
    recorded_by: str


class CreditPerson(SQLModel, table=True):
    """A person with a credit record, known by the keyed digest of the identity number; name and number are sealed."""

    __tablename__ = "credit_person"

    id: UUID = Field(primary_key=True)
    digest: int = Field(sa_column=Column(KEY8, nullable=False, unique=True))
    personal: bytes = Field(sa_type=SEALED)
    recorded_at: datetime = Field(sa_type=MOMENT)


class CreditPersonEvidence(SQLModel, table=True):
    """One piece of evidence about a person: append-only, ``revokes`` takes an earlier one back.

    With ``enterprise_id`` it says what the person is to that enterprise (``capacity``).
    """

    __tablename__ = "credit_person_evidence"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="credit_person_evidence_days_in_order"),
        Index("ix_credit_person_evidence_person", "person_id", "id"),
        Index("ix_credit_person_evidence_enterprise", "enterprise_id", postgresql_where="enterprise_id IS NOT NULL"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="credit_person.id")
    kind: str
    enterprise_id: UUID | None = Field(foreign_key="enterprise.id")
    issuer: str
    valid_from: date
    valid_to: date | None
    document: str
    file_id: UUID | None
    note: str = Field(sa_type=Text)
    revokes: UUID | None = Field(sa_column=Column(ForeignKey("credit_person_evidence.id"), nullable=True, unique=True))
    recorded_at: datetime = Field(sa_type=MOMENT)
    recorded_by: str


class CreditPersonLook(SQLModel, table=True):
    """One look at a person's record: who, for what reason; ``viewer`` is ``self`` where the person asked. Append-only."""

    __tablename__ = "credit_person_look"
    __table_args__ = (Index("ix_credit_person_look_digest", "digest", "id"),)

    id: UUID = Field(primary_key=True)
    digest: int = Field(sa_type=KEY8)
    at: datetime = Field(sa_type=MOMENT)
    viewer: str
    actor: str
    reason: str = Field(sa_type=Text)
