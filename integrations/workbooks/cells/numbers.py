"""Amounts, quantities, weights."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal

from integrations.workbooks.cells.outcome import Mended, Read, Repair, spoiled
from integrations.workbooks.cells.texts import tidy
from integrations.workbooks.grid import Cell

_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]+\.0+")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[, '\u2019][0-9]{3})+(?:\.[0-9]+)?")
_ONE_GROUP = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+-]?\d{1,3}")
_SIGNS: Mapping[str, tuple[str, ...]] = {
    # codes a sign may stand for, by the customs list of currencies; dollars and yen are several
    "¥": ("142", "116"), "￥": ("142", "116"), "元": ("142",), "人民币": ("142",), "RMB": ("142",), "CNY": ("142",),
    "US$": ("502",), "USD": ("502",), "$": ("502", "110", "601", "501", "132", "609"), "HK$": ("110",), "HKD": ("110",),
    "€": ("300",), "EUR": ("300",), "£": ("303",), "GBP": ("303",), "JPY": ("116",), "円": ("116",),
}  # fmt: skip
_LONGEST_FIRST = tuple(sorted(_SIGNS, key=len, reverse=True))
_SHOWN_DIGITS = 15


def read_number(cell: Cell, *, whole: bool, comma_decimal: bool) -> Read:
    """Read an amount's cell. What is no number stays as it is: the schema names the fault as it does everywhere."""
    if type(cell) is float:
        return _number(cell, whole)
    if isinstance(cell, str):
        if whole and _WHOLE.fullmatch(cell):
            return Mended(cell.partition(".")[0], Repair.WHOLE, cell)
        return cell if _PLAIN.fullmatch(cell) else _written(cell, comma_decimal)
    if isinstance(cell, date | time | timedelta):
        return spoiled("cell_became_date", cell)
    if not isinstance(cell, int | float):
        return spoiled("cell_formula_error", cell)
    return _number(cell, whole)


def _number(number: float, whole: bool) -> Read:
    if isinstance(number, int) or number == int(number):
        return str(int(number)) if abs(number) < 1e15 else spoiled("digits_lost", number)
    text = repr(number)
    if len(text) <= _SHOWN_DIGITS and "e" not in text:
        return text
    rounded = format(Decimal(format(number, f".{_SHOWN_DIGITS}g")), "f")
    exact = format(Decimal(text), "f")
    return exact if rounded == exact or whole else Mended(rounded, Repair.BINARY_NOISE, exact)


def _written(text: str, comma_decimal: bool) -> Read:
    read = tidy(text, names=True)
    clean = read.text if isinstance(read, Mended) else text
    bare, currencies = _without_sign(unicodedata.normalize("NFKC", clean))
    if not bare or _SCIENTIFIC.fullmatch(bare):
        return spoiled("digits_lost", text) if bare else read
    if _PLAIN.fullmatch(bare):
        if currencies:
            return Mended(bare, Repair.CURRENCY_SIGN, text, currencies)
        return read if bare == clean else Mended(bare, Repair.FULL_WIDTH, text)
    if _GROUPED.fullmatch(bare):
        if comma_decimal and _ONE_GROUP.fullmatch(bare):
            return spoiled("number_unclear", text)  # 1,234: a thousand, or one and a bit
        return Mended(re.sub("[, '\u2019]", "", bare), Repair.THOUSANDS, text, currencies)
    return spoiled("number_unclear", text) if re.search(r"\d", bare) and re.search(r"[,()%]", bare) else clean


def _without_sign(text: str) -> tuple[str, tuple[str, ...]]:
    """Cut one currency sign off either end; return what is left and the codes it may stand for."""
    for sign in _LONGEST_FIRST:
        normal = unicodedata.normalize("NFKC", sign)
        if text.upper().startswith(normal):
            return text[len(normal) :].strip(), _SIGNS[sign]
        if text.upper().endswith(normal):
            return text[: -len(normal)].strip(), _SIGNS[sign]
    return text, ()
