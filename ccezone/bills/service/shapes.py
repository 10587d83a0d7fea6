"""What intake answers, and the news it publishes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ccezone.bills.rules import BillKind
from ccezone.kernel.errors import Fault


@dataclass(slots=True)
class DocumentFault:
    """A fault, and the document it is in (its position from 0, and its own number for people)."""

    position: int
    document: str
    fault: Fault


@dataclass(slots=True)
class BatchOutcome:
    """What became of a batch. ``accepted`` counts stored documents and harmless replays (``replayed`` of them).

    ``replays`` are the replays' positions.
    """

    batch_id: UUID
    accepted: int
    replayed: int
    rejected: int
    faults: list[DocumentFault] = field(default_factory=list)
    replays: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BillsTakenIn:
    """News: bills were stored. The keys say what must be matched again: orders, bare order numbers, waybills."""

    batch_id: UUID
    at: datetime
    order_keys: Sequence[int] = ()
    order_no_keys: Sequence[int] = ()
    waybill_keys: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class BatchTakenIn:
    """News: a delivery was judged; what was good in it is stored."""

    batch_id: UUID
    at: datetime
    enterprise_id: UUID
    kind: BillKind
    documents: int
    accepted: int
    rejected: int


@dataclass(frozen=True, slots=True)
class LateCorrection:
    """News: a change of a bill whose goods are released already was refused; ``enterprise_id`` asked for it."""

    order_key: int
    order_no: str
    kind: BillKind
    at: datetime
    enterprise_id: UUID
