"""From bytes to documents: the hardened parser, the schema file's verdict, and the values the checks look at."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from lxml import etree

from integrations.mockservers.single_window.cutting import Contents, cut
from integrations.mockservers.single_window.layout import LAYOUTS, Layout
from integrations.mockservers.single_window.records import Document, Values
from schemas.derive.xsd import compiled
from schemas.messages.ceb.definition import NAMESPACE

UNKNOWN = "Unknown"
_MAX_TEXT = 400


class Unreadable(Exception):
    """The message fails the schema; ``message_type`` is what it said it was."""

    def __init__(self, message_type: str, text: str) -> None:
        super().__init__(text)
        self.message_type = message_type
        self.text = text


@dataclass(slots=True)
class Incoming:
    """A message that passed the schema. ``transmitter`` is ``BaseTransfer``'s enterprise code.

    ``root`` holds all of the message, or all but the documents after the first.
    """

    layout: Layout
    transmitter: str
    documents: list[Document]
    root: etree._Element


def read(body: bytes) -> Incoming:
    """Parse, judge and take apart one business message. Raises ``Unreadable``."""
    short = cut(body)
    if short is not None:
        with suppress(Unreadable):  # the long way says what is wrong, and where
            root, layout = _judged(short.rest)
            if len(root.findall(f"{{{NAMESPACE}}}{layout.definition.business_node}")) == 1:  # none hides behind the others
                return _incoming(root, layout, short.contents)
    root, layout = _judged(body)
    return _incoming(root, layout, _walked(root, layout))


def _incoming(root: etree._Element, layout: Layout, contents: Contents) -> Incoming:
    documents = [Document.of(layout, head, lines) for head, lines in contents]
    return Incoming(layout, root.findtext(_TRANSMITTER) or "", documents, root)


def _judged(xml: bytes) -> tuple[etree._Element, Layout]:
    root = _parse(xml)
    name = etree.QName(root)
    layout = LAYOUTS.get(name.localname)
    if layout is None or name.namespace != NAMESPACE:
        raise Unreadable(name.localname[:15], f"不支持的报文类型[{name.localname}]")
    try:
        compiled(layout.message_type).assertValid(root)
    except etree.DocumentInvalid as error:
        raise Unreadable(layout.message_type, str(error).replace(f"{{{NAMESPACE}}}", "")[:_MAX_TEXT]) from error
    return root, layout


_TRANSMITTER = f"{{{NAMESPACE}}}BaseTransfer/{{{NAMESPACE}}}copCode"


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(UNKNOWN, f"报文不是合法的XML[{error.msg}]"[:_MAX_TEXT]) from error
    if getattr(root.getroottree().docinfo, "doctype", ""):  # the type stubs do not know the attribute
        raise Unreadable(UNKNOWN, "报文不得含有文档类型声明")
    return root


@cache
def _names(layout: Layout) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return the tags to stop at, and what they are called here."""
    wanted = {field.element: field.name for field in layout.definition.fields() if field.name in layout.head}
    wanted |= {field.element: field.name for field in layout.definition.lines() if field.name in layout.lines}
    names = {f"{{{NAMESPACE}}}{element}": name for element, name in wanted.items()}
    return tuple(names), names


def _walked(root: etree._Element, layout: Layout) -> Contents:
    tags, names = _names(layout)
    blank_head, blank_line = layout.blank_head, layout.blank_line
    found: Contents = []
    target: Values = {}
    for element in root.iter(*tags):
        name = names[element.tag]
        if name == "guid":  # the schema puts it first in every document
            target = blank_head.copy()
            found.append((target, []))
        elif layout.lines and name == layout.lines[0]:  # and the first of these in every line
            target = blank_line.copy()
            found[-1][1].append(target)
        if name in target:  # a line may have elements that are read in the head alone
            target[name] = element.text or ""
    return found
