"""Cells whose text must be a code of a list: by code, by label, by both."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import cache

from integrations.workbooks.cells.outcome import Mended, Read, Repair, spoiled
from integrations.workbooks.cells.texts import tidy
from integrations.workbooks.grid import Cell
from schemas.codes import CodeList, code_list, rows
from schemas.derive.workbook.columns import fold

_CODE_FIRST = re.compile(r"([0-9A-Za-z]{1,10})[\s\-_|:：/、.(（\[]*(\D.*?)[)）\]]?")
_CODE_LAST = re.compile(r"(\D.*?)[\s\-_|:：/、.(（\[]+([0-9A-Za-z]{1,10})[)）\]]?")
_OTHER_NAMES = ("iso_code", "iso_alpha2", "iso_alpha3")  # columns of our lists that name an entry as well


def read_code(cell: Cell, codes: CodeList) -> Read:
    """Read a code's cell. What is no code stays as it is: the schema names the fault as it does everywhere."""
    if isinstance(cell, str):
        return cell if cell in codes.codes else _named(cell, codes)
    if isinstance(cell, date | time | timedelta):
        return spoiled("cell_became_date", cell)
    if not isinstance(cell, int | float):
        return spoiled("cell_formula_error", cell)
    if cell != int(cell):
        return spoiled("number_for_text", cell)
    digits = str(int(cell))
    if digits in codes.codes:
        return Mended(digits, Repair.NUMBER_AS_TEXT, digits)
    return _padded(digits, codes) or digits


def _padded(digits: str, codes: CodeList) -> Mended | None:
    """Give back the zeros a spreadsheet took, where all codes have one length and this one is then in the list."""
    length = _one_length(codes.name)
    padded = digits.zfill(length)
    if digits.isdecimal() and len(digits) < length and padded in codes.codes:
        return Mended(padded, Repair.LEADING_ZEROS, digits)
    return None


def _named(text: str, codes: CodeList) -> Read:
    read = tidy(text, names=True)
    clean = read.text if isinstance(read, Mended) else text
    if clean in codes.codes:
        return read
    if clean.upper() in codes.codes:
        return Mended(clean.upper(), Repair.LETTER_CASE, text)
    if clean.isascii() and clean.isdecimal():
        return _padded(clean, codes) or clean
    named = _by_name(codes.name)
    if found := named.get(fold(clean)):
        return Mended(found, Repair.LABEL_TO_CODE, text) if len(found) else spoiled("label_unclear", text)
    if fold(clean) in named:
        return spoiled("label_unclear", text)
    return _both(text, clean, codes, named)


def _both(text: str, clean: str, codes: CodeList, named: Mapping[str, str]) -> Read:
    """Code and label together must speak of one entry. The form our own drop-downs offer needs no mention."""
    normal = unicodedata.normalize("NFKC", clean)
    for pattern, at_code, at_label in ((_CODE_FIRST, 1, 2), (_CODE_LAST, 2, 1)):
        found = pattern.fullmatch(normal)
        if not found or found[at_code] not in codes.codes:
            continue
        code, label = found[at_code], fold(found[at_label])
        entry = codes.codes[code]
        if label in (fold(entry.label_zh), fold(entry.label_en)):
            offered = text in (f"{code} {entry.label_zh}", f"{code} {entry.label_en}")
            return code if offered else Mended(code, Repair.LABEL_TO_CODE, text)
        if label in named:
            return spoiled("code_label_differ", text)
    return clean


@cache
def _one_length(name: str) -> int:
    """The length all codes of a list have; 0 where they differ."""
    lengths = {len(code) for code in code_list(name).codes}
    return lengths.pop() if len(lengths) == 1 else 0


@cache
def _by_name(name: str) -> Mapping[str, str]:
    """Entries by folded label and international code; an empty code where a name stands for several."""
    named: dict[str, str] = {}

    def add(label: str, code: str) -> None:
        key = fold(label)
        if key and key not in codes.codes:
            named[key] = code if named.get(key, code) == code else ""

    codes = code_list(name)
    for code, entry in codes.codes.items():
        add(entry.label_zh, code)
        add(entry.label_en, code)
    for row in rows(name) if name in ("currencies", "countries") else ():
        for other in _OTHER_NAMES:
            add(row.get(other, ""), row["code"])
    return named
