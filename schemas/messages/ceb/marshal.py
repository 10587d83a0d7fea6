"""One marshmallow schema per node, built from the field table.

``data_key`` is the wire element, ``attribute`` its domain name. These schemas are the judges; the compiled loaders only
take short cuts that a test holds equal to them.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

from marshmallow import RAISE, Schema, ValidationError, fields

from ccezone.kernel.errors import Fault
from schemas.messages.ceb.definition import Field, Part, definition, node_of
from schemas.messages.ceb.judging import Flaw, Rule, collapse, number_flaw, rule, text_flaw

Value: TypeAlias = str | int | Decimal
Values: TypeAlias = dict[str, Value]

_LACKING = {"required": [Flaw("required")], "null": [Flaw("required")]}


class _WireField(fields.Field[Value]):
    """A value as it stands in an element; subclasses say how it reads and how it is spelled."""

    def __init__(self, field: Field, demand: Rule) -> None:
        metadata = {
            "type": {"decimal": "number", "integer": "integer"}.get(field.kind, "string"),
            "title": field.label_zh,
            "description": field.label_en,
            "label_zh": field.label_zh,
            "label_en": field.label_en,
            "max_length": field.max_length,
            "code_list": field.code_list,
            "required": field.required,
            "note": field.note,
            "source": field.source,
            "edition": field.edition,
        }
        super().__init__(
            data_key=field.element,
            attribute=field.name,
            required=demand.required,
            error_messages=_LACKING,  # type: ignore[arg-type]  # marshmallow passes lists through, its stub says str
            metadata=metadata,
        )
        self.demand = demand

    def _text(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValidationError([Flaw("not_text")])
        return value

    def _accept(self, flaw: Flaw | None) -> None:
        if flaw is not None:
            raise ValidationError([flaw])

    def _serialize(self, value: object, attr: str | None, obj: object, **kwargs: object) -> str:
        if isinstance(value, float):
            raise TypeError(f"{attr}: amounts are decimals, never floats")
        return format(value, "f") if isinstance(value, Decimal) else str(value)


class WireText(_WireField):
    """Text, kept exactly: white space counts."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        text = self._text(value)
        self._accept(text_flaw(self.demand, text))
        return text


class WireDecimal(_WireField):
    """A plain decimal number: no exponent, no letters."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> Decimal:
        text = collapse(self._text(value))
        self._accept(number_flaw(self.demand, text))
        return Decimal(text)


class WireInteger(_WireField):
    """A whole number."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> int:
        text = collapse(self._text(value))
        self._accept(number_flaw(self.demand, text))
        return int(text)


class WireSchema(Schema):
    """Base of every node's schema: elements keep the official order, others are refused."""

    class Meta:
        unknown = RAISE


def _wire_field(field: Field, *, strict: bool) -> _WireField:
    demand = rule(field, strict=strict)
    if demand.kind == "decimal":
        return WireDecimal(field, demand)
    return WireInteger(field, demand) if demand.kind == "integer" else WireText(field, demand)


@cache
def schema(message_type: str, part: Part, *, strict: bool) -> Schema:
    """Return the schema of a part of a message, at schema level or at intake level (``strict``).

    Raises ``LookupError`` when the message has no such part.
    """
    node = node_of(definition(message_type), part)
    members: dict[str, fields.Field[Value]] = {
        field.name: _wire_field(field, strict=strict) for field in node.fields if field.kind != "node"
    }
    name = f"{message_type}{node.element}{'Intake' if strict else ''}"
    # The members are typed as their base class, which dict's invariance cannot see.
    return WireSchema.from_dict(dict(members), name=name)()


@cache
def document_schema(message_type: str) -> type[Schema]:
    """Return the schema class of a whole document in its JSON shape, for the published interface description."""
    message = definition(message_type)
    members: dict[str, fields.Field[Any]] = {field.name: _wire_field(field, strict=True) for field in message.head.written}
    if message.lines_node:
        line = {field.name: _wire_field(field, strict=True) for field in message.lines_node.written}
        line_schema = WireSchema.from_dict(dict(line), name=f"{message_type}Line")
        members["lines"] = fields.List(fields.Nested(line_schema), required=message.min_lines > 0)
    return WireSchema.from_dict(members, name=f"{message_type}Document")


def load(schema_: Schema, raw: Mapping[str, str], pointer: str) -> tuple[Values, list[Fault]]:
    """Load the texts of a node. Returns its values and what is wrong with them, at ``pointer/ELEMENT``."""
    try:
        return dict(schema_.load(raw)), []
    except ValidationError as error:
        return {}, _faults(error.messages_dict, pointer)


def _faults(messages: Mapping[str, Sequence[object]], pointer: str) -> list[Fault]:
    return [_fault(f"{pointer}/{element}", element, flaw) for element, flaws in messages.items() for flaw in flaws]


def _fault(pointer: str, element: str, flaw: object) -> Fault:
    if isinstance(flaw, Flaw):
        return Fault(pointer, flaw.code, flaw.params)
    return Fault(pointer, "unknown_element", {"element": element})
