"""Calling webhooks side by side: a few places for receivers in good health, fewer for those that failed last time.

A receiver that hangs holds one place for some seconds, once; from then on it is among the failing ones, which never take a
place from the others.
"""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import structlog

from ccezone.notices.service.webhooks import Claim, Deliverer

HEALTHY_PLACES, AILING_PLACES = 6, 2
_PATIENCE = 0.1
_log = structlog.get_logger("ccezone.worker")


class WebhookRounds:
    """Hands endpoints that something is due for to a pool; ``step`` is what a worker's loop runs over and over."""

    def __init__(self, deliverer: Deliverer) -> None:
        self._deliverer = deliverer
        self._pool = ThreadPoolExecutor(HEALTHY_PLACES + AILING_PLACES, "webhook")
        self._healthy: set[Future[None]] = set()
        self._ailing: set[Future[None]] = set()

    def step(self) -> int:
        """Claim as many endpoints as there are places for; return how many, waiting a moment while all places are taken."""
        claimed = self._fill(self._healthy, HEALTHY_PLACES, ailing=False) + self._fill(self._ailing, AILING_PLACES, ailing=True)
        if not claimed and (under_way := self._healthy | self._ailing):
            wait(under_way, _PATIENCE, FIRST_COMPLETED)
        return claimed

    def close(self) -> None:
        """Wait for the calls under way; they are bounded in time."""
        self._pool.shutdown()

    def _fill(self, places: set[Future[None]], most: int, *, ailing: bool) -> int:
        places -= {each for each in places if each.done()}
        free = most - len(places)
        claims = self._deliverer.claim(free, ailing=ailing) if free else []
        places |= {self._pool.submit(self._turn, claim) for claim in claims}
        return len(claims)

    def _turn(self, claim: Claim) -> None:
        try:
            self._deliverer.turn(claim)
        except Exception:  # nobody waits for a future's result: unlogged, a failure would be lost; the claim runs out by itself
            _log.exception("webhook_turn_failed", endpoint=str(claim.id))
