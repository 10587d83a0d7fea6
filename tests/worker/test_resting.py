"""While the demo's clock is led, jobs rest that a leap would mislead; those that bring lists on go on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ccezone.kernel.clock import FixedClock
from ccezone.kernel.demo_clock import TERM, DemoClock, write_lag
from ccezone.processes.work import rested

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_readers_rest_while_the_demos_clock_is_led_and_work_afterwards(tmp_path: Path) -> None:
    path, done = tmp_path / "clock.json", list[str]()
    write_lag(path, timedelta(0), NOW + TERM)
    clock = DemoClock(path, FixedClock(NOW))
    figures = rested(clock, "refresh_figures", lambda: done.append("figures"))
    parked = rested(clock, "retry_parked_receipts", lambda: done.append("parked"))
    figures()
    parked()
    assert done == ["parked"], "at now already, but what was stamped before may still be on its way"
    path.unlink()
    figures()
    assert done == ["parked", "figures"]


def test_no_job_rests_without_a_demos_clock() -> None:
    done: list[str] = []
    rested(FixedClock(NOW), "refresh_figures", lambda: done.append("figures"))()
    assert done == ["figures"]
