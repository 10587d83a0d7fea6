"""Gathering traces of what is new: bills by their deliveries, lists by their last change, at most some thousand a time.

A source is read again from before the oldest transaction that was open the last time; what was there already is written once.
Everything happens in the unit of work that then looks at the traces, so that nothing gathered goes unseen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.bills.queries.feed import deliveries_after, orders_touched, trades, waybills
from ccezone.bills.rules import BillKind
from ccezone.declarations.queries.feed import lists_changed
from ccezone.parameters.rules import ParameterBook
from ccezone.risk.rules.traces import Stream, Trace
from ccezone.risk.service.tracing import traces_of_list, traces_of_trade, traces_of_waybill
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import copy_rows, fetch, run
from ccezone.storage.lateness import lateness

Traced = tuple[Stream, Trace]
Touched = Mapping[Stream, Mapping[int, datetime]]
"""By stream and bucket, the earliest moment of what is new or changed there."""
_BILLS = 5_000
_LISTS = 5_000
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_COLUMNS = ("subject", "stream", "part", "bucket", "at", "kind", "number", "flow", "merchant_id", "said")
_TYPES = ("int8", "text", "int2", "int8", "timestamptz", "text", "text", "text", "uuid", "jsonb")
_STAGE = f"""
CREATE TEMPORARY TABLE risk_staged ON COMMIT DROP AS SELECT {", ".join(_COLUMNS)} FROM risk_trace WITH NO DATA
"""  # noqa: S608  # our own names
_GONE = """
DELETE FROM risk_trace t WHERE t.subject = ANY(%(subjects)s::bigint[])
    AND NOT EXISTS (SELECT FROM risk_staged s WHERE (s.subject, s.stream, s.part) = (t.subject, t.stream, t.part))
"""
_KEEP = f"""
INSERT INTO risk_trace ({", ".join(_COLUMNS)}) SELECT DISTINCT ON (subject, stream, part) {", ".join(_COLUMNS)} FROM risk_staged
ON CONFLICT (subject, stream, part) DO UPDATE SET bucket = excluded.bucket, at = excluded.at, number = excluded.number,
    merchant_id = excluded.merchant_id, said = excluded.said
WHERE (risk_trace.bucket, risk_trace.at, risk_trace.number, risk_trace.merchant_id, risk_trace.said)
    IS DISTINCT FROM (excluded.bucket, excluded.at, excluded.number, excluded.merchant_id, excluded.said)
RETURNING stream, bucket, at
"""  # noqa: S608  # our own names
_MARK = "SELECT at, after FROM risk_mark WHERE source = %(source)s"
_SET_MARK = """
INSERT INTO risk_mark (source, at, after) VALUES (%(source)s, %(at)s, %(after)s)
ON CONFLICT (source) DO UPDATE SET at = excluded.at, after = excluded.after
"""


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a source: traces, the subjects they stand for, and the place read up to."""

    traces: Sequence[Traced]
    subjects: Sequence[int]


def gather(uow: UnitOfWork, book: ParameterBook, now: datetime) -> Touched:
    """Take in what is new since the last time, at most some thousand bills and lists; return what it touched."""
    complete = now - lateness(uow.connection)
    reads = [_read_bills(uow, book, complete), _read_lists(uow, book, complete)]
    traces = [trace for read in reads for trace in read.traces]
    subjects = [subject for read in reads for subject in read.subjects]
    return _keep(uow.connection, traces, subjects) if subjects else {}


def _read_bills(uow: UnitOfWork, book: ParameterBook, complete: datetime) -> _Read:
    connection = uow.connection
    _, after = _mark(connection, "bills", str(UUID(int=0)))
    keys: dict[BillKind, list[int]] = defaultdict(list)
    bills = 0
    for delivered in deliveries_after(connection, UUID(after), 200):
        keys[delivered.kind] += delivered.keys
        bills += len(delivered.keys)
        if delivered.received_at < complete:
            after = str(delivered.id)
        if bills >= _BILLS:
            break
    _set_mark(uow, "bills", complete, after)
    orders = orders_touched(connection, keys)
    found = trades(connection, orders)
    carried = waybills(connection, sorted({*keys[BillKind.WAYBILL], *(each.key for trade in found for each in trade.waybills)}))
    traces = [trace for trade in found for trace in traces_of_trade(trade, book)]
    traces += [trace for waybill in carried for trace in traces_of_waybill(waybill)]
    subjects = [*orders, *keys[BillKind.PAYMENT], *(each.key for each in carried)]
    return _Read(traces, [*subjects, *(each.key for trade in found for each in trade.payments)])


def _read_lists(uow: UnitOfWork, book: ParameterBook, complete: datetime) -> _Read:
    at, after = _mark(uow.connection, "lists", "0")
    found = lists_changed(uow.connection, at, int(after), _LISTS)
    old = [each for each in found if each.updated_at < complete]
    if old:
        _set_mark(uow, "lists", old[-1].updated_at, str(old[-1].id))
    traces = [trace for each in found for trace in traces_of_list(each, book)]
    return _Read(traces, [each.id for each in found])


def _keep(connection: Connection, traces: Iterable[Traced], subjects: Sequence[int]) -> Touched:
    run(connection, _STAGE)
    rows = (
        (each.subject, stream.value, each.part, each.bucket, each.at, each.kind, each.number, each.flow, each.merchant,
         Jsonb(dict(each.values)))
        for stream, each in traces
    )  # fmt: skip
    copy_rows(connection, "risk_staged", _COLUMNS, rows, _TYPES)
    run(connection, _GONE, {"subjects": list(subjects)})
    touched: dict[Stream, dict[int, datetime]] = defaultdict(dict)
    for stream, bucket, at in fetch(connection, _KEEP):
        earliest = touched[Stream(stream)]
        earliest[bucket] = min(at, earliest.get(bucket, at))
    run(connection, "DROP TABLE risk_staged")
    return touched


def _mark(connection: Connection, source: str, beginning: str) -> tuple[datetime, str]:
    found = fetch(connection, _MARK, {"source": source})
    return found[0] if found else (_BEGINNING, beginning)


def _set_mark(uow: UnitOfWork, source: str, at: datetime, after: str) -> None:
    run(uow.connection, _SET_MARK, {"source": source, "at": at, "after": after})
