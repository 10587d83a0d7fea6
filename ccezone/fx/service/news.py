"""What foreign exchange tells the rest of the hub."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Answered:
    """The bank did what it was asked, or refused."""

    receipt_id: UUID
    enterprise_id: UUID
    action: str
    outcome: str
    amount: Decimal
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BorrowingMoved:
    """A yuan borrowing was registered, or more was said of it, by an officer or the bank (``side``). ``amount`` is yuan."""

    borrowing_id: UUID
    step: str
    side: str
    amount: Decimal | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DueTold:
    """More trade-credit reports, or declarations, of a firm are due than it was told of."""

    enterprise_id: UUID
    reports: int
    declarations: int
    at: datetime
