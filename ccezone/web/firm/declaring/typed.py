"""What stands in a form: the names it knows, its lines as they come and go, and what it works out from them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ccezone.declarations.rules.modes import STATEMENTS
from ccezone.kernel.money import round_half_up
from ccezone.web.firm.declaring.shape import Shape

_LINE = re.compile(r"lines-(\d{1,4})-(\w+)")
MOST_LINES = 200
PLACES = Decimal("0.00001")
EXTRA = ("order_key", "filing", *(f"state-{name}" for name in STATEMENTS))
"""Kept beside the questions: the order that was picked, when to file, what the firm states of its goods."""
Typed = dict[str, str]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the form works out. ``lines`` by line, ``None`` where quantity or price is no number; amounts in one currency."""

    lines: Sequence[Decimal | None]
    goods_value: Decimal
    freight: Decimal
    due: Decimal
    currency: str


def known(shape: Shape, posted: Mapping[str, str]) -> Typed:
    """Keep what the form asks, trimmed; blank values and unknown names are dropped, lines numbered anew from 0."""
    heads = {asked.name for asked in shape.head} | set(EXTRA)
    columns = {asked.name for asked in (*shape.line, *shape.stated)}
    typed: Typed = {}
    rows: dict[int, Typed] = {}
    for name, value in posted.items():
        text, found = value.strip()[:2000], _LINE.fullmatch(name)
        if found and found[2] in columns:
            row = rows.setdefault(int(found[1]), {})
            if text:
                row[found[2]] = text
        elif name in heads and text:
            typed[name] = text
    return {**typed, **_numbered([rows[number] for number in sorted(rows)][:MOST_LINES])}


def lines(typed: Mapping[str, str]) -> list[Typed]:
    """Return the lines, values by name."""
    rows: dict[int, Typed] = {}
    for name, value in typed.items():
        found = _LINE.fullmatch(name)
        if found:
            rows.setdefault(int(found[1]), {})[found[2]] = value
    return [rows[number] for number in sorted(rows)]


def with_lines(typed: Mapping[str, str], rows: Iterable[Mapping[str, str]]) -> Typed:
    """Return the form with other lines."""
    return {**{name: value for name, value in typed.items() if not _LINE.fullmatch(name)}, **_numbered(rows)}


def totals(shape: Shape, typed: Mapping[str, str]) -> Totals:
    """Work out the totals: quantity by price, their sum, and with freight (imports: and tax, less discount) what is due."""
    sums = [_product(row) for row in lines(typed)]
    value = sum((each for each in sums if each is not None), Decimal(0))
    freight = amount(typed.get("freight", "")) or Decimal(0)
    due = value + freight
    if shape.mode.flow == "I":
        due += (amount(typed.get("tax_total", "")) or Decimal(0)) - (amount(typed.get("discount", "")) or Decimal(0))
    return Totals(sums, value, freight, due, typed.get("currency", ""))


def amount(text: str) -> Decimal | None:
    """Read an amount; ``None`` for what is none."""
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal(10) ** 14 else None


def spelled(value: Decimal) -> str:
    """Spell an amount as messages do: no exponent, no trailing noughts."""
    text = f"{round_half_up(value, PLACES):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _product(row: Mapping[str, str]) -> Decimal | None:
    qty, price = amount(row.get("qty", "")), amount(row.get("price", ""))
    return None if qty is None or price is None else round_half_up(qty * price, PLACES)


def _numbered(rows: Iterable[Mapping[str, str]]) -> Typed:
    """Spell lines flat; a blank line in their middle would be lost, so it keeps one empty value."""
    typed: Typed = {}
    for number, row in enumerate(rows):
        typed |= {f"lines-{number}-{name}": value for name, value in row.items()} or {f"lines-{number}-qty": ""}
    return typed
