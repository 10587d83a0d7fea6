"""The supervisor: order, restarts, a clean end, and nothing left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ccezone.supervisor import Child, HttpReady, LogReady, Supervisor

_SERVE = """
import http.server, sys
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
open(sys.argv[1], "w").write(str(server.server_port))
server.serve_forever()
"""
_PARENT_WITH_WORKER = """
import subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
print("worker", worker.pid, flush=True)
time.sleep(300)
"""
_STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(300)
"""
_POLITE = """
import signal, sys, time
def leave(*_):
    open(sys.argv[1], "a").write(sys.argv[2] + "\\n")
    sys.exit()
signal.signal(signal.SIGTERM, leave)
print("here", flush=True)
time.sleep(300)
"""


def python(name: str, code: str, *arguments: str, **options: object) -> Child:
    return Child(name, [sys.executable, "-c", code, *arguments], **options)  # type: ignore[arg-type]  # any option of Child


def sleeper(name: str = "sleeper") -> Child:
    return python(name, "print('here', flush=True); import time; time.sleep(300)", ready=LogReady("here"))


@contextmanager
def running(supervisor: Supervisor) -> Iterator[list[int]]:
    """The supervisor in a thread; yields a list that holds its exit code in the end."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(supervisor.run()))
    thread.start()
    try:
        yield codes
    finally:
        supervisor.stop()
        thread.join(20)
    assert not thread.is_alive()


def wait_until(true: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def number_after(word: str, log: Path) -> int:
    wait_until(lambda: log.exists() and word in log.read_text() and log.read_text().endswith("\n"))
    return int(log.read_text().split(word)[-1].split()[0])


def test_one_that_waits_starts_only_after_the_other_is_ready(tmp_path: Path) -> None:
    news: list[str] = []
    first = python("first", "import time; time.sleep(.3); print('open', flush=True); time.sleep(300)", ready=LogReady("open"))
    second = python(
        "second",
        f"print(open({str(tmp_path / 'first.log')!r}).read(), flush=True); import time; time.sleep(300)",
        after=["first"],
        ready=LogReady("open"),
    )
    supervisor = Supervisor([first, second], tmp_path, say=news.append)
    with running(supervisor):
        wait_until(lambda: len(news) == 2)
    assert [line.split()[0] for line in news] == ["first", "second"]


def test_a_server_is_ready_when_its_address_answers(tmp_path: Path) -> None:
    port = tmp_path / "port"
    ready = threading.Event()

    class Address:
        def holds(self, log: bytes) -> bool:
            return port.exists() and HttpReady(f"http://127.0.0.1:{port.read_text()}/").holds(log)

    with running(Supervisor([python("web", _SERVE, str(port), ready=Address())], tmp_path, on_ready=ready.set)):
        assert ready.wait(15)


def test_a_silent_address_is_not_ready() -> None:
    assert not HttpReady("http://127.0.0.1:9/").holds(b"")


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor([sleeper()], tmp_path, say=lambda _: None)
    with running(supervisor):
        wait_until(lambda: supervisor.pid("sleeper"))
        killed = supervisor.pid("sleeper")
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: supervisor.pid("sleeper") not in (None, killed))


def test_workers_of_a_killed_child_go_with_it(tmp_path: Path) -> None:
    supervisor = Supervisor([python("web", _PARENT_WITH_WORKER)], tmp_path, say=lambda _: None)
    with running(supervisor):
        worker = number_after("worker", tmp_path / "web.log")
        main = supervisor.pid("web")
        assert main is not None
        os.kill(main, signal.SIGKILL)
        wait_until(lambda: not alive(worker))


def test_stopping_ends_even_a_child_that_does_not_listen(tmp_path: Path) -> None:
    deaf = python("deaf", _STUBBORN, ready=LogReady("deaf"), stop_within=0.2)
    ready = threading.Event()
    supervisor = Supervisor([deaf, sleeper()], tmp_path, say=lambda _: None, on_ready=ready.set)
    with running(supervisor) as codes:
        assert ready.wait(15)
        pids = [supervisor.pid("deaf"), supervisor.pid("sleeper")]
    assert codes == [0]
    assert None not in pids
    assert not any(alive(pid) for pid in pids if pid is not None)


def test_children_are_stopped_in_reverse_order(tmp_path: Path) -> None:
    farewells = tmp_path / "farewells"
    ready = threading.Event()
    children = [python(name, _POLITE, str(farewells), name, ready=LogReady("here")) for name in ("store", "web")]
    with running(Supervisor(children, tmp_path, say=lambda _: None, on_ready=ready.set)):
        assert ready.wait(15)
    assert farewells.read_text().split() == ["web", "store"]


def test_a_child_that_never_becomes_ready_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    news: list[str] = []
    broken = python("broken", "raise SystemExit('the port is taken')", ready=LogReady("never"))
    supervisor = Supervisor([broken], tmp_path, say=news.append)
    assert supervisor.run() == 1
    assert "given up" in news[-2]
    assert "the port is taken" in news[-1]


def test_a_task_that_fails_stops_all_only_when_others_wait_for_it(tmp_path: Path) -> None:
    failing = python("migrate", "raise SystemExit(3)", once=True)
    waiting = Child("web", sleeper().argv, after=["migrate"])
    assert Supervisor([failing, waiting], tmp_path, say=lambda _: None).run() == 1

    news: list[str] = []
    alone = Supervisor([sleeper(), failing], tmp_path, say=news.append)
    with running(alone):
        wait_until(lambda: any("failed (exit status 3)" in line for line in news))
        assert alone.pid("sleeper") is not None


def test_nobody_may_wait_for_one_that_comes_later(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not stand before"):
        Supervisor([Child("web", ["/bin/true"], after=["migrate"]), Child("migrate", ["/bin/true"])], tmp_path)


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from ccezone.supervisor import *\n"
        "child = Child('one', [sys.executable, '-c', 'import os,time; print(\"pid\", os.getpid(), flush=True); time.sleep(300)'])\n"
        "sys.exit(Supervisor([child], pathlib.Path(sys.argv[1])).run())"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.DEVNULL)
    child = number_after("pid", tmp_path / "one.log")
    assert alive(child)
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not alive(child))


def test_a_signal_ends_everything_with_status_zero(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from ccezone.supervisor import *\n"
        "child = Child('one', [sys.executable, '-c', 'import os,time; print(\"pid\", os.getpid(), flush=True); time.sleep(300)'])\n"
        "sys.exit(Supervisor([child], pathlib.Path(sys.argv[1])).run())"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.DEVNULL)
    child = number_after("pid", tmp_path / "one.log")
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(20) == 0
    assert not alive(child)
