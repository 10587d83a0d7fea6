"""A single window in memory: keeps what it is sent, answers what a test tells it to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ccezone.clearance.ports import IncomingMessage, OutgoingMessage, SingleWindowRefused, SingleWindowUnavailable
from ccezone.kernel.clock import wire_time_ms
from schemas.messages.ceb.codec import encode_document, wrap
from schemas.messages.ceb.samples import sample_envelope, sample_values


@dataclass
class FakeSingleWindow:
    """Implements ``ccezone.clearance.ports.SingleWindow``. ``down`` and ``refuses`` name message types that fail."""

    sent: list[OutgoingMessage] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    refuses: set[str] = field(default_factory=set)
    mailbox: dict[str, IncomingMessage] = field(default_factory=dict)
    keeps_what_is_acknowledged: bool = False
    _numbers: int = 0

    def send(self, message: OutgoingMessage) -> None:
        """Take one message."""
        if message.message_type in self.down:
            raise SingleWindowUnavailable("no answer")
        if message.message_type in self.refuses:
            raise SingleWindowRefused("0002", "报文不符合规范")
        self.sent.append(message)

    def collect(self, limit: int, wait_seconds: float = 0.0) -> Sequence[IncomingMessage]:
        """Give what lies in the mailbox."""
        return list(self.mailbox.values())[:limit]

    def acknowledge(self, mailbox_ids: Sequence[str]) -> None:
        """Forget what was stored; or lose the acknowledgement, as a network does."""
        if not self.keeps_what_is_acknowledged:
            for number in mailbox_ids:
                self.mailbox.pop(number, None)

    def post(self, body: bytes, message_type: str = "CEB604Message") -> str:
        """Put a message into the mailbox and return its number there."""
        self._numbers += 1
        number = str(self._numbers)
        self.mailbox[number] = IncomingMessage(number, message_type, body)
        return number

    def types_sent(self) -> list[str]:
        """The types of the messages that arrived, in order."""
        return [message.message_type for message in self.sent]

    def sent_of(self, message_type: str) -> OutgoingMessage:
        """The only message of a type that arrived."""
        (found,) = [message for message in self.sent if message.message_type == message_type]
        return found


def receipt(message_type: str, code: int, at: datetime, **values: object) -> bytes:
    """An official answer: a status of one document at a time of the counterparty's."""
    facts = next(iter(sample_values(message_type)))
    status = "status" if message_type in ("CEB816Message", "CEB818Message") else "return_status"
    facts |= {status: str(code), "return_time": wire_time_ms(at), **values}
    facts = {name: value for name, value in facts.items() if value is not None}
    return wrap(message_type, [encode_document(message_type, facts)], sample_envelope(message_type))


def list_receipt(submission: UUID, code: int, at: datetime, *, flow: str = "E", **values: object) -> bytes:
    """Customs' answer to one submission of a list (CEB604, CEB622)."""
    message_type = "CEB604Message" if flow == "E" else "CEB622Message"
    return receipt(message_type, code, at, **{"guid": str(submission).upper(), **values})
