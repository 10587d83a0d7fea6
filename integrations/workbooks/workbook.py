"""Uploaded tables of bills: which sheet, which kind, its documents, and the workbook that goes back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from ccezone.bills.ports import BillKind, CellFault, CellRepair, RefusedRow, SheetDocument
from ccezone.kernel.errors import Fault
from integrations.partners.deliveries import KINDS
from integrations.workbooks.cells import reader
from integrations.workbooks.csv_file import read_csv
from integrations.workbooks.documents import DocumentReader
from integrations.workbooks.grid import Grid
from integrations.workbooks.guard import refuse
from integrations.workbooks.heading import Heading, find_heading, naming
from integrations.workbooks.rows import fill_merged, is_blank, sort_rows
from integrations.workbooks.xlsx import read_xlsx
from schemas.codes import rows as code_rows
from schemas.codes.problems import text as problem_text
from schemas.derive.workbook import MESSAGE_TYPES, FailedRow, RepairRow, Report, Sheet, sheet, write_result
from schemas.rest import links

_BINARY = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_TOLD_ROWS = 10


def open_table(content: bytes, *shapes: Sheet) -> "SheetTable":
    """Open an xlsx or csv file that holds one of these sheets. Raises ``Refused``: see ``bills.ports.Workbooks``."""
    return SheetTable(*found_in(content, shapes))


class SheetWorkbooks:
    """Opens workbooks of bills (``bills.ports.Workbooks``)."""

    def open(self, content: bytes, message_type: str | None = None) -> "SheetWorkbook":
        """Open a file. Raises ``Refused``: see the port."""
        types = (message_type,) if message_type else MESSAGE_TYPES
        return SheetWorkbook(*found_in(content, [sheet(each) for each in types]))


def found_in(content: bytes, shapes: Sequence[Sheet]) -> tuple[Grid, Heading]:
    """Return the only sheet of a file that holds one of these, and its headings. Raises ``Refused``."""
    grids = read_xlsx(content) if content.startswith(_BINARY) else iter([read_csv(content)])
    found: tuple[Grid, Heading] | None = None
    for grid in grids:
        heading = find_heading(grid, shapes)
        if heading is None or not _has_rows(grid, heading):
            continue
        if found is not None:
            raise refuse("workbook_several_sheets", sheets=f"{found[0].name}、{grid.name}")
        found = grid, heading
    if found is None:
        raise refuse("workbook_no_heading")
    return found


def _has_rows(grid: Grid, heading: Heading) -> bool:
    return any(not all(map(is_blank, row)) for row in grid.rows[heading.row + 1 :])


class SheetTable:
    """One sheet, opened: its documents, and the workbook that goes back."""

    def __init__(self, grid: Grid, heading: Heading) -> None:
        if missing := heading.missing():
            raise refuse("columns_missing", **naming(missing))
        _pad(grid, len(heading.texts))
        self._heading = heading
        columns = heading.columns
        readers = [reader(column, grid.era, grid.comma_decimal) if column else None for column in columns]
        self._reading = DocumentReader(grid, heading, readers)
        self._reading.filled, self._reading.across = fill_merged(grid, heading)
        self._sorted = sort_rows(grid, heading, readers)

    @property
    def message_type(self) -> str:
        return self._heading.shape.message_type

    @property
    def rows(self) -> int:
        return self._sorted.rows

    @property
    def blank(self) -> int:
        return self._sorted.passed_over

    @property
    def documents(self) -> int:
        return len(self._sorted.groups)

    @property
    def notices(self) -> Sequence[Fault]:
        """Surplus columns, and rows passed over that were not blank."""
        found = []
        if self._heading.surplus:
            found.append(Fault("", "columns_surplus", {"columns": "、".join(self._heading.surplus)[:500]}))
        for code, numbers in (
            ("rows_totals", self._sorted.totals),
            ("rows_example", self._sorted.examples),
            ("rows_headings", self._sorted.headings),
        ):
            if numbers:
                more = " …" if len(numbers) > _TOLD_ROWS else ""
                found.append(Fault("", code, {"rows": "、".join(str(each + 1) for each in numbers[:_TOLD_ROWS]) + more}))
        return found

    def read(self, skip: int = 0) -> Iterator[SheetDocument]:
        """Read the documents from one on."""
        for number in range(skip, self.documents):
            yield self._reading.make(self._sorted.groups[number])

    def cells(self, row: int) -> Sequence[str]:
        """The texts of a row of the file."""
        return list(self._reading.cells(row - 1))

    def places(self, document: SheetDocument, fault: Fault) -> Sequence[CellFault]:
        """The cells a fault is about."""
        return self._reading.places(document, fault)

    def result(
        self, refused: Iterable[RefusedRow], repairs: Iterable[CellRepair], counts: Mapping[str, int], locale: Literal["zh", "en"]
    ) -> bytes:
        """Write what goes back."""
        names = {row["code"]: row[f"label_{locale}"] for row in code_rows("sheet_words")}
        texts = self._heading.texts
        kept = [
            place for place, text in enumerate(texts) if self._heading.places[place] is not None or text in self._heading.surplus
        ]
        new = {place: number for number, place in enumerate(kept)}
        columns = self._heading.columns
        report = Report(
            header=[texts[place] for place in kept],
            columns=[columns[place] for place in kept],
            failed=(
                FailedRow(
                    row.number,
                    [row.cells[place] if place < len(row.cells) else "" for place in kept],
                    [(new.get(each.column, -1), each.fault) for each in row.faults],
                )
                for row in refused
            ),
            repairs=(RepairRow(each.row, texts[each.column], each.kind, each.before, each.after) for each in repairs),
            summary=[
                *((names.get(name, name), str(number)) for name, number in counts.items()),
                *((names["notice"], problem_text(notice, locale)[0]) for notice in self.notices),
            ],
            repair_names=names,
        )
        return write_result(report, locale)


class SheetWorkbook(SheetTable):
    """A sheet of bills (``bills.ports.Workbook``)."""

    @property
    def kind(self) -> BillKind:
        return BillKind.LINK if self.message_type == links.MESSAGE_TYPE else KINDS[self.message_type][0]

    @property
    def flow(self) -> str:
        """A shipping link's columns do not tell its flow: whoever uploads it does."""
        return "E" if self.message_type == links.MESSAGE_TYPE else KINDS[self.message_type][1]


def _pad(grid: Grid, width: int) -> None:
    """Give every row the headings' width; what stands beyond them has no meaning."""
    for number, row in enumerate(grid.rows):
        if len(row) < width and isinstance(grid.rows, list):
            grid.rows[number] = [*row, *([""] * (width - len(row)))]
