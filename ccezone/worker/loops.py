"""Loops of the stages, one for each step of a stage. A step that fails is logged and tried again; no loop ends by itself."""

import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

Step = Callable[[], int]
STAGES = ("merge", "send", "receive", "background", "webhooks")

_log = structlog.get_logger("ccezone.worker")
_LOOK = 0.1
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.25
_REST = {"merge": 0.4, "send": 0.1, "receive": 0.2}
_AFTER_FAILURE = 1.0
_LONGEST_AFTER_FAILURE = 30.0


@dataclass
class Loop:
    """Runs a step until told to stop: soon again while there is work, ever more leisurely while there is none.

    ``rest`` seconds pass between two steps that had work, so that what arrives meanwhile is done in one large call: an order
    is matched once when all its bills are there, and not four times.
    """

    name: str
    step: Step
    stop: threading.Event = field(default_factory=threading.Event)
    rest: float = 0.0

    def run(self) -> None:
        """Drain, pause, drain."""
        pause, failures = _FIRST_PAUSE, 0
        while not self.stop.is_set():
            try:
                done, failures = self.step(), 0
            except Exception:  # whatever fails is tried again: a loop that ended would stop its stage for good
                failures += 1
                wait = min(_LONGEST_AFTER_FAILURE, _AFTER_FAILURE * 2 ** (failures - 1))
                _log.exception("step_failed", stage=self.name, failures=failures, retry_in=wait)
                self.stop.wait(wait)
                continue
            pause = _FIRST_PAUSE if done else min(_LONGEST_PAUSE, pause * 2)
            self.stop.wait(self.rest if done else pause)


class Signalled:
    """Whether SIGTERM or SIGINT has come. A plain flag: setting an event in a handler can meet the lock of its own wait."""

    come = False

    def note(self, _: int, __: FrameType | None) -> None:
        """Handle a signal."""
        self.come = True

    def wait(self) -> None:
        """Return once a signal has come."""
        while not self.come:
            time.sleep(_LOOK)


def signalled() -> Signalled:
    """Take SIGTERM and SIGINT from now on."""
    found = Signalled()
    signal.signal(signal.SIGTERM, found.note)
    signal.signal(signal.SIGINT, found.note)
    return found


def run_stages(steps: Mapping[str, Sequence[Step]]) -> None:
    """Run the loops of these stages in threads until SIGTERM or SIGINT; each finishes the step it is in."""
    stop = threading.Event()
    told = signalled()
    loops = [Loop(name, step, stop, _REST.get(name, 0.0)) for name, many in steps.items() for step in many]
    threads = [threading.Thread(target=loop.run, name=loop.name) for loop in loops]
    for thread in threads:
        thread.start()
    _log.info("worker_started", stages=sorted(steps))
    told.wait()
    stop.set()
    for thread in threads:
        thread.join()
    _log.info("worker_stopped", stages=sorted(steps))
