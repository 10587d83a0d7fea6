"""What foreign exchange needs from banks: doing what they are asked, telling what came of it, and their statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID


class BankUnavailable(Exception):
    """The bank did not answer, or not in a way that can be read: send the same instruction again later."""


class BankRefused(Exception):
    """The bank will never take this instruction; the text says why."""


@dataclass(frozen=True, slots=True)
class BankInstruction:
    """An instruction. ``action`` is one of ``rules.parts.Action``; ``id`` stays the same however often it is sent."""

    id: UUID
    reference: str
    action: str
    account: str
    bank_reference: str
    currency: str
    amount: Decimal
    converts: bool
    note: str


@dataclass(frozen=True, slots=True)
class BankNotice:
    """What came of an instruction: ``confirmed``, with the rate and the yuan credited where it was converted, or ``refused``."""

    number: int
    instruction: str
    outcome: str
    at: datetime
    rate: Decimal | None
    yuan: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file with a statement, as the bank made it; ``number`` grows."""

    number: int
    content: bytes


class Bank(Protocol):
    """The bank's channel. Raises ``BankUnavailable`` or ``BankRefused``."""

    def send(self, instruction: BankInstruction) -> None:
        """Hand over one instruction; returns once the bank holds it durably."""

    def notices(self, after: int, limit: int) -> Sequence[BankNotice]:
        """Return what the bank told after a notice's number, in order."""

    def files(self, after: int, limit: int) -> Sequence[BankFile]:
        """Return the statements made after a file's number, in order."""
