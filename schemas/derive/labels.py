"""Names of a message's elements for people: what a page calls a value it holds under its domain name."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.codes import Locale
from schemas.messages.ceb.definition import Field, definition
from schemas.messages.ceb.judging import list_of


@dataclass(frozen=True, slots=True)
class Label:
    """How one value is called. ``code_list`` names the list its codes come from; empty when it holds no code."""

    name: str
    label_zh: str
    label_en: str
    code_list: str

    def text(self, locale: Locale) -> str:
        return self.label_zh if locale == "zh" else self.label_en


@dataclass(frozen=True, slots=True)
class MessageLabels:
    """The labels of a document's head and of its lines, by domain name, in official order."""

    head: Mapping[str, Label]
    line: Mapping[str, Label]


@cache
def labels(message_type: str) -> MessageLabels:
    """Return the labels of a message type. Raises ``KeyError``."""
    message = definition(message_type)
    head = {field.name: _label(field) for field in message.head.fields}
    return MessageLabels(head, {field.name: _label(field) for field in message.lines()})


def _label(field: Field) -> Label:
    codes = list_of(field)
    return Label(field.name, field.label_zh, field.label_en, codes.name if codes else "")
