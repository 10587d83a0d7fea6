"""What a grade, the negative list and the red list do to an enterprise: the treatment table."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ccezone.credit.rules.scoring import Grade

LISTED, RED = "listed", "red"
STANDINGS = (*(grade.value for grade in Grade), LISTED, RED)
"""Rows of the treatment table: grades, the negative list, the red list."""


@dataclass(frozen=True, slots=True)
class Measures:
    """A treatment: the share of lists customs is asked to inspect (1: every one), what is allowed, what is blocked."""

    inspection_share: Decimal
    auto_submit: bool
    fast_lane: bool
    registration_block: bool
    filing_block: bool


def standing_of(grade: Grade | None, *, listed: bool, red: bool) -> str | None:
    """Return the row of the table that holds: the negative list before the red list before the grade; ``None``: no treatment."""
    if listed:
        return LISTED
    if red:
        return RED
    return grade.value if grade else None


def measures_of(standing: str, table: Mapping[str, Measures]) -> Measures:
    """Return the measures of a standing. Raises ``KeyError``."""
    return table[standing]
