"""What intake needs from outside: deliveries of partners, decoded into domain values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ccezone.bills.rules import BillKind
from ccezone.kernel.errors import Fault

__all__ = [
    "Batch",
    "BillKind",
    "CellFault",
    "CellRepair",
    "Deliveries",
    "IntakeDocument",
    "Party",
    "RefusedRow",
    "SheetDocument",
    "UnreadableDelivery",
    "Values",
    "Workbook",
    "Workbooks",
]

Values = Mapping[str, object]


class UnreadableDelivery(Exception):
    """A delivery that cannot be used as a whole; ``found`` holds (source line, fault)."""

    def __init__(self, *found: tuple[int, Fault]) -> None:
        super().__init__("; ".join(f"{line}: {fault.pointer} {fault.code}" for line, fault in found))
        self.found = found


@dataclass(slots=True)
class IntakeDocument:
    """One document of a batch: its values under domain names (``lines`` included), or what its schema found wrong.

    ``position`` counts the sender's documents from 0, ``node`` the business nodes of the batch's raw message.
    """

    position: int
    values: Values | None
    faults: Sequence[Fault] = ()
    node: int = -1


@dataclass(slots=True)
class Batch:
    """A delivery, decoded. ``raw`` is the official message; ``forwardable`` says that it may travel on as it came.

    ``transmitter`` is the code the message names as its sender (``BaseTransfer``), empty when it names none.
    """

    kind: BillKind
    flow: str
    message_type: str
    source: str
    documents: Sequence[IntakeDocument]
    raw: bytes
    message_guid: str = ""
    transmitter: str = ""
    signed: bool = False
    forwardable: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """The enterprise in whose name the hub writes a message from what it was given as JSON, form or workbook."""

    code: str
    name: str
    dxp_id: str


class Deliveries(Protocol):
    """Translation of what partners send. Every method raises ``UnreadableDelivery``."""

    def message(self, raw: bytes) -> Batch:
        """Decode an official bill message, bare or in a ``DxpMsg`` envelope."""

    def documents(self, kind: BillKind, flow: str, bodies: Sequence[object], party: Party, source: str) -> Batch:
        """Decode JSON objects of one kind and flow (``E`` or ``I``); the hub writes their message."""

    def message_type(self, kind: BillKind, flow: str) -> str:
        """Name the message, or the hub's own document, that bills of this kind and flow are. Raises ``KeyError``."""

    def faults(self, message_type: str, values: Values) -> Sequence[Fault]:
        """Say what keeps domain values (``lines`` included) from being a document of this type; pointers have domain names.

        What the hub fills in when it files need not be there.
        """

    def pointer(self, message_type: str, pointer: str) -> str:
        """Spell a pointer into domain values with the names the sender used (``/merchant_code`` → ``/ebcCode``)."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """A fault of one cell: the row's number in the file (from 1), the column's place (from 0; -1: the row as a whole)."""

    row: int
    column: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class CellRepair:
    """A cell that was put right, for only one meaning was possible."""

    row: int
    column: int
    kind: str
    before: str
    after: str


@dataclass(slots=True)
class SheetDocument:
    """A document as rows of a workbook tell it: the JSON shape of its bill, its rows' numbers, what reading found.

    ``line_rows[n]`` is the row of line ``n``.
    """

    body: dict[str, object]
    rows: Sequence[int]
    line_rows: Sequence[int]
    faults: Sequence[CellFault]
    repairs: Sequence[CellRepair]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that goes back to its sender: number, cells as it may mend them, what is wrong."""

    number: int
    cells: Sequence[str]
    faults: Sequence[CellFault]


class SheetTable(Protocol):
    """An uploaded table, opened: rows of one shape, of which the wrong ones go back."""

    @property
    def documents(self) -> int: ...

    def read(self) -> Iterator[SheetDocument]:
        """Read the documents, always in the same order; days as ``YYYYMMDD``."""

    def cells(self, row: int) -> Sequence[str]:
        """Return the texts of a row, put right where they could be."""

    def places(self, document: SheetDocument, fault: Fault) -> Sequence[CellFault]:
        """Say which cells a fault of a document is about; its pointer has the names of the document's body."""

    def result(
        self, refused: Iterable[RefusedRow], repairs: Iterable[CellRepair], counts: Mapping[str, int], locale: Literal["zh", "en"]
    ) -> bytes:
        """Write the workbook that goes back: refused rows to mend and send again, repairs cell by cell, counts."""


class SheetTables(Protocol):
    """Reads uploaded tables of one shape."""

    def open(self, content: bytes) -> SheetTable:
        """Open an xlsx or csv file. Raises ``Refused``: unreadable, too large, headings unknown or mandatory ones missing."""


class Workbook(SheetTable, Protocol):
    """An uploaded workbook, opened: one sheet of one kind of bill."""

    @property
    def kind(self) -> BillKind: ...
    @property
    def flow(self) -> str: ...
    @property
    def rows(self) -> int:
        """Rows below the headings, blank ones counted in."""

    @property
    def blank(self) -> int:
        """Rows of these that hold no bill: blank, totals, the template's example, headings once more."""

    @property
    def notices(self) -> Sequence[Fault]:
        """What its sender should know although nothing is refused: surplus columns, rows passed over."""

    def read(self, skip: int = 0) -> Iterator[SheetDocument]:
        """Read the documents, always in the same order, from one on."""


class Workbooks(Protocol):
    """Reads uploaded tables."""

    def open(self, content: bytes, message_type: str | None = None) -> Workbook:
        """Open an xlsx or csv file; ``message_type`` says what it holds where its headings do not.

        Raises ``Refused``: unreadable, encrypted, macros, too large, headings unknown or mandatory ones missing.
        """
