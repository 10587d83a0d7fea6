"""What reading a cell gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from integrations.workbooks.grid import Broken, Cell


class Repair(StrEnum):
    """Kinds of mending; each is certain, and each is told."""

    SPACES = "spaces"  # spaces, line breaks around a value, spaces without width
    APOSTROPHE = "apostrophe"  # the mark that makes a spreadsheet keep a number as text
    FULL_WIDTH = "full_width"  # １２３ＡＢＣ
    NUMBER_AS_TEXT = "number_as_text"  # a number where text is meant, all its digits there
    LEADING_ZEROS = "leading_zeros"  # 35 for unit 035
    LETTER_CASE = "letter_case"
    LABEL_TO_CODE = "label_to_code"  # 美国 for 502
    THOUSANDS = "thousands"  # 1,234.50
    CURRENCY_SIGN = "currency_sign"  # ¥12
    WHOLE = "whole"  # 2.0 pieces
    BINARY_NOISE = "binary_noise"  # 0.30000000000000004
    DATE_SERIAL = "date_serial"  # 46027.375
    DATE_WRITTEN = "date_written"  # 2026/1/5 9:00
    MERGED = "merged"  # a merged cell's value, for every row it covers


@dataclass(frozen=True, slots=True)
class Mended:
    """A value that was put right. ``currencies``: codes that a sign cut off may stand for, empty when there was none."""

    text: str
    kind: Repair
    before: str
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A value that cannot be known any more: a problem's code and what fills its text."""

    code: str
    before: str
    params: Mapping[str, str] = field(default_factory=dict)


Read: TypeAlias = str | Mended | Spoiled


def shown(cell: Cell) -> str:
    """Write a cell as a person sees it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Broken):
        return cell.text
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return plain(cell)


def plain(number: float) -> str:
    """Spell a number without exponent, as a spreadsheet's 15 digits show it; beyond those, as it shows that: with one."""
    if isinstance(number, int):
        return str(number)
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return format(Decimal(repr(number)), "f") if abs(number) < 1e15 else repr(number).upper()


def spoiled(code: str, cell: Cell, **params: str) -> Spoiled:
    """Say that a cell's value is lost; ``value`` of the problem's text is what stands there."""
    before = shown(cell)
    return Spoiled(code, before, {"value": before[:60], **params})
