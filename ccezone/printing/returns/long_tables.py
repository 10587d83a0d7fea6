"""Tables of returns that are long enough to be drawn rather than laid out, where every one of their texts can be."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ccezone.printing.returns.printed import Line, Printed
from ccezone.printing.ruled.faces import Face, face
from ccezone.printing.ruled.sheets import PAD, SIZE, SMALL, STUB, Row, column_width, cut, wrapped

LONG = 40
"""From so many rows on a table is drawn: laid out by WeasyPrint, a row of two lines and five columns takes some 18 ms."""


def with_sheets(table: Printed, growth: str) -> Printed:
    """Return a long table with its sheets, any other as it is; ``growth``: the heading of the year-on-year lines."""
    known = face()
    if len(table.rows) < LONG or known is None or not _settable(table, growth, known):
        return table
    width = column_width(len(table.heads) + 1) - 2 * PAD
    heads = [wrapped(table.stub, STUB - 2 * PAD, SIZE, known), *(wrapped(head, width, SIZE, known) for head in table.heads)]
    under = growth if table.growing else ""
    rows = [*(_row(line, under, known) for line in table.rows), replace(_row(table.total, under, known), total=True)]
    return replace(table, sheets=cut(table.name, heads, rows))


def _row(line: Line, under: str, known: Face) -> Row:
    head = wrapped(line.label, STUB - 2 * PAD, SIZE, known)
    cells = [cell.value for cell in line.cells]
    return Row(head, cells, under, [cell.growth for cell in line.cells]) if under else Row(head, cells)


def _settable(table: Printed, growth: str, known: Face) -> bool:
    """Say whether the face has every character, and every amount fits on one line of its column; else WeasyPrint sets the table."""
    width = (column_width(len(table.heads) + 1) - 2 * PAD) * 1000
    if not all(known.plain(text) for text in (table.stub, growth, *table.heads, *(line.label for line in _lines(table)))):
        return False
    return all(known.plain(text) and known.width(text) * size <= width for text, size in _amounts(_lines(table)))


def _lines(table: Printed) -> Sequence[Line]:
    return [*table.rows, table.total]


def _amounts(lines: Sequence[Line]) -> Iterator[tuple[str, float]]:
    for line in lines:
        for cell in line.cells:
            yield cell.value, SIZE
            yield cell.growth, SMALL
