"""What intake is given and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ccezone.bills.rules import BillKind
from ccezone.kernel.errors import Fault

Values = Mapping[str, object]


@dataclass(slots=True)
class IntakeDocument:
    """One document of a batch: its values under domain names (``lines`` included), or what its schema found wrong."""

    position: int
    values: Values | None
    faults: Sequence[Fault] = ()


@dataclass(slots=True)
class Batch:
    """A delivery, already decoded. ``raw`` is the official message; ``forwardable`` says it may travel on as it came."""

    kind: BillKind
    flow: str
    message_type: str
    source: str
    actor: str
    documents: Sequence[IntakeDocument]
    raw: bytes
    message_guid: str = ""
    signed: bool = False
    forwardable: bool = False


@dataclass(slots=True)
class DocumentFault:
    """A fault, and the document it is in (its position from 0, and its own number for people)."""

    position: int
    document: str
    fault: Fault


@dataclass(slots=True)
class BatchOutcome:
    """What became of a batch. ``accepted`` counts stored documents and harmless replays (``replayed`` of them)."""

    batch_id: UUID
    accepted: int
    replayed: int
    rejected: int
    faults: list[DocumentFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BillsTakenIn:
    """News: bills were stored. The keys say what must be matched again: orders, bare order numbers, waybills."""

    batch_id: UUID
    at: datetime
    order_keys: Sequence[int] = ()
    order_no_keys: Sequence[int] = ()
    waybill_keys: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class LateCorrection:
    """News: a change of a bill whose goods are released already was refused."""

    order_key: int
    order_no: str
    kind: BillKind
    at: datetime
