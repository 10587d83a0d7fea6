"""Working days: which days count, given the holidays and the make-up working days published for each year.

A year that is not published yet counts its weekdays; whoever shows such a date says that it is provisional.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off that fall on weekdays, days worked that fall on weekends, and the years these are known for."""

    days_off: frozenset[date] = field(default_factory=frozenset)
    days_worked: frozenset[date] = field(default_factory=frozenset)
    published_years: frozenset[int] = field(default_factory=frozenset)

    def works(self, day: date) -> bool:
        """Whether offices work on that day."""
        return day in self.days_worked or (day.weekday() < _SATURDAY and day not in self.days_off)

    def add(self, start: date, working_days: int) -> date:
        """Return the last day of a term of ``working_days`` that begins the day after ``start``."""
        day, left = start, working_days
        while left > 0:
            day += _ONE_DAY
            left -= self.works(day)
        return day

    def count(self, after: date, to: date) -> int:
        """Count the working days after ``after``, up to and with ``to``; 0 when ``to`` is not later."""
        return sum(self.works(after + timedelta(days=n)) for n in range(1, (to - after).days + 1))

    def provisional(self, days: Iterable[date]) -> bool:
        """Whether any of the days lies in a year whose holidays are not published."""
        return any(day.year not in self.published_years for day in days)
