"""The loops of the worker: at once while there is work, patient while there is none, alive whatever a step does."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from ccezone.kernel.ids import key8
from ccezone.storage import Database
from ccezone.worker.loops import Loop, Pace
from ccezone.worker.ticks import guarded
from tests.hub.waiting import until


def running(step: Callable[[], int]) -> tuple[Loop, threading.Thread]:
    """Start a loop."""
    loop = Loop("test", step)
    thread = threading.Thread(target=loop.run)
    thread.start()
    return loop, thread


def stop(loop: Loop, thread: threading.Thread) -> None:
    """Stop a loop, which must not take long."""
    loop.stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_work_is_drained_without_a_pause() -> None:
    left = list(range(500))
    done = threading.Event()

    def step() -> int:
        if left:
            left.pop()
            return 1
        done.set()
        return 0

    began = time.monotonic()
    loop, thread = running(step)
    assert done.wait(5)
    assert time.monotonic() - began < 2, "500 pauses of even 10 ms would take 5 s"
    stop(loop, thread)


def test_an_idle_loop_looks_ever_more_seldom() -> None:
    looks: list[float] = []

    def step() -> int:
        looks.append(time.monotonic())
        return 0

    loop, thread = running(step)
    until(lambda: len(looks) >= 8, 10)
    stop(loop, thread)
    pauses = [later - earlier for earlier, later in pairwise(looks)]
    assert pauses[0] < 0.2 <= pauses[6]


def test_a_loop_rests_longer_after_much_and_not_at_all_while_more_is_waiting() -> None:
    pace = Pace(0.1, long=0.5, much=16, full=200)
    assert [pace.after(done) for done in (1, 15, 16, 199, 200)] == [0.1, 0.1, 0.5, 0.5, 0.0]
    assert Pace(0.4).after(10_000) == 0.4


def test_a_step_that_fails_does_not_end_the_loop() -> None:
    calls: list[int] = []

    def step() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the database went away")
        return 0

    loop, thread = running(step)
    until(lambda: len(calls) >= 2, 10)
    stop(loop, thread)


def test_a_loop_stops_at_once_while_it_waits_after_a_failure() -> None:
    failed = threading.Event()

    def step() -> int:
        failed.set()
        raise RuntimeError("again")

    loop, thread = running(step)
    assert failed.wait(5)
    began = time.monotonic()
    stop(loop, thread)
    assert time.monotonic() - began < 0.9


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_finishes_its_step_and_leaves_when_told_to(kind: signal.Signals) -> None:
    program = """
import time
from ccezone.worker import run_stages
def step():
    print("begun", flush=True); time.sleep(0.3); print("finished", flush=True); return 1
run_stages({"merge": [step]})
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "begun" not in process.stdout.readline():
            pass
        process.send_signal(kind)
        rest = process.stdout.read()
    assert process.returncode == 0
    assert rest.count("finished") == rest.count("begun") + 1


@pytest.mark.storage
def test_a_tick_runs_only_where_the_lock_is_free_and_survives_its_own_failure(database: Database) -> None:
    done: list[str] = []

    def job() -> None:
        done.append("ran")
        raise RuntimeError("once")

    tick = guarded(database, "test", job)
    tick()
    with database.alone(key8("scheduled job", "test")) as held:
        assert held
        tick()
        guarded(database, "another", job)()
    tick()
    assert done == ["ran", "ran", "ran"], "only the one that is held was left out"
