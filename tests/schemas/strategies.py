"""Hypothesis strategies made from the message definitions: documents that fit the schema, and ways to spoil them."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import strategies as st
from lxml import etree

from schemas.messages.ceb.definition import NAMESPACE, Field, Node, definition

PREFIX = f"{{{NAMESPACE}}}"
_CHARACTERS = st.sampled_from("A9z 中华&<>\"'\r\n\t-_.甲😀")


def _text(field: Field) -> st.SearchStrategy[str]:
    high = field.max_length if field.max_length is not None else 20
    return st.text(_CHARACTERS, min_size=field.min_length, max_size=min(high, field.min_length + 12))


def _value(field: Field) -> st.SearchStrategy[object]:
    if field.kind == "decimal":
        whole = st.integers(-(10**14) + 1, 10**14 - 1)
        return st.builds(lambda digits, places: Decimal(digits).scaleb(-places), whole, st.integers(0, 5))
    if field.kind == "integer":
        most = 10 ** (field.digits or 9) - 1
        return st.integers(-most, most)
    return _text(field)


def node_values(node: Node) -> st.SearchStrategy[dict[str, object]]:
    mandatory = {field.name: _value(field) for field in node.written if field.mandatory}
    optional = {field.name: _value(field) for field in node.written if not field.mandatory}
    return st.fixed_dictionaries(mandatory, optional=optional)


def documents(message_type: str) -> st.SearchStrategy[dict[str, object]]:
    """Values of one document that fit the schema level."""
    message = definition(message_type)
    head = node_values(message.head)
    if message.lines_node is None:
        return head
    lines = st.lists(node_values(message.lines_node), min_size=message.min_lines, max_size=3)
    return st.builds(lambda values, rows: values | {"lines": rows}, head, lines)


Spoil = Callable[[etree._Element], None]
_ODD_TEXTS = ["", " ", "x", "1e5", "NaN", " 12 ", "+7", "-0", "007", ".5", "5.", "1.1234567", "9" * 21, "１２", "1_0", "长" * 1200]


@st.composite
def spoils(draw: st.DrawFn, leaves: int) -> Spoil:
    """One change to a document with that many leaves: a text, an element, an attribute, an order."""
    place = draw(st.integers(0, leaves - 1))
    kind = draw(st.sampled_from(["text", "drop", "double", "swap", "alien", "attribute", "nest", "stray", "comment"]))
    odd = draw(st.sampled_from(_ODD_TEXTS))

    def spoil(document: etree._Element) -> None:
        leaf = [node for node in document.iter() if len(node) == 0][place]
        parent = leaf.getparent()
        if parent is None:
            return
        if kind == "text":
            leaf.text = odd
        elif kind == "drop":
            parent.remove(leaf)
        elif kind == "double":
            leaf.addnext(_copy(leaf))
        elif kind == "swap":
            parent.insert(0, leaf)
        elif kind == "alien":
            etree.SubElement(parent, f"{PREFIX}alien").text = odd
        elif kind == "attribute":
            leaf.set("kind", odd)
        elif kind == "nest":
            etree.SubElement(leaf, f"{PREFIX}inner").text = "x"
        elif kind == "stray":
            leaf.tail = "stray"
        else:
            leaf.insert(0, etree.Comment("a comment is no content"))

    return spoil


def _copy(leaf: etree._Element) -> etree._Element:
    twin = etree.Element(leaf.tag)
    twin.text = leaf.text
    return twin
