"""Web forms derived from a message definition: what to ask, how, and with which choices."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from marshmallow import Schema
from marshmallow import fields as kinds
from marshmallow.validate import Length

from schemas.codes import Code
from schemas.messages.ceb.definition import Field, definition
from schemas.messages.ceb.judging import list_of, rule
from schemas.rest import links
from schemas.rest.bills import HUB_FILLED

InputKind = Literal["text", "decimal", "integer", "datetime", "date", "select"]

_MOST_OPTIONS = 400
_LINE_KEY = re.compile(r"lines-(\d{1,5})-(\w+)")
_SEPARATORS = re.compile(r"[-:T ]")


@dataclass(frozen=True, slots=True)
class FormField:
    """One input. ``name`` is the key of the JSON shape, ``attribute`` the domain name.

    ``options`` are all choices of a select, and mere suggestions for another kind, whose list is incomplete.
    """

    name: str
    attribute: str
    label_zh: str
    label_en: str
    required: bool
    max_length: int | None
    kind: InputKind
    options: Sequence[Code]
    note: str


@dataclass(frozen=True, slots=True)
class Form:
    """The inputs of one document and of one of its lines (empty when it has none).

    ``min_lines`` is how many lines it must have; ``answer`` the number of the message that answers it, 0 for none.
    """

    message_type: str
    head: Sequence[FormField]
    line: Sequence[FormField]
    min_lines: int = 0
    answer: int = 0


@cache
def form(message_type: str) -> Form:
    """Return the form of a message type or of the shipping link, without what the hub fills in itself. Raises ``KeyError``."""
    if message_type == links.MESSAGE_TYPE:
        head, line = (_declared_fields(declared()) for declared in (links.ShippingLink, links.LinkLine))
        return Form(message_type, head, line)
    message = definition(message_type)
    head = tuple(_form_field(field) for field in message.head.written if field.element not in HUB_FILLED)
    line = tuple(_form_field(field) for field in message.lines_node.written) if message.lines_node else ()
    return Form(message_type, head, line, message.min_lines, int(message.answered_by[3:6] or 0))


def _declared_fields(declared: Schema) -> tuple[FormField, ...]:
    """The inputs of a shape that is the hub's own, from its marshmallow schema."""
    return tuple(
        _declared_field(name, known)
        for name, known in declared.fields.items()
        if known.data_key not in HUB_FILLED and not isinstance(known, kinds.List)
    )


def _declared_field(name: str, known: kinds.Field[object]) -> FormField:
    kind: InputKind = "decimal" if isinstance(known, kinds.Decimal) else "integer" if isinstance(known, kinds.Integer) else "text"
    longest = next((check.max for check in known.validators if isinstance(check, Length)), None)
    labels = known.metadata
    return FormField(known.data_key or name, name, labels["label_zh"], labels["label_en"], known.required, longest, kind, (), "")


def _form_field(field: Field) -> FormField:
    demand = rule(field, strict=True)
    codes = list_of(field)
    options = codes.items() if codes and len(codes.codes) <= _MOST_OPTIONS else ()
    return FormField(
        field.element,
        field.name,
        field.label_zh,
        field.label_en,
        demand.required,
        field.max_length,
        "select" if options and codes and codes.complete else _kind(field),
        options,
        field.note,
    )


def _kind(field: Field) -> InputKind:
    if field.time_format:
        return "date" if field.time_format == "YYYYMMDD" else "datetime"
    return "decimal" if field.kind == "decimal" else "integer" if field.kind == "integer" else "text"


def read_form(message_type: str, posted: Mapping[str, str]) -> dict[str, object]:
    """Turn posted inputs (``orderNo``, ``lines-0-qty``) into the JSON shape; blank inputs are absent, blank lines dropped.

    Moments come from browsers as ``2026-01-05T09:00`` and leave as ``20260105090000``. Unknown names are kept, so that
    loading refuses them.
    """
    shape = form(message_type)
    heads = {field.name: field for field in shape.head}
    columns = {field.name: field for field in shape.line}
    body: dict[str, object] = {}
    rows: dict[int, dict[str, str]] = {}
    for key, value in posted.items():
        line = _LINE_KEY.fullmatch(key)
        text = value.strip()
        if not text:
            continue
        if line:
            rows.setdefault(int(line[1]), {})[line[2]] = _spell(columns.get(line[2]), text)
        else:
            body[key] = _spell(heads.get(key), text)
    if shape.line:
        body["lines"] = [rows[number] for number in sorted(rows)]
    return body


def _spell(field: FormField | None, text: str) -> str:
    if field is None or field.kind not in ("date", "datetime"):
        return text
    digits = _SEPARATORS.sub("", text)
    return digits + "00" if field.kind == "datetime" and len(digits) == 12 else digits
