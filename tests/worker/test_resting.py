"""While the demo's clock is led, jobs rest that a leap would mislead; those that bring lists on go on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ccezone.bootstrap import Hub, assemble
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.demo_clock import TERM, DemoClock, write_lag
from ccezone.processes.work import NEVER_RESTING, rested
from ccezone.settings import Settings

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


def test_the_jobs_that_never_rest_are_jobs_of_the_scheduler(tmp_path: Path) -> None:
    assert unconnected_hub(tmp_path).jobs().keys() >= NEVER_RESTING


def unconnected_hub(folder: Path) -> Hub:
    """Return a hub that has not been asked for anything yet."""
    needed = {"DATABASE_URL": "postgresql://localhost/x", "CCEZONE_SECRET_KEY": "s", "CCEZONE_PERSONAL_KEY": "00" * 32}
    return assemble(Settings.from_environment({**needed, "CCEZONE_DATA": str(folder)}))
