"""What credit needs from outside: somebody who asks the single window for an inspection share, and who reads tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal, Protocol

from ccezone.bills.ports import CellFault, CellRepair, RefusedRow, SheetDocument
from ccezone.kernel.errors import Fault


class TreatmentUnavailable(Exception):
    """The single window did not answer, or is down: ask again later."""


class TreatmentRefused(Exception):
    """The single window refuses the question for good."""


class TreatmentDesk(Protocol):
    """Asks the single window for a treatment. Raises ``TreatmentUnavailable`` or ``TreatmentRefused``."""

    def ask(self, code: str, inspection_share: Decimal) -> None:
        """Ask that this share (0 to 1) of an enterprise's lists be inspected; ``code`` is its customs code."""


class EvidenceTable(Protocol):
    """An uploaded table of evidence, opened; bodies have the names of ``service.Statement``, ``uscc`` and ``scan``."""

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


class EvidenceTables(Protocol):
    """Reads uploaded tables of evidence."""

    def open(self, content: bytes) -> EvidenceTable:
        """Open an xlsx or csv file. Raises ``Refused``: unreadable, too large, headings unknown or mandatory ones missing."""
