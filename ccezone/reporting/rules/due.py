"""When reports are due, and when somebody is reminded."""

from collections.abc import Iterable
from datetime import date, timedelta

from ccezone.kernel.working_days import WorkCalendar

_ONE_DAY = timedelta(days=1)


def due_on(until: date, days: int, calendar: WorkCalendar) -> date:
    """Return the day a report is due: so many days after its period, moved on to the next working day."""
    found = until + timedelta(days=days)
    while not calendar.works(found):
        found += _ONE_DAY
    return found


def reminder(today: date, due: date, before: Iterable[int], after: Iterable[int]) -> int | None:
    """Return which reminder is the latest to have come up, as days from the due day (below nought: before it); or none."""
    offsets = [*(-days for days in before), *after]
    return max((days for days in offsets if due + timedelta(days=days) <= today), default=None)
