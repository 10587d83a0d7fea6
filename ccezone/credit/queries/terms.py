"""The dated parameters of credit, as values: how a day is scored, what a standing does, who sees what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from ccezone.credit.rules.measures import STANDINGS, Measures
from ccezone.credit.rules.scoring import ADDED_LATER, Factor, Grade, ScoreTerms, read_scale
from ccezone.credit.rules.visibility import FIELDS, Reach
from ccezone.parameters.queries import book
from ccezone.parameters.rules import Parameter, ParameterBook


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """Terms in force on a day."""

    scoring: ScoreTerms
    measures: Mapping[str, Measures]
    window_days: int
    least_documents: int
    least_inspections: int
    appeal_days: int
    listing_months: int
    reaches: Mapping[str, Reach]


def credit_terms(connection: Connection, zone: str, day: date, known_until: datetime | None = None) -> CreditTerms:
    """Return the terms of a day; ``known_until`` leaves out what was entered later. Raises ``ParameterMissing``."""
    return terms_in(book(connection, zone, known_until), day)


def terms_in(known: ParameterBook, day: date) -> CreditTerms:
    """Read the terms of a day out of a book."""
    return CreditTerms(
        ScoreTerms(
            {factor: known.decimal(f"credit.weight.{factor}", day) for factor in _weighed(known, day)},
            {factor: read_scale(known.texts(f"credit.points.{factor}", day)) for factor in _weighed(known, day)},
            known.decimal("credit.points.unknown", day),
            {grade: known.decimal(f"credit.cut_off.{grade}", day) for grade in Grade if grade is not Grade.BB},
        ),
        {standing: _measures(known, standing, day) for standing in STANDINGS},
        known.integer("credit.window_days", day),
        known.integer("credit.least_documents", day),
        known.integer("credit.least_inspections", day),
        known.integer("credit.appeal_days", day),
        known.integer("credit.listing_months", day),
        {field: Reach(known.text(f"credit.visibility.{field}", day)) for field in FIELDS},
    )


def published_weights(connection: Connection, zone: str, day: date) -> Mapping[Factor, tuple[Parameter, Parameter]]:
    """Return weight and scale of every factor in force on a day, with documents and marks, to be published."""
    known = book(connection, zone)
    factors = _weighed(known, day)
    return {factor: (known.row(f"credit.weight.{factor}", day), known.row(f"credit.points.{factor}", day)) for factor in factors}


def _weighed(known: ParameterBook, day: date) -> Sequence[Factor]:
    """The factors a day is judged by: those of ``ADDED_LATER`` only once they have a weight."""
    return [factor for factor in Factor if factor not in ADDED_LATER or known.has(f"credit.weight.{factor}", day)]


def _measures(known: ParameterBook, standing: str, day: date) -> Measures:
    key = f"credit.treatment.{standing}"
    return Measures(
        known.decimal(f"{key}.inspection_share", day),
        known.flag(f"{key}.auto_submit", day),
        known.flag(f"{key}.fast_lane", day),
        known.flag(f"{key}.registration_block", day),
        known.flag(f"{key}.filing_block", day),
    )
