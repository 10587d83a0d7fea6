"""The queues of exception cases: one for each kind, with its priority; how a case's clock stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class Priority(IntEnum):
    """How pressing a case is; a smaller number comes first."""

    URGENT = 1
    NORMAL = 2
    LOW = 3


class Awaiting(StrEnum):
    """Whose turn it is beside the owner's: the firm was asked, or has answered."""

    NOBODY = ""
    FIRM = "firm"
    OFFICE = "office"


class StepKind(StrEnum):
    """What happened to a case."""

    TAKEN = "taken"
    HANDED = "handed"
    PRIORITY = "priority"
    NOTE = "note"
    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"


SEEN_BY_FIRM = (StepKind.ASKED, StepKind.ANSWERED, StepKind.CLOSED)
"""Steps a firm sees of its case; who owns it and what officers note is the office's own."""

SETTLED = "settled_itself"
"""The cause (``case_causes``) of a case that closed because what it was about is over; nobody may choose it by hand."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of case. A ``computed`` one is opened and closed from the state of documents, not by news."""

    kind: str
    priority: Priority
    computed: bool = False

    @property
    def due_key(self) -> str:
        """The dated parameter that says within how many hours such a case is to be closed."""
        return f"cases.due_hours.{self.kind}"


QUEUES: Mapping[str, Queue] = {
    queue.kind: queue
    for queue in (
        Queue("contradictory_receipts", Priority.URGENT),
        Queue("message_refused", Priority.URGENT),
        Queue("feed_quiet", Priority.URGENT, computed=True),
        Queue("late_correction", Priority.NORMAL),
        Queue("merge_conflict", Priority.NORMAL, computed=True),
        Queue("lists_rejected", Priority.NORMAL, computed=True),
        Queue("list_stuck", Priority.NORMAL, computed=True),
        Queue("ledger_gap", Priority.NORMAL, computed=True),
        Queue("receipt_parked", Priority.LOW, computed=True),
    )
}


def due(opened_at: datetime, hours: int) -> datetime:
    """Return when a case is due: hours run on through nights and holidays."""
    return opened_at + timedelta(hours=hours)


def overdue(due_at: datetime | None, closed_at: datetime | None, now: datetime) -> bool:
    """Say whether a case is, or was when it was closed, past its time."""
    return due_at is not None and (closed_at or now) > due_at
