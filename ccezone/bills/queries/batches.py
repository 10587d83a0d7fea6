"""Batches of an enterprise: what was delivered, what became of it, what was wrong with which document."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.queries.listing import BillRow, bills_in_batch
from ccezone.bills.rules import BillKind
from ccezone.kernel.errors import Fault
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault
from ccezone.storage.reach import reached


@dataclass(frozen=True, slots=True)
class BatchView:
    """One delivery. ``accepted`` counts stored documents and harmless replays (``replayed`` of them)."""

    id: UUID
    submitter_id: UUID
    actor: str
    source: str
    kind: BillKind
    flow: str
    message_type: str
    message_guid: str
    received_at: datetime
    documents: int
    accepted: int
    replayed: int
    rejected: int
    signed: bool


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault of a batch, and the document it is in: its position from 0, and its own number when it could be read."""

    id: int
    position: int
    document: str
    fault: Fault


_COLUMNS = ", ".join(field.name for field in fields(BatchView))


def batches_of(
    connection: Connection,
    viewer: UUID | None,
    after: UUID | None = None,
    limit: int = 50,
    *,
    with_faults: bool = False,
) -> list[BatchView]:
    """Return batches an enterprise sent (``None``: everybody's), the last first, after a cursor."""
    conditions = [_sent_by_one_in_reach(connection)]
    if viewer:
        conditions.append("submitter_id = %(viewer)s")
    if after:
        conditions.append("id < %(after)s")
    if with_faults:
        conditions.append("rejected > 0")
    statement = f"SELECT {_COLUMNS} FROM intake_batch WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT %(limit)s"  # noqa: S608  # our own names
    rows = fetch(connection, statement, {"viewer": viewer, "after": after, "limit": limit})
    return [_batch(row) for row in rows]


def batch(connection: Connection, batch_id: UUID, viewer: UUID | None) -> BatchView | None:
    """Return one batch of an enterprise (``None``: the office); another's looks like none."""
    statement = f"""SELECT {_COLUMNS} FROM intake_batch
        WHERE id = %(id)s AND (%(viewer)s::uuid IS NULL OR submitter_id = %(viewer)s)
            AND {_sent_by_one_in_reach(connection)}"""  # noqa: S608  # our own names
    rows = fetch(connection, statement, {"id": batch_id, "viewer": viewer})
    return _batch(rows[0]) if rows else None


def faults_of_batch(connection: Connection, batch_id: UUID, after: tuple[int, int] = (-1, 0), limit: int = 100) -> list[FaultRow]:
    """Return what was wrong with a batch's documents, in their order, after a fault (its position and id)."""
    rows = fetch(
        connection,
        """SELECT id, position, document, pointer, code, params FROM batch_fault
        WHERE batch_id = %(batch)s AND (position, id) > (%(position)s, %(id)s) ORDER BY position, id LIMIT %(limit)s""",
        {"batch": batch_id, "position": after[0], "id": after[1], "limit": limit},
    )
    return [FaultRow(row[0], row[1], row[2], Fault(row[3], row[4], row[5])) for row in rows]


def bills_of_batch(connection: Connection, known: BatchView, after: int = -1, limit: int = 100) -> list[BillRow]:
    """Return the bills a batch stored, in its order, after a position."""
    return bills_in_batch(connection, known.kind, known.id, after, limit)


def raw_message(connection: Connection, vault: PersonalVault, batch_id: UUID) -> bytes:
    """Return a batch's message as it came, personal values in clear. Ask ``batch`` first, and write the audit entry."""
    raw = fetch(connection, "SELECT raw FROM intake_batch WHERE id = %(id)s", {"id": batch_id})[0][0]
    return vault.open_bytes(raw)


def _sent_by_one_in_reach(connection: Connection) -> str:
    """Of a delivery that others sent, a node's office sees its own firms' bills, and not the message they came in."""
    return "true" if reached(connection) is None else "submitter_id IN (SELECT e.id FROM enterprise e)"


def _batch(row: Sequence[Any]) -> BatchView:
    """Rows of a driver are untyped; the statements name the columns of the view, in order."""
    return replace(BatchView(*row), kind=BillKind(row[4]))
