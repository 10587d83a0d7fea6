"""The single window with somebody who notes how each call went: freshness and error share of the channel."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from ccezone.cases.service import Sightings, UpstreamCall
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

    def send(self, message: OutgoingMessage) -> None:
        """Hand one message over."""
        with self._noted("send"):
            self.window.send(message)

    def collect(self, limit: int, wait_seconds: float = 0.0) -> Sequence[IncomingMessage]:
        """Fetch messages; an empty mailbox is a good answer too."""
        with self._noted("receive") as call:
            messages = self.window.collect(limit, wait_seconds)
            call.documents = len(messages)
        return messages

    def acknowledge(self, mailbox_ids: Sequence[str]) -> None:
        """Acknowledge messages."""
        with self._noted("receive") as call:
            call.counts = False  # the messages were counted when they came
            self.window.acknowledge(mailbox_ids)

    def _noted(self, direction: str) -> AbstractContextManager[UpstreamCall]:
        return self.sightings.calling(SOURCE, direction, SingleWindowUnavailable, SingleWindowRefused)
