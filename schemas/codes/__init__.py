"""Code lists and official texts, as CSV with source and edition, and the one loader that reads them.

A list that ``lists.csv`` does not mark complete may lack valid codes; whoever judges by it warns, and never refuses.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Literal

Locale = Literal["zh", "en"]
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list."""

    code: str
    label_zh: str
    label_en: str
    note: str
    source: str
    edition: str


@dataclass(frozen=True)
class CodeList:
    """A named list of codes. ``complete`` says whether a code outside it may be refused."""

    name: str
    label_zh: str
    label_en: str
    edition: str
    complete: bool
    note: str
    codes: Mapping[str, Code]

    def contains(self, code: str) -> bool:
        return code in self.codes

    def label(self, code: str, locale: Locale = "zh") -> str:
        """Return the entry's name (Chinese where English is missing), or the code itself when it is unknown."""
        entry = self.codes.get(code)
        if entry is None:
            return code
        return entry.label_zh if locale == "zh" else entry.label_en or entry.label_zh

    def items(self) -> tuple[Code, ...]:
        return tuple(self.codes.values())


@cache
def rows(table: str) -> tuple[Row, ...]:
    """Return the rows of ``schemas/codes/TABLE.csv``. Raises ``KeyError`` when there is no such table."""
    source = files(__name__) / f"{table}.csv"
    if not source.is_file():
        raise KeyError(table)
    return tuple(csv.DictReader(StringIO(source.read_text(encoding="utf-8"), newline="")))


@cache
def code_list(name: str) -> CodeList:
    """Return the code list of that name, one of ``lists.csv``. Raises ``KeyError`` for another name."""
    head = next((row for row in rows("lists") if row["name"] == name), None)
    if head is None:
        raise KeyError(name)
    entries = [row for row in rows("small_lists") if row["list"] == name] or rows(name)
    codes = {row["code"]: _code(row) for row in entries}
    return CodeList(name, head["label_zh"], head["label_en"], head["edition"], head["complete"] == "y", head["note"], codes)


def code_list_names() -> tuple[str, ...]:
    """Return the names of all code lists."""
    return tuple(row["name"] for row in rows("lists"))


def _code(row: Row) -> Code:
    return Code(row["code"], row["label_zh"], row["label_en"], row.get("note", ""), row["source"], row["edition"])


@dataclass(frozen=True, slots=True)
class HsEntry:
    """A ten-digit commodity code with its legal units (``unit2`` empty when there is none) and declaration elements."""

    hs_code: str
    name_zh: str
    unit1: str
    unit2: str
    declaration_elements: tuple[str, ...]
    edition: str


@cache
def hs_entries() -> Mapping[str, HsEntry]:
    """Return the whole 2019 tariff snapshot by ten-digit code."""
    return {
        row["hs_code"]: HsEntry(
            row["hs_code"],
            row["name_zh"],
            row["unit1"],
            row["unit2"],
            tuple(filter(None, row["declaration_elements"].split(";"))),
            row["edition"],
        )
        for row in rows("hs_codes_2019")
    }


def hs_entry(hs_code: str) -> HsEntry | None:
    """Look a ten-digit code up in the 2019 tariff snapshot; ``None`` when that edition does not list it."""
    return hs_entries().get(hs_code)
