"""What reports ask for (``indicators.csv``), and the zone's dated terms of reporting."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from io import StringIO

from ccezone.kernel.holidays import published_calendar
from ccezone.parameters.rules import ParameterBook
from ccezone.reporting.rules.checking import Indicator, Limits
from ccezone.reporting.rules.due import due_on
from ccezone.statistics.rules.periods import Kind, Period, period_of

ZONE = "zone"
"""The zone's own returns stand in the same calendar; their terms are those of the returns."""


@dataclass(frozen=True, slots=True)
class Due:
    """A period of a level (``firm``, ``park``, ``zone``), and the day its report is due."""

    level: str
    period: Period
    due_on: date


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms in force on a day. ``least``: late reports are weighed among at least so many."""

    grace_days: int
    remind_before: Sequence[int]
    remind_after: Sequence[int]
    limits: Limits
    least: int


@cache
def indicators() -> Mapping[str, Indicator]:
    """Return every indicator by its key, in the order of the report."""
    text = (files("ccezone.reporting") / "indicators.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(StringIO(text, newline=""))
    return {
        row["key"]: Indicator(
            **{**row, "decimals": int(row["decimals"]), "kinds": frozenset(row["kinds"].split())}  # type: ignore[arg-type]  # every column is a field
        )
        for row in rows
    }


def asked(kind: str) -> list[Indicator]:
    """Return what a report of a kind asks for."""
    return [each for each in indicators().values() if kind in each.kinds]


def reporting_terms(book: ParameterBook, day: date) -> Terms:
    """Read the terms of a day. Raises ``ParameterMissing``."""
    before, after = (tuple(map(int, book.texts(f"reporting.remind_{side}", day))) for side in ("before", "after"))
    limits = Limits(book.decimal("reporting.jump_pct", day), book.decimal("reporting.tolerance_pct", day))
    return Terms(book.integer("reporting.grace_days", day), before, after, limits, book.integer("reporting.least_reports", day))


def due_day(book: ParameterBook, level: str, period: Period) -> date:
    """Return the day a report of a period is due: the zone's days after its end, moved on to a working day."""
    area = "statistics.due_days" if level == ZONE else f"reporting.due_days.{level}"
    return due_on(period.until, book.integer(f"{area}.{period.kind}", period.until), published_calendar())


def dues(book: ParameterBook, level: str, since: date, until: date) -> list[Due]:
    """Return all periods of a level that are due in a span, the first due first."""
    found = []
    for kind in Kind:
        each = period_of(kind, until)
        while (day := due_day(book, level, each)) >= since:
            if day <= until:
                found.append(Due(level, each, day))
            each = period_of(kind, each.since - timedelta(days=1))
    return sorted(found, key=lambda due: (due.due_on, due.period.name))
