"""Receipts: one fragment per answer, cut from a template made of the receipt's definition, packed by hundreds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeAlias
from uuid import UUID
from xml.sax.saxutils import escape

from ccezone.kernel.clock import wire_time_ms
from ccezone.kernel.ids import uuidv7
from integrations.mockservers.single_window.layout import Layout
from integrations.mockservers.single_window.records import Record
from integrations.mockservers.single_window.texts import status_text
from schemas.messages.ceb.definition import NAMESPACE, MessageDefinition, definition

PACK = 100
_NOTHING = "无"  # what official samples put where a value is owed and there is none
_MOVING = ("return_status", "return_time", "return_info")
_NEGATIVE_FORMAT = "-999999"  # the simulator's code for a failed schema check


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message for somebody's mailbox."""

    receiver: str
    message_type: str
    guid: UUID
    documents: int
    body: bytes


def opening(record: Record) -> bytes:
    """Return what all receipts of one submission begin with: its keys."""
    template = _template(record.layout)
    return (template.start % _values(record, template.slots)).encode()


def around(layout: Layout, code: int, time: str) -> tuple[bytes, bytes]:
    """Return what stands between a receipt's opening and its words, and what ends it."""
    template = _template(layout)
    if template.info_first:
        before, after = f"{code}{template.middle}", f"{template.last}{time}{template.end}"
    else:
        before, after = f"{code}{template.middle}{time}{template.last}", template.end
    return before.encode(), after.encode()


def message(message_type: str, fragments: Sequence[bytes]) -> tuple[UUID, bytes]:
    """Wrap fragments into a message of that type with a new guid."""
    guid = uuidv7()
    head = f'<ceb:{message_type} xmlns:ceb="{NAMESPACE}" guid="{str(guid).upper()}" version="1.0">'
    return guid, b"".join((head.encode(), *fragments, f"</ceb:{message_type}>".encode()))


def parcels(answers: Mapping[tuple[str, str], Sequence[bytes]]) -> Iterator[Parcel]:
    """Pack fragments, grouped by (receiver, type), up to a hundred a message."""
    for (receiver, message_type), fragments in answers.items():
        for start in range(0, len(fragments), PACK):
            part = fragments[start : start + PACK]
            guid, body = message(message_type, part)
            yield Parcel(receiver, message_type, guid, len(part), body)


def format_complaint(cop_msg_id: str, message_type: str, body: bytes, text: str, now: datetime) -> bytes:
    """Return the CEB900 answer to a message that fails the schema, with the message in it."""
    content = {
        "guid": str(uuidv7()).upper(),
        "return_status": _NEGATIVE_FORMAT,
        "return_info": text,
        "return_time": wire_time_ms(now),
        "ori_cop_msg_id": cop_msg_id,
        "ori_message_type": message_type,
        "ori_biz_message": _readable(body),
    }
    return node(definition("CEB900Message"), content)


def node(of: MessageDefinition, values: Mapping[str, str], lines: Sequence[Mapping[str, str]] = ()) -> bytes:
    """Write one document of a downstream message: the values there are, in official order."""
    known = (field for field in of.fields() if field.occurs is not None)  # the others are not in the schema file
    head = _elements(tuple((field.element, values.get(field.name, "")) for field in known))
    if of.flat:
        return f"<ceb:{of.business_node}>{head}</ceb:{of.business_node}>".encode()
    name = of.lines_node.element if of.lines_node else ""
    rows = (_elements(tuple((field.element, line.get(field.name, "")) for field in of.lines())) for line in lines)
    inner = "".join(f"<ceb:{name}>{row}</ceb:{name}>" for row in rows)
    whole = f"<ceb:{of.business_node}><ceb:{of.head.element}>{head}</ceb:{of.head.element}>{inner}</ceb:{of.business_node}>"
    return whole.encode()


def spoken(text: str) -> bytes:
    """Write a receipt's words."""
    return _printable(text).encode()


@cache
def official(code: int) -> bytes:
    """Write what customs says with a status when there is nothing more to say."""
    return spoken(status_text(code))


def _printable(text: str) -> str:
    """Escape text for XML, where there is anything to escape."""
    return escape(text) if "&" in text or "<" in text or ">" in text else text


def _elements(pairs: Sequence[tuple[str, str]]) -> str:
    return "".join(f"<ceb:{name}>{escape(value)}</ceb:{name}>" for name, value in pairs if value)


def _readable(body: bytes) -> str:
    """Return the text of a message, without what XML cannot carry."""
    text = body.decode("utf-8", "replace")
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r") or _NOTHING


_Slot: TypeAlias = tuple[str, bool, str, str]  # a value's name, whether it is owed, its tags


@dataclass(frozen=True, slots=True)
class _Template:
    slots: tuple[_Slot, ...]
    start: str
    middle: str
    last: str
    end: str
    info_first: bool


@cache
def _template(layout: Layout) -> _Template:
    answer = layout.answer
    elements = {field.name: field.element for field in answer.fields()}
    order = [field.name for field in answer.fields() if field.name in _MOVING]
    first, second, third = (elements[name] for name in order)
    if order[0] != "return_status":
        raise LookupError(f"{answer.type}: the receipt's status does not come first")
    fixed = [field for field in answer.fields() if field.name not in _MOVING]
    blanks = "".join("%s" for _ in fixed)
    return _Template(
        slots=tuple((field.name, field.mandatory, f"<ceb:{field.element}>", f"</ceb:{field.element}>") for field in fixed),
        start=f"<ceb:{answer.business_node}>{blanks}<ceb:{first}>",
        middle=f"</ceb:{first}><ceb:{second}>",
        last=f"</ceb:{second}><ceb:{third}>",
        end=f"</ceb:{third}></ceb:{answer.business_node}>",
        info_first=order[1] == "return_info",
    )


def _values(record: Record, slots: Sequence[_Slot]) -> tuple[str, ...]:
    head = record.head
    values = []
    for name, mandatory, start, end in slots:
        if name == "eport_no":
            value = record.eport_no
        elif name == "list_no":
            value = record.list_no
        elif name == "sum_no":
            value = record.sum_no
        else:
            value = head.get(name, "") or (_NOTHING if mandatory else "")
        values.append(f"{start}{_printable(value)}{end}" if value else "")
    return tuple(values)
