"""How a marshmallow field reads in OpenAPI: labels in both languages, and what an element of a message demands."""

from collections.abc import Callable
from typing import Any

from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from schemas.codes import code_list_names
from schemas.messages.ceb.judging import Rule
from schemas.messages.ceb.marshal import WireDecimal, WireInteger, WireText
from schemas.rest.documents import sent, shown
from schemas.rest.inputs import AMOUNT_DECIMALS, AMOUNT_DIGITS, Amount
from schemas.rest.matches import Sent
from schemas.rest.stored import Document
from schemas.rest.words import Words

_LIST = "code_list"


class Converter(OpenAPIConverter):
    """apispec's converter, taught our fields."""

    def field2property(self, field: fields.Field[Any]) -> dict[str, Any]:
        """Describe one field."""
        if isinstance(field, WireText | WireDecimal | WireInteger):
            found = _element(field)
        elif isinstance(field, Document | Sent):
            shape = shown if isinstance(field, Document) else sent
            described: Callable[[type[Schema]], dict[str, Any]] = self.resolve_nested_schema  # which has no types
            found = {"anyOf": [described(shape(message_type)) for message_type in field.message_types]}
        elif isinstance(field, Amount):
            found = _amount(AMOUNT_DIGITS, AMOUNT_DECIMALS)
            if field.allow_none:
                found["anyOf"].append({"type": "null"})
        else:
            found = super().field2property(field)
        for key in ("title", "description", "required", "default"):
            if key != "default" or found.get("default") == "":
                found.pop(key, None)
        return {**_labels(field), **found}


def _labels(field: fields.Field[Any]) -> dict[str, Any]:
    said = field.metadata
    labels: dict[str, Any] = {}
    if "label_zh" in said:
        labels["title"] = Words(str(said["label_zh"]), str(said["label_en"]))
    if isinstance(said.get("help"), Words):
        labels["description"] = said["help"]
    if said.get(_LIST) in code_list_names():
        labels["x-code-list"] = said[_LIST]
    return labels


def _element(field: WireText | WireDecimal | WireInteger) -> dict[str, Any]:
    demand = field.demand
    if isinstance(field, WireDecimal):
        decimals = demand.decimals or 0
        return _amount((demand.digits or 19) - decimals, decimals)
    if isinstance(field, WireInteger):
        digits = demand.digits or 18
        return {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 10**digits - 1},
                {"type": "string", "pattern": f"^[0-9]{{1,{digits}}}$"},
            ]
        }
    return _text(demand)


def _text(demand: Rule) -> dict[str, Any]:
    if demand.codes is not None:
        return {"type": "string", "enum": list(demand.codes.codes)}
    found: dict[str, Any] = {"type": "string"}
    if demand.time_format:
        return {**found, "pattern": f"^[0-9]{{{demand.time_length}}}$"}
    if demand.min_length:
        found["minLength"] = demand.min_length
    if demand.max_length is not None:
        found["maxLength"] = demand.max_length
    return found


def _amount(before: int, after: int) -> dict[str, Any]:
    """An amount is a JSON number, or a string where a float would not keep it."""
    bound = 10**before
    pattern = rf"^-?[0-9]{{1,{before}}}(\.[0-9]{{1,{after}}})?$" if after else rf"^-?[0-9]{{1,{before}}}$"
    return {"anyOf": [{"type": "string", "pattern": pattern}, {"type": "number", "minimum": 1 - bound, "maximum": bound - 1}]}
