from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ccezone.demo.span import BadMonth, Span, remembered_span, span_of
from ccezone.kernel.clock import SHANGHAI

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=SHANGHAI)


def test_without_a_month_the_thirty_days_end_now() -> None:
    span = span_of(None, NOW.astimezone(UTC))
    assert (span.first, span.end) == (date(2026, 2, 9), NOW)


def test_a_past_month_is_all_of_it_and_the_running_one_ends_now() -> None:
    february = span_of("2026-02", NOW)
    assert (february.first, february.end) == (date(2026, 2, 1), datetime(2026, 2, 28, 23, 59, 59, tzinfo=SHANGHAI))
    assert span_of("2026-03", NOW).end == NOW


@pytest.mark.parametrize("month", ["2026-04", "2026-13", "2026-00", "26-01", "2026-1", "", "2015-12"])
def test_what_is_no_month_or_has_not_begun_is_refused(month: str) -> None:
    with pytest.raises(BadMonth, match="--month"):
        span_of(month, NOW)


@pytest.mark.parametrize("end", [NOW, NOW.replace(hour=0, minute=5), NOW.replace(hour=0, minute=40)])
def test_orders_lie_in_the_span_with_room_for_what_follows_and_some_on_the_last_day(end: datetime) -> None:
    span = Span(date(2026, 2, 9), end)
    moments = [span.moment(0, number) for number in range(600)]
    start = datetime(2026, 2, 9, tzinfo=SHANGHAI)
    assert all(start <= moment <= end - timedelta(minutes=30) for moment in moments)
    assert len({moment.date() for moment in moments}) >= 28
    late = [moment for moment in moments if moment >= end - timedelta(days=1)]
    assert len(late) >= 40


def test_a_data_folder_remembers_the_days_so_that_a_second_load_is_the_same(tmp_path: Path) -> None:
    first = remembered_span(tmp_path, 1, None, NOW)
    assert remembered_span(tmp_path, 1, None, NOW + timedelta(days=3)) == first
    assert remembered_span(tmp_path, 2, None, NOW + timedelta(days=3)) != first
