"""The JSON shapes of bills and lists for the published interface description, from the messages' own definitions.

A bill is sent in the official element names. What is shown of one has the same names and is all text; nothing is demanded of
it, for personal values are masked.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from decimal import Decimal
from functools import cache
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields

from schemas.messages.ceb.definition import definition
from schemas.messages.ceb.marshal import document_schema
from schemas.rest import links
from schemas.rest.bills import HUB_FILLED
from schemas.rest.inputs import choice

NAMES = {
    "CEB303Message": "ExportOrder",
    "CEB403Message": "ExportPayment",
    "CEB505Message": "ExportWaybill",
    "CEB311Message": "ImportOrder",
    "CEB411Message": "ImportPayment",
    "CEB511Message": "ImportWaybill",
    "CEB603Message": "ExportList",
    "CEB621Message": "ImportList",
    links.MESSAGE_TYPE: "ShippingLink",
}
_Fields = dict[str, fields.Field[Any]]


class _Sent(Schema):
    class Meta:
        unknown = RAISE


class _Shown(Schema):
    class Meta:
        unknown = EXCLUDE


@cache
def sent(message_type: str) -> type[Schema]:
    """Return the shape in which a bill of this message type is sent: what the hub fills in itself may be left out."""
    members = {name: _sendable(known, message_type) for name, known in _declared(message_type).items()}
    members["flow"] = choice("进出口", "Direction", ["E", "I"], default="")
    return _Sent.from_dict(members, name=NAMES[message_type])


@cache
def shown(message_type: str) -> type[Schema]:
    """Return the shape in which a document of this message type is shown."""
    members = {name: _showable(known, message_type) for name, known in _declared(message_type).items()}
    return _Shown.from_dict(members, name=f"{NAMES[message_type]}Shown")


def spelled(message_type: str, values: Mapping[str, object]) -> dict[str, object]:
    """Spell domain values with the official element names, as texts; absent values stay absent."""
    head, line = element_names(message_type)
    document: dict[str, object] = _texts(values, head)
    rows = values.get("lines")
    if line and isinstance(rows, Sequence):
        document["lines"] = [_texts(row, line) for row in rows]
    return document


def _texts(values: Mapping[str, object], names: Mapping[str, str]) -> dict[str, Any]:
    return {names[name]: _text(value) for name, value in values.items() if name in names and value is not None}


def _text(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@cache
def element_names(message_type: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the official names of a document's values by domain name: of its head, of its lines."""
    if message_type == links.MESSAGE_TYPE:
        shapes = (links.ShippingLink(exclude=["lines"]), links.LinkLine())
        head, line = ({name: known.data_key or name for name, known in shape.fields.items()} for shape in shapes)
        return head, line
    message = definition(message_type)
    return (
        {field.name: field.element for field in message.head.written},
        {field.name: field.element for field in message.lines_node.written} if message.lines_node else {},
    )


def _declared(message_type: str) -> Mapping[str, fields.Field[Any]]:
    shape = links.ShippingLink if message_type == links.MESSAGE_TYPE else document_schema(message_type)
    return shape().fields


def _sendable(known: fields.Field[Any], message_type: str) -> fields.Field[Any]:
    known = copy(known)
    if known.data_key in HUB_FILLED:
        known.required = False
    if isinstance(known, fields.List) and isinstance(known.inner, fields.Nested):
        members: _Fields = {name: copy(field) for name, field in known.inner.schema.fields.items()}
        line = _Sent.from_dict(members, name=f"{NAMES[message_type]}Line")
        return fields.List(fields.Nested(line), required=known.required, metadata=known.metadata)
    return known


def _showable(known: fields.Field[Any], message_type: str) -> fields.Field[Any]:
    labels = {name: known.metadata.get(name, "") for name in ("label_zh", "label_en", "code_list")}
    if isinstance(known, fields.List) and isinstance(known.inner, fields.Nested):
        inner: _Fields = {name: _showable(each, message_type) for name, each in known.inner.schema.fields.items()}
        return fields.List(fields.Nested(_Shown.from_dict(inner, name=f"{NAMES[message_type]}LineShown")), metadata=labels)
    return fields.String(data_key=known.data_key, metadata=labels)
