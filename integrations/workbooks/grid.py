"""A sheet as its cells stand there, whatever file it came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

MOST_ROWS = 100_000
MOST_COLUMNS = 120
MOST_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Broken:
    """A formula's error, such as ``#N/A``."""

    text: str


Cell: TypeAlias = str | float | int | bool | datetime | date | time | timedelta | Broken
"""``""`` is a blank cell."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Merged cells: first and last row, first and last column, all counted from 0."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(slots=True)
class Grid:
    """One sheet. ``rows[n]`` is the sheet's row ``n + 1``, cut to its used width.

    ``era`` is the day that date serials count from, ``None`` in a file that does not say. ``comma_decimal`` says that the
    file separates its values as countries do that write 1,5 for one and a half.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    era: date | None = None
    hidden: frozenset[int] = frozenset()
    merges: Sequence[Merge] = field(default_factory=tuple)
    comma_decimal: bool = False
