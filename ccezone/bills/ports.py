"""What intake needs from outside: deliveries of partners, decoded into domain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ccezone.bills.rules import BillKind
from ccezone.kernel.errors import Fault

__all__ = ["Batch", "BillKind", "Deliveries", "IntakeDocument", "Party", "UnreadableDelivery", "Values"]

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

    def pointer(self, message_type: str, pointer: str) -> str:
        """Spell a pointer into domain values with the names the sender used (``/merchant_code`` → ``/ebcCode``)."""
