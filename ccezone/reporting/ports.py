"""What reporting needs from outside: somebody who reads a filled-in workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ccezone.kernel.errors import Fault


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """The figures of a workbook by key, as typed; the row each stands in, and what reading found wrong, by row (from 1)."""

    typed: Mapping[str, str]
    rows: Mapping[str, int]
    faults: Sequence[tuple[int, Fault]]


class ReportSheets(Protocol):
    """Reads workbooks of reports."""

    def read(self, content: bytes) -> FilledSheet:
        """Read an xlsx or csv file. Raises ``Refused``: unreadable, too large, headings unknown or mandatory ones missing."""
        ...
