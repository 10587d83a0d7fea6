"""The short way to read a plainly written message: its documents are judged and cut out of its text by expressions.

The schema file stays the judge. An expression made of the same definition takes only what the file surely lets pass; the
first document stays where it is, and what is left of the message goes to the parser and the schema file. Comments,
references, attributes, odd line breaks, another prefix or encoding, a value at the edge of what is allowed: all that, and any
failure of what is left, sends the whole message the long way, whose verdict is the only one. A property test compares both.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from integrations.mockservers.single_window.layout import LAYOUTS, Layout
from integrations.mockservers.single_window.records import Values
from schemas.messages.ceb.definition import Field, Node

Contents: TypeAlias = list[tuple[Values, list[Values]]]  # head and lines of each document

_PREFIX = "ceb"
_SPACE = r"[ \t\n]*+"
_OPENING = re.compile(  # byte order mark, declaration, the root's opening tag; a document must follow at once
    r"\ufeff?(?:<\?xml version=\"1\.0\"(?: encoding=\"(?i:utf-8)\")?\?>)?\s*+"
    r"<ceb:(CEB[0-9]{3}Message)(?: [\w:]++=\"[^\"<]*+\")*+>[ \t\n]*+"
)
_LETTER = r"[^<&\x00-\x08\x0b-\x1f]"
_NOT_XML = ("\ufffe", "\uffff")
_UNLIMITED = 10**9
_LONGEST = 10_000  # of texts without a limit; the parser has limits of its own


@dataclass(frozen=True, slots=True)
class Cut:
    """``rest`` is the message without the documents after the first, as far as they were read."""

    rest: bytes
    contents: Contents


@dataclass(frozen=True, slots=True)
class _Patterns:
    start: str
    head: re.Pattern[str]
    line: re.Pattern[str] | None
    close: re.Pattern[str]


def cut(body: bytes) -> Cut | None:
    """Cut the documents out of a message; ``None`` when it has to go the long way."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    opening = _OPENING.match(text)
    layout = LAYOUTS.get(opening[1]) if opening else None
    if opening is None or layout is None or any(odd in text for odd in _NOT_XML) or ("]" in text and "]]>" in text):
        return None
    patterns, first, place = _patterns(layout), 0, opening.end()
    contents: Contents = []
    while patterns is not None and text.startswith(patterns.start, place):
        document = _document(text, place, layout, patterns)
        if document is None:
            return None
        head, lines, place = document
        first = first or place
        contents.append((head, lines))
    if not 0 < len(contents) <= (layout.definition.max_documents or _UNLIMITED):
        return None
    return Cut(f"{text[:first]}{text[place:]}".encode(), contents)


def _document(text: str, place: int, layout: Layout, patterns: _Patterns) -> tuple[Values, list[Values], int] | None:
    match = patterns.head.match(text, place)
    if match is None:
        return None
    head, lines, count, place = dict(zip(layout.head, match.groups(""), strict=True)), [], 0, match.end()
    if patterns.line is not None:
        while match := patterns.line.match(text, place):
            count, place = count + 1, match.end()
            if layout.lines:
                lines.append(dict(zip(layout.lines, match.groups(""), strict=True)))
        if not layout.definition.min_lines <= count <= (layout.definition.max_lines or _UNLIMITED):
            return None
    match = patterns.close.match(text, place)
    return None if match is None else (head, lines, match.end())


@cache
def _patterns(layout: Layout) -> _Patterns | None:
    message = layout.definition
    nodes = [message.head, *([message.lines_node] if message.lines_node else [])]
    if any(field.kind not in ("text", "decimal", "integer") for node in nodes for field in node.written):
        return None
    outer, inner = f"{_PREFIX}:{message.business_node}", f"{_PREFIX}:{message.head.element}"
    head = _elements(message.head, layout.head)
    if not message.flat:
        head = f"<{inner}>{_SPACE}{head}</{inner}>{_SPACE}"
    line = None
    if message.lines_node is not None:
        row = f"{_PREFIX}:{message.lines_node.element}"
        line = re.compile(f"<{row}>{_SPACE}{_elements(message.lines_node, layout.lines)}</{row}>{_SPACE}")
    start = f"<{outer}>"
    return _Patterns(start, re.compile(f"{start}{_SPACE}{head}"), line, re.compile(f"</{outer}>{_SPACE}"))


def _elements(node: Node, wanted: Collection[str]) -> str:
    """The pattern of a node's elements in official order, with a group for each that is wanted."""
    parts = []
    for field in node.written:
        tag, text = f"{_PREFIX}:{field.element}", _text(field)
        part = f"<{tag}>{f'({text})' if field.name in wanted else text}</{tag}>{_SPACE}"
        parts.append(part if field.mandatory else f"(?:{part})?+")
    return "".join(parts)


def _text(field: Field) -> str:
    """The pattern of an element's text: never more than the schema file allows, leading zeros counted as digits."""
    if field.kind == "text":
        return f"{_LETTER}{{{field.min_length},{field.max_length or _LONGEST}}}+"
    fraction = (field.decimals or 0) if field.kind == "decimal" else 0
    whole = (field.digits or 15) - fraction
    return f"-?[0-9]{{1,{whole}}}+" + (f"(?:\\.[0-9]{{1,{fraction}}}+)?+" if fraction else "")
