"""The life cycle as a table, the bureau's working days with pauses, the window in which goods may be claimed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.kernel.errors import Refused
from ccezone.kernel.holidays import published_calendar
from ccezone.kernel.working_days import WorkCalendar
from ccezone.tax_refunds.rules.claims import ENDED_UNUSED, State, Step, after, steps_from
from ccezone.tax_refunds.rules.terms import Pause, claim_until, collected_until, review_clock

_WEEKDAYS = WorkCalendar(published_years=frozenset({2026}))
_MONDAY = date(2026, 6, 1)


def test_five_working_days_end_on_the_next_monday() -> None:
    clock = review_clock(_WEEKDAYS, _MONDAY, 5, [], date(2026, 6, 8))
    assert (clock.due, clock.used, clock.left, clock.overdue, clock.provisional) == (date(2026, 6, 8), 5, 0, False, False)
    assert review_clock(_WEEKDAYS, _MONDAY, 5, [], date(2026, 6, 9)).overdue


def test_days_that_the_bureau_waits_do_not_count() -> None:
    waits = [Pause(date(2026, 6, 2), None)]
    clock = review_clock(_WEEKDAYS, _MONDAY, 5, waits, date(2026, 6, 20))
    assert (clock.due, clock.used, clock.paused, clock.overdue) == (None, 1, True, False)
    answered = review_clock(_WEEKDAYS, _MONDAY, 5, [Pause(date(2026, 6, 2), date(2026, 6, 4))], date(2026, 6, 5))
    assert (answered.due, answered.used) == (date(2026, 6, 10), 2)


def test_holidays_do_not_count_and_an_unpublished_year_is_provisional() -> None:
    holiday = review_clock(published_calendar(), date(2025, 9, 30), 1, [], date(2025, 10, 8))
    assert (holiday.due, holiday.provisional) == (date(2025, 10, 9), False)
    assert review_clock(WorkCalendar(), _MONDAY, 5, [], _MONDAY).provisional


@given(st.integers(1, 30), st.integers(0, 40), st.integers(0, 20), st.integers(0, 20))
def test_a_pause_never_brings_the_end_nearer(days: int, passed: int, begins: int, lasts: int) -> None:
    today = _MONDAY + timedelta(days=passed)
    since = _MONDAY + timedelta(days=begins)
    plain = review_clock(_WEEKDAYS, _MONDAY, days, [], today)
    paused = review_clock(_WEEKDAYS, _MONDAY, days, [Pause(since, since + timedelta(days=lasts))], today)
    assert plain.due is not None
    assert paused.due is not None
    assert paused.due >= plain.due
    assert paused.left >= plain.left


@pytest.mark.parametrize(
    ("exported", "until"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), date(2029, 1, 1)),
        (date(2028, 2, 29), date(2031, 2, 28)),
        (date(2026, 12, 31), date(2029, 12, 31)),
    ],
)
def test_goods_lapse_after_36_months_since_2026(exported: date, until: date | None) -> None:
    assert claim_until(exported, 36) == until


def test_every_state_is_reached_and_ends_are_ends() -> None:
    reached = {after(state, step) for state in State for step in steps_from(state)}
    assert reached == set(State)
    for state in ENDED_UNUSED:
        assert steps_from(state) == {Step.KEEP}


def test_a_step_that_the_state_does_not_allow_is_refused() -> None:
    with pytest.raises(Refused):
        after(State.DRAFT, Step.PAY)


@pytest.mark.parametrize(
    ("exported", "until"),
    [(date(2024, 1, 2), date(2025, 4, 15)), (date(2024, 12, 31), date(2025, 4, 15)), (date(2023, 2, 1), date(2024, 4, 15))],
)
def test_money_is_due_in_april_of_the_year_after_export(exported: date, until: date) -> None:
    assert collected_until(exported, "04-15") == until
