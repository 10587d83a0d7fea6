"""The office's day: what came in and what the merge said, as counts and as exactly the rows that make them.

Lists have their own counts and rows (``declarations.queries``); these are the two stages before them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.queries import stored_by_batch
from ccezone.bills.rules import BillKind
from ccezone.storage.copying import fetch

_BILL_COUNTS = """
SELECT kind, flow, sum(accepted - replayed)::int FROM intake_batch
WHERE received_at >= %(since)s AND received_at < %(until)s AND accepted > replayed GROUP BY kind, flow
"""
_MERGE_COUNTS = """
SELECT verdict, flow, count(*) FROM order_match WHERE merged_at >= %(since)s AND merged_at < %(until)s GROUP BY verdict, flow
"""
_MERGES = """
SELECT order_key, flow, order_no, verdict, waiting, merged_at, e.name
FROM order_match m LEFT JOIN enterprise e ON e.id = m.merchant_id
WHERE merged_at >= %(since)s AND merged_at < %(until)s AND (%(verdict)s = '' OR verdict = %(verdict)s)
    AND (%(flow)s = '' OR flow = %(flow)s) AND (%(at)s::timestamptz IS NULL OR (merged_at, order_key) < (%(at)s, %(key)s))
ORDER BY merged_at DESC, order_key DESC LIMIT %(limit)s
"""
_PAGE_OF_BILLS = """
FROM intake_batch b {stored} JOIN enterprise e ON e.id = b.submitter_id
WHERE b.received_at >= %(since)s AND b.received_at < %(until)s AND b.kind = %(kind)s AND b.accepted > b.replayed
    AND (%(flow)s = '' OR b.flow = %(flow)s)
    AND (%(batch)s::uuid IS NULL OR b.id < %(batch)s OR (b.id = %(batch)s AND v.position > %(position)s))
ORDER BY b.id DESC, v.position LIMIT %(limit)s
"""
_BILLS = {
    BillKind.ORDER: "v.order_key, v.version, v.flow, v.app_type, v.order_no",
    BillKind.PAYMENT: "v.payment_key, v.version, v.flow, v.app_type, v.payment_no",
    BillKind.WAYBILL: "v.waybill_key, v.version, v.flow, v.app_type, v.waybill_no",
    BillKind.LINK: "v.link_key, v.version, v.flow, v.app_type, v.order_no || ' / ' || v.waybill_no",
}


@dataclass(frozen=True, slots=True)
class BillCount:
    """How many versions of a kind of bill were stored."""

    kind: str
    flow: str
    number: int


@dataclass(frozen=True, slots=True)
class BillRow:
    """One stored version of a bill, and who sent it."""

    kind: str
    key: int
    version: int
    flow: str
    app_type: int
    number: str
    sender: str
    batch_id: UUID
    position: int
    received_at: datetime

    @property
    def cursor(self) -> str:
        """Where a page that ends with this row goes on."""
        return f"{self.batch_id}_{self.position}"


@dataclass(frozen=True, slots=True)
class MergeCount:
    """How many orders the merge judged last in this way."""

    verdict: str
    flow: str
    number: int


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One order's verdict, and what it waits for."""

    order_key: int
    flow: str
    order_no: str
    verdict: str
    waiting: Sequence[str]
    merged_at: datetime
    merchant_name: str | None

    @property
    def cursor(self) -> str:
        """Where a page that ends with this row goes on."""
        return f"{self.merged_at.isoformat()}_{self.order_key}"


def bill_counts(connection: Connection, since: datetime, until: datetime) -> Sequence[BillCount]:
    """Count the bill versions stored in a stretch of time; replays and refused documents are not among them."""
    return [BillCount(*row) for row in fetch(connection, _BILL_COUNTS, {"since": since, "until": until})]


def bills_of_day(
    connection: Connection, kind: BillKind, flow: str, since: datetime, until: datetime, after: str = "", limit: int = 50
) -> Sequence[BillRow]:
    """Return the rows ``bill_counts`` counts, the latest batch first. Raises ``ValueError`` for a bad cursor."""
    batch, _, position = after.rpartition("_")
    values: dict[str, object] = {"since": since, "until": until, "kind": kind.value, "flow": flow, "limit": limit}
    values |= {"batch": UUID(batch) if after else None, "position": int(position) if after else 0}
    page = _PAGE_OF_BILLS.format(stored=stored_by_batch(kind))
    statement = f"SELECT b.kind, {_BILLS[kind]}, e.name, b.id, v.position, b.received_at {page}"
    return [BillRow(*row) for row in fetch(connection, statement, values)]


def merge_counts(connection: Connection, since: datetime, until: datetime) -> Sequence[MergeCount]:
    """Count the orders whose verdict was given in a stretch of time, by their present verdict."""
    return [MergeCount(*row) for row in fetch(connection, _MERGE_COUNTS, {"since": since, "until": until})]


def merges_of_day(
    connection: Connection, verdict: str, flow: str, since: datetime, until: datetime, after: str = "", limit: int = 50
) -> Sequence[MergeRow]:
    """Return the rows ``merge_counts`` counts, the latest first. Raises ``ValueError`` for a bad cursor."""
    at, _, key = after.rpartition("_")
    values: dict[str, object] = {"since": since, "until": until, "verdict": verdict, "flow": flow, "limit": limit}
    values |= {"at": datetime.fromisoformat(at) if after else None, "key": int(key) if after else 0}
    return [MergeRow(*row) for row in fetch(connection, _MERGES, values)]
