"""The demo's clock: behind as it is told, never running backwards, and the machine's for good once nobody leads it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ccezone.kernel.clock import FixedClock, SystemClock
from ccezone.kernel.demo_clock import TERM, DemoClock, clock_at, leading, write_lag

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_process_that_is_told_of_no_demo_goes_by_the_machine() -> None:
    assert isinstance(clock_at(None), SystemClock)
    assert not leading(clock_at(None))


def test_a_clock_is_behind_as_its_file_says_and_leaps_when_that_changes(tmp_path: Path) -> None:
    machine, path = FixedClock(NOW), tmp_path / "clock.json"
    clock = DemoClock(path, machine)
    write_lag(path, 30 * DAY, NOW + TERM)
    assert (clock.now(), clock.behind, clock.leading) == (NOW - 30 * DAY, 30 * DAY, True)
    write_lag(path, DAY, NOW + TERM)
    machine.advance(seconds=1)
    assert clock.now() == NOW - DAY + timedelta(seconds=1)


def test_a_clock_that_nobody_leads_is_the_machines_for_good(tmp_path: Path) -> None:
    machine, path = FixedClock(NOW), tmp_path / "clock.json"
    write_lag(path, DAY, NOW + TERM)
    left, ended = DemoClock(path, machine), DemoClock(path, machine)
    assert left.now() == ended.now() == NOW - DAY
    path.unlink()
    assert (ended.now(), ended.leading, ended.standing_at) == (NOW, False, None)
    write_lag(path, DAY, NOW + TERM)
    machine.advance(seconds=TERM.total_seconds())
    assert left.now() == machine.now(), "whoever led it has died"
    write_lag(path, DAY, machine.now() + TERM)
    assert left.now() == ended.now() == machine.now(), "time that has been told is not taken back"


def test_a_clock_that_was_never_begun_is_the_machines(tmp_path: Path) -> None:
    assert DemoClock(tmp_path / "none.json", FixedClock(NOW)).now() == NOW
