"""The JSON shape of a bill: the keys are the official element names, ``lines`` the list; the rules are the message's own."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ccezone.kernel.errors import Fault
from schemas.messages.ceb.codec import DecodedDocument
from schemas.messages.ceb.definition import MessageDefinition, definition
from schemas.messages.ceb.marshal import load, schema
from schemas.messages.ceb.shortcut import text_loader

HUB_FILLED = ("guid", "appType", "appTime", "appStatus")


def load_json(message_type: str, body: object, defaults: Mapping[str, str], *, position: int = 0) -> DecodedDocument:
    """Load one JSON object as a document at intake level.

    ``defaults`` (official element names) fill what the object leaves out, such as ``HUB_FILLED``. Numbers may be JSON
    numbers or strings; ``null`` means absent. ``line_number`` is the position counted from 1.
    """
    if not isinstance(body, Mapping):
        return DecodedDocument(position, position + 1, None, faults=[Fault("", "not_an_object")], fault_lines=[position + 1])
    message = definition(message_type)
    if (plain := _plainly(message, body, defaults)) is not None:
        return DecodedDocument(position, position + 1, plain)
    merged: dict[object, object] = dict(defaults.items())
    merged.update((key, value) for key, value in body.items() if key != "lines")
    raw, faults = _texts(merged, "")
    head, found = load(schema(message_type, "head", strict=True), raw, "")
    values: dict[str, object] = dict(head)
    faults += [fault for fault in found if fault.pointer not in {known.pointer for known in faults}]
    if message.lines_node:
        values["lines"], found = _lines(message_type, body.get("lines"), message.min_lines, message.max_lines)
        faults += found
    elif "lines" in body:
        faults.append(Fault("/lines", "unknown_element", {"element": "lines"}))
    if faults:
        return DecodedDocument(position, position + 1, None, raw, faults, [position + 1] * len(faults))
    return DecodedDocument(position, position + 1, values)


def _plainly(message: MessageDefinition, body: Mapping[object, object], defaults: Mapping[str, str]) -> dict[str, object] | None:
    """The short way for documents of good texts; ``None`` means: let marshmallow speak (a test holds both equal)."""
    head: dict[object, object] = dict(defaults.items())
    head.update(body)
    rows = head.pop("lines", None)
    values = text_loader(message.type, "head")(head)
    if values is None or message.lines_node is None:
        return values if rows is None and "lines" not in body else None
    if type(rows) is not list or not message.min_lines <= len(rows) <= (message.max_lines or len(rows)):
        return None
    load_line = text_loader(message.type, "list")
    lines = [load_line(row) if type(row) is dict else None for row in rows]
    if None in lines:
        return None
    values["lines"] = lines
    return values


def _lines(message_type: str, rows: object, least: int, most: int | None) -> tuple[list[dict[str, object]], list[Fault]]:
    if rows is None:
        rows = []
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return [], [Fault("/lines", "not_an_object")]
    faults = [Fault("/lines", "required")] if len(rows) < least else []
    if most is not None and len(rows) > most:
        return [], [Fault("/lines", "too_many_lines", {"max": str(most)})]
    lines: list[dict[str, object]] = []
    for number, row in enumerate(rows):
        pointer = f"/lines/{number}"
        if not isinstance(row, Mapping):
            faults.append(Fault(pointer, "not_an_object"))
            continue
        raw, found = _texts(row, pointer)
        values, more = load(schema(message_type, "list", strict=True), raw, pointer)
        lines.append(dict(values))
        faults += found + [fault for fault in more if fault.pointer not in {known.pointer for known in found}]
    return lines, faults


def _texts(row: Mapping[object, object], pointer: str) -> tuple[dict[str, str], list[Fault]]:
    """Spell JSON scalars as a message would; whatever is no scalar is a fault."""
    texts: dict[str, str] = {}
    faults = []
    for key, value in row.items():
        name = str(key)
        if value is None:
            continue
        if isinstance(value, str):
            texts[name] = value
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            texts[name] = _spell(value)
        else:
            faults.append(Fault(f"{pointer}/{name}", "not_text"))
    return texts, faults


def _spell(value: int | float | Decimal) -> str:
    """The shortest plain spelling; a JSON number that a parser made a float is read back as it was written."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return format(number, "f") if number.is_finite() else str(value)
