"""Jobs that only look at what the main chain did give way to it: filing and release come first, figures a little later."""

import time
from collections.abc import Callable, Mapping

Jobs = Mapping[str, tuple[float, Callable[[], object]]]

LONGEST = 30.0
"""Seconds after which a job runs again however much is going on."""


def giving_way(
    jobs: Jobs, names: frozenset[str], bustling: Callable[[], bool], clock: Callable[[], float] = time.monotonic
) -> Jobs:
    """Let the jobs ``names`` run every ``LONGEST`` seconds while much is going on, and as often as ever while it is not.

    What changed meanwhile is taken in at once by the next run: none of them looks at a list more often than before.
    """
    return {name: (seconds, _giving_way(job, bustling, clock) if name in names else job) for name, (seconds, job) in jobs.items()}


def _giving_way(job: Callable[[], object], bustling: Callable[[], bool], clock: Callable[[], float]) -> Callable[[], object]:
    ran = float("-inf")

    def run() -> object:
        nonlocal ran
        if clock() - ran < LONGEST and bustling():
            return None
        ran = clock()
        return job()

    return run
