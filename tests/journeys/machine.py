"""``ccezone up`` on a folder of its own, and the means to kill its parts."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ccezone.demo.zone import load_logins
from ccezone.storage import Database
from ccezone.storage.embedded import EmbeddedPostgres
from tests.hub.waiting import until
from tests.journeys.running import Running

_READY = re.compile(r"ready: (http://\S+?)/")
_READY_SECONDS = 150.0


@dataclass
class Machine:
    """One machine that runs everything under one supervisor."""

    process: subprocess.Popen[bytes]
    data: Path
    output: Path

    def pid_of(self, *words: str) -> int | None:
        """Process id of the supervised process whose command line holds these words."""
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                status, line = (entry / "stat").read_text(), (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it ended while we looked
            parent = int(status.rsplit(")", 1)[1].split()[1])
            if parent == self.process.pid and {word.encode() for word in words} <= set(line):
                return int(entry.name)
        return None

    def postgres_pid(self) -> int:
        """Process id of the database server."""
        return int((self.data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])

    def kill(self, *words: str) -> int:
        """End one process by force and return its id; the supervisor will start another."""
        until(lambda: self.pid_of(*words) is not None, 20, what=f"a running {words}")
        number = self.pid_of(*words)
        assert number is not None, words
        os.kill(number, signal.SIGKILL)
        return number

    def kill_postgres(self) -> int:
        """End the database server by force and return its process id."""
        number = self.postgres_pid()
        os.kill(number, signal.SIGKILL)
        return number

    def window_url(self) -> str:
        """Address of the mock single window, from the command line of its process."""
        number = self.pid_of("mock", "single-window")
        words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        return f"http://127.0.0.1:{words[words.index(b'--port') + 1].decode()}"


@contextmanager
def machine(folder: Path) -> Iterator[tuple[Machine, Running]]:
    """Start everything, and leave nothing running."""
    data, output = folder / "data", folder / "up.log"
    hidden = ("DATABASE_URL", "CCEZONE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    words = ["up", "--port", "0", "--data", str(data), "--processes", "1", "--demo", "--demo-orders", "0"]
    with output.open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "ccezone.cli", *words], env=environment, stdout=log, stderr=log)
    try:
        until(lambda: bool(_READY.search(output.read_text())) or process.poll() is not None, _READY_SECONDS, what="ready")
        found = _READY.search(output.read_text())
        assert found, output.read_text()
        until(lambda: bool(load_logins(data)), 30, what="the demo's logins")
        tokens = {login.enterprise: login.token for login in reversed(load_logins(data)) if login.token}
        running = Machine(process, data, output)
        with closing(Database(EmbeddedPostgres(data / "postgres").url)) as database:
            yield running, Running(found.group(1), running.window_url(), database, tokens)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
