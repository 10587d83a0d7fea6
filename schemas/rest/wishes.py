"""What a form says of a declaration beyond its bills, in JSON: domain names, each value judged by the list message's own field."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields

from ccezone.kernel.errors import Fault
from schemas.messages.ceb.judging import Flaw
from schemas.messages.ceb.marshal import schema
from schemas.rest.inputs import Input, choice, line_number, refusals, text
from schemas.rest.words import Words, labelled

MOST_LINES = 100
_RENAMED = {"CEB603Message": {"transport_name": "traf_name"}, "CEB621Message": {"transport_name": "traf_no"}}


def _texts(zh: str, en: str, help_zh: str, help_en: str) -> fields.Dict:
    value = fields.String(allow_none=True, error_messages=refusals("not_text"))
    words = Words(help_zh, help_en)
    metadata = labelled(zh, en, help=words)
    return fields.Dict(
        keys=fields.String(), values=value, load_default=dict, metadata=metadata, error_messages=refusals("not_an_object")
    )


class LineWish(Input):
    """What is stated of one line of the order."""

    line_no = line_number()
    values = _texts(
        "填报值", "Values", "名称与清单表体相同，例如 hs_code、specification、qty1",
        "Named as in a list's lines: hs_code, specification, qty1",
    )  # fmt: skip


class WishBody(Input):
    """What is stated of a declaration; what is left out comes from bills, products and declaration defaults."""

    trade_mode = text("监管方式", "Supervision mode", most=4, default="")
    declaration_path = choice("申报业务类型", "Declaration path", ["", "A", "B"], default="")
    filing = choice("申报时机", "When to file", ["usual", "at_once", "hold"], default="usual")
    head = _texts(
        "表头填报值", "Values of the head", "名称与申报默认值相同，另有毛重、净重、件数等",
        "Named as in the declaration defaults; also gross_weight, net_weight, packages …",
    )  # fmt: skip
    lines = fields.List(
        fields.Nested(LineWish),
        load_default=list,
        metadata=labelled("商品填报值", "Values of lines"),
        error_messages=refusals("not_an_array"),
    )
    statements = _texts(
        "企业声明", "Statements", "no_export_duty、no_refund、no_licence：yes 或 no",
        "no_export_duty, no_refund, no_licence: yes or no",
    )  # fmt: skip


def wish_faults(message_type: str, wish: Mapping[str, Any], pointer: str) -> list[Fault]:
    """Judge stated values by the fields of the list they go into; names the message does not know are judged by the mode."""
    found = _judged(message_type, "head", wish["head"], f"{pointer}/head")
    for place, line in enumerate(wish["lines"]):
        found += _judged(message_type, "list", line["values"], f"{pointer}/lines/{place}/values")
    return found


def _judged(message_type: str, part: Any, values: Mapping[str, str | None], pointer: str) -> list[Fault]:
    known = schema(message_type, part, strict=True).fields
    renamed = _RENAMED.get(message_type, {})
    found: list[Fault] = []
    for name, value in values.items():
        field = known.get(renamed.get(name, name))
        if field is None or not value:
            continue
        try:
            field.deserialize(value)
        except ValidationError as error:
            flaws: Sequence[object] = error.messages if isinstance(error.messages, list) else []
            found += [Fault(f"{pointer}/{name}", flaw.code, flaw.params) for flaw in flaws if isinstance(flaw, Flaw)]
    return found
