"""A document as the single window remembers it, and the form it is stored in."""

from dataclasses import dataclass
from typing import TypeAlias

from ccezone.kernel.ids import key8
from integrations.mockservers.single_window.layout import LAYOUTS, Layout

Values: TypeAlias = dict[str, str]

# Separators that XML 1.0 cannot contain, so that stored values need no escaping.
_LINES, _LINE, _VALUE = "\x1c", "\x1e", "\x1f"


class Document:
    """One business document of a message: the values its layout names, and the digests it is found by."""

    __slots__ = ("_bill_keys", "head", "key", "layout", "lines", "order_key", "waybill_key")

    def __init__(self, layout: Layout, head: Values, lines: list[Values], key: int, order_key: int, waybill_key: int) -> None:
        self.layout = layout
        self.head = head
        self.lines = lines
        self.key = key
        self.order_key = order_key
        self.waybill_key = waybill_key
        self._bill_keys: tuple[int, int] | None = None

    @classmethod
    def of(cls, layout: Layout, head: Values, lines: list[Values]) -> "Document":
        """Digest the keys of a document that was read."""
        key = key8(layout.message_type, *layout.key_values(head))
        waybill = waybill_key(head["carrier_code"], head["waybill_no"]) if layout.names_waybill else 0
        return cls(layout, head, lines, key, order_key(head.get("order_no", "")), waybill)

    @property
    def bill_keys(self) -> tuple[int, int]:
        """The keys under which the order and the waybill of a list are found."""
        if self._bill_keys is None:
            order, waybill = _BILLS_OF_EXPORT if self.layout.number == 603 else _BILLS_OF_IMPORT
            self._bill_keys = _bill_key(order, self.head), _bill_key(waybill, self.head)
        return self._bill_keys


@dataclass(slots=True, eq=False)
class Record:
    """The latest accepted submission of a document.

    ``number`` is its serial number here, ``day`` the day it was taken in (``YYYYMMDD``): both make its official numbers.
    ``content`` is the document, or the facts it was stored as: many a record is fetched for its status alone.
    """

    layout: Layout
    key: int
    order_key: int
    waybill_key: int
    number: int
    day: str
    receiver: str
    content: Document | str
    status: int = 0
    stored: bool = False
    changed: bool = True

    @classmethod
    def of(cls, document: Document, number: int, day: str, receiver: str) -> "Record":
        """Take a document into the books."""
        return cls(document.layout, document.key, document.order_key, document.waybill_key, number, day, receiver, document)

    @property
    def document(self) -> Document:
        """The document itself."""
        if isinstance(self.content, str):
            self.content = unpack(self.layout, self.content, self.key, self.order_key, self.waybill_key)
        return self.content

    @property
    def head(self) -> Values:
        """The document's head."""
        return self.document.head

    @property
    def lines(self) -> list[Values]:
        """The document's lines."""
        return self.document.lines

    @property
    def eport_no(self) -> str:
        """The e-port's pre-entry number: B, the day, nine digits."""
        return f"B{self.day}{self.number:09d}"

    @property
    def list_no(self) -> str:
        """The declaration list's number: four digits of customs, year, I or E, nine digits."""
        if self.layout.role != "list":
            return self.head.get("list_no", "")
        flow = "E" if self.layout.number == 603 else "I"
        return f"{self.head['customs_code']}{self.day[:4]}{flow}{self.number:09d}"

    @property
    def sum_no(self) -> str:
        """The number of a summary declaration: S, the day, nine digits."""
        return f"S{self.day}{self.number:09d}"

    def facts(self) -> str:
        """Write the values down as one text, for ``unpack``; they stand in the order of the layout."""
        if isinstance(self.content, str):
            return self.content
        lines = [_VALUE.join(line.values()) for line in self.lines]
        return f"{_VALUE.join(self.head.values())}{_LINES}{_LINE.join(lines)}"


def widened(facts: str, head: list[bool], lines: list[bool]) -> str:
    """Put an empty value wherever a layout has a new one (``True``), into facts written before it had."""
    first, _, rest = facts.partition(_LINES)
    rows = [_filled(row, lines) for row in rest.split(_LINE)] if rest else []
    return f"{_filled(first, head)}{_LINES}{_LINE.join(rows)}"


def _filled(row: str, new: list[bool]) -> str:
    known = iter(row.split(_VALUE))
    return _VALUE.join("" if fresh else next(known) for fresh in new)


def order_key(order_no: str) -> int:
    """Digest an order number; zero when there is none."""
    return key8(order_no) if order_no else 0


def waybill_key(carrier_code: str, waybill_no: str) -> int:
    """Digest a waybill's key; zero when there is none."""
    return key8(carrier_code, waybill_no) if waybill_no else 0


def unpack(layout: Layout, facts: str, key: int, order_key: int, waybill_key: int) -> Document:
    """Read back what ``Record.facts`` wrote."""
    head, _, lines = facts.partition(_LINES)
    rows = lines.split(_LINE) if lines else []
    return Document(
        layout,
        dict(zip(layout.head, head.split(_VALUE), strict=True)),
        [dict(zip(layout.lines, row.split(_VALUE), strict=True)) for row in rows],
        key,
        order_key,
        waybill_key,
    )


_BILLS_OF_EXPORT = (LAYOUTS["CEB303Message"], LAYOUTS["CEB505Message"])
_BILLS_OF_IMPORT = (LAYOUTS["CEB311Message"], LAYOUTS["CEB511Message"])


def _bill_key(layout: Layout, head: Values) -> int:
    """Digest the key under which a bill of this kind is found from a list that names it."""
    return key8(layout.message_type, *layout.key_values(head))
