"""What clearance needs from the single window: sending, collecting receipts, writing and reading its messages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

Document = Mapping[str, object]


class SingleWindowUnavailable(Exception):
    """The single window did not answer, or answered that it is down: send the same message again later."""


class SingleWindowRefused(Exception):
    """The single window refused the envelope for good; ``code`` is its response code (DxpRep ``ResponseCode``)."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Transmitter:
    """The enterprise in whose name a message travels (``BaseTransfer``), and whose key signs it."""

    code: str
    name: str
    dxp_id: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A business message ready to travel. ``message_id`` stays the same however often it is sent."""

    message_id: UUID
    message_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A business message from the mailbox; ``mailbox_id`` acknowledges it."""

    mailbox_id: str
    message_type: str
    body: bytes


@dataclass(slots=True)
class Receipt:
    """One answer of a counterparty about one document.

    ``message_type`` says what answers (CEB604Message…), ``guid`` is the submission's, ``code`` the official status
    (negative: processing error), ``returned_at`` the counterparty's time. ``keys`` holds the business keys the receipt
    names (``cop_no``, ``order_no``, ``platform_code``, ``merchant_code``, ``carrier_code``, ``waybill_no``,
    ``payment_enterprise_code``, ``payment_no``, ``list_no``, ``eport_no``), ``content`` all other values
    (amounts of a tax bill).
    """

    message_type: str
    guid: str
    code: int
    returned_at: datetime
    info: str
    keys: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceiptLot:
    """The receipts of one message by columns, each as long as the others: what ``Receipt`` holds, an empty text for nothing.

    ``texts`` holds the values of ``keys`` and ``content`` by name; ``content`` names which of them are content.
    """

    message_type: str
    guids: Sequence[str]
    codes: Sequence[int]
    moments: Sequence[datetime]
    infos: Sequence[str]
    texts: Mapping[str, Sequence[str]]
    content: Collection[str] = ()

    def receipt(self, place: int) -> Receipt:
        """Return one receipt (from 0) as ``ReceiptReader.read`` would."""
        said = {name: text for name, column in self.texts.items() if (text := column[place])}
        keys = {name: text for name, text in said.items() if name not in self.content}
        content = {name: text for name, text in said.items() if name in self.content}
        at = self.moments[place]
        return Receipt(self.message_type, self.guids[place], self.codes[place], at, self.infos[place], keys, content)


class SingleWindow(Protocol):
    """The transport. Raises ``SingleWindowUnavailable`` or ``SingleWindowRefused``."""

    def send(self, message: OutgoingMessage) -> None:
        """Hand over one message; returns once the counterparty holds it durably."""

    def collect(self, limit: int, wait_seconds: float = 0.0) -> Sequence[IncomingMessage]:
        """Fetch up to ``limit`` messages that were not acknowledged yet, waiting a little when there are none."""

    def acknowledge(self, mailbox_ids: Sequence[str]) -> None:
        """Take messages off the mailbox, after they were stored."""


class MessageWriter(Protocol):
    """Translation of domain values to official messages."""

    def fragment(self, message_type: str, document: Document) -> bytes:
        """Encode one document (domain names, ``lines`` included) as its business node.

        Raises ``ccezone.kernel.errors.Refused`` with everything that fits no official message.
        """

    def pick(self, message_type: str, body: bytes, positions: Sequence[int]) -> Sequence[bytes]:
        """Cut the business nodes at these positions (from 0) out of a message, as they are."""

    def pack(self, message_type: str, fragments: Sequence[bytes], transmitter: Transmitter, message_id: UUID) -> bytes:
        """Wrap up to 100 fragments into one message and sign it with the transmitter's key."""


class ReceiptReader(Protocol):
    """Translation of official messages to receipts."""

    def read(self, body: bytes) -> Sequence[Receipt]:
        """Decode one receipt, tax-bill or schema-check message. Raises ``ValueError`` when it is none of them."""

    def lot(self, body: bytes) -> ReceiptLot | None:
        """Decode a plainly written message of receipts about bills or lists at a fraction of the cost; ``None``: ``read`` it."""
