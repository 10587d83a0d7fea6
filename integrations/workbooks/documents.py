"""From the rows of a document to the JSON shape of its bill, every repair and every spoiled cell noted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from ccezone.bills.ports import CellFault, CellRepair, SheetDocument
from ccezone.kernel.errors import Fault
from integrations.workbooks.cells import Mended, Reader, Spoiled, shown
from integrations.workbooks.cells.outcome import Repair
from integrations.workbooks.grid import Cell, Grid
from integrations.workbooks.heading import Heading
from integrations.workbooks.rows import is_blank

_WHOLE_ROW = -1


@dataclass(slots=True)
class _Making:
    """A document in the making; rows are places in the grid until it is done."""

    rows: Sequence[int]
    body: dict[str, object] = field(default_factory=dict)
    line_rows: list[int] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    repairs: list[CellRepair] = field(default_factory=list)
    signs: list[tuple[int, int, str, Mended]] = field(default_factory=list)


class DocumentReader:
    """Makes documents out of groups of rows."""

    def __init__(self, grid: Grid, heading: Heading, readers: Sequence[Reader | None]) -> None:
        self._grid, self._heading, self._readers = grid, heading, readers
        shape = heading.shape
        plan = [
            (column, shape.columns[place], reader)
            for column, (place, reader) in enumerate(zip(heading.places, readers, strict=True))
            if place is not None and reader is not None
        ]
        self._head = [(column, known.name, reader) for column, known, reader in plan if known.part == "head"]
        self._head_of = itemgetter(*(column for column, _, _ in self._head))
        self._line = [(column, known.name, reader) for column, known, reader in plan if known.part == "line"]
        self._columns = {(known.part, known.name): column for column, known, _ in plan}
        lines = [known for known in shape.columns if known.part == "line"]
        self._fallbacks = [known.name for known in lines if shape.fallback(known)]
        self._numbered = shape.min_lines > 0 and any(known.name == "gnum" for known in lines)
        self._amounts = {name for part, name in self._columns if part == "line"}
        self.filled: dict[tuple[int, int], str] = {}
        self.across: set[tuple[int, int]] = set()

    def make(self, rows: Sequence[int]) -> SheetDocument:
        """Read one document."""
        making = _Making(rows)
        grid = self._grid.rows
        first = grid[rows[0]]
        self._read(making, rows[0], first, self._head, making.body, "")
        for number in rows[1:]:
            self._agree(making, number, first, grid[number])
        if self._heading.shape.has_lines:
            self._lines(making)
        self._signs(making)
        self._odd_rows(making)
        return SheetDocument(
            making.body,
            [number + 1 for number in rows],
            [number + 1 for number in making.line_rows],
            making.faults,
            making.repairs,
        )

    def _read(
        self,
        making: _Making,
        number: int,
        row: Sequence[Cell],
        plan: Sequence[tuple[int, str, Reader]],
        target: dict[str, object],
        pointer: str,
    ) -> None:
        for column, name, reader in plan:
            cell = row[column]
            if cell == "":
                continue
            read = reader.seen.get(cell) if type(cell) is str or type(cell) is float else None
            if read is None:
                read = reader.read(cell)
            if type(read) is str:
                target[name] = read
            elif type(read) is Mended:
                self._mended(making, number, column, name, read, target, pointer)
            elif type(read) is Spoiled:
                fault = Fault(f"{pointer}/{name}", read.code, read.params)
                making.faults.append(CellFault(number + 1, column, fault))

    def _mended(
        self, making: _Making, number: int, column: int, name: str, read: Mended, target: dict[str, object], pointer: str
    ) -> None:
        if read.text:
            target[name] = read.text
            making.repairs.append(CellRepair(number + 1, column, read.kind.value, read.before, read.text))
        if read.currencies:
            making.signs.append((number, column, f"{pointer}/{name}", read))

    def _agree(self, making: _Making, number: int, first: Sequence[Cell], row: Sequence[Cell]) -> None:
        """The head's values of a further row are blank, or the first row's again."""
        if self._head_of(row) == self._head_of(first):
            return
        for column, name, reader in self._head:
            cell, before = row[column], first[column]
            if cell == before or is_blank(cell):
                continue
            if self._text(reader, cell) != self._text(reader, before):
                params = {"row": str(making.rows[0] + 1), "value": shown(cell)[:60], "other": shown(before)[:60]}
                making.faults.append(CellFault(number + 1, column, Fault(f"/{name}", "head_differs", params)))

    def _text(self, reader: Reader, cell: Cell) -> str:
        read = reader.read(cell) if cell != "" else ""
        return read if isinstance(read, str) else read.before if isinstance(read, Spoiled) else read.text

    def _lines(self, making: _Making) -> None:
        lines: list[dict[str, object]] = []
        for number in making.rows:
            line: dict[str, object] = {}
            before = len(making.faults)
            self._read(making, number, self._grid.rows[number], self._line, line, f"/lines/{len(lines)}")
            if line or len(making.faults) > before or self._heading.shape.min_lines:
                lines.append(line)
                making.line_rows.append(number)
        for name in self._fallbacks:
            if name in making.body:
                for line in lines:
                    line.setdefault(name, making.body[name])
        if self._numbered and not any("gnum" in line for line in lines):
            for place, line in enumerate(lines, start=1):
                line["gnum"] = str(place)
        if lines or self._heading.shape.min_lines:
            making.body["lines"] = lines

    def _signs(self, making: _Making) -> None:
        """A sign that was cut off an amount must not contradict the currency that is stated."""
        stated = making.body.get("currency")
        for number, column, pointer, read in making.signs:
            if isinstance(stated, str) and stated not in read.currencies:
                fault = Fault(pointer, "currency_sign_differs", {"value": read.before[:60], "currency": stated})
                making.faults.append(CellFault(number + 1, column, fault))

    def _odd_rows(self, making: _Making) -> None:
        """Rows nobody can see, cells merged across columns, cells filled from a merged one."""
        for number in making.rows if self._grid.hidden or self.across or self.filled else ():
            if number in self._grid.hidden:
                making.faults.append(CellFault(number + 1, _WHOLE_ROW, Fault("", "row_hidden", {"row": str(number + 1)})))
            for column, name, _ in (*self._head, *self._line):
                if (number, column) in self.across:
                    making.faults.append(CellFault(number + 1, column, Fault(f"/{name}", "cells_merged")))
                elif text := self.filled.get((number, column)):
                    making.repairs.append(CellRepair(number + 1, column, Repair.MERGED.value, "", text))

    def places(self, document: SheetDocument, fault: Fault) -> Sequence[CellFault]:
        """Find the cells of a fault by its pointer."""
        parts = fault.pointer.strip("/").split("/")
        if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(document.line_rows):
            row = document.line_rows[int(parts[1])]
            return [CellFault(row, self._columns.get(("line", parts[2]), _WHOLE_ROW) if len(parts) > 2 else _WHOLE_ROW, fault)]
        column = self._columns.get(("head", parts[0]), _WHOLE_ROW)
        return [CellFault(document.rows[0], column, fault)]

    def cells(self, number: int) -> Iterator[str]:
        """The texts of a row (by its place in the grid): put right where they could be, else as they stand."""
        for cell, reader in zip(self._grid.rows[number], self._readers, strict=False):
            read = reader.read(cell) if reader and cell != "" else shown(cell)
            yield read if isinstance(read, str) else read.text if isinstance(read, Mended) else shown(cell)
