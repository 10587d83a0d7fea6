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
_AFTER_FAILURE = 1.0
_LONGEST_AFTER_FAILURE = 30.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a loop rests between two steps that had work, so that what arrives meanwhile is done in one large call.

    ``rest`` seconds after a little work; ``long`` seconds once ``much`` was done, for then more is surely on its way; not at
    all once ``full`` was done, as much as a step can do: the rest of it waits already.
    """

    rest: float = 0.0
    long: float = 0.0
    much: int | None = None
    full: int | None = None

    def after(self, done: int) -> float:
        """Return the seconds to rest after a step that did so much."""
        if self.full is not None and done >= self.full:
            return 0.0
        return self.long if self.much is not None and done >= self.much else self.rest


MOST_COLLECTED = 200
"""Messages that are taken from the mailbox at once."""
_PACES = {"merge": Pace(0.4), "send": Pace(0.1), "receive": Pace(0.2, long=0.6, much=16, full=MOST_COLLECTED)}
_NO_REST = Pace()


@dataclass
class Loop:
    """Runs a step until told to stop: soon again while there is work, ever more leisurely while there is none.

    It rests between two steps that had work: an order is matched once when all its bills are there, and not four times.
    """

    name: str
    step: Step
    stop: threading.Event = field(default_factory=threading.Event)
    pace: Pace = _NO_REST

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
            self.stop.wait(self.pace.after(done) if done else pause)


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
    loops = [Loop(name, step, stop, _PACES.get(name, _NO_REST)) for name, many in steps.items() for step in many]
    threads = [threading.Thread(target=loop.run, name=loop.name) for loop in loops]
    for thread in threads:
        thread.start()
    _log.info("worker_started", stages=sorted(steps))
    told.wait()
    stop.set()
    for thread in threads:
        thread.join()
    _log.info("worker_stopped", stages=sorted(steps))
