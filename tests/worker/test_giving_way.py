"""While many lists are on their way, jobs that only look at them run seldom; nobody waits for ever."""

from functools import partial
from pathlib import Path

import pytest

from ccezone.processes import work
from ccezone.processes.work import FOLLOWING
from ccezone.worker.giving_way import LONGEST, giving_way
from tests.worker.test_resting import unconnected_hub


class Street:
    """A clock, and whether much is going on."""

    def __init__(self) -> None:
        self.now, self.bustle = 1_000.0, False
        self.done: list[str] = []
        jobs = {name: (2.0, partial(self.done.append, name)) for name in ("look", "file")}
        self.jobs = giving_way(jobs, frozenset({"look"}), lambda: self.bustle, lambda: self.now)

    def turn(self) -> list[str]:
        """Let every job have its turn; return which of them ran."""
        self.done.clear()
        for _seconds, job in self.jobs.values():
            job()
        return list(self.done)


def test_in_a_quiet_hour_every_job_has_every_turn() -> None:
    quiet = Street()
    assert [quiet.turn() for _ in range(3)] == [["look", "file"]] * 3


def test_while_much_is_going_on_a_job_that_gives_way_runs_once_in_its_longest_rest() -> None:
    busy = Street()
    busy.bustle = True
    assert busy.turn() == ["look", "file"], "nobody knows when it ran last, so that it runs"
    busy.now += LONGEST - 1
    assert busy.turn() == ["file"]
    busy.now += 1
    assert busy.turn() == ["look", "file"]


def test_it_runs_at_once_when_it_is_quiet_again() -> None:
    busy = Street()
    busy.turn()
    busy.bustle = True
    assert busy.turn() == ["file"]
    busy.bustle = False
    assert busy.turn() == ["look", "file"]


def test_how_often_a_job_is_due_stays_its_own() -> None:
    assert [seconds for seconds, _job in Street().jobs.values()] == [2.0, 2.0]


def test_the_jobs_that_give_way_are_jobs_of_the_scheduler(tmp_path: Path) -> None:
    assert unconnected_hub(tmp_path).jobs().keys() >= FOLLOWING


def test_the_scheduler_lets_them_give_way_while_lists_move_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub, done = unconnected_hub(tmp_path), list[str]()
    monkeypatch.setattr(hub, "jobs", lambda: {name: (2.0, partial(done.append, name)) for name in ("refresh_figures", "drop_old")})
    monkeypatch.setattr(work, "_bustling", lambda _hub: True)
    jobs = work.scheduled(hub)
    for _turn in range(2):
        for _seconds, job in jobs.values():
            job()
    assert done == ["refresh_figures", "drop_old", "drop_old"]
