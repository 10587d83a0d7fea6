"""The bank with somebody who notes how each call went: freshness and error share of the channel."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from ccezone.cases.service import Sightings, UpstreamCall
from ccezone.fx.ports import Bank, BankFile, BankInstruction, BankNotice, BankRefused, BankUnavailable

SOURCE = "bank"


@dataclass
class WatchedBank:
    """Implements ``ports.Bank`` by another one; what it raises passes through."""

    channel: Bank
    sightings: Sightings

    def send(self, instruction: BankInstruction) -> None:
        """Hand one instruction over."""
        with self._noted("send"):
            self.channel.send(instruction)

    def notices(self, after: int, limit: int) -> Sequence[BankNotice]:
        """Return what it told after a notice's number, in order."""
        with self._noted("receive") as call:
            found = self.channel.notices(after, limit)
            call.documents = len(found)
        return found

    def files(self, after: int, limit: int) -> Sequence[BankFile]:
        """Return the statements made after a file's number, in order."""
        with self._noted("receive") as call:
            found = self.channel.files(after, limit)
            call.documents = len(found)
        return found

    def _noted(self, direction: str) -> AbstractContextManager[UpstreamCall]:
        return self.sightings.calling(SOURCE, direction, BankUnavailable, BankRefused)
