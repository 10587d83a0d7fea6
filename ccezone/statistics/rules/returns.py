"""What a statistical return says: tables of exports and imports with their growth, added up and checked, and what became of it.

A table has a row a key and up to four columns: this period and the year so far, exports and imports. Growth compares with the
same days of the year before, counted at the same moment by the same rules: figures of different series never meet.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ccezone.kernel.money import round_half_up

COLUMNS = ("export", "export_year", "import", "import_year")
FORMAT = "ccezone-return/1"
_TENTH = Decimal("0.1")
FLOWS = {"E": "export", "I": "import"}


class State(StrEnum):
    """How far a return is."""

    COMPILED = "compiled"
    APPROVED = "approved"
    SIGNED = "signed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    REFUSED = "refused"


class Series(StrEnum):
    """Figures as first told, and as they stand once the period is closed."""

    PRELIMINARY = "preliminary"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Amount:
    """What some lists come to: how many, and their worth in yuan where customs' rate is known."""

    lists: int = 0
    value: Decimal = Decimal(0)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.lists + other.lists, self.value + other.value)


Cells = Mapping[str, Amount]
"""Amounts by column."""


def growth(now: Decimal, before: Decimal | None) -> Decimal | None:
    """Return the growth in per cent, rounded half up to one decimal; none without a base above nought."""
    if before is None or before <= 0:
        return None
    return round_half_up((now - before) * 100 / before, _TENTH)


def added(rows: Sequence[Cells]) -> dict[str, Amount]:
    """Add rows up, column by column."""
    total: dict[str, Amount] = {}
    for row in rows:
        for column, amount in row.items():
            total[column] = total.get(column, Amount()) + amount
    return total


Bases = Mapping[str, Mapping[str, Cells] | None]
"""What rows are compared with, by name (``before``: a year before, ``former``: the period before); ``None``: not known."""


def table(name: str, rows: Mapping[str, Cells], bases: Bases, columns: Sequence[str]) -> dict[str, Any]:
    """Write a table of a snapshot, the largest rows first (by both flows of the period), its total last.

    What stood in a base and is nought now has a row too: else the greatest fall would be missing.
    """
    nought: dict[str, Cells] = {key: {} for base in bases.values() for key in base or ()}
    rows = {**nought, **rows}
    order = sorted(rows, key=lambda key: (-sum((rows[key].get(c, Amount()).value for c in columns), Decimal(0)), key))
    whole = {name: None if base is None else added(list(base.values())) for name, base in bases.items()}
    lines = [_line(key, rows[key], {n: None if b is None else b.get(key, {}) for n, b in bases.items()}, columns) for key in order]
    return {"name": name, "columns": list(columns), "rows": lines, "total": _line("", added(list(rows.values())), whole, columns)}


def _line(key: str, cells: Cells, bases: Mapping[str, Cells | None], columns: Sequence[str]) -> dict[str, Any]:
    found = {}
    for column in columns:
        now = cells.get(column, Amount())
        before = _base(bases.get("before"), column)
        grown = growth(now.value, before)
        found[column] = {
            "lists": now.lists,
            "value": plain(now.value),
            "before": None if before is None else plain(before),
            "growth": None if grown is None else f"{grown:f}",
        }
        if column in FLOWS.values():  # the year so far has no period before it
            former = _base(bases.get("former"), column)
            found[column]["former"] = None if former is None else plain(former)
    return {"key": key, "cells": found}


def _base(cells: Cells | None, column: str) -> Decimal | None:
    return None if cells is None else cells.get(column, Amount()).value


def plain(value: Decimal) -> str:
    """Write an amount of money to the cent."""
    return f"{round_half_up(value):f}"


def unbalanced(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the tables whose total is not that of the first: each table lays out the same goods."""
    first = _totals(tables[0]) if tables else None
    return [str(each["name"]) for each in tables if _totals(each) != first or not _adds_up(each)]


def _totals(one: Mapping[str, Any]) -> Mapping[str, tuple[int, str]]:
    return {name: (cell["lists"], cell["value"]) for name, cell in one["total"]["cells"].items()}


def _adds_up(one: Mapping[str, Any]) -> bool:
    for column in one["columns"]:
        cells = [row["cells"][column] for row in one["rows"]]
        whole = one["total"]["cells"][column]
        if sum(cell["lists"] for cell in cells) != whole["lists"]:
            return False
        if sum((Decimal(cell["value"]) for cell in cells), Decimal(0)) != Decimal(whole["value"]):
            return False
    return True


def canonical(document: Mapping[str, Any]) -> bytes:
    """Spell a snapshot as the one text its digest is taken of: JSON, sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(document: bytes) -> str:
    """Return the SHA-256 of a snapshot's or a file's bytes."""
    return hashlib.sha256(document).hexdigest()


def changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, str]]:
    """List the totals that differ between two editions: column, what was told, what is told now."""
    told = then["tables"][0]["total"]["cells"]
    found = now["tables"][0]["total"]["cells"]
    return [
        {"column": name, "was": told[name]["value"], "now": found[name]["value"]}
        for name in COLUMNS
        if name in told and name in found and told[name]["value"] != found[name]["value"]
    ]


def differing(one: object, other: object, path: str = "") -> list[str]:
    """Name the places where two snapshots differ, as JSON pointers."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted({*one, *other})
        return [place for name in names for place in differing(one.get(name), other.get(name), f"{path}/{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [p for at, (a, b) in enumerate(zip(one, other, strict=True)) for p in differing(a, b, f"{path}/{at}")]
    return [] if one == other else [path or "/"]
