"""Leading the demo's clock through its month: each day's traffic arrives on the next morning, and the day then takes its course.

Nothing of a day is later than the clock that day, the clock never goes back, and whatever happens it ends up at now.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from random import Random

from ccezone.demo.posting import Delivery
from ccezone.kernel.clock import SHANGHAI, Clock, SystemClock
from ccezone.kernel.demo_clock import TERM, DemoClock, clock_file, write_lag
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.lateness import lateness
from ccezone.tax_refunds.service.ledger import read_lists_again

MORNING, LATER = hour(8, 30), (hour(10), hour(11, 30), hour(14), hour(16), hour(18), hour(21))
"""When a day's traffic arrives, and about when the clock stops again on that day (Asia/Shanghai)."""
_SPREAD_SECONDS = 3_000
START = timedelta(days=30)
_AT_FIRST = timedelta(minutes=10)  # the hub's processes start first
_TRAFFIC = "SELECT EXISTS (SELECT FROM intake_batch)"
_NONE = timedelta(0)
_PAUSE_SECONDS, _LOOK_SECONDS = 0.3, 0.5


def begin_month(database: Database, data: Path, machine: Clock | None = None) -> bool:
    """Set a hub's clock thirty days back, before any process reads it; return whether it was. Never with traffic in the hub."""
    with database.begin() as uow:
        if fetch(uow.connection, _TRAFFIC)[0][0]:
            return False
        read_lists_again(uow)
    write_lag(clock_file(data), START, (machine or SystemClock()).now() + _AT_FIRST)
    return True


@dataclass
class Pace:
    """Leads the clock of a load. ``wait`` lets the hub do what falls to an hour before the next one comes."""

    path: Path
    machine: Clock = field(default_factory=SystemClock)
    wait: Callable[[float], None] = time.sleep
    _day: date | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._clock = DemoClock(self.path, self.machine)

    def follow(self, delivery: Delivery) -> None:
        """Bring the clock to where this delivery arrives; a delivery of the end arrives now."""
        if delivery.last:
            self.catch_up()
            return
        if self._day not in (None, delivery.day):
            for later in LATER:
                self._stop_at(later)
        self._day = delivery.day
        self._stand_at(self._arrival(MORNING))

    def catch_up(self) -> None:
        """Bring the clock to now."""
        self._stand_at(self.machine.now())

    def let_in(self, database: Database) -> None:
        """Wait until no transaction is open that began before this moment."""
        begun, open_for, waited = self.machine.now(), TERM, _NONE
        while open_for >= waited and waited < TERM / 2:
            self.wait(_LOOK_SECONDS)
            waited = self.machine.now() - begun
            with database.reading() as connection:
                open_for = lateness(connection)

    def end(self) -> None:
        """Give the clock up: from here on the hub goes by the machine's."""
        self.path.unlink(missing_ok=True)

    def _arrival(self, at: hour) -> datetime:
        """On the day after: at about this hour, on each day a little otherwise."""
        day = (self._day or date.min) + timedelta(days=1)
        spread = Random(f"pace/{day}/{at}").randrange(_SPREAD_SECONDS)
        return datetime.combine(day, at, SHANGHAI) + timedelta(seconds=spread)

    def _stop_at(self, later: hour) -> None:
        if self._stand_at(self._arrival(later)):
            self.wait(_PAUSE_SECONDS)

    def _stand_at(self, moment: datetime) -> bool:
        """Leap forward to a moment, at most to now, and renew the term; return whether it was a leap. Over is over."""
        known, now = self._clock.standing_at, self.machine.now()
        if known is None:
            return False
        ahead = min(max(known, moment), now)
        write_lag(self.path, now - ahead, now + TERM)
        return ahead > known + timedelta(seconds=1)


@contextmanager
def paced(path: Path | None, database: Database | None = None) -> Iterator[Pace | None]:
    """Lead the clock at ``path``, if a hub goes by one, and end it however the load ends.

    What was stamped before the last leap is let into the database first: readers of what is new would pass it by.
    """
    if path is None or not path.exists():
        yield None
        return
    pace = Pace(path)
    try:
        yield pace
        pace.catch_up()
        if database is not None:
            pace.let_in(database)
    finally:
        pace.end()
