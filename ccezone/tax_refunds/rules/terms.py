"""Terms of refunds: the bureau's working days by class (STA 2016 No.46) with pauses, and until when goods may be claimed."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ccezone.kernel.working_days import WorkCalendar

NEW_WINDOW_BEGINS = date(2026, 1, 1)
"""Exports from this day on may be claimed for a number of months; earlier ones late too, once documents are complete
(MOF/STA 2020 No.2)."""
_ONE_DAY = timedelta(days=1)
_LONGEST = 3660


@dataclass(frozen=True, slots=True)
class Pause:
    """Days the bureau waits for the claimant: from the day of its letter to that of the answer; ``None``: it still waits."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ReviewClock:
    """Where the bureau's time stands. ``due`` is ``None`` while it rests; ``left`` below nought: overdue."""

    due: date | None
    used: int
    left: int
    paused: bool
    provisional: bool

    @property
    def overdue(self) -> bool:
        return self.left < 0


def review_clock(calendar: WorkCalendar, accepted: date, days: int, pauses: Sequence[Pause], today: date) -> ReviewClock:
    """Count working days after ``accepted``. Days after a letter up to its answer do not count."""

    def counts(day: date) -> bool:
        return calendar.works(day) and not any(each.since < day and (each.until is None or day <= each.until) for each in pauses)

    paused = any(each.until is None for each in pauses)
    used = sum(counts(accepted + _ONE_DAY * number) for number in range(1, (today - accepted).days + 1))
    due, left = accepted, days
    for _ in range(_LONGEST):
        if left <= 0 or paused:
            break
        due += _ONE_DAY
        left -= counts(due)
    provisional = calendar.provisional([accepted, due, today])
    return ReviewClock(None if paused else due, used, days - used, paused, provisional)


def collected_until(exported_on: date, month_day: str) -> date:
    """Return the day by which the money for an export should be in: ``MM-DD`` of the following year (STA 2013 No.30)."""
    month, day = (int(part) for part in month_day.split("-"))
    return date(exported_on.year + 1, month, min(day, monthrange(exported_on.year + 1, month)[1]))


def claim_until(exported_on: date, months: int | None) -> date | None:
    """Return the last day an export may be claimed; ``None`` when it never lapses."""
    if exported_on < NEW_WINDOW_BEGINS or months is None:
        return None
    number = exported_on.year * 12 + exported_on.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(exported_on.day, monthrange(year, month)[1]))
