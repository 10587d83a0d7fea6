"""Waiting for what other threads and processes do: until a condition holds, never for a fixed time."""

import time
from collections.abc import Callable

from ccezone.storage import Database
from ccezone.storage.copying import fetch

_BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def until(holds: Callable[[], bool], seconds: float = 10.0, every: float = 0.02, what: str = "the condition") -> None:
    """Wait until something holds. Raises ``AssertionError`` when it does not within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not come about within {seconds} s"
        time.sleep(every)


def until_a_session_waits(database: Database) -> None:
    """Wait until some session of this database waits for a lock that another holds."""

    def blocked() -> bool:
        with database.reading() as connection:
            return bool(fetch(connection, _BLOCKED)[0][0])

    until(blocked, what="a session that waits for a lock")
