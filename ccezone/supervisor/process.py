"""One child in its present state: started, watched, ended with everything it started itself."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path

from ccezone.supervisor import launch
from ccezone.supervisor.child import Child, read_from

_BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_TRIES_TO_BECOME_READY = 4
_STEADY_SECONDS = 30.0  # who lived this long has its failures forgiven
_LOG_LIMIT = 50_000_000


class State(Enum):
    """Where a child stands."""

    WAITING = auto()  # for others, or for its next try
    STARTING = auto()
    READY = auto()
    DONE = auto()  # ran once, succeeded
    FAILED = auto()  # ran once, or never became ready, and is given up


class ChildProcess:
    """A child's life: ``start``, ``observe`` again and again, ``stop``."""

    def __init__(self, child: Child, logs: Path) -> None:
        self.child = child
        self.log = logs / f"{child.name}.log"
        self.state = State.WAITING
        self.failures = 0
        self.not_before = 0.0
        self.took = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._log_start = 0
        self._was_ready = False

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start it, as leader of its own group and bound to the calling thread's life."""
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(
                launch.command(self.child.argv),
                env={**os.environ, **self.child.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._began = time.monotonic()
        self.state = State.STARTING

    def observe(self) -> str | None:
        """Look at it, change its state, and say what changed in a few words (``None``: nothing)."""
        if self._process is None or self.state not in (State.STARTING, State.READY):
            return None
        status = self._process.poll()
        if status is not None:
            return self._ended(status)
        if self.log.stat().st_size > _LOG_LIMIT:
            self._cut_log()
        if self.state is State.STARTING and not self.child.once:
            return self._look_for_ready()
        return None

    def stop(self) -> None:
        """Ask it to end, end it by force when it does not, and with it all it started."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(self.child.stop_within)
        self.kill()
        process.wait()

    def kill(self) -> None:
        """End by force whatever is left of its process group: workers outlive a killed main process."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def last_words(self, lines: int = 15) -> str:
        """The end of what it printed since its last start."""
        text = read_from(self.log, self._log_start).decode(errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def _look_for_ready(self) -> str | None:
        if self.child.ready.holds(read_from(self.log, self._log_start)):
            self.state = State.READY
            self._was_ready = True
            self.took = time.monotonic() - self._began
            return f"ready in {self.took:.1f} s"
        if time.monotonic() - self._began > self.child.ready_within:
            self.kill()
            self._ended(-signal.SIGKILL)
            return f"not ready within {self.child.ready_within:.0f} s, ended"
        return None

    def _ended(self, status: int) -> str:
        self.kill()
        self._reap()
        lived = time.monotonic() - self._began
        if self.child.once:
            self.state = State.DONE if status == 0 else State.FAILED
            return f"done in {lived:.1f} s" if status == 0 else f"failed ({_ending(status)})"
        self.failures = 1 if lived > _STEADY_SECONDS else self.failures + 1
        if not self._was_ready and self.failures >= _TRIES_TO_BECOME_READY:
            self.state = State.FAILED
            return f"given up: {_ending(status)}, {self.failures} times before it was ever ready"
        self.state = State.WAITING
        pause = _BACK_OFF[min(self.failures, len(_BACK_OFF)) - 1]
        self.not_before = time.monotonic() + pause
        return f"ended ({_ending(status)}), starting again in {pause} s"

    def _reap(self) -> None:
        """Collect it and forget its number, which the system may give to a stranger."""
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _cut_log(self) -> None:
        """Keep one older piece. The child appends, so it goes on at the start of the emptied file."""
        shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
        os.truncate(self.log, 0)
        self._log_start = 0


def _ending(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
