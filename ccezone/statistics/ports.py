"""What statistics need from outside: somebody who seals a return and can tell a seal, and who reads tables of feeds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from ccezone.bills.ports import CellFault, CellRepair, RefusedRow, SheetDocument
from ccezone.kernel.errors import Fault


@dataclass(frozen=True, slots=True)
class SealView:
    """The seal of a file. ``intact``: no byte it covers was changed; ``whole``: it covers all; ``known``: ours or one we trust."""

    intact: bool
    whole: bool
    known: bool
    fingerprint: str
    signer: str
    signed_at: datetime | None


class ReturnSeal(Protocol):
    """Signs a PDF as an incremental update: what was there stays as it is, byte by byte."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signer's certificate, in hexadecimal digits."""
        ...

    def sign(self, pdf: bytes, reason: str, at: datetime) -> bytes:
        """Return the file with a visible seal and a signature over all of it."""
        ...

    def look(self, pdf: bytes) -> SealView | None:
        """Return the seal of a file; ``None`` where it has none. Raises ``ValueError`` for what is no PDF."""
        ...


class FeedTable(Protocol):
    """An uploaded table of a feed, opened; bodies have the names of ``rules.supplements.COLUMNS``."""

    @property
    def documents(self) -> int: ...

    def read(self) -> Iterator[SheetDocument]:
        """Read the rows, days as ``YYYYMMDD``."""

    def cells(self, row: int) -> Sequence[str]:
        """Return the texts of a row."""

    def places(self, document: SheetDocument, fault: Fault) -> Sequence[CellFault]:
        """Say which cells a fault of a row is about."""

    def result(
        self, refused: Iterable[RefusedRow], repairs: Iterable[CellRepair], counts: Mapping[str, int], locale: Literal["zh", "en"]
    ) -> bytes:
        """Write the workbook that goes back: refused rows to mend and send again, counts."""


class FeedTables(Protocol):
    """Reads uploaded tables of feeds."""

    def open(self, content: bytes) -> FeedTable:
        """Open an xlsx or csv file. Raises ``Refused``: unreadable, too large, headings unknown or mandatory ones missing."""
