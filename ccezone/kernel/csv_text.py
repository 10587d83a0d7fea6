"""Comma-separated text for spreadsheets: UTF-8 with a mark; no text in it is taken for a formula, amounts stay exact."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[Sequence[object]], *, marked: bool = True) -> bytes:
    """Return rows as a file, or a further part of one (not ``marked``); ``None`` is an empty cell."""
    text = io.StringIO()
    text.write(_MARK if marked else "")
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> object:
    """Spell a value; a text that a program would compute begins with an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return f"{value:f}" if isinstance(value, Decimal) else value
