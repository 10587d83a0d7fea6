"""The short way from a node's texts, by element, to its domain values: for bills that come as JSON, form or workbook.

Like the loaders of messages (``loading``) it gives exactly what marshmallow gives, or ``None``: let marshmallow speak.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias, cast

from schemas.messages.ceb.definition import Node, Part, definition, node_of
from schemas.messages.ceb.judging import rule
from schemas.messages.ceb.loading import checks, compiled, value

TextLoader: TypeAlias = Callable[[Mapping[Any, object]], dict[str, object] | None]


@cache
def text_loader(message_type: str, part: Part) -> TextLoader:
    """Return the compiled loader of a part's texts at intake level. Raises ``LookupError`` when there is no such part."""
    names: dict[str, object] = {}
    source = _source(node_of(definition(message_type), part), names)
    return cast("TextLoader", compiled(f"texts of {message_type} {part}", "load", source, names))


def _source(node: Node, names: dict[str, object]) -> Iterator[str]:
    yield from ("def load(raw):", "    get, count, values = raw.get, len(raw), {}")
    for number, field in enumerate(node.fields):
        if field.kind == "node":
            continue
        demand = rule(field, strict=True)
        indent = "    "
        yield f"    text = get({field.element!r})"
        if not demand.required:
            yield "    if text is not None:"
            indent = "        "
        yield f"{indent}if type(text) is not str: return None"
        yield from (f"{indent}{line}" for line in checks(demand, "text", f"field_{number}", names))
        yield f"{indent}values[{field.name!r}] = {value(demand, 'text')}"
        yield f"{indent}count -= 1"
    yield "    return None if count else values"
