"""Between a bill and its form: fields with what stands in them, lines that come and go, times as browsers write them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flask_babel import gettext as _

from ccezone.kernel.errors import Fault
from ccezone.storage.personal import mask
from ccezone.web.shell.forms import Field, Form, message_field
from ccezone.web.shell.i18n import Language
from schemas.derive.form import Form as Shape
from schemas.derive.form import FormField

_LINE = re.compile(r"lines-(\d{1,5})-(\w+)")
LINE_NUMBER = "gnum"
CURRENCY = "currency"
FILLED_IN = frozenset({LINE_NUMBER, CURRENCY})
"""What a new line starts with: its number, and the currency of the head."""
Typed = dict[str, str]


@dataclass(frozen=True, slots=True)
class BillForm:
    """A bill's form: ``head`` and ``lines`` (each a form of one line) to draw, ``summary`` to list what is wrong."""

    head: Form
    lines: Sequence[Form]
    summary: Form


def typed_values(shape: Shape, values: Mapping[str, object], kept: Collection[str] = ()) -> Typed:
    """Write a bill's values as its form holds them; domain names ``kept`` (personal values) stay blank."""
    typed = {known.name: _spell(known, values.get(known.attribute)) for known in shape.head if known.attribute not in kept}
    for number, line in enumerate(_lines(values)):
        typed |= {f"lines-{number}-{known.name}": _spell(known, line.get(known.attribute)) for known in shape.line}
    return {name: text for name, text in typed.items() if text}


def line_count(typed: Mapping[str, str]) -> int:
    """Return how many lines were posted."""
    numbers = [int(found[1]) for name in typed if (found := _LINE.fullmatch(name))]
    return max(numbers, default=-1) + 1


def packed(posted: Mapping[str, str], without: int | None = None) -> Typed:
    """Number the lines anew from 0, without blank ones and without the one that is to go.

    A line in which nothing but what it started with stands is blank.
    """
    lines: dict[int, Typed] = {}
    typed: Typed = {}
    for name, value in posted.items():
        found = _LINE.fullmatch(name)
        if found is None:
            typed[name] = value.strip()
        elif value.strip():
            lines.setdefault(int(found[1]), {})[found[2]] = value.strip()
    kept = [line for number, line in sorted(lines.items()) if number != without and line.keys() - FILLED_IN]
    for number, line in enumerate(kept):
        typed |= {f"lines-{number}-{name}": value for name, value in line.items()}
    return typed


def bill_form(
    shape: Shape,
    typed: Mapping[str, str],
    language: Language,
    faults: Sequence[Fault] = (),
    lines: int = 0,
    kept: Mapping[str, str] | None = None,
) -> BillForm:
    """Build the form of a bill with at least ``lines`` lines.

    ``kept`` holds personal values that are on record (element name, value): their fields may stay blank.
    """
    on_record = kept or {}
    head = [_plain(message_field(known, language), on_record) for known in shape.head]
    count = max(lines, line_count(typed), shape.min_lines)
    rows = [[message_field(known, language, f"lines-{number}-") for known in shape.line] for number in range(count)]
    rows = [[replace(known, help=None) for known in row] for row in rows]
    filled = {**_started(shape, count, typed.get(CURRENCY, "")), **typed}
    named = [replace(known, label=f"{number + 1} · {known.label}") for number, row in enumerate(rows) for known in row]
    everything = [*head, Field("lines", _("商品明细")), *named]
    return BillForm(Form(head, filled, faults), [Form(row, filled, faults) for row in rows], Form(everything, filled, faults))


def _started(shape: Shape, count: int, currency: str) -> Typed:
    started = {f"lines-{number}-{LINE_NUMBER}": str(number + 1) for number in range(count)}
    if any(known.name == CURRENCY for known in shape.line):
        started |= {f"lines-{number}-{CURRENCY}": currency for number in range(count)}
    return started


def _plain(known: Field, on_record: Mapping[str, str]) -> Field:
    """Notes of the definitions are for developers; a field says what is on record, or nothing."""
    if known.name not in on_record:
        return replace(known, help=None)
    return replace(known, required=False, help=_("已保存 %(value)s；留空则不变。", value=mask(on_record[known.name])))


def _lines(values: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    lines = values.get("lines")
    return [line for line in lines if isinstance(line, Mapping)] if isinstance(lines, Sequence) else []


def _spell(known: FormField, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    text = str(value)
    if known.kind == "datetime" and len(text) == 14:
        return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:]}"
    return text
