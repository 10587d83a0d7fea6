"""Customs messages to domain values and back. Decoding is hardened; encoding writes the official element order.

``decode`` refuses a message as a whole only when it cannot be used at all; otherwise every document stands for itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from ccezone.kernel.errors import Fault
from schemas.messages.ceb.definition import MESSAGE_TYPES, NAMESPACE, MessageDefinition, definition
from schemas.messages.ceb.dumping import Unencodable, encode_document, encode_part, escape_attribute
from schemas.messages.ceb.envelope import Envelope, read
from schemas.messages.ceb.loading import loader
from schemas.messages.ceb.plain import take
from schemas.messages.ceb.reading import explain
from schemas.messages.parsing import DEFAULT_LIMIT, MalformedMessage, line_of, parse, refuse

__all__ = [
    "DecodedDocument",
    "DecodedMessage",
    "Envelope",
    "MalformedMessage",
    "Unencodable",
    "decode",
    "encode",
    "encode_document",
    "wrap",
]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(slots=True)
class DecodedDocument:
    """One document of a message.

    ``position`` counts from 0, ``line_number`` is its source line. ``values`` has domain names (``lines`` is a list of such
    dicts; absent optional elements have no key) and is ``None`` when there are ``faults``; ``fault_lines`` runs beside
    ``faults``. ``raw`` holds the head's texts by wire element, for faulty documents only.
    """

    position: int
    line_number: int
    values: dict[str, object] | None
    raw: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    fault_lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class DecodedMessage:
    """A message that could be read: its envelope and its documents, good and faulty, in order.

    ``root`` is its tree, perhaps with an empty document in the place of all: that is enough to judge a signature by.
    """

    envelope: Envelope
    documents: list[DecodedDocument]
    root: etree._Element = field(compare=False, repr=False)


def decode(data: bytes, *, strict: bool = True, limit: int = DEFAULT_LIMIT, unsigned: bool = False) -> DecodedMessage:
    """Decode a message of at most ``limit`` bytes.

    ``strict`` adds the intake level: mandatory text that is empty, unknown codes, unreal times. Leave it off for the
    counterparty's receipts. ``unsigned`` permits a missing mandatory signature. Raises ``MalformedMessage``.
    """
    return _plainly(data, strict, limit, unsigned) or decode_thoroughly(data, strict=strict, limit=limit, unsigned=unsigned)


def _plainly(data: bytes, strict: bool, limit: int, unsigned: bool) -> DecodedMessage | None:
    """Take the short way, or say with ``None`` that the message must be read thoroughly."""
    taken = take(data, strict=strict) if len(data) <= limit else None
    if taken is None:
        return None
    skeleton, documents = taken
    try:
        root = parse(skeleton)
        envelope, nodes = read(message_of(root), root, strict=strict, unsigned=unsigned)
    except MalformedMessage:
        return None
    if len(nodes) > 1:  # one more is written in another way
        return None
    found = [DecodedDocument(position, line, values) for position, (line, values) in enumerate(documents)]
    return DecodedMessage(envelope, found, root)


def decode_thoroughly(data: bytes, *, strict: bool = True, limit: int = DEFAULT_LIMIT, unsigned: bool = False) -> DecodedMessage:
    """Decode by way of the tree, which finds every error. Raises ``MalformedMessage``."""
    root = parse(data, limit)
    message = message_of(root)
    envelope, nodes = read(message, root, strict=strict, unsigned=unsigned)
    load = loader(message.type, strict=strict)
    plain = not oddities(message.flat)(root)
    documents = []
    for position, node in enumerate(nodes):
        values = load(node) if plain else None
        if values is None:
            documents.append(_thorough(message, node, position, strict))
        else:
            documents.append(DecodedDocument(position, line_of(node), values))
    return DecodedMessage(envelope, documents, root)


def document_of(message: MessageDefinition, node: etree._Element) -> dict[str, object]:
    """Decode one business node that passed intake before. Raises ``MalformedMessage`` when it does not now."""
    values = loader(message.type, strict=False)(node)
    if values is None:
        explained = explain(message, node, strict=False)
        if explained.values is None:
            raise MalformedMessage(*explained.found)
        values = explained.values
    return values


def message_of(root: etree._Element) -> MessageDefinition:
    """Return the definition the root element names. Raises ``MalformedMessage``: ``wrong_namespace``, ``wrong_root``."""
    name = etree.QName(root)
    if name.namespace != NAMESPACE:
        raise refuse("wrong_namespace", line_of(root), namespace=name.namespace or "", expected=NAMESPACE)
    if name.localname not in MESSAGE_TYPES:
        raise refuse("wrong_root", line_of(root), element=name.localname)
    return definition(name.localname)


def _thorough(message: MessageDefinition, node: etree._Element, position: int, strict: bool) -> DecodedDocument:
    explained = explain(message, node, strict=strict)
    return DecodedDocument(
        position,
        line_of(node),
        explained.values,
        explained.raw,
        [fault for _, fault in explained.found],
        [line for line, _ in explained.found],
    )


@cache
def oddities(flat: bool) -> etree.XPath:
    """What the compiled loaders do not look for: attributes and stray text in documents, elements inside leaves.

    One pass over the whole message in C; when it finds anything, all documents are read thoroughly.
    """
    body = "/*/*[not(self::ds:Signature)]"
    stray = "text()[normalize-space()]"
    container = f"{body}/{stray}" if flat else f"{body}/{stray} | {body}/*[*]/{stray}"
    nested = f"{body}/*/*" if flat else f"{body}/*/*/*"
    attributes = f"{body}/@* | {body}/*/@* | {body}/*/*/@*"
    return etree.XPath(f"boolean({container} | {nested} | {attributes})", namespaces={"ds": "http://www.w3.org/2000/09/xmldsig#"})


def encode(message_type: str, documents: Sequence[Mapping[str, object]], envelope: Envelope) -> bytes:
    """Write a message without signing it. Raises ``Unencodable`` when a value does not fit the official schema."""
    return wrap(message_type, [encode_document(message_type, document) for document in documents], envelope)


def wrap(message_type: str, fragments: Sequence[bytes], envelope: Envelope, *, bounded: bool = True) -> bytes:
    """Put an envelope around encoded documents: the same bytes that ``encode`` gives for their values.

    Unbounded, it takes any number of documents: for keeping what was taken in, never for sending.

    Raises ``Unencodable`` when there are more documents than a message may hold, or the envelope does not fit.
    """
    message = definition(message_type)
    most = message.max_documents if bounded else None
    if (bounded and not fragments) or (most is not None and len(fragments) > most):
        code = "too_many_documents" if fragments else "no_documents"
        raise Unencodable(Fault(f"/{message.business_node}", code, {"max": str(message.max_documents)}))
    root = f"ceb:{message_type}"
    opening = (
        f'{_DECLARATION}<{root} xmlns:ceb="{NAMESPACE}" '
        f'guid="{escape_attribute(envelope.guid)}" version="{escape_attribute(envelope.version)}">\n'
    )
    parts = [opening.encode(), b"\n".join(fragments), b"\n"]
    if message.transfer:
        parts.append(encode_part(message_type, "transfer", envelope.transfer))
    parts += [encode_part(message_type, "subscribe", each) for each in envelope.subscribes]
    tail = [encode_part(message_type, "extend", envelope.extend)] if envelope.extend else []
    if envelope.signature:
        tail.insert(0 if message.signature_before_extend else len(tail), envelope.signature + b"\n")
    return b"".join((*parts, *tail, f"</{root}>\n".encode()))
