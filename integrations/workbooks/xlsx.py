"""Sheets of an xlsx file, read by calamine once the file has been looked through (``guard``)."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Protocol, cast

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from integrations.workbooks.grid import Broken, Cell, Grid, Merge
from integrations.workbooks.guard import inspect, refuse
from integrations.workbooks.scan import Findings

_PANIC = "PanicException"  # what a panic of the reader, which is written in Rust, arrives as; it is no ``Exception``


class _Source(Protocol):
    """What we use of the reader's sheet, which has no types of its own."""

    start: tuple[int, int] | None
    merged_cell_ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]] | None

    def iter_rows(self) -> Iterator[list[Cell]]: ...


def read_xlsx(content: bytes) -> Iterator[Grid]:
    """Yield the visible sheets, one at a time. Raises ``Refused``."""
    inspected = inspect(content)
    try:
        book = CalamineWorkbook.from_object(BytesIO(content))
        visible = [
            each.name
            for each in book.sheets_metadata
            if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
        ]
        for name in visible:
            source = cast(_Source, book.get_sheet_by_name(name))
            found = inspected.sheets.get(name, Findings())
            merges = [Merge(top, bottom, left, right) for (top, left), (bottom, right) in source.merged_cell_ranges or ()]
            yield Grid(name, _rows(source, found), inspected.era, frozenset(found.hidden), merges)
    except CalamineError as broken:
        raise refuse("workbook_unreadable") from broken
    except BaseException as broken:
        if type(broken).__name__ == _PANIC:
            raise refuse("workbook_unreadable") from broken
        raise


def _rows(source: _Source, found: Findings) -> list[list[Cell]]:
    """Rows from the sheet's first row and first column on."""
    left = source.start[1] if source.start else 0
    pad: list[Cell] = [""] * left
    rows = [pad + row for row in source.iter_rows()] if left else list(source.iter_rows())
    for (row, column), text in found.broken.items():
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = Broken(text)
    return rows
