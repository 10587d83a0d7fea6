"""Documents in the mock's database: found in bulk by their keys, written in bulk."""

from collections.abc import Iterable
from datetime import datetime

from integrations.mockservers.single_window.database import Connection, array
from integrations.mockservers.single_window.layout import BY_NUMBER
from integrations.mockservers.single_window.records import Record

_SELECT = "SELECT key, order_key, waybill_key, number, kind, status, day, receiver, facts FROM documents WHERE "
_FINDERS = {
    "key": _SELECT + "key = ANY(%s::bigint[])",
    "order_key": _SELECT + "order_key = ANY(%s::bigint[]) AND order_key <> 0",
    "waybill_key": _SELECT + "waybill_key = ANY(%s::bigint[]) AND kind IN (603, 621)",
    "number": _SELECT + "number = ANY(%s::bigint[]) AND kind IN (603, 621)",
}
_RESTING = _SELECT + "kind = 603 AND status IN (399, 400)"
_COPY = (
    "COPY documents (key, number, kind, status, order_key, waybill_key, day, receiver, facts, changed_at)"
    " FROM STDIN WITH (FORMAT BINARY)"
)
_COLUMN_TYPES = ("int8", "int8", "int2", "int4", "int8", "int8", "text", "text", "text", "timestamptz")
_Row = tuple[int, int, int, int, int, int, str, str, str]


def find(connection: Connection, by: str, values: Iterable[int]) -> list[Record]:
    """Fetch documents by ``key``, by ``order_key`` (any kind), by ``waybill_key`` or ``number`` (lists only)."""
    wanted = list(values)
    if not wanted:
        return []
    rows: list[_Row] = connection.execute(_FINDERS[by].encode(), (array(wanted),), binary=True).fetchall()
    return [_record(row) for row in rows]


def _record(row: _Row) -> Record:
    key, order_key, waybill_key, number, kind, status, day, receiver, facts = row
    return Record(BY_NUMBER[kind], key, order_key, waybill_key, number, day, receiver, facts, status, stored=True, changed=False)


def save(connection: Connection, records: Iterable[Record], now: datetime) -> None:
    """Write new documents and changed ones."""
    changed = [record for record in records if record.changed]
    fresh = [record for record in changed if not record.stored]
    known = [record for record in changed if record.stored]
    with connection.cursor() as cursor:
        if fresh:
            with cursor.copy(_COPY.encode()) as copy:
                copy.set_types(_COLUMN_TYPES)
                for each in fresh:
                    number = (each.number, each.layout.number, each.status, each.order_key, each.waybill_key)
                    copy.write_row((each.key, *number, each.day, each.receiver, each.facts(), now))
        if known:
            cursor.executemany(
                "UPDATE documents SET number = %s, status = %s, day = %s, receiver = %s, facts = %s, changed_at = %s"
                " WHERE key = %s",
                [(each.number, each.status, each.day, each.receiver, each.facts(), now, each.key) for each in known],
            )


def resting(connection: Connection) -> list[Record]:
    """Fetch the export lists that wait for their goods to arrive."""
    rows: list[_Row] = connection.execute(_RESTING.encode(), binary=True).fetchall()
    return [_record(row) for row in rows]
