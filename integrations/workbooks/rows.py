"""Which rows of a sheet hold documents, and which rows are one document: told by the order number, wherever they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from integrations.workbooks.cells import Reader, Spoiled
from integrations.workbooks.grid import MOST_ROWS, Broken, Cell, Grid
from integrations.workbooks.guard import refuse
from integrations.workbooks.heading import Heading
from schemas.derive.workbook import example_number, fold

_TOTALS = frozenset(
    map(fold, ("合计", "总计", "小计", "总数", "共计", "合计数", "total", "totals", "subtotal", "grand total", "sum"))
)
_BLANK = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]*")


@dataclass(slots=True)
class Sorted:
    """The rows below the headings, by place in the grid: documents' rows, and rows passed over, by reason."""

    groups: list[list[int]] = field(default_factory=list)
    rows: int = 0
    blank: int = 0
    totals: list[int] = field(default_factory=list)
    examples: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)

    @property
    def passed_over(self) -> int:
        return self.blank + len(self.totals) + len(self.examples) + len(self.headings)


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands there that anybody sees."""
    return cell == "" or (type(cell) is str and _BLANK.fullmatch(cell) is not None)


def sort_rows(grid: Grid, heading: Heading, readers: Sequence[Reader | None]) -> Sorted:
    """Sort the rows below the headings. Raises ``Refused``: none, or too many."""
    found, sorter = Sorted(), _Sorter(heading, readers)
    first, last = heading.row + 1, _last_filled(grid, heading.row)
    found.rows = last - first + 1
    if found.rows > MOST_ROWS:
        raise refuse("workbook_too_many_rows", max=MOST_ROWS)
    for number in range(first, last + 1):
        row = grid.rows[number]
        if all(map(is_blank, row)):
            found.blank += 1
        elif sorter.is_heading(row):
            found.headings.append(number)
        elif sorter.is_example(row):
            found.examples.append(number)
        elif sorter.is_total(row):
            found.totals.append(number)
        else:
            sorter.add(number, row)
    found.groups = sorter.groups
    if not found.groups:
        raise refuse("workbook_no_rows")
    return found


def _last_filled(grid: Grid, least: int) -> int:
    number = len(grid.rows) - 1
    while number > least and all(map(is_blank, grid.rows[number])):
        number -= 1
    return number


class _Sorter:
    """Puts rows together that are one document."""

    def __init__(self, heading: Heading, readers: Sequence[Reader | None]) -> None:
        shape = heading.shape
        self.groups: list[list[int]] = []
        self._heading = heading.texts
        self._readers = readers
        self._places = {place: column for column, place in enumerate(heading.places) if place is not None}
        self._main = self._places.get(shape.main, -1)
        names = {shape.columns[place].attribute: column for place, column in self._places.items() if self._is_head(heading, place)}
        self._others = [names[name] for name in shape.key if name in names and names[name] != self._main]
        self._heads = [column for place, column in self._places.items() if self._is_head(heading, place)]
        self._lines = [column for place, column in self._places.items() if not self._is_head(heading, place)]
        self._grouped = bool(shape.key) and shape.has_lines
        self._key_of = itemgetter(self._main, *self._others, self._main)  # twice, so that it gives a tuple in any case
        self._by_raw: dict[object, list[int]] = {}
        self._by_key: dict[tuple[str, ...], list[int]] = {}
        self._by_number: dict[str, list[tuple[tuple[str, ...], list[int]]]] = {}

    @staticmethod
    def _is_head(heading: Heading, place: int) -> bool:
        return heading.shape.columns[place].part == "head"

    def is_heading(self, row: Sequence[Cell]) -> bool:
        """Headings come again where a table was printed over several pages."""
        if row[self._main] != self._heading[self._main]:
            return False
        return all(cell.strip() == text for cell, text in zip(row, self._heading, strict=False) if isinstance(cell, str))

    def is_example(self, row: Sequence[Cell]) -> bool:
        return row[self._main] == example_number()

    def is_total(self, row: Sequence[Cell]) -> bool:
        """A row of sums says so, and names no order."""
        main = row[self._main]
        if isinstance(main, str) and main[-1:].isdecimal():  # folding keeps digits, and no word for totals has one
            return False
        if not is_blank(main) and not (isinstance(main, str) and fold(main) in _TOTALS):
            return False
        return any(isinstance(cell, str) and fold(cell) in _TOTALS for cell in row)

    def add(self, number: int, row: Sequence[Cell]) -> None:
        """Put a row to its document."""
        if not self._grouped:
            self.groups.append([number])
        elif is_blank(row[self._main]):
            self._continue(number, row)
        else:
            self._join(number, row)

    def _continue(self, number: int, row: Sequence[Cell]) -> None:
        """A row of lines alone goes on with the document above it."""
        only_lines = all(is_blank(row[column]) for column in self._heads)
        if only_lines and self.groups and self.groups[-1][-1] == number - 1:
            self.groups[-1].append(number)
            return
        self.groups.append([number])

    def _join(self, number: int, row: Sequence[Cell]) -> None:
        """Find the document by its number and the parties; parties left blank are those of the rows before."""
        raw = self._key_of(row)
        group = self._by_raw.get(raw)
        if group is None:
            group = self._by_raw[raw] = self._group_of(row)
        group.append(number)

    def _group_of(self, row: Sequence[Cell]) -> list[int]:
        key = (self._text(row, self._main), *(self._text(row, column) for column in self._others))
        group = self._by_key.get(key)
        if group is None and (same := self._by_number.get(key[0])):
            group = next((rows for known, rows in reversed(same) if _agrees(key[1:], known[1:])), None)
        if group is None:
            group = []
            self.groups.append(group)
            self._by_number.setdefault(key[0], []).append((key, group))
            self._by_key[key] = group
        return group

    def _text(self, row: Sequence[Cell], column: int) -> str:
        reader = self._readers[column]
        cell = row[column]
        if reader is None or cell == "":
            return ""
        read = reader.read(cell)
        return read if isinstance(read, str) else read.before if isinstance(read, Spoiled) else read.text


def _agrees(key: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return all(part == other or not part for part, other in zip(key, known, strict=True))


def fill_merged(grid: Grid, heading: Heading) -> tuple[dict[tuple[int, int], str], set[tuple[int, int]]]:
    """Give a downward merged cell's value to every row it covers; return those cells, and cells merged across columns."""
    filled: dict[tuple[int, int], str] = {}
    across: set[tuple[int, int]] = set()
    rows = grid.rows
    for merge in grid.merges:
        if merge.top <= heading.row or merge.top >= len(rows) or merge.left >= len(rows[merge.top]):
            continue
        cell = rows[merge.top][merge.left]
        if is_blank(cell):
            continue
        if merge.right > merge.left:
            across.add((merge.top, merge.left))
            continue
        for number in range(merge.top + 1, min(merge.bottom + 1, len(rows))):
            _put(rows[number], merge.left, cell)
            filled[number, merge.left] = cell.text if isinstance(cell, Broken) else str(cell)
    return filled, across


def _put(row: Sequence[Cell], column: int, cell: Cell) -> None:
    if isinstance(row, list):
        row[column] = cell
