"""How an upstream system stands, judged from what the workers' own calls met in the last minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SOURCES = ("single_window", "tax_bureau", "bank")
"""Upstream systems the hub calls (code list ``upstream_sources``). Whoever adds one records its calls (``service.Sightings``)."""


class Standing(StrEnum):
    """How a source stands."""

    UNKNOWN = "unknown"  # nothing was ever called
    GOOD = "good"
    SLOW = "slow"  # answers come late
    AILING = "ailing"  # too many calls fail
    DOWN = "down"  # no call has worked for too long


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a source: when a call last worked; calls and failures of the window; how late answers come."""

    worked_at: datetime | None
    calls: int
    failed: int
    lag: timedelta | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Beyond what a source no longer counts as good (dated parameters ``upstream.*``)."""

    quiet: timedelta
    failed_pct: int
    lag: timedelta


def standing_of(sight: Sight, bounds: Bounds, now: datetime) -> Standing:
    """Judge a source: silence weighs more than failures, failures more than lateness."""
    if sight.worked_at is None:
        return Standing.DOWN if sight.failed else Standing.UNKNOWN
    if now - sight.worked_at > bounds.quiet:
        return Standing.DOWN
    if sight.calls and sight.failed * 100 >= bounds.failed_pct * sight.calls and sight.failed:
        return Standing.AILING
    if sight.lag is not None and sight.lag > bounds.lag:
        return Standing.SLOW
    return Standing.GOOD
