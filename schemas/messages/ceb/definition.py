"""The customs e-commerce messages (edition 202205) as data: ``messages.csv`` and ``fields.csv`` are the definition.

Everything else — marshmallow schemas, compiled codec, schema file, forms, data-standard page — is made from them.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from io import StringIO
from typing import Literal

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
SIGNATURE_TAG = f"{{{SIGNATURE_NAMESPACE}}}Signature"
MAX_SUBSCRIBES = 5

Kind = Literal["text", "decimal", "integer", "dateTime", "date", "base64", "node"]
Part = Literal["head", "list", "transfer", "subscribe", "extend", "root"]
_KINDS: dict[str, Kind] = {
    "string": "text",
    "ID": "text",
    "decimal": "decimal",
    "integer": "integer",
    "dateTime": "dateTime",
    "date": "date",
    "base64Binary": "base64",
    "node": "node",
}


@dataclass(frozen=True)
class Field:
    """One element. ``occurs`` is the schema's minimum (``None``: seen in practice, absent from the schema file).

    ``spoken_for`` says that only the specification's text demands it: intake refuses what the schema lets pass.
    """

    element: str
    name: str
    label_zh: str
    label_en: str
    kind: Kind
    min_length: int
    max_length: int | None
    digits: int | None
    decimals: int | None
    occurs: int | None
    required: str
    spoken_for: bool
    code_list: str
    time_format: str
    note: str
    source: str
    edition: str

    @property
    def mandatory(self) -> bool:
        """Whether the schema file demands the element."""
        return self.occurs == 1


@dataclass(frozen=True)
class Node:
    """A node of the message and the elements in it, in official order."""

    element: str
    fields: Sequence[Field]

    @cached_property
    def written(self) -> Sequence[Field]:
        """The elements of the schema file; those only seen in practice are read, and never written."""
        return tuple(field for field in self.fields if field.occurs is not None)

    @cached_property
    def by_element(self) -> dict[str, Field]:
        return {field.element: field for field in self.fields}


@dataclass(frozen=True)
class MessageDefinition:
    """One official message. In flat documents ``head`` is the business node itself; ``lines_node`` may be ``None``."""

    type: str
    flow: Literal["E", "I", "EI"]
    direction: Literal["up", "down"]
    label_zh: str
    label_en: str
    sender: str
    business_node: str
    head: Node
    lines_node: Node | None
    min_lines: int
    max_lines: int | None
    max_documents: int | None
    answered_by: str
    signature: Literal["mandatory", "optional"] | None
    transfer: Node | None
    subscribe: Node | None
    extend: Node | None
    root: Node
    source: str
    edition: str

    @property
    def flat(self) -> bool:
        """Whether the elements stand directly in the business node."""
        return self.head.element == self.business_node

    @property
    def signature_before_extend(self) -> bool:
        """Export puts the signature before ``ExtendMessage``, import after it."""
        return self.flow != "I"

    def node(self, part: Part) -> Node | None:
        return {
            "head": self.head,
            "list": self.lines_node,
            "transfer": self.transfer,
            "subscribe": self.subscribe,
            "extend": self.extend,
            "root": self.root,
        }[part]

    def fields(self) -> Sequence[Field]:
        return self.head.fields

    def lines(self) -> Sequence[Field]:
        return self.lines_node.fields if self.lines_node else ()


def read_rows(table: str) -> list[dict[str, str]]:
    """Read a definition table that lies beside this module."""
    text = (files(__package__ or "") / f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text, newline="")))


@cache
def field_rows() -> dict[tuple[str, str], list[dict[str, str]]]:
    """All rows of ``fields.csv`` by (message, group), in official order."""
    grouped: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in read_rows("fields"):
        grouped.setdefault((row["message"], row["group"]), []).append(row)
    return grouped


def make_field(row: dict[str, str]) -> Field:
    """Turn a row of ``fields.csv`` into a field."""
    kind = _KINDS[row["type"]]
    low, high = _lengths(row["length_rule"], row["max_length"]) if kind in ("text", "base64") else (0, None)
    numeric = row["length_rule"] == "total digits"
    occurs = int(row["xsd_min_occurs"]) if row["xsd_min_occurs"] else None
    demanded = row["required"] == "M" and row["spec_text_required"] != "O"
    return Field(
        element=row["element"].removeprefix("@"),
        name=row["name"],
        label_zh=row["label_zh"],
        label_en=row["label_en"],
        kind=kind,
        min_length=low,
        max_length=high,
        digits=int(row["max_length"]) if numeric else None,
        decimals=int(row["decimals"]) if row["decimals"] else None,
        occurs=occurs,
        required=row["required"],
        spoken_for=demanded and (occurs != 1 or (kind == "text" and low == 0)),
        code_list=row["code_list"],
        time_format=row["time_format"],
        note=row["note"],
        source=row["source"],
        edition=row["edition"],
    )


def _lengths(rule: str, maximum: str) -> tuple[int, int | None]:
    if rule == "exact":
        return int(maximum), int(maximum)
    if rule == "max":
        return 0, int(maximum)
    if ".." in rule:
        low, high = rule.split("..")
        return int(low), int(high)
    return 0, None


def _node(message: str, group: Part) -> Node | None:
    rows = field_rows().get((message, group))
    return Node(rows[0]["group_node"], tuple(make_field(row) for row in rows)) if rows else None


def _definition(row: dict[str, str]) -> MessageDefinition:
    message = row["message"]
    head, root = _node(message, "head"), _node(message, "root")
    if head is None or root is None:
        raise LookupError(f"{message} has no head or root rows")
    most = row["max_lines"]
    return MessageDefinition(
        type=message,
        flow="EI" if row["flow"] == "E/I" else "E" if row["flow"] == "E" else "I",
        direction="up" if row["direction"] == "up" else "down",
        label_zh=row["label_zh"],
        label_en=row["label_en"],
        sender=row["sender"],
        business_node=row["business_node"],
        head=head,
        lines_node=_node(message, "list"),
        min_lines=int(row["min_lines"] or 0),
        max_lines=int(most) if most.isdecimal() else None,
        max_documents=int(row["max_documents"]) if row["max_documents"].isdecimal() else None,
        answered_by=row["answered_by"],
        signature=_signature(row["signature"]),
        transfer=_node(message, "transfer"),
        subscribe=_node(message, "subscribe"),
        extend=_node(message, "extend"),
        root=root,
        source=row["source"],
        edition=row["edition"],
    )


def node_of(message: MessageDefinition, part: Part) -> Node:
    """Return a part that must be there. Raises ``LookupError``."""
    node = message.node(part)
    if node is None:
        raise LookupError(f"{message.type} has no {part}")
    return node


def _signature(text: str) -> Literal["mandatory", "optional"] | None:
    if text.startswith("mandatory"):
        return "mandatory"
    return "optional" if text else None


@cache
def _definitions() -> dict[str, MessageDefinition]:
    return {row["message"]: _definition(row) for row in read_rows("messages")}


def definition(message_type: str) -> MessageDefinition:
    """Return the definition of a message type such as ``CEB303Message``. Raises ``KeyError`` for another."""
    return _definitions()[message_type]


MESSAGE_TYPES: tuple[str, ...] = tuple(row["message"] for row in read_rows("messages"))
