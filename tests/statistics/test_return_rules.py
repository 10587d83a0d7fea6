"""Periods, growth, and tables that add up: the pure parts of returns."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.statistics.rules.periods import Kind, latest, period, period_of
from ccezone.statistics.rules.returns import COLUMNS, Amount, changes, differing, growth, table, unbalanced

DAYS = st.dates(date(2016, 1, 4), date(2100, 12, 31))


@given(day=DAYS, kind=st.sampled_from(Kind))
def test_every_day_lies_in_one_period_of_each_kind_and_periods_follow_each_other(day: date, kind: Kind) -> None:
    found = period_of(kind, day)
    assert found.since <= day <= found.until
    assert period(kind, found.name) == found
    assert period_of(kind, found.until + timedelta(days=1)).since == found.until + timedelta(days=1)
    before = latest(kind, day, 2)[1]
    assert before.until == found.since - timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.WEEKLY, "2026-W54"),
        (Kind.MONTHLY, "2026-13"),
        (Kind.QUARTERLY, "2026-Q5"),
        (Kind.HALF_YEAR, "2026-H0"),
        (Kind.YEARLY, "26"),
    ],
)
def test_what_is_no_period_is_refused(kind: Kind, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        period(kind, name)


def test_a_week_belongs_to_the_year_of_its_thursday_and_a_fifty_third_may_have_none_before() -> None:
    week = period(Kind.WEEKLY, "2026-W53")
    assert (week.since, week.until, week.year_since) == (date(2026, 12, 28), date(2027, 1, 3), date(2026, 1, 1))
    assert week.a_year_before() is None
    assert period(Kind.MONTHLY, "2026-11").a_year_before() == period(Kind.MONTHLY, "2025-11")


def test_growth_is_rounded_half_up_and_needs_a_base() -> None:
    assert growth(Decimal("112.25"), Decimal(100)) == Decimal("12.3")
    assert growth(Decimal(50), Decimal(100)) == Decimal("-50.0")
    assert growth(Decimal(50), Decimal(0)) is None
    assert growth(Decimal(50), None) is None


def rows(**values: int) -> dict[str, dict[str, Amount]]:
    return {key: {"export": Amount(1, Decimal(value))} for key, value in values.items()}


def test_a_table_stands_by_size_and_a_total_that_is_another_shows() -> None:
    one, other = (table(name, found, {}, COLUMNS) for name, found in (("mode", rows(a=1, b=5)), ("country", rows(c=6))))
    assert [row["key"] for row in one["rows"]] == ["b", "a"]
    assert one["total"]["cells"]["export"] == {"lists": 2, "value": "6.00", "before": None, "growth": None, "former": None}
    assert unbalanced([one, one]) == []
    assert unbalanced([one, other]) == ["country"]
    one["rows"][0]["cells"]["export"]["value"] = "5.01"
    assert unbalanced([one]) == ["mode"]


def test_growth_stands_under_every_amount_and_a_row_that_is_new_has_none() -> None:
    found = table("mode", rows(a=150, b=5), {"before": rows(a=100)}, ("export",))
    assert [row["cells"]["export"]["growth"] for row in found["rows"]] == ["50.0", None]
    assert found["total"]["cells"]["export"]["growth"] == "55.0"


def test_what_changed_between_editions_is_told_by_column() -> None:
    then, now = ({"tables": [table("mode", rows(a=value), {}, COLUMNS)]} for value in (1, 2))
    assert changes(then, now) == [{"column": "export", "was": "1.00", "now": "2.00"}]
    assert differing({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == ["/a/1/b"]
