"""The whole-message short way: plainly written documents are read by regular expressions, the rest of the message by lxml.

Almost every message is plain: official element order, the usual prefix, no attribute, comment, reference or odd character
in its documents. Building a tree of those costs several times what reading them costs. So the documents are cut out of the
bytes, an empty one is left in their place, and only that small skeleton goes the hardened way. Whatever is not plain, or
not surely right, is no more than "read it thoroughly", whose results and errors are the only ones. A property test holds
the two ways equal.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import TypeAlias, cast

from schemas.messages.ceb.definition import MESSAGE_TYPES, MessageDefinition, Node, definition
from schemas.messages.ceb.judging import rule, text_pattern
from schemas.messages.ceb.loading import Document, compiled, listed, value

# Reads the document that starts at an offset: its values and where it ends, or ``None``.
Reader: TypeAlias = Callable[[str, int], tuple[Document, int] | None]

SPACE = r"[ \t\n]*+"
# The byte order mark, the declaration, the root's opening tag; a document in the root's own prefix must follow at once.
_OPENING = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml [^?<>]*+\?>)?\s*+"
    rb"<((?:ceb:)?)(CEB[0-9]{3}Message)(?:\s++[\w:]++=(?:\"[^\"<]*+\"|'[^'<]*+'))*+\s*+>\s*+"
)
# Bytes that may not stand in plain documents become "?": control characters, carriage returns, references.
_PLAIN = bytes(ord("?") if each in b"&" or (each < 0x20 and each not in b"\t\n") else each for each in range(256))
_MOST_BYTES = 9_000_000  # libxml2 refuses single texts of 10 MB; what could hold one is left to it
_MOST_LINES = 65_000  # libxml2 keeps line numbers in 16 bits and guesses beyond; that is left to it


def take(data: bytes, *, strict: bool) -> tuple[bytes, list[tuple[int, Document]]] | None:
    """Read the plain documents of a message: the skeleton without them, and the source line and values of each.

    The skeleton holds one empty document and has not been looked at. ``None`` when the message is not plain, or not
    surely right.
    """
    found = cut(data)
    if found is None:
        return None
    text = text_of(data[found.start : found.end])
    line = data.count(b"\n", 0, found.start) + 1
    documents = _documents(text, line, reader(found.message.type, found.prefix, strict=strict)) if text else None
    if documents is None or found.exceeded_by(len(documents)):
        return None
    return found.skeleton(data[: found.start], data[found.end :]), documents


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the documents of a message seem to begin and end, and in which prefix they are written."""

    message: MessageDefinition
    prefix: str
    start: int
    end: int

    def exceeded_by(self, documents: int) -> bool:
        """Say whether a message of this type may not hold so many documents."""
        return self.message.max_documents is not None and documents > self.message.max_documents

    def skeleton(self, before: bytes, after: bytes) -> bytes:
        """Put one empty document in the place of all."""
        return b"%b<%b%b/>%b" % (before, self.prefix.encode(), self.message.business_node.encode(), after)


def cut(data: bytes) -> Cut | None:
    """Find the documents of a message, or say that it is not plain. Nothing has been looked at but its opening."""
    opening = _OPENING.match(data)
    if opening is None or opening[2].decode() not in MESSAGE_TYPES:
        return None
    if len(data) > _MOST_BYTES or data.count(b"\n") > _MOST_LINES:
        return None
    message = definition(opening[2].decode())
    closing = b"</%b%b>" % (opening[1], message.business_node.encode())
    return Cut(message, opening[1].decode(), opening.end(), data.rfind(closing) + len(closing))


def text_of(body: bytes) -> str | None:
    """The documents' characters, when XML allows them all and means nothing else by them but line breaks."""
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n")
    if body.translate(_PLAIN) != body:  # unchanged, it is the same object, and is not compared
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    odd = "\ufffe" in text or "\uffff" in text or ("]" in text and "]]>" in text)
    return None if odd else text


def _documents(text: str, line: int, read: Reader) -> list[tuple[int, Document]] | None:
    """Every document from first to last, with nothing between them but layout."""
    documents, place = [], 0
    while place < len(text):
        found = read(text, place)
        if found is None:
            return None
        documents.append((line, found[0]))
        line += text.count("\n", place, found[1])
        place = found[1]
    return documents


@cache
def reader(message_type: str, prefix: str, *, strict: bool) -> Reader:
    """Return the compiled reader of a message type in a prefix (``"ceb:"`` or ``""``). It also takes the layout after it."""
    names: dict[str, object] = {}
    source = _source(definition(message_type), prefix, strict, names)
    return cast("Reader", compiled(f"reader of {message_type}", "read", source, names))


def _source(message: MessageDefinition, prefix: str, strict: bool, names: dict[str, object]) -> Iterator[str]:
    """One match for the head, one for each line, one for the end."""
    outer, head = f"{prefix}{message.business_node}", f"{prefix}{message.head.element}"
    opening = f"<{outer}>{SPACE}" + ("" if message.flat else f"<{head}>{SPACE}")
    closing = "" if message.flat else f"</{head}>{SPACE}"
    end = f"</{outer}>{SPACE}"
    if message.lines_node is None:
        closing += end
    names["head"] = re.compile(f"{opening}{elements(message.head, prefix, strict=strict)}{closing}").match
    yield from ("def read(source, place):", "    found = head(source, place)", "    if found is None: return None")
    yield from _values("values", "head", message.head, strict, names, "    ")
    if message.lines_node is not None:
        row = f"{prefix}{message.lines_node.element}"
        names["row"] = re.compile(f"<{row}>{SPACE}{elements(message.lines_node, prefix, strict=strict)}</{row}>{SPACE}").match
        names["end"] = re.compile(end).match
        most = message.max_lines if message.max_lines is not None else 10**9
        yield from (
            '    lines = values["lines"] = []',
            "    last = found",
            "    while (found := row(source, last.end())) is not None:",
            "        last = found",
        )
        yield from _values("line", "row", message.lines_node, strict, names, "        ")
        yield from (
            "        lines.append(line)",
            f"    if not {message.min_lines} <= len(lines) <= {most}: return None",
            "    found = end(source, last.end())",
            "    if found is None: return None",
        )
    yield "    return values, found.end()"


def elements(node: Node, prefix: str, *, strict: bool) -> str:
    """The pattern of a node's elements in official order. Nothing in it can be matched in two ways."""
    parts = []
    for field in node.fields:
        tag, demand = f"{prefix}{field.element}", rule(field, strict=strict)
        part = f"<{tag}>({text_pattern(demand)})</{tag}>{SPACE}"
        parts.append(part if demand.required else f"(?:{part})?")
    return "".join(parts)


def _values(target: str, key: str, node: Node, strict: bool, names: dict[str, object], indent: str) -> Iterator[str]:
    """A dictionary of the mandatory elements that come first, then one element at a time."""
    demands = [(f"t{number}", field.name, rule(field, strict=strict)) for number, field in enumerate(node.fields)]
    first = list(takewhile(lambda each: each[2].required, demands))
    yield f"{indent}{''.join(f'{text}, ' for text, _, _ in demands)}= found.groups()"
    for text, _, demand in first:
        yield from (f"{indent}{line}" for line in listed(demand, text, f"{key}_{text}", names))
    yield f"{indent}{target} = {{{', '.join(f'{name!r}: {value(demand, text)}' for text, name, demand in first)}}}"
    for text, name, demand in demands[len(first) :]:
        deeper = indent
        if not demand.required:
            yield f"{indent}if {text} is not None:"
            deeper = f"{indent}    "
        yield from (f"{deeper}{line}" for line in listed(demand, text, f"{key}_{text}", names))
        yield f"{deeper}{target}[{name!r}] = {value(demand, text)}"
