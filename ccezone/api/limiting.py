"""How many requests a credential may make: a fixed window of one minute, counted in each web process.

Counting in the database would cost every request a write, and the limit guards a process against one caller that runs
away: a hub of *n* web processes lets it make up to *n* times as many.
"""

import math
import time
from uuid import UUID

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from ccezone.api.problems import Problem
from ccezone.kernel.errors import Fault


class Budget:
    """What each credential, or address that needs none, has left of this minute."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def spend(self, credential_id: UUID | str | None, per_minute: int) -> None:
        """Count one request. Raises ``Problem`` 429, with ``Retry-After``, when the minute's share is used up."""
        item, name = RateLimitItemPerMinute(per_minute), str(credential_id)
        if self._limiter.hit(item, name):
            return
        seconds = max(1, math.ceil(self._limiter.get_window_stats(item, name).reset_time - time.time()))
        fault = Fault("", "too_many_requests", {"limit": str(per_minute), "seconds": str(seconds)})
        raise Problem(429, [fault], headers={"Retry-After": str(seconds)})
