"""The published calendar: holidays off, make-up days worked, later years provisional."""

from datetime import date

from ccezone.kernel.holidays import published_calendar


def test_the_national_day_is_off_and_a_make_up_sunday_is_worked() -> None:
    calendar = published_calendar()
    assert not calendar.works(date(2025, 10, 1))
    assert calendar.works(date(2025, 9, 28))
    assert calendar.add(date(2025, 9, 30), 1) == date(2025, 10, 9)


def test_a_year_nobody_has_published_is_provisional() -> None:
    assert published_calendar().provisional([date(2099, 1, 5)])
    assert not published_calendar().provisional([date(2025, 1, 6)])
