"""The published data standard: every message and element in rows for people, from the definitions the codec runs on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.codes import Locale
from schemas.messages.ceb.definition import MESSAGE_TYPES, Field, MessageDefinition, Part, definition
from schemas.messages.ceb.judging import list_of

_KINDS = {
    "text": ("字符", "text"),
    "decimal": ("数值", "decimal"),
    "integer": ("整数", "whole number"),
}
_PARTS: Sequence[Part] = ("head", "list", "transfer", "subscribe", "extend")


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One element. ``required`` is the official mark: M mandatory, C conditional, O optional."""

    part: Part
    node: str
    order: int
    element: str
    label_zh: str
    label_en: str
    kind: str
    length: str
    required: str
    code_list: str
    code_list_edition: str
    note: str
    source: str
    edition: str

    def label(self, locale: Locale) -> str:
        return self.label_zh if locale == "zh" else self.label_en

    def kind_label(self, locale: Locale) -> str:
        return _KINDS.get(self.kind, (self.kind, self.kind))[0 if locale == "zh" else 1]


@dataclass(frozen=True, slots=True)
class MessageStandard:
    """One message with its elements in official order."""

    message: MessageDefinition
    rows: Sequence[StandardRow]


@cache
def standard(message_type: str) -> MessageStandard:
    """Return the standard of one message type. Raises ``KeyError``."""
    message = definition(message_type)
    return MessageStandard(message, tuple(_rows(message)))


def standards() -> Sequence[MessageStandard]:
    """Return the standards of all messages."""
    return tuple(standard(message_type) for message_type in MESSAGE_TYPES)


def _rows(message: MessageDefinition) -> Iterator[StandardRow]:
    for part in _PARTS:
        node = message.node(part)
        for order, field in enumerate(node.fields if node else (), 1):
            codes = list_of(field)
            yield StandardRow(
                part,
                node.element if node else "",
                order,
                field.element,
                field.label_zh,
                field.label_en,
                field.kind,
                _length(field),
                field.required,
                field.code_list,
                codes.edition if codes else "",
                field.note,
                field.source,
                field.edition,
            )


def _length(field: Field) -> str:
    if field.digits is not None:
        return f"{field.digits},{field.decimals}" if field.decimals else str(field.digits)
    if field.max_length is None:
        return ""
    if field.min_length == field.max_length:
        return str(field.max_length)
    return f"{field.min_length}..{field.max_length}"
