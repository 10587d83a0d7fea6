"""Cutting a long table into sheets of whole rows, one for each page. Lengths are in points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ccezone.printing.ruled.faces import Face

MM = 72 / 25.4
WIDTH = 180 * MM - 12  # A4 without margins of 15 mm and the body's own 8 px
STUB = 0.26 * WIDTH
PAD, EDGE = 1.2 * MM, 0.9 * MM
SIZE, SMALL = 8.5, 7.5
LINE = 1.4  # of the size
FIRST, FULL = 222 * MM, 253 * MM
"""What is free on the page that has the heading and the caption, and on a page of the table alone: A4, of 255 mm in all."""
_CLOSING = frozenset("，。、；：）》」』！？％,.;:!?)%]’”")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its heading in lines, its cells, and (if any) the cells of the smaller line under it with a heading of its own."""

    head: Sequence[str]
    cells: Sequence[str]
    under_head: str = ""
    under: Sequence[str] = ()
    total: bool = False

    @property
    def upper(self) -> float:
        """How high the first part is."""
        return len(self.head) * SIZE * LINE + 2 * EDGE

    @property
    def height(self) -> float:
        """How high it is with what stands under it."""
        return self.upper + (SMALL * LINE + EDGE if self.under else 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one page under the table's heads (each in lines)."""

    name: str
    heads: Sequence[Sequence[str]]
    rows: Sequence[Row]

    @property
    def head_height(self) -> float:
        """How high the heads are."""
        return head_height(self.heads)

    @property
    def height(self) -> float:
        """How high it is in all."""
        return self.head_height + sum(row.height for row in self.rows)


def head_height(heads: Sequence[Sequence[str]]) -> float:
    """Return how high a row of heads is."""
    return max(len(lines) for lines in heads) * SIZE * LINE + 2 * EDGE


def column_width(heads: int) -> float:
    """Return how wide a column of numbers is beside the stub, of so many heads with the stub's."""
    return (WIDTH - STUB) / (heads - 1)


def cut(name: str, heads: Sequence[Sequence[str]], rows: Sequence[Row]) -> list[Sheet]:
    """Deal rows out to sheets; the last row, a total, never stands alone."""
    pages: list[list[Row]] = [[]]
    left = FIRST - head_height(heads)
    for row in rows:
        if row.height > left and pages[-1]:
            pages.append([])
            left = FULL - head_height(heads)
        pages[-1].append(row)
        left -= row.height
    if len(pages) > 1 and len(pages[-1]) == 1 and len(pages[-2]) > 1:
        pages[-1].insert(0, pages[-2].pop())
    return [Sheet(f"{name}-sheet-{number}", heads, page) for number, page in enumerate(pages, 1)]


def wrapped(text: str, width: float, size: float, face: Face) -> list[str]:
    """Break a plain text into lines: at spaces and between Chinese characters, within a word only where it alone is too wide."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(text):
        wide = face.width(piece.rstrip(" ")) * size / 1000
        if line and used + wide > width:
            lines.append(line.rstrip(" "))
            line, used = "", 0.0
        for part in [piece] if wide <= width else piece:
            step = face.width(part) * size / 1000
            if line and used + face.width(part.rstrip(" ")) * size / 1000 > width:
                lines.append(line.rstrip(" "))
                line, used = "", 0.0
            line += part
            used += step
    return [*lines, line.rstrip(" ")]


def _pieces(text: str) -> Iterator[str]:
    """Cut a text where a line may end."""
    piece = ""
    for each in text:
        if piece and each not in _CLOSING and each != " " and (piece[-1] == " " or ord(piece[-1]) > 0x2E7F or ord(each) > 0x2E7F):
            yield piece
            piece = ""
        piece += each
    if piece:
        yield piece
