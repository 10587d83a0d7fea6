"""Traces by bucket: of some buckets from a day on, or of all of a stream, bucket by bucket."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from ccezone.risk.rules.traces import Stream, Trace
from ccezone.storage.copying import driver, fetch

MOST = 5_000
"""How many of a bucket's newest traces are looked at together."""
_COLUMNS = "t.subject, t.part, t.bucket, t.at, t.kind, t.number, t.flow, t.merchant_id, t.said"
_BUCKETS = f"""
SELECT {_COLUMNS} FROM unnest(%(buckets)s::bigint[], %(since)s::timestamptz[]) AS wanted (bucket, since)
CROSS JOIN LATERAL (
    SELECT * FROM risk_trace t WHERE t.stream = %(stream)s AND t.bucket = wanted.bucket AND t.at >= wanted.since
    ORDER BY t.at DESC, t.subject DESC, t.part DESC LIMIT {MOST}
) t ORDER BY t.bucket, t.at, t.subject, t.part
"""  # noqa: S608  # our own names
_HOUR = """min(t.subject), 0, t.bucket, date_trunc('hour', t.at) AS hour, 'hour', '', t.flow, t.merchant_id,
    jsonb_build_object('count', count(*)::text)"""
_HOURS = f"""
SELECT {_HOUR} FROM unnest(%(buckets)s::bigint[], %(since)s::timestamptz[]) AS wanted (bucket, since)
JOIN risk_trace t ON t.stream = %(stream)s AND t.bucket = wanted.bucket AND t.at >= date_trunc('hour', wanted.since)
GROUP BY t.bucket, hour, t.flow, t.merchant_id ORDER BY t.bucket, hour
"""  # noqa: S608  # our own names
_ALL = f"""
SELECT {_COLUMNS} FROM risk_trace t WHERE t.stream = %(stream)s AND t.at >= %(since)s AND t.at < %(until)s
ORDER BY t.bucket, t.at, t.subject, t.part
"""  # noqa: S608  # our own names
_ALL_HOURS = f"""
SELECT {_HOUR} FROM risk_trace t WHERE t.stream = %(stream)s AND t.at >= %(since)s AND t.at < %(until)s
GROUP BY t.bucket, hour, t.flow, t.merchant_id ORDER BY t.bucket, hour
"""  # noqa: S608  # our own names
_OF_HOURS = f"""
SELECT {_COLUMNS} FROM risk_trace t
WHERE t.stream = '{Stream.HOURS.value}' AND t.bucket = %(bucket)s AND date_trunc('hour', t.at) = ANY(%(hours)s::timestamptz[])
ORDER BY t.at, t.subject LIMIT %(limit)s
"""  # noqa: S608  # our own names
_COUNT = "SELECT count(*) FROM risk_trace t WHERE t.stream = %(stream)s AND t.at >= %(since)s AND t.at < %(until)s"


def of_buckets(connection: Connection, stream: Stream, since: Mapping[int, datetime]) -> Iterator[Sequence[Trace]]:
    """Yield the traces of each bucket, ordered by time, from its own moment on."""
    wanted = {"stream": stream.value, "buckets": list(since), "since": list(since.values())}
    return _grouped(fetch(connection, _HOURS if stream is Stream.HOURS else _BUCKETS, wanted))


def of_stream(connection: Connection, stream: Stream, since: datetime, until: datetime) -> Iterator[Sequence[Trace]]:
    """Yield the traces of a span bucket by bucket, through a server-side cursor: memory stays with the largest bucket."""
    with driver(connection).cursor(name="risk_traces") as cursor:
        statement = _ALL_HOURS if stream is Stream.HOURS else _ALL
        cursor.execute(statement.encode(), {"stream": stream.value, "since": since, "until": until})
        yield from _grouped(cursor)


def count_of_stream(connection: Connection, stream: Stream, since: datetime, until: datetime) -> int:
    """Count the traces of a span."""
    return int(fetch(connection, _COUNT, {"stream": stream.value, "since": since, "until": until})[0][0])


def orders_of_hours(connection: Connection, bucket: int, hours: Sequence[datetime], limit: int) -> Sequence[Trace]:
    """Return the orders that counted in some hours of a merchant."""
    rows = fetch(connection, _OF_HOURS, {"bucket": bucket, "hours": list(hours), "limit": limit})
    return [Trace(*row) for row in rows]


def _grouped(rows: Any) -> Iterator[Sequence[Trace]]:  # rows of a driver, at once or through a cursor
    for _bucket, traces in groupby((Trace(*row) for row in rows), key=lambda trace: trace.bucket):
        yield list(traces)
