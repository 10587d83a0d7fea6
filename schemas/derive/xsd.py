"""The XML schema file of a message, derived from its definition. Mock counterparties judge by it, never by our encoder."""

from collections.abc import Sequence
from functools import cache

from lxml import etree

from schemas.messages.ceb.definition import (
    MAX_SUBSCRIBES,
    NAMESPACE,
    SIGNATURE_NAMESPACE,
    Field,
    MessageDefinition,
    Node,
    definition,
)
from schemas.messages.dxp.shape import ENVELOPE_TYPES, Branch, Leaf, shape
from schemas.messages.dxp.shape import NAMESPACE as DXP_NAMESPACE

_XS = "http://www.w3.org/2001/XMLSchema"
_BASES = {
    "text": "xs:string",
    "decimal": "xs:decimal",
    "integer": "xs:integer",
    "dateTime": "xs:dateTime",
    "date": "xs:date",
    "base64": "xs:base64Binary",
}
_Element = etree._Element


def xsd(message_type: str) -> str:
    """Return the schema of a CEB message or a DXP envelope as text. Raises ``KeyError`` for an unknown type."""
    if message_type in ENVELOPE_TYPES:
        schema = _schema(DXP_NAMESPACE)
        _branch(schema, shape(message_type), top=True)
    else:
        message = definition(message_type)
        schema = _schema(NAMESPACE)
        _message(schema, message)
    return etree.tostring(schema, encoding="unicode", pretty_print=True)


@cache
def compiled(message_type: str) -> etree.XMLSchema:
    """Return the schema ready to validate with."""
    return etree.XMLSchema(etree.fromstring(xsd(message_type)))


def _schema(namespace: str) -> _Element:
    nsmap = {"xs": _XS, "target": namespace}
    schema = etree.Element(_name("schema"), nsmap=nsmap)
    schema.set("targetNamespace", namespace)
    schema.set("elementFormDefault", "qualified")
    return schema


def _name(tag: str) -> str:
    return f"{{{_XS}}}{tag}"


def _add(parent: _Element, tag: str, **attributes: str) -> _Element:
    return etree.SubElement(parent, _name(tag), dict(attributes))


def _message(schema: _Element, message: MessageDefinition) -> None:
    root = _add(schema, "element", name=message.type)
    _document(root, f"{message.label_zh} {message.label_en} ({message.edition})")
    holder = _add(root, "complexType")
    children = _add(holder, "sequence")
    _business_node(children, message)
    for node, high in ((message.transfer, 1), (message.subscribe, MAX_SUBSCRIBES)):
        if node:
            _node(children, node, 1 if node is message.transfer else 0, high)
    if message.signature and message.signature_before_extend:
        _signature(children, message)
    if message.extend:
        _node(children, message.extend, 0, 1)
    if message.signature and not message.signature_before_extend:
        _signature(children, message)
    _attributes(holder, message.root.fields)


def _business_node(children: _Element, message: MessageDefinition) -> None:
    if message.flat:
        _node(children, message.head, 1, message.max_documents)
        return
    business = _add(children, "element", name=message.business_node, **_occurs(1, message.max_documents))
    parts = _add(_add(business, "complexType"), "sequence")
    _node(parts, message.head, 1, 1)
    if message.lines_node:
        _node(parts, message.lines_node, message.min_lines, message.max_lines)


def _node(parent: _Element, node: Node, low: int, high: int | None) -> None:
    element = _add(parent, "element", name=node.element, **_occurs(low, high))
    sequence = _add(_add(element, "complexType"), "sequence")
    for field in node.written:
        leaf = _add(sequence, "element", name=field.element, **_occurs(field.occurs or 0, 1))
        _document(leaf, f"{field.label_zh} {field.label_en}")
        _simple_type(leaf, field)


def _occurs(low: int, high: int | None) -> dict[str, str]:
    return {"minOccurs": str(low), "maxOccurs": "unbounded" if high is None else str(high)}


def _document(parent: _Element, text: str) -> None:
    _add(_add(parent, "annotation"), "documentation").text = text


def _simple_type(parent: _Element, field: Field) -> _Element:
    limits = _add(_add(parent, "simpleType"), "restriction", base=_BASES[field.kind])
    if field.max_length is not None and field.min_length == field.max_length:
        _add(limits, "length", value=str(field.max_length))
    else:
        if field.min_length:
            _add(limits, "minLength", value=str(field.min_length))
        if field.max_length is not None:
            _add(limits, "maxLength", value=str(field.max_length))
    if field.digits is not None:
        _add(limits, "totalDigits", value=str(field.digits))
    if field.decimals is not None:
        _add(limits, "fractionDigits", value=str(field.decimals))
    return limits


def _signature(parent: _Element, message: MessageDefinition) -> None:
    low = 1 if message.signature == "mandatory" else 0
    _add(parent, "any", namespace=SIGNATURE_NAMESPACE, processContents="lax", **_occurs(low, 1))


def _attributes(holder: _Element, fields: Sequence[Field]) -> None:
    for field in fields:
        attribute = _add(holder, "attribute", name=field.element, use="required" if field.mandatory else "optional")
        _simple_type(attribute, field)


def _branch(parent: _Element, branch: Branch, *, top: bool = False) -> None:
    element = _add(parent, "element", name=branch.element, **({} if top else _occurs(branch.low, branch.high)))
    holder = _add(element, "complexType")
    sequence = _add(holder, "sequence")
    for child in branch.children:
        if isinstance(child, Branch):
            _branch(sequence, child)
        else:
            _leaf(sequence, child)
    _attributes(holder, branch.attributes)


def _leaf(sequence: _Element, leaf: Leaf) -> None:
    field = leaf.field
    if field.element == "Signature":
        _add(sequence, "any", namespace=SIGNATURE_NAMESPACE, processContents="lax", **_occurs(leaf.low, leaf.high))
        return
    element = _add(sequence, "element", name=field.element, **_occurs(leaf.low, leaf.high))
    _document(element, f"{field.label_zh} {field.label_en}")
    if field.kind == "node" and not leaf.attributes:
        return
    if not leaf.attributes:
        _simple_type(element, field)
        return
    content = _add(_add(element, "complexType"), "simpleContent")
    extension = _add(content, "extension", base=_named_text(sequence, field))
    for name, longest in leaf.attributes:
        attribute = _add(extension, "attribute", name=name, use="required")
        _add(_add(_add(attribute, "simpleType"), "restriction", base="xs:string"), "maxLength", value=str(longest))


def _named_text(inside: _Element, field: Field) -> str:
    """A named type for the text of an element with attributes, which cannot state its lengths in place."""
    if field.kind == "node":
        return "xs:string"
    schema = inside.getroottree().getroot()
    named = _add(schema, "simpleType", name=f"{field.element}Text")
    named.append(_simple_type(etree.Element(_name("holder")), field))
    return f"target:{field.element}Text"
