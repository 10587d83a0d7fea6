"""The loop that starts children in their order, watches them, and stops them in reverse."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from ccezone.supervisor.child import Child
from ccezone.supervisor.process import ChildProcess, State

_POLL_SECONDS = 0.05
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SATISFIED = (State.READY, State.DONE)


class Supervisor:
    """Runs ``children`` until told to stop, with one log file each in ``logs``.

    ``say`` prints one line for each thing that happens; ``on_ready`` is called once, when all that stay are ready.
    """

    def __init__(
        self,
        children: Sequence[Child],
        logs: Path,
        *,
        say: Callable[[str], None] = print,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        _check_order(children)
        logs.mkdir(parents=True, exist_ok=True)
        self._processes = {child.name: ChildProcess(child, logs) for child in children}
        self._say = say
        self._on_ready = on_ready
        self._told_ready = False
        # A plain flag: setting an event in a signal handler can meet the lock of the very wait it interrupts.
        self._stop_asked = False

    def run(self) -> int:
        """Run until a signal or ``stop``. Returns 0, or 1 when a child had to be given up.

        SIGINT, SIGTERM and SIGHUP stop everything, a second one by force. Call it from the main thread for that.
        """
        former = self._take_signals()
        try:
            return self._loop()
        finally:
            self._stop_all()
            for kind, handler in former.items():
                signal.signal(kind, handler)

    def stop(self) -> None:
        """Ask ``run`` to stop everything and return; asked twice, end the children by force."""
        if self._stop_asked:
            for process in self._processes.values():
                process.kill()
        self._stop_asked = True

    def pid(self, name: str) -> int | None:
        """Process id of a running child."""
        return self._processes[name].pid

    def _loop(self) -> int:
        while not self._stop_asked:
            for process in self._processes.values():
                self._start_if_due(process)
                self._tell(process, process.observe())
            if self._hopeless():
                return 1
            self._tell_ready()
            time.sleep(_POLL_SECONDS)
        return 0

    def _start_if_due(self, process: ChildProcess) -> None:
        due = process.state is State.WAITING and time.monotonic() >= process.not_before
        if due and all(self._processes[name].state in _SATISFIED for name in process.child.after):
            process.start()

    def _tell(self, process: ChildProcess, news: str | None) -> None:
        if news is None:
            return
        self._say(f"{process.child.name:<14} {news}")
        if process.state is State.FAILED:
            self._say(f"its last words (all of them in {process.log}):\n{process.last_words()}")

    def _hopeless(self) -> bool:
        """Whether something that must stay, or that others wait for, was given up."""
        failed = {name for name, process in self._processes.items() if process.state is State.FAILED}
        needed = {name for process in self._processes.values() for name in process.child.after}
        return any(name in needed or not self._processes[name].child.once for name in failed)

    def _tell_ready(self) -> None:
        staying = [process for process in self._processes.values() if not process.child.once]
        if not self._told_ready and all(process.state is State.READY for process in staying):
            self._told_ready = True
            self._on_ready()

    def _stop_all(self) -> None:
        for process in reversed(self._processes.values()):
            process.stop()

    def _take_signals(self) -> dict[signal.Signals, signal.Handlers | Callable[[int, FrameType | None], object] | int | None]:
        if threading.current_thread() is not threading.main_thread():
            return {}
        return {kind: signal.signal(kind, lambda *_: self.stop()) for kind in _SIGNALS}


def _check_order(children: Sequence[Child]) -> None:
    """Each may wait only for those before it: that keeps the order readable, and rules out circles."""
    known: set[str] = set()
    for child in children:
        if child.name in known or not set(child.after) <= known:
            raise ValueError(f"{child.name}: a name twice, or waits for one that does not stand before it: {child.after}")
        known.add(child.name)
