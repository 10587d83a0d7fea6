"""Scans the XML of one sheet, piece by piece: formula errors, hidden rows, and cells far out that would swell the sheet."""

import re
from dataclasses import dataclass, field

from ccezone.kernel.errors import Fault, Refused
from integrations.workbooks.grid import MOST_COLUMNS, MOST_ROWS

_FAR_ROW = rb"(?:\d{7,}|[2-9]\d{5}|1[1-9]\d{4}|10[1-9]\d{3})"  # from 101,000: some rows of titles may stand above the data
_FAR_COLUMN = rb"(?:[A-Z]{3,}|[E-Z][A-Z]|D[Q-Z])"  # beyond DP, the 120th
_FAR_CELL = re.compile(rb'r="(?:(' + _FAR_COLUMN + rb")\d+|[A-Z]{1,2}(?=\d{6})" + _FAR_ROW + rb')"[^>]*>')
_FAR_ROWS = re.compile(rb'row r="' + _FAR_ROW + rb'"[^>]*[^/]>')
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[ />])([^>]*)>")
_NUMBER = re.compile(rb'\br="(\d+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_BROKEN = re.compile(rb'<(?:\w+:)?c ([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FILLED = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")
_ROW_ENDS = (b"</row>", b":row>")


@dataclass(slots=True)
class Findings:
    """What the XML says that the reader does not tell, by row and column counted from 0."""

    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


class Scanner:
    """Takes a sheet's XML in pieces. Raises ``Refused``: too many rows, too wide, unreadable.

    One byte is found many times faster than several: texts are asked for the rarest byte of a mark before the mark itself.
    """

    def __init__(self) -> None:
        self._found = Findings()
        self._rest = b""
        self._unnumbered = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next piece."""
        text = self._rest + (chunk.replace(b"'", b'"') if b"'" in chunk else chunk)
        end = max(text.rfind(mark) for mark in (_ROW_ENDS if b":" in text else _ROW_ENDS[:1]))
        if end < 0 and len(text) > 64 << 20:
            raise _refuse("workbook_unreadable")  # one row of 64 MB
        cut = end + 1 if end >= 0 else 0
        self._look(text[:cut])
        self._rest = text[cut:]

    def close(self) -> Findings:
        """Look at what is left, and tell."""
        self._look(self._rest)
        return self._found

    def _look(self, text: bytes) -> None:
        """Look at whole rows."""
        if not text:
            return
        self._far(text)
        self._count_unnumbered(text)
        if b'hidden="' in text:
            for row in _ROW.finditer(text):
                number = _NUMBER.search(row[1])
                if number and _HIDDEN.search(row[1]):
                    self._found.hidden.add(int(number[1]) - 1)
        if b't="e"' in text:
            self._errors(text)

    def _far(self, text: bytes) -> None:
        """Cells that hold something far out; coloured blank ones do no harm."""
        for cell in _FAR_CELL.finditer(text):
            if not cell[0].endswith(b"/>") and _FILLED.match(text, cell.end()):
                raise _refuse("workbook_too_wide", MOST_COLUMNS) if cell[1] else _refuse("workbook_too_many_rows", MOST_ROWS)
        for row in _FAR_ROWS.finditer(text):
            if _FILLED.search(text, row.end(), text.find(b"row>", row.end())):
                raise _refuse("workbook_too_many_rows", MOST_ROWS)

    def _count_unnumbered(self, text: bytes) -> None:
        """Rows and cells may leave their place out; then their number bounds the sheet, and few files are written so."""
        prefixed = b":" in text and (b":c " in text or b":row>" in text)
        if prefixed or text.count(b"<c") != text.count(b'<c r="') or b"<row>" in text:
            for row in text.split(b"row>"):
                self._unnumbered += 1
                if sum(1 for cell in _CELL.finditer(row) if not _PLACE.search(cell[1])) > MOST_COLUMNS:
                    raise _refuse("workbook_too_wide", MOST_COLUMNS)
        if self._unnumbered > MOST_ROWS * 2:
            raise _refuse("workbook_too_many_rows", MOST_ROWS)

    def _errors(self, text: bytes) -> None:
        for cell in _BROKEN.finditer(text):
            place, value = _PLACE.search(cell[1]), _VALUE.search(cell[2])
            if place is None:
                raise _refuse("workbook_unreadable")
            row, column = int(place[2]) - 1, column_of(place[1].decode())
            self._found.broken[row, column] = value[1].decode() if value else "#ERROR"


def column_of(letters: str) -> int:
    """Turn ``A``, ``AB`` into a column counted from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _refuse(code: str, most: int = 0) -> Refused:
    return Refused(Fault("/file", code, {"max": str(most)} if most else {}))
