"""How many requests a credential may make: a fixed window of one minute, counted in each web process.

Counting in the database would cost every request a write, and the limit guards a process against one caller that runs
away: a hub of *n* web processes lets it make up to *n* times as many.
"""

import math
import threading
import time
from collections.abc import Collection
from uuid import UUID

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from ccezone.api.problems import Problem
from ccezone.kernel.errors import Fault

_FEW = 1_000


class _Counts(Storage):
    """Counts in memory. The library's own storage starts a thread at each count, which costs a request 0.4 ms.

    What has expired is dropped when more than a few keys are known, and when it is asked for.
    """

    STORAGE_SCHEME = ["process"]  # noqa: RUF012  # the library's declaration
    base_exceptions = ()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        with self._lock:
            count, until = self._counts.get(key, (0, 0.0))
            if until <= now:
                self._drop_expired(now)
                count, until = 0, now + expiry
            self._counts[key] = (count + amount, until)
            return count + amount

    def _drop_expired(self, now: float) -> None:
        if len(self._counts) > _FEW:
            self._counts = {key: held for key, held in self._counts.items() if held[1] > now}

    def get(self, key: str) -> int:
        count, until = self._counts.get(key, (0, 0.0))
        return count if until > time.time() else 0

    def keys(self) -> Collection[str]:
        return self._counts.keys()

    def get_expiry(self, key: str) -> float:
        return self._counts.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            number = len(self._counts)
            self._counts.clear()
            return number

    def clear(self, key: str) -> None:
        with self._lock:
            self._counts.pop(key, None)


class Budget:
    """What each credential, or address that needs none, has left of this minute."""

    def __init__(self) -> None:
        self._counts = _Counts()
        self._limiter = FixedWindowRateLimiter(self._counts)

    def known(self) -> Collection[str]:
        """Return whom something is counted of."""
        return self._counts.keys()

    def spend(self, credential_id: UUID | str | None, per_minute: int) -> None:
        """Count one request. Raises ``Problem`` 429, with ``Retry-After``, when the minute's share is used up."""
        item, name = RateLimitItemPerMinute(per_minute), str(credential_id)
        if self._limiter.hit(item, name):
            return
        seconds = max(1, math.ceil(self._limiter.get_window_stats(item, name).reset_time - time.time()))
        fault = Fault("", "too_many_requests", {"limit": str(per_minute), "seconds": str(seconds)})
        raise Problem(429, [fault], headers={"Retry-After": str(seconds)})
