"""The periods returns are compiled for: a week (ISO 8601), a month, a quarter, half a year, a year."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """How long a period of a return is."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEAR = "half_year"
    YEARLY = "yearly"


_SHAPES = {
    Kind.WEEKLY: r"(\d{4})-W(\d\d)",
    Kind.MONTHLY: r"(\d{4})-(\d\d)",
    Kind.QUARTERLY: r"(\d{4})-Q(\d)",
    Kind.HALF_YEAR: r"(\d{4})-H(\d)",
    Kind.YEARLY: r"(\d{4})()",
}
_MONTHS = {Kind.MONTHLY: 1, Kind.QUARTERLY: 3, Kind.HALF_YEAR: 6, Kind.YEARLY: 12}
_FIRST_YEAR = 2016


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a return tells of, both included. ``name`` is 2026-W47, 2026-11, 2026-Q4, 2026-H2 or 2026."""

    kind: Kind
    name: str
    since: date
    until: date

    @property
    def year(self) -> int:
        """The year it belongs to: a week to that of its Thursday."""
        return int(self.name[:4])

    @property
    def year_since(self) -> date:
        """Where "since the beginning of the year" begins."""
        return min(date(self.year, 1, 1), self.since)

    @property
    def whole_year(self) -> bool:
        """Say whether it is a year, which has no "since the beginning of the year" beside it."""
        return self.kind is Kind.YEARLY

    def a_year_before(self) -> "Period | None":
        """Return the same period of the year before; a 53rd week may have none."""
        try:
            return period(self.kind, f"{self.year - 1:04d}{self.name[4:]}")
        except ValueError:
            return None


def period(kind: Kind, name: str) -> Period:
    """Read a period. Raises ``ValueError``."""
    found = re.fullmatch(_SHAPES[kind], name)
    if not found or int(found[1]) < _FIRST_YEAR - 1 or int(found[1]) > 9000:
        raise ValueError(name)
    year, number = int(found[1]), int(found[2] or 1)
    if kind is Kind.WEEKLY:
        try:
            since = date.fromisocalendar(year, number, 1)
        except ValueError:
            raise ValueError(name) from None
        return Period(kind, name, since, since + timedelta(days=6))
    months = _MONTHS[kind]
    if not 1 <= number <= 12 // months:
        raise ValueError(name)
    since = date(year, (number - 1) * months + 1, 1)
    after = date(year + (since.month - 1 + months) // 12, (since.month - 1 + months) % 12 + 1, 1)
    return Period(kind, name, since, after - timedelta(days=1))


def period_of(kind: Kind, day: date) -> Period:
    """Return the period a day lies in."""
    if kind is Kind.WEEKLY:
        year, week, _day = day.isocalendar()
        return period(kind, f"{year:04d}-W{week:02d}")
    number = (day.month - 1) // _MONTHS[kind] + 1
    letter = {Kind.MONTHLY: f"-{number:02d}", Kind.QUARTERLY: f"-Q{number}", Kind.HALF_YEAR: f"-H{number}", Kind.YEARLY: ""}
    return period(kind, f"{day.year:04d}{letter[kind]}")


def latest(kind: Kind, day: date, number: int) -> Sequence[Period]:
    """Return the period of a day and those before it, the newest first."""
    found = [period_of(kind, day)]
    while len(found) < number:
        found.append(period_of(kind, found[-1].since - timedelta(days=1)))
    return found
