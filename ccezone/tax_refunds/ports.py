"""What refunds need from the tax bureau: taking messages, and telling what became of claims."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from ccezone.bills.ports import SheetDocument


class TaxBureauUnavailable(Exception):
    """The bureau did not answer, or not in a way that can be read: send the same message again later."""


class TaxBureauRefused(Exception):
    """The bureau will never take this message; the text says why."""


@dataclass(frozen=True, slots=True)
class BureauMessage:
    """A message to the bureau. ``kind`` is ``submit``, ``answer``, ``withdraw``, ``repay`` or ``account``; ``claim`` its reference.

    ``id`` stays the same however often it is sent; ``written_at`` is when the hub wrote it.
    """

    id: UUID
    kind: str
    claim: str
    body: Mapping[str, object]
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BureauNotice:
    """One thing the bureau tells. ``number`` grows; ``step`` is one of ``rules.claims.Step``; ``account`` where it paid to."""

    number: int
    claim: str
    step: str
    at: datetime
    amount: Decimal | None
    note: str
    account: str = ""


class TaxBureau(Protocol):
    """The bureau's channel. Raises ``TaxBureauUnavailable`` or ``TaxBureauRefused``."""

    def send(self, message: BureauMessage) -> None:
        """Hand over one message; returns once the bureau holds it durably."""

    def notices(self, after: int, limit: int) -> Sequence[BureauNotice]:
        """Return what the bureau told after a notice's number, in order."""


class SaleTable(Protocol):
    """One uploaded sheet of sales abroad, opened."""

    @property
    def documents(self) -> int: ...

    def read(self) -> Iterator[SheetDocument]:
        """Read the rows, days as ``YYYYMMDD``."""


class SaleTables(Protocol):
    """Reads uploaded tables of sales abroad."""

    def open(self, content: bytes) -> SaleTable:
        """Open an xlsx or csv file. Raises ``Refused``: unreadable, too large, headings unknown or mandatory ones missing."""
