"""What the reporting chain tells the rest of the hub."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReportDue:
    """A report is due soon, or overdue: ``days`` from the due day on. ``enterprise_id`` is empty for a park's."""

    enterprise_id: UUID | None
    node: str
    kind: str
    period: str
    due_on: date
    days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportMoved:
    """A report was sent, sent back or accepted. ``node``: the park that judges a firm's (empty: the zone), or that reports."""

    report_id: UUID
    level: str
    enterprise_id: UUID | None
    node: str
    name: str
    kind: str
    period: str
    state: str
    note: str
    at: datetime
