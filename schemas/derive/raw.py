"""Official messages as people look at them: indented, in lines; and one document alone, out of a message of many."""

from lxml import etree

from schemas.messages.ceb.definition import NAMESPACE
from schemas.messages.parsing import MalformedMessage, parse

_GUID = f"{{{NAMESPACE}}}guid"


def readable(body: bytes) -> str:
    """Return a message indented; one that cannot be parsed as it is, with what is not UTF-8 replaced."""
    try:
        root = parse(body)
    except MalformedMessage:
        return body.decode("utf-8", "replace")
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def document_alone(body: bytes, guid: str) -> bytes:
    """Cut the document with this guid out of a message. Raises ``KeyError`` when the message does not hold it."""
    root = parse(body)
    for node in root:
        heads = [node, *node] if isinstance(node.tag, str) else []
        if any(head.findtext(_GUID) == guid for head in heads):
            node.tail = None
            return etree.tostring(node, encoding="utf-8")
    raise KeyError(guid)
