"""From what marshmallow found wrong to faults at JSON pointers."""

from collections.abc import Mapping
from typing import Any

from ccezone.kernel.errors import Fault
from schemas.messages.ceb.judging import Flaw


def faults_of(messages: Mapping[Any, Any], pointer: str = "") -> list[Fault]:
    """Spell marshmallow's messages as faults, in the order of the fields."""
    found: list[Fault] = []
    for key, value in messages.items():
        here = pointer if key == "_schema" else f"{pointer}/{key}"
        if isinstance(value, Mapping):
            found += faults_of(value, here)
        else:
            found += [_fault(here, str(key), each) for each in (value if isinstance(value, list) else [value])]
    return found


def _fault(pointer: str, name: str, message: object) -> Fault:
    if isinstance(message, Flaw):
        return Fault(pointer, message.code, message.params)
    return Fault(pointer, *_code(name, str(message)))


def _code(name: str, message: str) -> tuple[str, Mapping[str, str]]:
    if "required" in message or "null" in message:
        return "required", {}
    if "Unknown" in message:
        return "unknown_element", {"element": name}
    if "Invalid input type" in message:
        return "not_an_object", {}
    if "list" in message:
        return "not_an_array", {}
    if "number" in message or "integer" in message or "greater" in message:
        return "not_a_number", {"value": ""}
    return "bad_value", {}
