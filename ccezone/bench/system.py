"""A whole hub for measuring: fresh embedded PostgreSQL with default durability, every process of its own, watched for CPU."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ccezone.demo.zone import Login, found_zone
from ccezone.deployment import addresses, children, free_port, secrets_of
from ccezone.kernel.clock import SystemClock
from ccezone.storage import Database
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.storage.migrating import upgrade
from ccezone.supervisor import Child

_TICKS = os.sysconf("SC_CLK_TCK")
_READY_SECONDS = 60.0


@dataclass
class System:
    """A running hub: its address, its database, its people, its processes by name."""

    url: str
    window_url: str
    database: Database
    logins: Mapping[str, Login]  # the first of each enterprise, and of the zone
    processes: dict[str, subprocess.Popen[bytes]]
    postgres: EmbeddedPostgres
    data: Path

    def cpu_seconds(self) -> dict[str, float]:
        """CPU seconds of each process and its children so far."""
        found = {name: tree_cpu(process.pid) for name, process in self.processes.items()}
        if self.postgres.pid:
            found["postgres"] = tree_cpu(self.postgres.pid)
        return found

    def window(self, path: str, body: object | None = None, method: str = "GET") -> object:
        """Ask the mock single window."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310  # our own loopback address
            self.window_url + path, data, {"Content-Type": "application/json"}, method=method
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as answer:
            found: object = json.loads(answer.read())
            return found


@contextmanager
def running_system(data: Path, processes: int = 2, only: Collection[str] = ()) -> Iterator[System]:
    """Start everything (or ``only`` these processes) in an empty folder, and leave nothing running."""
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        postgres = stack.enter_context(EmbeddedPostgres(data / "postgres"))
        upgrade(postgres.url)
        database = Database(postgres.url)
        stack.callback(database.close)
        logins = {login.enterprise: login for login in reversed(found_zone(database, SystemClock()))}
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environment = {**secrets_of(data), **addresses(data, postgres.url, url)}
        running: dict[str, subprocess.Popen[bytes]] = {}
        stack.callback(stop_all, running)
        for child in children(environment, "127.0.0.1", port, processes, None):
            if not only or child.name in only:
                running[child.name] = start(child, data)
        yield System(url, environment["CCEZONE_SINGLE_WINDOW_URL"], database, logins, running, postgres, data)


def start(child: Child, data: Path) -> subprocess.Popen[bytes]:
    """Start one process and wait until it is ready."""
    log = data / f"{child.name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(child.argv, env={**os.environ, **child.env}, stdout=output, stderr=output)
    deadline = time.monotonic() + _READY_SECONDS
    while not child.ready.holds(log.read_bytes()):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{child.name} did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
    return process


def stop_all(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Stop every process, the last one started first."""
    for process in reversed(list(running.values())):
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def tree_cpu(pid: int) -> float:
    """CPU seconds of a process, its living descendants, and those it has waited for."""
    parents: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it ended while we looked
        number = int(entry.name)
        parents.setdefault(int(fields[1]), []).append(number)
        times[number] = sum(int(fields[place]) for place in (11, 12, 13, 14)) / _TICKS
    total, waiting = 0.0, [pid]
    while waiting:
        number = waiting.pop()
        total += times.get(number, 0.0)
        waiting += parents.get(number, [])
    return total


def peak_megabytes(pid: int) -> int:
    """The most memory that a process or one of its children has held at once."""
    children = (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text().split()
    status = dict(line.split(":", 1) for line in (Path("/proc") / str(pid) / "status").read_text().splitlines())
    return max([int(status["VmHWM"].split()[0]) // 1024, *(peak_megabytes(int(child)) for child in children)])


def python_module(name: str, *arguments: str) -> list[str]:
    """Command line of one of our modules."""
    return [sys.executable, "-m", name, *arguments]
