"""Domain values to the XML of one node: the compiled short way, and the thorough way through marshmallow behind it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import TypeAlias

from ccezone.kernel.errors import Fault, Refused
from schemas.messages.ceb.definition import Field, MessageDefinition, Part, definition, node_of
from schemas.messages.ceb.judging import Rule, length_test, plain_number, rule
from schemas.messages.ceb.marshal import load, schema

Values: TypeAlias = Mapping[str, object]
Dumper: TypeAlias = Callable[[Values], str | None]

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile("[^\t\n\x20-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


class Unencodable(Refused):
    """Values that do not fit the official schema; nothing invalid is ever written."""


def encode_document(message_type: str, values: Values) -> bytes:
    """Write one business node. ``values`` has domain names, ``lines`` a list of them; ``None`` means absent.

    Raises ``Unencodable`` with everything that does not fit the schema level.
    """
    text = dumper(message_type)(values)
    return (text if text is not None else write_thoroughly(definition(message_type), values)).encode()


def encode_part(message_type: str, part: Part, values: Values) -> bytes:
    """Write a transfer, subscription or extension node, followed by a line break."""
    message = definition(message_type)
    return (_node(message, part, values, f"/{node_of(message, part).element}") + "\n").encode()


def escape_attribute(text: str) -> str:
    """Spell a text inside double quotes."""
    return _escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def _escape(text: str) -> str:
    if _SPECIAL.search(text) is None:
        return text
    return "".join(_ESCAPES.get(character, character) for character in text)


def write_thoroughly(message: MessageDefinition, values: Values) -> str:
    """Write a business node through marshmallow: dump to texts, load them to judge them, then spell them."""
    head = _node(message, "head", {name: value for name, value in values.items() if name != "lines"}, "")
    if message.flat:
        return head
    rows = values.get("lines") or ()
    if not isinstance(rows, list | tuple):
        raise Unencodable(Fault("/lines", "not_an_object"))
    if message.lines_node and len(rows) < message.min_lines:
        raise Unencodable(Fault("/lines", "required"))
    if message.max_lines is not None and len(rows) > message.max_lines:
        raise Unencodable(Fault("/lines", "too_many_lines", {"max": str(message.max_lines)}))
    lines = "".join(_node(message, "list", row, f"/lines/{number}") for number, row in enumerate(rows))
    return f"<ceb:{message.business_node}>{head}{lines}</ceb:{message.business_node}>"


def _node(message: MessageDefinition, part: Part, values: Values, pointer: str) -> str:
    node_schema = schema(message.type, part, strict=False)
    written = node_of(message, part).written
    names = {field.name for field in written}
    faults = [Fault(f"{pointer}/{name}", "unknown_element", {"element": name}) for name in values if name not in names]
    present = {name: value for name, value in values.items() if value is not None and name in names}
    texts: dict[str, str] = dict(node_schema.dump(present))
    faults += load(node_schema, texts, pointer)[1]
    faults += [Fault(f"{pointer}/{element}", "illegal_character") for element, text in texts.items() if _ILLEGAL.search(text)]
    if faults:
        raise Unencodable(*faults)
    spelled = "".join(
        f"<ceb:{field.element}>{_escape(texts[field.element])}</ceb:{field.element}>" for field in written if field.element in texts
    )
    element = node_of(message, part).element
    return f"<ceb:{element}>{spelled}</ceb:{element}>"


@cache
def dumper(message_type: str) -> Dumper:
    """Return the compiled writer of a message type. It gives the node's text, or ``None``: let marshmallow speak."""
    message = definition(message_type)
    names: dict[str, object] = {"Decimal": Decimal, "special": _SPECIAL.search}
    source = "\n".join(_source(message, names))
    exec(compile(source, f"<dumper of {message_type}>", "exec"), names)  # noqa: S102  # our own text, from our own table
    made = names["dump"]
    if not callable(made):
        raise TypeError(source)
    return made


def _source(message: MessageDefinition, names: dict[str, object]) -> Iterator[str]:
    yield from _writer("write_head", message.head.element, message.head.written, names)
    wrap = f"<ceb:{message.business_node}>"
    if message.flat or message.lines_node is None:
        yield from ("def dump(values):", "    text = write_head(values, len(values))")
        yield "    return text" if message.flat else f"    return text and '{wrap}' + text + '</ceb:{wrap[5:]}'"
        return
    yield from _writer("write_line", message.lines_node.element, message.lines_node.written, names)
    most = message.max_lines if message.max_lines is not None else 10**9
    yield from (
        "def dump(values):",
        '    rows = values.get("lines")',
        f"    if type(rows) is not list or not {message.min_lines} <= len(rows) <= {most}: return None",
        "    parts = [write_head(values, len(values) - 1)]",
        "    for row in rows: parts.append(write_line(row, len(row)))",
        "    if None in parts: return None",
        f"    return '{wrap}' + ''.join(parts) + '</ceb:{wrap[5:]}'",
    )


def _writer(name: str, element: str, fields: Sequence[Field], names: dict[str, object]) -> Iterator[str]:
    """A function from a node's values to its text; it counts what it used, so that an unknown name is noticed."""
    texts, spelled = [], []
    yield f"def {name}(values, count):"
    yield "    get = values.get"
    for number, field in enumerate(fields):
        demand, variable = rule(field, strict=False), f"v{number}"
        key = f"{name}_{number}"
        yield f"    {variable} = get({field.name!r})"
        tag = f"ceb:{field.element}"
        inner = "{" + variable + "}"
        if demand.required:
            yield from (f"    {line}" for line in _checks(demand, variable, key, names))
            spelled.append(f"<{tag}>{inner}</{tag}>")
        else:
            yield f"    if {variable} is None:"
            yield f"        {variable} = ''"
            yield f"        if {field.name!r} not in values: count += 1"
            yield "    else:"
            yield from (f"        {line}" for line in _checks(demand, variable, key, names))
            if demand.kind == "text":
                yield f"        if special({variable}): return None"
            yield f"        {variable} = f'<{tag}>{inner}</{tag}>'"
            spelled.append(inner)
        if demand.required and demand.kind == "text":
            texts.append(variable)
    if texts:
        yield f"    if special({'+'.join(texts)}): return None"
    yield f"    if count != {len(fields)}: return None"
    yield f"    return f'<ceb:{element}>{''.join(spelled)}</ceb:{element}>'"


def _checks(demand: Rule, variable: str, key: str, names: dict[str, object]) -> Iterator[str]:
    if demand.kind == "text":
        yield f"if type({variable}) is not str: return None"
        if demand.min_length or demand.max_length is not None:
            yield f"if not {length_test(demand, variable)}: return None"
        return
    names[f"{key}_number"] = plain_number(demand)
    yield f"if type({variable}) is not str:"  # a number that is spelled already is judged like the others
    yield f"    if type({variable}) is not {'int' if demand.kind == 'integer' else 'Decimal'}: return None"
    yield f"    {variable} = str({variable})"
    yield f"if {key}_number({variable}) is None: return None"
