"""Compiled loaders: one Python function per message type and level, written from the field table.

A loader takes a short cut over marshmallow. It returns exactly what marshmallow returns, or ``None``, which means no
more than "ask marshmallow", whose errors are the only errors. A property test holds the two equal.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import TypeAlias, cast

from lxml import etree

from schemas.messages.ceb.definition import NAMESPACE, MessageDefinition, Node, definition
from schemas.messages.ceb.judging import Rule, is_real_time, length_test, plain_number, rule

Document: TypeAlias = dict[str, object]
Loader: TypeAlias = Callable[[etree._Element], Document | None]


@cache
def loader(message_type: str, *, strict: bool) -> Loader:
    """Return the compiled loader of a message type for the schema level, or for intake (``strict``)."""
    message = definition(message_type)
    names: dict[str, object] = {}
    return cast("Loader", compiled(f"loader of {message_type}", "load", _source(message, strict, names), names))


def compiled(title: str, name: str, source: Iterator[str], names: dict[str, object]) -> object:
    """Compile generated source that uses ``names`` and return the function it calls ``name``."""
    text = "\n".join(source)
    names |= {"Decimal": Decimal, "real_time": is_real_time}
    exec(compile(text, f"<{title}>", "exec"), names)  # noqa: S102  # our own text, from our own table
    made = names[name]
    if not callable(made):
        raise TypeError(text)
    return made


def _source(message: MessageDefinition, strict: bool, names: dict[str, object]) -> Iterator[str]:
    yield from _reader("read_head", message.head, strict, names)
    if message.lines_node is None:
        yield from ("def load(node):",)
        yield from ("    return read_head(node)",) if message.flat else _only_head(message)
        return
    yield from _reader("read_line", message.lines_node, strict, names)
    most = message.max_lines if message.max_lines is not None else 10**9
    yield from (
        "def load(node):",
        "    if not len(node): return None",
        "    head, *rows = node",
        f"    if head.tag != {_tag(message.head.element)!r}: return None",
        f"    if not {message.min_lines} <= len(rows) <= {most}: return None",
        "    values = read_head(head)",
        "    if values is None: return None",
        "    lines = []",
        "    for row in rows:",
        f"        if row.tag != {_tag(message.lines_node.element)!r}: return None",
        "        line = read_line(row)",
        "        if line is None: return None",
        "        lines.append(line)",
        '    values["lines"] = lines',
        "    return values",
    )


def _only_head(message: MessageDefinition) -> Iterator[str]:
    yield f"    if len(node) != 1 or node[0].tag != {_tag(message.head.element)!r}: return None"
    yield "    return read_head(node[0])"


def _reader(name: str, node: Node, strict: bool, names: dict[str, object]) -> Iterator[str]:
    """A function from a node to its values. The order of the tags is judged once per order seen."""
    names[f"{name}_ordered"] = _order_judge(node, strict)
    yield f"def {name}(node):"
    yield '    raw = {child.tag: child.text or "" for child in node}'
    yield f"    if len(raw) != len(node) or not {name}_ordered(tuple(raw)): return None"
    yield "    values = {}"
    for number, field in enumerate(node.fields):
        demand = rule(field, strict=strict)
        indent = "    "
        if not demand.required:
            yield f"    if {_tag(field.element)!r} in raw:"
            indent = "        "
        yield f"{indent}text = raw[{_tag(field.element)!r}]"
        key = f"{name}_{number}"
        yield from (f"{indent}{line}" for line in checks(demand, "text", key, names))
        yield f"{indent}values[{field.name!r}] = {value(demand, 'text')}"
    yield "    return values"


def checks(demand: Rule, text: str, key: str, names: dict[str, object]) -> Iterator[str]:
    """Spell the checks of the text in a variable; ``key`` begins the names of what they need."""
    if demand.kind in ("decimal", "integer"):
        names[f"{key}_number"] = plain_number(demand)
        yield f"if {key}_number({text}) is None: return None"
    elif demand.min_length or demand.max_length is not None:
        yield f"if not {length_test(demand, text)}: return None"
    yield from listed(demand, text, key, names)


def listed(demand: Rule, text: str, key: str, names: dict[str, object]) -> Iterator[str]:
    """Spell the checks that no pattern makes: whether a code is in its list, whether a time exists."""
    if demand.codes:
        names[f"{key}_codes"] = frozenset(demand.codes.codes)
        yield f"if {text} and {text} not in {key}_codes: return None"
    if demand.time_format:
        yield f"if {text} and not real_time({text}, {demand.time_length}): return None"


def value(demand: Rule, text: str) -> str:
    """Spell the value of a checked text."""
    return {"decimal": f"Decimal({text})", "integer": f"int({text})"}.get(demand.kind, text)


def _tag(element: str) -> str:
    return f"{{{NAMESPACE}}}{element}"


def _order_judge(node: Node, strict: bool) -> Callable[[tuple[str, ...]], bool]:
    places = {_tag(field.element): place for place, field in enumerate(node.fields)}
    needed = {_tag(field.element) for field in node.fields if rule(field, strict=strict).required}

    @lru_cache(maxsize=4096)
    def ordered(tags: tuple[str, ...]) -> bool:
        found = [places.get(tag, -1) for tag in tags]
        return -1 not in found and found == sorted(found) and needed.issubset(tags)

    return ordered
