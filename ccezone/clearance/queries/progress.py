"""How far the documents of a batch have come: matched by the hub, answered by customs."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ccezone.bills.queries import stored_by_batch
from ccezone.bills.rules import BillKind
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_ANSWERS = {BillKind.ORDER: "304, 312", BillKind.PAYMENT: "404, 412", BillKind.WAYBILL: "506, 512"}
_QUEUED = """
SELECT EXISTS (SELECT FROM merge_queue q JOIN intake_batch b ON b.id = ANY(%(batches)s) WHERE q.at <= b.received_at)
"""
_AT_CUSTOMS = frozenset({1, 2, 3})  # still on the way: no answer of customs yet


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the documents a batch stored: how many there are, how many customs has answered; whether all are matched."""

    stored: int
    matched: bool
    answered: int


def batch_progress(connection: Connection, batch_id: UUID, kind: BillKind) -> Progress:
    """Return a batch's progress. The caller has judged who may read it. Customs never hears of shipping links."""
    return progress_of_batches(connection, [batch_id], kind)


def progress_of_batches(connection: Connection, batch_ids: Sequence[UUID], kind: BillKind) -> Progress:
    """Return the progress of batches that are one delivery, of one kind of bill."""
    batches = {"batches": list(batch_ids)}
    matched = not fetch(connection, _QUEUED, batches)[0][0]
    if kind == BillKind.LINK:
        counted = f"SELECT count(*) FROM intake_batch b {stored_by_batch(kind)} WHERE b.id = ANY(%(batches)s)"  # noqa: S608  # our own names
        stored = fetch(connection, counted, batches)[0][0]
        return Progress(stored, matched, stored)
    statement = f"""
        SELECT count(*), count(*) FILTER (WHERE EXISTS (
            SELECT FROM receipt r WHERE r.kind IN ({_ANSWERS[kind]}) AND r.subject = v.{kind}_key AND r.code <> ALL (%(underway)s)))
        FROM intake_batch b {stored_by_batch(kind)} WHERE b.id = ANY(%(batches)s)
    """  # noqa: S608  # our own names
    stored, answered = fetch(connection, statement, {**batches, "underway": sorted(_AT_CUSTOMS)})[0]
    return Progress(stored, matched, answered)
