"""Text, and numbers that name something: order numbers, telephones, papers."""

import re
import unicodedata
from datetime import date, time, timedelta

from integrations.workbooks.cells.outcome import Mended, Read, Repair, plain, spoiled
from integrations.workbooks.grid import Cell

_ODD = re.compile("[\\s\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\u3000\ufeff'\u2018\u2019\uff01-\uff5e]")
_WITHOUT_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_ANY_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f\u3000]")
_WIDE = re.compile("[\uff01-\uff5e]")
_MARKED = re.compile("['\u2018\u2019]([0-9A-Za-z./:+-]*[0-9][0-9A-Za-z./:+-]*)")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+\d{2,3}")
_SAFE_DIGITS = 1e15  # spreadsheets keep 15 digits
_EXACT = 2.0**53


def tidy(text: str, *, names: bool) -> Read:
    """Take spaces off that nobody sees. ``names``: the text names something, so that wide characters mean plain ones."""
    if _ODD.search(text) is None:
        return text
    clean = _ANY_SPACE.sub(" ", _WITHOUT_WIDTH.sub("", text)).strip()
    kind = Repair.SPACES
    if names:
        if _WIDE.search(clean):
            clean, kind = unicodedata.normalize("NFKC", clean).strip(), Repair.FULL_WIDTH
        if marked := _MARKED.fullmatch(clean):
            clean, kind = marked[1], Repair.APOSTROPHE
    return text if clean == text else Mended(clean, kind, text)


def read_text(cell: Cell, *, names: bool, length: int | None = None) -> Read:
    """Read a text column's cell. ``length``: the one length it must have, where there is one."""
    if isinstance(cell, str):
        read = tidy(cell, names=names)
        text = read.text if isinstance(read, Mended) else cell
        return spoiled("digits_lost", cell) if names and _SCIENTIFIC.fullmatch(text) else read
    if isinstance(cell, date | time | timedelta):
        return spoiled("cell_became_date", cell)
    if not isinstance(cell, int | float):
        return spoiled("cell_formula_error", cell)
    return number_as_text(cell, names=names, length=length)


def number_as_text(number: float, *, names: bool, length: int | None) -> Read:
    """Read a number where text is meant: only where no digit can have been lost."""
    if number != int(number):
        return spoiled("number_for_text", number) if names else Mended(plain(number), Repair.NUMBER_AS_TEXT, plain(number))
    size = abs(number)
    if size >= _EXACT or (size >= _SAFE_DIGITS and int(number) % 10 == 0):
        # sixteen digits that end in 0 are what is left of a longer number, or of another sixteenth digit
        return spoiled("digits_lost", number)
    digits = str(int(number))
    if length is not None and len(digits) < length:
        return spoiled("leading_zeros_lost", number, length=str(length))
    return Mended(digits, Repair.NUMBER_AS_TEXT, digits)
