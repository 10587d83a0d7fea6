"""Saying that a return is PDF/UA-1 (ISO 14289-1) beside PDF/A-3a: WeasyPrint writes the identifier of one standard only.

PDF/A (ISO 19005-3, 6.6.2.3) asks that a property of another schema is described in the file: the identifier comes with its schema.
"""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
UA = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA, _PROPERTY = "http://www.aiim.org/pdfa/ns/schema#", "http://www.aiim.org/pdfa/ns/property#"
_PREFIXES = {"pdfuaid": UA, "pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY}


def universal(metadata: Any) -> Any:
    """Return WeasyPrint's metadata, which names PDF/UA-1 as well: the same metadata gives the same bytes."""
    from weasyprint.pdf.metadata import DocumentMetadata

    class Universal(DocumentMetadata):  # type: ignore[misc]  # WeasyPrint has no types
        """Metadata with one more identifier."""

        def generate_rdf_metadata(self, *args: Any) -> bytes:
            """Return the RDF with the identifier and the description of its schema."""
            return identified(super().generate_rdf_metadata(*args))

    return Universal(**vars(metadata))


def identified(rdf: bytes) -> bytes:
    """Add the identifier of PDF/UA-1 to RDF, and the schema that describes it."""
    for prefix, name in _PREFIXES.items():
        register_namespace(prefix, name)
    root = fromstring(rdf)  # noqa: S314  # our own metadata
    named = SubElement(root, f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})
    named.set(f"{{{UA}}}part", "1")
    described = SubElement(root, f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})
    schema = _listed(SubElement(described, f"{{{_EXTENSION}}}schemas"), "Bag")
    for name, text in (("schema", "PDF/UA Universal Accessibility Schema"), ("namespaceURI", UA), ("prefix", "pdfuaid")):
        SubElement(schema, f"{{{_SCHEMA}}}{name}").text = text
    part = _listed(SubElement(schema, f"{{{_SCHEMA}}}property"), "Seq")
    told = {"name": "part", "valueType": "Integer", "category": "internal", "description": "Part of ISO 14289 it follows"}
    for name, text in told.items():
        SubElement(part, f"{{{_PROPERTY}}}{name}").text = text
    spelled: bytes = tostring(root, encoding="utf-8")
    return spelled


def _listed(parent: Element, kind: str) -> Element:
    """Put a list of one resource under an element; return the resource."""
    place = SubElement(SubElement(parent, f"{{{RDF}}}{kind}"), f"{{{RDF}}}li")
    place.set(f"{{{RDF}}}parseType", "Resource")
    return place
