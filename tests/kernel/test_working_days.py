"""Terms in working days skip weekends and holidays, and count make-up working days."""

from datetime import date

from ccezone.kernel.working_days import WorkCalendar

_NATIONAL_DAY_2025 = WorkCalendar(
    days_off=frozenset(date(2025, 10, day) for day in (1, 2, 3, 6, 7, 8)),
    days_worked=frozenset({date(2025, 9, 28), date(2025, 10, 11)}),
    published_years=frozenset({2025}),
)


def test_a_term_begins_on_the_day_after_and_skips_the_weekend() -> None:
    assert WorkCalendar().add(date(2026, 3, 6), 5) == date(2026, 3, 13)


def test_a_term_skips_holidays_and_counts_the_sunday_that_is_worked() -> None:
    assert _NATIONAL_DAY_2025.add(date(2025, 9, 27), 3) == date(2025, 9, 30)
    assert _NATIONAL_DAY_2025.add(date(2025, 9, 30), 3) == date(2025, 10, 11)


def test_counting_is_the_inverse_of_adding() -> None:
    start = date(2025, 9, 26)
    assert all(_NATIONAL_DAY_2025.count(start, _NATIONAL_DAY_2025.add(start, n)) == n for n in range(15))
    assert _NATIONAL_DAY_2025.count(start, date(2025, 9, 1)) == 0


def test_a_year_without_published_holidays_is_provisional() -> None:
    assert _NATIONAL_DAY_2025.provisional([date(2025, 12, 31), date(2026, 1, 1)])
    assert not _NATIONAL_DAY_2025.provisional([date(2025, 12, 31)])
