"""What surrounds the documents of a message: root attributes, transfer, subscriptions, extension, signature."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from ccezone.kernel.errors import Fault
from schemas.messages.ceb.definition import (
    MAX_SUBSCRIBES,
    NAMESPACE,
    SIGNATURE_NAMESPACE,
    SIGNATURE_TAG,
    MessageDefinition,
    Part,
)
from schemas.messages.ceb.marshal import load, schema
from schemas.messages.ceb.reading import gather
from schemas.messages.parsing import MalformedMessage, line_of

_SCHEMA_HINTS = "{http://www.w3.org/2001/XMLSchema-instance}"
_DS = f"{{{SIGNATURE_NAMESPACE}}}"
_SIGNED_PARTS = (
    "SignedInfo",
    "SignedInfo/CanonicalizationMethod",
    "SignedInfo/SignatureMethod",
    "SignedInfo/Reference",
    "SignedInfo/Reference/DigestMethod",
    "SignedInfo/Reference/DigestValue",
    "SignatureValue",
)


@dataclass(slots=True)
class Envelope:
    """The envelope in domain names. ``signature`` is the signature node as it came, empty when unsigned."""

    type: str
    guid: str
    version: str = "1.0"
    transfer: dict[str, str] = field(default_factory=dict)
    subscribes: list[dict[str, str]] = field(default_factory=list)
    extend: dict[str, str] = field(default_factory=dict)
    signature: bytes = b""

    @property
    def signed(self) -> bool:
        return bool(self.signature)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in the official order of the root's children."""

    tag: str
    part: Part | None
    low: int
    high: int | None


def slots(message: MessageDefinition) -> Sequence[_Slot]:
    """Return the root's children in official order, with how often each may occur."""
    found = [_Slot(f"{{{NAMESPACE}}}{message.business_node}", "head", 1, message.max_documents)]
    if message.transfer:
        found.append(_Slot(f"{{{NAMESPACE}}}{message.transfer.element}", "transfer", 1, 1))
    if message.subscribe:
        found.append(_Slot(f"{{{NAMESPACE}}}{message.subscribe.element}", "subscribe", 0, MAX_SUBSCRIBES))
    tail = []
    if message.extend:
        tail.append(_Slot(f"{{{NAMESPACE}}}{message.extend.element}", "extend", 0, 1))
    if message.signature:
        low = 1 if message.signature == "mandatory" else 0
        tail.insert(0 if message.signature_before_extend else 1, _Slot(SIGNATURE_TAG, None, low, 1))
    return (*found, *tail)


def read(
    message: MessageDefinition, root: etree._Element, *, strict: bool, unsigned: bool = False
) -> tuple[Envelope, Sequence[etree._Element]]:
    """Read the envelope and return it with the business nodes.

    ``unsigned`` permits a mandatory signature to be absent (a message on its way to the signer).
    Raises ``MalformedMessage`` with everything that is wrong around the documents.
    """
    places, found = _place(message, root, unsigned)
    values: dict[Part, list[dict[str, str]]] = {"transfer": [], "subscribe": [], "extend": []}
    documents: Sequence[etree._Element] = ()
    signature = b""
    for slot, nodes in places:
        if slot.part == "head":
            documents = nodes
        elif slot.part is None:
            for node in nodes:
                found += _signature_faults(node)
                signature = etree.tostring(node, with_tail=False)
        else:
            for node in nodes:
                texts, faults = _texts(message, slot.part, node, strict)
                values[slot.part].append(texts)
                found += faults
    head, faults = _root_attributes(message, root, strict)
    found += faults
    if found:
        raise MalformedMessage(*sorted(found, key=lambda pair: pair[0]))
    envelope = Envelope(
        message.type,
        head["guid"],
        head["version"],
        next(iter(values["transfer"]), {}),
        values["subscribe"],
        next(iter(values["extend"]), {}),
        signature,
    )
    return envelope, documents


def _place(
    message: MessageDefinition, root: etree._Element, unsigned: bool
) -> tuple[list[tuple[_Slot, list[etree._Element]]], list[tuple[int, Fault]]]:
    """Sort the root's children into their slots; whatever has no place there is a fault."""
    order = slots(message)
    index = {slot.tag: place for place, slot in enumerate(order)}
    places: list[list[etree._Element]] = [[] for _ in order]
    found: list[tuple[int, Fault]] = []
    reached = 0
    for child in root:
        place = index.get(child.tag, -1)
        fault = _misplaced(child, place, reached, order, places)
        if fault is not None and fault not in (known for _, known in found):
            found.append((line_of(child), fault))
        if place >= 0:
            reached = max(reached, place)
            places[place].append(child)
    sorted_places = list(zip(order, places, strict=True))
    found += _lacking(root, sorted_places, unsigned)
    return sorted_places, found


def _misplaced(
    child: etree._Element, place: int, reached: int, order: Sequence[_Slot], places: Sequence[Sequence[etree._Element]]
) -> Fault | None:
    high = order[place].high
    if place == reached and (high is None or len(places[place]) < high):
        return None
    name = etree.QName(child).localname
    if place < 0:
        return Fault(f"/{name}", "unknown_element", {"element": name})
    if high is not None and len(places[place]) >= high:
        return _overflow(order[place], name)
    return Fault(f"/{name}", "wrong_order", {"element": name}) if place < reached else None


def _overflow(slot: _Slot, name: str) -> Fault:
    if slot.part == "head":
        return Fault(f"/{name}", "too_many_documents", {"max": str(slot.high)})
    return Fault(f"/{name}", "repeated_element", {"element": name})


def _lacking(
    root: etree._Element, places: Sequence[tuple[_Slot, Sequence[etree._Element]]], unsigned: bool
) -> Iterator[tuple[int, Fault]]:
    for slot, nodes in places:
        if len(nodes) >= slot.low or (slot.part is None and unsigned):
            continue
        name = etree.QName(slot.tag).localname
        code = "signature_required" if slot.part is None else "no_documents" if slot.part == "head" else "required"
        yield line_of(root), Fault(f"/{name}", code)


def _texts(
    message: MessageDefinition, part: Part, node: etree._Element, strict: bool
) -> tuple[dict[str, str], list[tuple[int, Fault]]]:
    described = message.node(part)
    if described is None:
        raise LookupError(part)
    pointer = f"/{described.element}"
    gathered = gather(node, described, pointer)
    values, faults = load(schema(message.type, part, strict=strict), gathered.raw, pointer)
    located = [(gathered.line_of(fault.pointer), fault) for fault in faults]
    return {name: str(value) for name, value in values.items()}, gathered.found + located


def _root_attributes(
    message: MessageDefinition, root: etree._Element, strict: bool
) -> tuple[dict[str, str], list[tuple[int, Fault]]]:
    line = line_of(root)
    own = {str(name): str(value) for name, value in root.attrib.items() if not str(name).startswith(_SCHEMA_HINTS)}
    known = {name: value for name, value in own.items() if name in message.root.by_element}
    values, faults = load(schema(message.type, "root", strict=strict), known, "")
    if len(known) < len(own):
        faults.append(Fault("", "unexpected_attribute", {"element": message.type}))
    if root.text and root.text.strip():
        faults.append(Fault("", "unexpected_text", {"element": message.type}))
    return {name: str(value) for name, value in values.items()}, [(line, fault) for fault in faults]


def _signature_faults(node: etree._Element) -> Iterator[tuple[int, Fault]]:
    for path in _SIGNED_PARTS:
        if node.find("/".join(_DS + step for step in path.split("/"))) is None:
            yield line_of(node), Fault("/Signature", "bad_signature_node", {"element": path.rsplit("/")[-1]})
            return
