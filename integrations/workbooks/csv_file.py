"""CSV as spreadsheets in China write it: UTF-8 with or without a mark, GB 18030; commas, semicolons or tabs."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from integrations.workbooks.grid import MOST_COLUMNS, MOST_ROWS, Broken, Cell, Grid
from integrations.workbooks.guard import refuse

_SEPARATORS = ",;\t"
_HEAD = 20
_FORMULA_TEXT = re.compile(r'="((?:[^"]|"")*)"')  # ="00123": how a CSV keeps leading zeros in Excel
_STATED = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
_CELL_LIMIT = 40_000  # characters; Excel's own limit is 32,767
_ERRORS = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


def read_csv(content: bytes) -> Grid:
    """Read a text table. Raises ``Refused``: neither encoding, too wide, too long, quotes that never end."""
    text = _decoded(content)
    stated = _STATED.match(text)
    separator = stated[1] if stated else _separator(text)
    if stated:
        text = text[stated.end() :]
    csv.field_size_limit(_CELL_LIMIT)
    try:
        rows = list(_rows(text, separator))
    except csv.Error as broken:
        raise refuse("csv_unreadable", reason=broken) from broken
    return Grid("csv", rows, comma_decimal=separator == ";")


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse("csv_encoding")


def _separator(text: str) -> str:
    """The separator that cuts most of the first lines, and all alike."""
    lines = [line for line in text[: 1 << 16].splitlines() if line.strip()][:_HEAD]
    scored = {each: sorted(line.count(each) for line in lines) for each in _SEPARATORS}
    return max(_SEPARATORS, key=lambda each: (scored[each][len(lines) // 2] if lines else 0, sum(scored[each])))


def _rows(text: str, separator: str) -> Iterator[list[Cell]]:
    for number, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)):
        if number > MOST_ROWS + 1_000:
            raise refuse("workbook_too_many_rows", max=MOST_ROWS)
        if len(row) > MOST_COLUMNS:
            while row and not row[-1].strip():
                row.pop()
            if len(row) > MOST_COLUMNS:
                raise refuse("workbook_too_wide", max=MOST_COLUMNS)
        joined = "".join(row)
        yield [_cell(each) for each in row] if '="' in joined or "#" in joined else list(row)


def _cell(text: str) -> Cell:
    if text.strip() in _ERRORS:
        return Broken(text.strip())
    wrapped = _FORMULA_TEXT.fullmatch(text.strip())
    return wrapped[1].replace('""', '"') if wrapped else text
