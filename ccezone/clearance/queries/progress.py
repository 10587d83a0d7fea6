"""How far the documents of a batch have come: matched by the hub, answered by customs."""

from dataclasses import dataclass
from uuid import UUID

from ccezone.bills.queries import stored_by_batch
from ccezone.bills.rules import BillKind
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_ANSWERS = {BillKind.ORDER: "304, 312", BillKind.PAYMENT: "404, 412", BillKind.WAYBILL: "506, 512"}
_QUEUED = """
SELECT EXISTS (SELECT FROM merge_queue q JOIN intake_batch b ON b.id = %(batch)s WHERE q.at <= b.received_at)
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
    matched = not fetch(connection, _QUEUED, {"batch": batch_id})[0][0]
    if kind == BillKind.LINK:
        counted = f"SELECT count(*) FROM intake_batch b {stored_by_batch(kind)} WHERE b.id = %(batch)s"  # noqa: S608  # our own names
        stored = fetch(connection, counted, {"batch": batch_id})[0][0]
        return Progress(stored, matched, stored)
    statement = f"""
        SELECT count(*), count(*) FILTER (WHERE EXISTS (
            SELECT FROM receipt r WHERE r.kind IN ({_ANSWERS[kind]}) AND r.subject = v.{kind}_key AND r.code <> ALL (%(underway)s)))
        FROM intake_batch b {stored_by_batch(kind)} WHERE b.id = %(batch)s
    """  # noqa: S608  # our own names
    stored, answered = fetch(connection, statement, {"batch": batch_id, "underway": sorted(_AT_CUSTOMS)})[0]
    return Progress(stored, matched, answered)
