"""The single window with somebody who notes how each call went: freshness and error share of the channel."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ccezone.cases.service import Sightings
from ccezone.clearance.ports import (
    IncomingMessage,
    OutgoingMessage,
    SingleWindow,
    SingleWindowRefused,
    SingleWindowUnavailable,
)

SOURCE = "single_window"


@dataclass
class WatchedWindow:
    """Implements ``ports.SingleWindow`` by another one; what it raises passes through."""

    window: SingleWindow
    sightings: Sightings
    monotonic: Callable[[], float] = time.monotonic

    def send(self, message: OutgoingMessage) -> None:
        """Hand one message over."""
        with self._noted("send") as took:
            self.window.send(message)
        self.sightings.worked(SOURCE, "send", took())

    def collect(self, limit: int, wait_seconds: float = 0.0) -> Sequence[IncomingMessage]:
        """Fetch messages; an empty mailbox is a good answer too."""
        with self._noted("receive") as took:
            messages = self.window.collect(limit, wait_seconds)
        self.sightings.worked(SOURCE, "receive", took(), len(messages))
        return messages

    def acknowledge(self, mailbox_ids: Sequence[str]) -> None:
        """Acknowledge messages."""
        with self._noted("receive"):
            self.window.acknowledge(mailbox_ids)

    @contextmanager
    def _noted(self, direction: str) -> Iterator[Callable[[], int]]:
        begun = self.monotonic()

        def took() -> int:
            return int((self.monotonic() - begun) * 1000)

        try:
            yield took
        except SingleWindowUnavailable as error:
            self.sightings.failed(SOURCE, direction, took(), str(error))
            raise
        except SingleWindowRefused:
            self.sightings.worked(SOURCE, direction, took(), refused=True)
            raise
