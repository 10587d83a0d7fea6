"""The documents of a plain message by columns: for receipts, which come by thousands, say little each, and repeat each other.

Like ``plain`` this is a short way: what is not plain, or not surely right, is ``None``, which means "decode it". A property
test holds both equal.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.messages.ceb.codec import message_of
from schemas.messages.ceb.definition import definition
from schemas.messages.ceb.envelope import read
from schemas.messages.ceb.judging import rule
from schemas.messages.ceb.plain import SPACE, cut, elements, text_of
from schemas.messages.parsing import MalformedMessage, parse

_GUID = re.compile(rb'(?<= guid=")[0-9A-Fa-f-]{36}(?=")')
_ANY_GUID = b"0" * 36
_MOST_AROUND = 4096  # bytes around the documents that are worth remembering; a signed receipt has more


@dataclass(frozen=True, slots=True)
class Columns:
    """The documents of one message: texts by domain name, one for each document, empty where the element is absent."""

    message_type: str
    texts: Mapping[str, Sequence[str]]


def columns(data: bytes) -> Columns | None:
    """Read a plain message of flat documents at schema level; its own guid is not told."""
    found = cut(data)
    if found is None or not _in_columns(found.message.type):
        return None
    before, after = _GUID.sub(_ANY_GUID, data[: found.start], count=1), data[found.end :]
    text = text_of(data[found.start : found.end])
    if not text or len(before) + len(after) > _MOST_AROUND or not _sound(found.skeleton(before, after)):
        return None
    documents = _pattern(found.message.type, found.prefix).findall(text)
    wholes, *values = zip(*documents, strict=True) if documents else ((),)
    if sum(map(len, wholes)) != len(text) or found.exceeded_by(len(documents)):  # something stands between them
        return None
    return Columns(found.message.type, dict(zip(_names(found.message.type), values, strict=True)))


@lru_cache(maxsize=256)
def _sound(skeleton: bytes) -> bool:
    """Judge what stands around the documents, once for all messages that differ in their guids only."""
    try:
        root = parse(skeleton)
        _, nodes = read(message_of(root), root, strict=False)
    except MalformedMessage:
        return False
    return len(nodes) == 1


@cache
def _in_columns(message_type: str) -> bool:
    """Say whether a type's documents are texts, one beside the other, of which only the length is judged."""
    message = definition(message_type)
    demands = [rule(field, strict=False) for field in message.head.fields]
    return message.flat and message.lines_node is None and all(demand.kind == "text" for demand in demands)


@cache
def _names(message_type: str) -> Sequence[str]:
    return tuple(field.name for field in definition(message_type).head.fields)


@cache
def _pattern(message_type: str, prefix: str) -> re.Pattern[str]:
    """The whole document, which shows that nothing stands between it and the next, and each of its texts."""
    message = definition(message_type)
    outer = f"{prefix}{message.business_node}"
    return re.compile(f"(<{outer}>{SPACE}{elements(message.head, prefix, strict=False)}</{outer}>{SPACE})")
