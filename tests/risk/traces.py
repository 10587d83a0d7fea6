"""Traces of made-up trades; a test names only the value that matters to it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.risk.rules.kinds import KINDS, limits_of
from ccezone.risk.rules.traces import Finding, Law, Trace

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
LAW = Law(single=lambda _day: Decimal(5000), annual=lambda _day: Decimal(26000))
MERCHANT, RIVAL = UUID(int=1), UUID(int=2)


def trace(
    subject: int,
    hours: float = 0,
    *,
    part: int = 0,
    kind: str = "order",
    flow: str = "I",
    merchant: UUID | None = MERCHANT,
    day: date | None = None,
    **values: str,
) -> Trace:
    """A trace so many hours after noon of the first of June."""
    begin = datetime(day.year, day.month, day.day, 4, tzinfo=UTC) if day else NOON
    return Trace(subject, part, 7, begin + timedelta(hours=hours), kind, f"N{subject}", flow, merchant, values)


def find(kind: str, traces: list[Trace], **limits: str) -> list[Finding]:
    """What a rule of a kind finds in these traces, with its usual thresholds but these."""
    known = KINDS[kind]
    ordered = sorted(traces, key=lambda each: (each.at, each.subject, each.part))
    return list(known.detector(ordered, limits_of(known, limits), LAW))
