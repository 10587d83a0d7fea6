"""The holidays and make-up working days the State Council has published, as the package ``chinesecalendar`` records them."""

from functools import cache

from chinese_calendar.constants import holidays, workdays

from ccezone.kernel.working_days import WorkCalendar


@cache
def published_calendar() -> WorkCalendar:
    """Return the calendar of all published years; a later year counts its weekdays and is provisional."""
    days_off = frozenset(day for day in holidays if day.weekday() < 5)
    days_worked = frozenset(day for day in workdays if day.weekday() >= 5)
    return WorkCalendar(days_off, days_worked, frozenset(day.year for day in holidays))
