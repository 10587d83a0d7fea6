"""The tax bureau with somebody who notes how each call went: freshness and error share of the channel."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from ccezone.cases.service import Sightings, UpstreamCall
from ccezone.tax_refunds.ports import BureauMessage, BureauNotice, TaxBureau, TaxBureauRefused, TaxBureauUnavailable

SOURCE = "tax_bureau"


@dataclass
class WatchedBureau:
    """Implements ``ports.TaxBureau`` by another one; what it raises passes through."""

    channel: TaxBureau
    sightings: Sightings

    def send(self, message: BureauMessage) -> None:
        """Hand one message over."""
        with self._noted("send"):
            self.channel.send(message)

    def notices(self, after: int, limit: int) -> Sequence[BureauNotice]:
        """Return what it told after a notice's number, in order."""
        with self._noted("receive") as call:
            found = self.channel.notices(after, limit)
            call.documents = len(found)
        return found

    def _noted(self, direction: str) -> AbstractContextManager[UpstreamCall]:
        return self.sightings.calling(SOURCE, direction, TaxBureauUnavailable, TaxBureauRefused)
