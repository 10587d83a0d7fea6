"""What credit needs from outside: somebody who asks the single window for an inspection share, and who reads tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from ccezone.kernel.errors import Fault


class TreatmentUnavailable(Exception):
    """The single window did not answer, or is down: ask again later."""


class TreatmentRefused(Exception):
    """The single window refuses the question for good."""


class TreatmentDesk(Protocol):
    """Asks the single window for a treatment. Raises ``TreatmentUnavailable`` or ``TreatmentRefused``."""

    def ask(self, code: str, inspection_share: Decimal) -> None:
        """Ask that this share (0 to 1) of an enterprise's lists be inspected; ``code`` is its customs code."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One row of an uploaded table: its number in the file (from 1), its values by name, what reading found wrong."""

    number: int
    values: Mapping[str, str]
    faults: Sequence[Fault] = field(default_factory=tuple)


class EvidenceTables(Protocol):
    """Reads uploaded tables of evidence."""

    def read(self, content: bytes) -> Sequence[EvidenceRow]:
        """Read an xlsx or csv file. Raises ``Refused``: unreadable, or headings unknown."""
