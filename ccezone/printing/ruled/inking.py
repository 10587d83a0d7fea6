"""Writing a sheet as a page's content: rules and grounds as artifacts, every cell as marked content of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from ccezone.printing.ruled.faces import Face
from ccezone.printing.ruled.sheets import EDGE, LINE, MM, PAD, SIZE, SMALL, STUB, WIDTH, Row, Sheet, column_width

_BLUE, _GROUND, _GREY, _TEXT, _SOFT = "#1f4e8c", "#eef3f9", "#dddddd", "#1a1a1a", "#555555"
_INDENT = 3 * MM
_BOLD = 0.028  # of the size: how thick the outline of bold letters is
_SCOPE = b"/A<</O/Table/Scope/%s>>"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's tag, what else its element says, and the mark of its content."""

    kind: tuple[str, bytes]
    mark: int


@dataclass(slots=True)
class Ink:
    """A sheet as content of a page, and its cells row by row."""

    content: bytes
    heads: Sequence[Sequence[Cell]]
    rows: Sequence[Sequence[Cell]]


@dataclass(slots=True)
class _Pen:
    """Writes content; ``mark`` is the next number of marked content on the page."""

    face: Face
    name: str
    mark: int
    parts: list[bytes] = field(default_factory=list)

    def rule(self, box: tuple[float, float, float, float], colour: str) -> None:
        """Fill a rectangle (left, bottom, width, height) that says nothing."""
        self.parts.append(b"/Artifact BMC %s rg %s re f EMC" % (_colour(colour), _numbers(*box)))

    def cell(self, kind: tuple[str, bytes], lines: Sequence[tuple[str, float, float]], style: tuple[float, str, bool]) -> Cell:
        """Write lines (text, left, baseline) as a cell in a size, a colour, perhaps bold."""
        size, colour, bold = style
        heavy = b"2 Tr %s w %s RG " % (_numbers(_BOLD * size), _colour(colour)) if bold else b"0 Tr "
        shown = b" ".join(b"1 0 0 1 %s Tm %s Tj" % (_numbers(x, y), self.face.coded(text)) for text, x, y in lines)
        begun = b"/%s <</MCID %d>> BDC BT /%s %s Tf " % (kind[0].encode(), self.mark, self.name.encode(), _numbers(size))
        self.parts.append(begun + heavy + _colour(colour) + b" rg " + shown + b" ET EMC")
        self.mark += 1
        return Cell(kind, self.mark - 1)


def inked(sheet: Sheet, face: Face, corner: tuple[float, float], start: tuple[str, int]) -> Ink:
    """Write a sheet from its upper left corner (points from the page's lower left); ``start``: the font's name, the first mark."""
    pen = _Pen(face, *start)
    left, top = corner
    heads = [_heads(pen, sheet, left, top)]
    top -= sheet.head_height
    rows: list[list[Cell]] = []
    for row in sheet.rows:
        rows += _row(pen, row, left, top)
        top -= row.height
    return Ink(b"\n".join([b"q", *pen.parts, b"Q"]), heads, rows)


def _heads(pen: _Pen, sheet: Sheet, left: float, top: float) -> list[Cell]:
    height = sheet.head_height
    pen.rule((left, top - height, WIDTH, height), _GROUND)
    pen.rule((left, top - 0.2 * MM, WIDTH, 0.4 * MM), _BLUE)
    pen.rule((left, top - height - 0.125 * MM, WIDTH, 0.25 * MM), _BLUE)
    cells = []
    for column, lines in enumerate(sheet.heads):
        first = top - height + EDGE + len(lines) * SIZE * LINE
        placed = _placed(pen.face, lines, (left, first), (column, len(sheet.heads)), SIZE)
        cells.append(pen.cell(("TH", _SCOPE % b"Column"), placed, (SIZE, _TEXT, False)))
    return cells


def _row(pen: _Pen, row: Row, left: float, top: float) -> list[list[Cell]]:
    """Write a row and what stands under it: one row of tags, or two."""
    if row.total:
        pen.rule((left, top - 0.125 * MM, WIDTH, 0.25 * MM), _BLUE)
    pen.rule((left, top - row.height - 0.075 * MM, WIDTH, 0.15 * MM), _GREY)
    style = (SIZE, _TEXT, row.total)
    lines = [_line(pen, row.head, row.cells, (left, top - EDGE), style)]
    if row.under:
        lines.append(_line(pen, [row.under_head], row.under, (left, top - row.upper), (SMALL, _SOFT, False)))
    return lines


def _line(
    pen: _Pen, head: Sequence[str], cells: Sequence[str], corner: tuple[float, float], style: tuple[float, str, bool]
) -> list[Cell]:
    count, size = len(cells) + 1, style[0]
    indent = _INDENT - PAD if size == SMALL else 0.0
    placed = [(text, x + indent, y) for text, x, y in _placed(pen.face, head, corner, (0, count), size)]
    first = pen.cell(("TH", _SCOPE % b"Row"), placed, style)
    rest = [
        pen.cell(("TD", b""), _placed(pen.face, [text], corner, (column, count), size), style)
        for column, text in enumerate(cells, 1)
    ]
    return [first, *rest]


def _placed(
    face: Face, lines: Sequence[str], corner: tuple[float, float], column: tuple[int, int], size: float
) -> list[tuple[str, float, float]]:
    """Place lines in a column (which, of how many) under a corner: the stub's to the left, numbers' to the right."""
    left, top = corner
    position, count = column
    base = top - (LINE - (face.ascent - face.descent) / 1000) / 2 * size - face.ascent / 1000 * size
    right = left + STUB + position * column_width(count) - PAD
    return [
        (text, right - face.width(text) * size / 1000 if position else left + PAD, base - number * size * LINE)
        for number, text in enumerate(lines)
    ]


def _numbers(*values: float) -> bytes:
    return b" ".join([b"%.2f" % value for value in values])


@cache
def _colour(code: str) -> bytes:
    return b" ".join(b"%.4f" % (int(code[at : at + 2], 16) / 255) for at in (1, 3, 5))
