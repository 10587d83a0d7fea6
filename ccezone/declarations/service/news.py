"""News of declaration lists, for whoever tells people, machines or higher areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ListReleased:
    """News: customs released these lists."""

    at: datetime
    declaration_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class ListMove:
    """A list's step from one state to another; ``before`` is empty for a new list."""

    id: int
    merchant_id: UUID | None
    before: str
    state: str
    eport_no: str | None = None
    list_no: str | None = None


@dataclass(frozen=True, slots=True)
class ListsMoved:
    """News: these lists were prepared, filed or sent, or customs answered about them, and their states changed."""

    at: datetime
    moves: Sequence[ListMove]
