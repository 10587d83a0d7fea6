"""Moments and days: real dates, serial numbers, and the ways people write them in China."""

import re
from datetime import date, datetime, time, timedelta

from ccezone.kernel.clock import SHANGHAI
from integrations.workbooks.cells.outcome import Mended, Read, Repair, spoiled
from integrations.workbooks.cells.texts import tidy
from integrations.workbooks.grid import Cell

_WRITTEN = re.compile(
    r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?:[T ]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?分?)?"
)
_WITH_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})")
_UNCLEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*")
_SERIALS = (36_526, 73_051)  # 2000 to 2099 counted from 1900; anything else in a time's column is no date
_FORMATS = {True: "%Y%m%d%H%M%S", False: "%Y%m%d"}


def read_time(cell: Cell, *, moment: bool, era: date | None) -> Read:
    """Read a moment (``YYYYMMDDhhmmss``) or a day. ``era``: the day serials count from, if the file says so."""
    if isinstance(cell, str):
        return _written(cell, moment)
    if isinstance(cell, datetime):
        return _spelled(cell, moment)
    if isinstance(cell, date):
        return spoiled("time_missing", cell) if moment else cell.strftime("%Y%m%d")
    if isinstance(cell, time | timedelta):
        return spoiled("date_unclear", cell)
    if not isinstance(cell, int | float):
        return spoiled("cell_formula_error", cell)
    return _number(cell, moment, era)


def _spelled(at: datetime, moment: bool) -> str:
    """Serials are rounded: 9:00 arrives as 8:59:59.999."""
    return (at + timedelta(milliseconds=500)).strftime(_FORMATS[moment])


def _number(number: float, moment: bool, era: date | None) -> Read:
    digits = str(int(number))
    if number == int(number) and len(digits) == (14 if moment else 8):
        return Mended(digits, Repair.NUMBER_AS_TEXT, digits)
    offset = 1_462 if era and era.year == 1904 else 0
    if era is None or not _SERIALS[0] <= number + offset < _SERIALS[1]:
        return spoiled("date_unclear", number)
    if moment and number == int(number):
        return spoiled("time_missing", number)
    at = datetime(era.year, era.month, era.day) + timedelta(days=number)  # noqa: DTZ001  # a cell has no zone
    return Mended(_spelled(at, moment), Repair.DATE_SERIAL, format(number, ".15g"))


def _written(text: str, moment: bool) -> Read:
    if text.isascii() and text.isdecimal():
        return text
    read = tidy(text, names=True)
    clean = read.text if isinstance(read, Mended) else text
    if clean.isascii() and clean.isdecimal():
        return read
    if _WITH_ZONE.fullmatch(clean):
        at = datetime.fromisoformat(clean).astimezone(SHANGHAI)
        return Mended(at.strftime(_FORMATS[moment]), Repair.DATE_WRITTEN, text)
    if found := _WRITTEN.fullmatch(clean):
        if moment and found[4] is None:
            return spoiled("time_missing", text)
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        try:
            at = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # a cell has no zone
        except ValueError:
            return clean
        return Mended(at.strftime(_FORMATS[moment]), Repair.DATE_WRITTEN, text)
    return spoiled("date_unclear", text) if _UNCLEAR.fullmatch(clean) else clean
