"""News of credit, for whoever tells people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StandingChanged:
    """News: an enterprise is treated otherwise from now on. ``before`` is empty for a first grade."""

    enterprise_id: UUID
    name: str
    before: str
    standing: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ListingMoved:
    """News: a listing was opened or took a step; ``enterprise_id`` is ``None`` for whoever is not registered."""

    listing_id: UUID
    kind: str
    step: str
    state: str
    name: str
    enterprise_id: UUID | None
    note: str
    until: str
    at: datetime
