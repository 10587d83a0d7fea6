"""The clock of a demonstration while its month is loaded: it stands in the past, and is brought up to now in leaps.

A small file says how far it is behind, and until when that holds. Whoever leads the clock renews that term with every leap;
when the file is gone or the term is over, the clock is the machine's, and each reader keeps to that from then on.
"""

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ccezone.kernel.clock import Clock, SystemClock

TERM = timedelta(minutes=3)
"""How long a leap holds when nobody renews it: whoever led the clock has died, and time goes on as it is."""
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the clock is behind the machine's, and until which moment of the machine's clock that holds."""

    behind: timedelta
    until: datetime


@dataclass
class DemoClock:
    """A clock that is behind as the file at ``path`` says; for good the machine's once that is over. Never runs backwards."""

    path: Path
    machine: Clock = field(default_factory=SystemClock)
    _lag: Lag | None = field(default=None, init=False)
    _read: tuple[int, int] | None = field(default=None, init=False)
    _over: bool = field(default=False, init=False)

    def now(self) -> datetime:
        """Return the moment the demonstration stands at."""
        now = self.machine.now()
        lag = self._in_force(now)
        return now - lag.behind if lag else now

    @property
    def leading(self) -> bool:
        """Whether somebody still brings the clock up to now (it may stand at now already)."""
        return self._in_force(self.machine.now()) is not None

    @property
    def behind(self) -> timedelta:
        """How far the clock is behind the machine's now."""
        lag = self._in_force(self.machine.now())
        return lag.behind if lag else _NONE

    @property
    def standing_at(self) -> datetime | None:
        """Return the moment the clock stands at while it is led, ``None`` afterwards."""
        now = self.machine.now()
        lag = self._in_force(now)
        return now - lag.behind if lag else None

    def _in_force(self, now: datetime) -> Lag | None:
        if self._over:
            return None
        try:
            found = os.stat(self.path)
            if self._read != (found.st_mtime_ns, found.st_ino):
                self._lag, self._read = read_lag(self.path), (found.st_mtime_ns, found.st_ino)
        except FileNotFoundError:
            self._lag = None
        self._over = self._lag is None or self._lag.until <= now
        return None if self._over else self._lag


def clock_file(data: Path) -> Path:
    """Where a data folder keeps its demo's clock while that is led."""
    return data / "demo-clock.json"


def clock_at(path: Path | None) -> Clock:
    """Return the clock a process goes by: the machine's, where no demonstration is told of."""
    return DemoClock(path) if path else SystemClock()


def leading(clock: Clock) -> bool:
    """Whether this is the clock of a demonstration that somebody still brings up to now."""
    return isinstance(clock, DemoClock) and clock.leading


def read_lag(path: Path) -> Lag:
    """Read a clock's file. Raises ``FileNotFoundError``."""
    said = json.loads(path.read_text(encoding="utf-8"))
    return Lag(timedelta(seconds=float(said["behind"])), datetime.fromtimestamp(float(said["until"]), UTC))


def write_lag(path: Path, behind: timedelta, until: datetime) -> None:
    """Write a clock's file in one step, so that no reader meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({"behind": max(behind, _NONE).total_seconds(), "until": until.timestamp()}), encoding="utf-8")
    fresh.replace(path)
