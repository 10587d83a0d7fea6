"""Leading the demo's clock: every day arrives on the next morning, nothing comes from the future, and it always ends at now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ccezone.demo.pacing import START, Pace, paced
from ccezone.demo.posting import Delivery, deliveries
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.kernel.demo_clock import TERM, DemoClock, clock_file, write_lag
from tests.demo.month import NOW, SEED, SPAN

_DAYS = list(deliveries(SEED, 60, SPAN))
MONTH = [*_DAYS, replace(_DAYS[0], last=True)]


def led(folder: Path) -> tuple[Pace, DemoClock, FixedClock]:
    """A clock thirty days back, and whoever leads it without waiting."""
    machine, path = FixedClock(NOW), clock_file(folder)
    write_lag(path, START, NOW + TERM)
    return Pace(path, machine, lambda _seconds: None), DemoClock(path, machine), machine


def moments(pace: Pace, clock: DemoClock, machine: FixedClock, month: Sequence[Delivery]) -> list[datetime]:
    """Where the clock stands as each delivery arrives, while the machine's goes on by a second each."""
    found = []
    for delivery in month:
        pace.follow(delivery)
        found.append(clock.now())
        machine.advance(seconds=1)
    return found


def test_a_days_traffic_arrives_on_the_next_morning_and_todays_now(tmp_path: Path) -> None:
    pace, clock, machine = led(tmp_path)
    arrived = [each.astimezone(SHANGHAI) for each in moments(pace, clock, machine, MONTH)]
    for place, (delivery, at) in enumerate(zip(MONTH, arrived, strict=True)):
        if delivery.last or delivery.day == SPAN.end.date():
            assert at == NOW + timedelta(seconds=place), "now"
        else:
            assert (at.date(), 8 <= at.hour < 10) == (delivery.day + timedelta(days=1), True)
        assert at.date() >= delivery.day
    assert len({each.date() for each in arrived}) > 20, "a month, not a day"


def test_the_clock_never_runs_backwards_and_ends_at_now(tmp_path: Path) -> None:
    pace, clock, machine = led(tmp_path)
    arrived = moments(pace, clock, machine, MONTH)
    assert arrived == sorted(arrived)
    assert clock.now() == machine.now()
    assert clock.leading, "at now, but readers still rest"
    pace.end()
    assert not clock.leading


def test_a_load_that_goes_on_too_late_leads_nothing(tmp_path: Path) -> None:
    pace, clock, machine = led(tmp_path)
    machine.advance(seconds=TERM.total_seconds())
    pace.follow(MONTH[0])
    assert clock.now() == machine.now()


def test_a_load_that_breaks_off_still_ends_the_clock(tmp_path: Path) -> None:
    led(tmp_path)
    with pytest.raises(RuntimeError), paced(clock_file(tmp_path)):
        raise RuntimeError
    assert not clock_file(tmp_path).exists()


def test_a_hub_without_a_demos_clock_is_not_led(tmp_path: Path) -> None:
    with paced(None) as none, paced(clock_file(tmp_path)) as missing:
        assert none is None
        assert missing is None
