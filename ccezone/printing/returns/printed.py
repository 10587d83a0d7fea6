"""A table of a return as it is printed: its words and figures in one language, and the sheets a long one is drawn on."""

from collections.abc import Sequence
from dataclasses import dataclass

from ccezone.printing.ruled.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Cell:
    """An amount and its growth as printed."""

    value: str
    growth: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Printed:
    """A table as printed: under which number and title, with which unit, period and source.

    ``sheets``: pages of a long table, which are drawn by ``printing.ruled``; without them the layout engine sets the rows.
    """

    name: str
    caption: str
    stub: str
    heads: Sequence[str]
    rows: Sequence[Line]
    total: Line
    growing: bool
    left_out: str
    sheets: Sequence[Sheet] = ()
