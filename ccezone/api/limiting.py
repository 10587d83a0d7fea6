"""How many requests a credential may make: a fixed window of one minute, counted in each web process.

Counting in the database would cost every request a write, and the limit guards a process against one caller that runs
away: a hub of *n* web processes lets it make up to *n* times as many. Counted here, because the storage in memory of the
library for it starts a thread at every request.
"""

import math
import time
from collections.abc import Callable
from threading import Lock
from uuid import UUID

from ccezone.api.problems import Problem
from ccezone.kernel.errors import Fault

_SECONDS = 60.0
_MANY = 10_000  # callers that are remembered before those are dropped whose minute is over


class Budget:
    """What each credential, or address that needs none, has left of this minute, which begins with its first request."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` tells seconds that never run back."""
        self._clock = clock
        self._lock = Lock()
        self._windows: dict[str, tuple[float, int]] = {}

    def spend(self, credential_id: UUID | str | None, per_minute: int) -> None:
        """Count one request. Raises ``Problem`` 429, with ``Retry-After``, when the minute's share is used up."""
        name, now = str(credential_id), self._clock()
        with self._lock:
            began, count = self._windows.get(name, (now, 0))
            if now - began >= _SECONDS:
                began, count = now, 0
            self._windows[name] = began, count + 1
            if len(self._windows) > _MANY:
                self._forget(now)
        if count < per_minute:
            return
        seconds = max(1, math.ceil(began + _SECONDS - now))
        fault = Fault("", "too_many_requests", {"limit": str(per_minute), "seconds": str(seconds)})
        raise Problem(429, [fault], headers={"Retry-After": str(seconds)})

    def _forget(self, now: float) -> None:
        self._windows = {name: window for name, window in self._windows.items() if now - window[0] < _SECONDS}
