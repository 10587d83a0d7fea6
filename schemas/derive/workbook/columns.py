"""The columns of a bill's sheet: one row per line, the head repeated. Everything comes from the message's definition.

People of shops export their orders in that form from nearly every ERP, so that they need not cut them into two sheets.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from marshmallow import Schema
from marshmallow import fields as kinds
from marshmallow.validate import Length, OneOf

from schemas.codes import CodeList, Locale, code_list
from schemas.messages.ceb.definition import Field, definition
from schemas.messages.ceb.judging import list_of, rule
from schemas.rest import links
from schemas.rest.bills import HUB_FILLED

Part = Literal["head", "line"]
ColumnKind = Literal["text", "decimal", "integer", "datetime", "date"]

MESSAGE_TYPES = (
    "CEB303Message", "CEB403Message", "CEB505Message", "CEB311Message", "CEB411Message", "CEB511Message", links.MESSAGE_TYPE,
)  # fmt: skip
FILLED = frozenset(HUB_FILLED) - {"appType"}
"""What the hub always fills in itself; the submission type may be given, and is "new" when it is not."""
_NUMBERED = re.compile(r"(_no|_code|_number|_numbers|telephone|_district|^guid)$")
_PUNCTUATION = re.compile(r"[\s()\[\]{}【】《》*:：/_\-.,，。、·|＊]+")
_NUMBERS = {"CEB411Message": "payment_no", "CEB505Message": "waybill_no", "CEB511Message": "waybill_no"}
_ORDER_KEY = ("order_no", "merchant_code", "platform_code")
_LINK_KEY = ("merchant_code", "platform_code", "order_no", "carrier_code", "waybill_no")
_LINK_EDITION = "hub"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``name`` is the element of the JSON shape, ``attribute`` the domain name; lengths count characters.

    ``number`` says that its text names something (an order, a firm, a telephone) and is no free text. ``codes`` may be
    incomplete: only a complete list is judged by.
    """

    name: str
    attribute: str
    part: Part
    label_zh: str
    label_en: str
    kind: ColumnKind
    required: bool
    min_length: int
    max_length: int | None
    digits: int | None
    decimals: int | None
    codes: CodeList | None
    number: bool
    note: str
    source: str
    edition: str

    def label(self, locale: Locale) -> str:
        return self.label_zh if locale == "zh" else self.label_en

    @property
    def length(self) -> int | None:
        """The one length it must have, where there is one."""
        return self.max_length if self.min_length == self.max_length else None


@dataclass(frozen=True)
class Sheet:
    """The sheet of one message type, of the shipping link, or of something else that is kept as rows.

    ``number`` is the domain name of the number people know a document by; ``key`` names the columns whose values tell
    documents of several rows apart.
    """

    message_type: str
    label_zh: str
    label_en: str
    columns: tuple[Column, ...]
    number: str
    key: tuple[str, ...]
    headings: Mapping[str, tuple[int, ...]]
    edition: str
    has_lines: bool = False
    min_lines: int = 0

    def label(self, locale: Locale) -> str:
        return self.label_zh if locale == "zh" else self.label_en

    def column(self, part: Part, name: str) -> int | None:
        """The place of a column by its element name."""
        found = (place for place, column in enumerate(self.columns) if column.part == part and column.name == name)
        return next(found, None)

    def fallback(self, column: Column) -> Column | None:
        """The head's column that fills a line's blank one: a mandatory element that both have under one name."""
        if column.part == "head" or not column.required:
            return None
        place = self.column("head", column.name)
        return self.columns[place] if place is not None else None

    @property
    def main(self) -> int:
        """The place of the number people know a document by."""
        return next(place for place, column in enumerate(self.columns) if column.attribute == self.number)


def fold(text: str) -> str:
    """Bring a heading or label to the form it is compared in: NFKC, lower case, no spaces or punctuation."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def sheet(message_type: str) -> Sheet:
    """Return the sheet of a message type of ``MESSAGE_TYPES``. Raises ``KeyError``."""
    if message_type not in MESSAGE_TYPES:
        raise KeyError(message_type)
    if message_type == links.MESSAGE_TYPE:
        columns = tuple(_distinct([*_declared("head", links.ShippingLink()), *_declared("line", links.LinkLine())]))
        headings = headings_of(columns)
        return Sheet(message_type, "运单关联", "Shipping links", columns, "order_no", _LINK_KEY, headings, _LINK_EDITION, True)
    message = definition(message_type)
    head = [column_of("head", field) for field in message.head.written if field.element not in FILLED]
    line = [column_of("line", field) for field in message.lines_node.written] if message.lines_node else []
    columns = tuple(_distinct(head + line))
    export = message.flow == "E"
    return Sheet(
        message_type,
        f"{'出口' if export else '进口'}{message.label_zh}",
        f"{message.label_en} ({'export' if export else 'import'})",
        columns,
        _NUMBERS.get(message_type, "order_no"),
        _ORDER_KEY if line else (),
        headings_of(columns),
        message.edition,
        bool(line),
        message.min_lines,
    )


def column_of(part: Part, field: Field) -> Column:
    """Return the column of an element of a message."""
    demand = rule(field, strict=True)
    kind: ColumnKind = "text" if field.kind not in ("decimal", "integer") else field.kind
    if field.time_format:
        kind = "date" if field.time_format == "YYYYMMDD" else "datetime"
    return Column(
        name=field.element,
        attribute=field.name,
        part=part,
        label_zh=field.label_zh,
        label_en=field.label_en,
        kind=kind,
        required=demand.required and field.element != "appType",
        min_length=demand.min_length,
        max_length=field.max_length,
        digits=field.digits,
        decimals=field.decimals,
        codes=list_of(field),
        number=kind == "text" and _NUMBERED.search(field.name) is not None,
        note=field.note,
        source=field.source,
        edition=field.edition,
    )


def _declared(part: Part, shape: Schema) -> Iterator[Column]:
    for name, known in shape.fields.items():
        element = known.data_key or name
        if element in FILLED or isinstance(known, kinds.List):
            continue
        length = next((check for check in known.validators if isinstance(check, Length)), None)
        kind: ColumnKind = (
            "decimal" if isinstance(known, kinds.Decimal) else "integer" if isinstance(known, kinds.Integer) else "text"
        )
        listed = any(isinstance(check, OneOf) for check in known.validators)
        yield Column(
            name=element,
            attribute=name,
            part=part,
            label_zh=known.metadata["label_zh"],
            label_en=known.metadata["label_en"],
            kind=kind,
            required=known.required and part == "head",
            min_length=(length.min or 0) if length else 0,
            max_length=length.max if length else None,
            digits=None,
            decimals=None,
            codes=code_list(name) if listed else None,
            number=kind == "text" and not listed,
            note="",
            source="",
            edition=_LINK_EDITION,
        )


def _distinct(columns: list[Column]) -> Iterator[Column]:
    """Give a line's column another heading where the head has one of the same label."""
    heads = {column.label_zh for column in columns if column.part == "head"}
    for column in columns:
        if column.part == "line" and column.label_zh in heads:
            yield _relabelled(column)
        else:
            yield column


def _relabelled(column: Column) -> Column:
    values = {name: getattr(column, name) for name in Column.__slots__}
    values |= {"label_zh": f"商品{column.label_zh}", "label_en": f"Line {column.label_en.lower()}"}
    return Column(**values)


def headings_of(columns: tuple[Column, ...]) -> dict[str, tuple[int, ...]]:
    """Every folded heading a column answers to: its labels, its element, what other bills call the same thing.

    A heading of several columns is theirs in turn: the first time it stands for the head's, then for the line's.
    """
    known: dict[str, tuple[int, ...]] = {}
    for place, column in enumerate(columns):
        for text in {fold(column.label_zh), fold(column.label_en), fold(column.name), fold(column.attribute)}:
            known[text] = (*known.get(text, ()), place)
    for place, column in enumerate(columns):
        if column.part == "line":
            for text in {fold(f"lines.{column.name}"), fold(f"商品{column.label_zh}")}:
                known.setdefault(text, (place,))
    attributes = {attribute: places for attribute, places in _by_attribute(columns).items() if len(places) == 1}
    for attribute, label in _other_labels():
        if attribute in attributes:
            known.setdefault(fold(label), attributes[attribute])
    return known


def _by_attribute(columns: tuple[Column, ...]) -> dict[str, tuple[int, ...]]:
    places: dict[str, tuple[int, ...]] = {}
    for place, column in enumerate(columns):
        places[column.attribute] = (*places.get(column.attribute, ()), place)
    return places


@cache
def _other_labels() -> tuple[tuple[str, str], ...]:
    """What any bill calls a thing: (domain name, label), without labels that mean different things."""
    meant: dict[str, set[str]] = {}
    for message_type in MESSAGE_TYPES[:-1]:
        message = definition(message_type)
        for field in (*message.head.written, *message.lines()):
            for label in (field.label_zh, field.label_en, *field.label_zh.split("/")):
                meant.setdefault(label, set()).add(field.name)
    return tuple((next(iter(names)), label) for label, names in meant.items() if len(names) == 1)
