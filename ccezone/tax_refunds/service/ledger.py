"""Taking exported items into the goods ledger: lines of released lists, and of recorded general declarations.

A source is read again from a minute before the last time, for a transaction may commit that late; an item is written once.
A recorded declaration that is amended or taken back afterwards takes its items along, unless they stand in a claim.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import copy_rows, fetch, run
from ccezone.tax_refunds.rules.ledger import six_fields

_LATE = timedelta(seconds=60)
_MOST = 5_000
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_LISTS = """
SELECT s.updated_at, d.id::text, d.merchant_id, coalesce(s.list_no, d.cop_no), d.order_no, d.trade_mode, d.declaration_path,
    d.content ->> 'customs_code', coalesce(d.content ->> 'ie_date', ''), d.currency, d.content -> 'lines',
    d.flow = 'E' AND s.state IN ('800', '899')
        AND NOT EXISTS (SELECT FROM goods_ledger_item i WHERE i.source = 'L' AND i.source_id = d.id::text)
FROM declaration_state s JOIN declaration_list d ON d.id = s.id
WHERE s.updated_at >= %(at)s AND (s.updated_at, s.id) > (%(at)s, %(after)s::bigint)
ORDER BY s.updated_at, s.id LIMIT %(limit)s
"""
_GENERAL = """
SELECT g.updated_at, g.id::text, g.merchant_id, g.declaration_no, coalesce(g.order_nos ->> 0, ''), g.trade_mode, '',
    g.customs_code, to_char(g.declared_on, 'YYYYMMDD'), g.currency, g.lines,
    g.flow = 'E' AND g.released_on IS NOT NULL AND g.removed_at IS NULL
        AND NOT EXISTS (SELECT FROM goods_ledger_item i WHERE i.source = 'G' AND i.source_id = g.id::text)
FROM general_declaration g
WHERE g.updated_at >= %(at)s AND (g.updated_at, g.id::text) > (%(at)s, %(after)s)
ORDER BY g.updated_at, g.id::text LIMIT %(limit)s
"""
_AMENDED = """
DELETE FROM goods_ledger_item i USING general_declaration g
WHERE i.source = 'G' AND i.source_id = g.id::text AND g.updated_at >= %(at)s AND g.updated_at > i.made_at
    AND NOT EXISTS (SELECT FROM refund_claim_item c WHERE c.item_id = i.id)
"""
_SOURCES = {"L": (_LISTS, "0"), "G": (_GENERAL, "")}
_COLUMNS = (
    *("id", "source", "source_id", "line_no", "merchant_id", "document_no", "order_no", "trade_mode", "declaration_path"),
    *("customs_code", "hs_code", "currency", "exported_on", "goods_name", "unit", "quantity", "unit_price", "amount", "gaps"),
    "made_at",
)
_MARK = "SELECT at, after FROM goods_ledger_mark WHERE source = %(source)s"
_SET_MARK = """
INSERT INTO goods_ledger_mark (source, at, after) VALUES (%(source)s, %(at)s, %(after)s)
ON CONFLICT (source) DO UPDATE SET at = excluded.at, after = excluded.after
"""


def keep_ledger(database: Database, clock: Clock) -> int:
    """Take in what was released since the last time, some thousand documents a source; return how many items were new."""
    with database.begin() as uow:
        return sum(_take_in(uow, source, clock.now()) for source in _SOURCES)


def _take_in(uow: UnitOfWork, source: str, now: datetime) -> int:
    statement, beginning = _SOURCES[source]
    at, after = _mark(uow.connection, source, beginning)
    if source == "G":
        run(uow.connection, _AMENDED, {"at": at})
    found = fetch(uow.connection, statement, {"at": at, "after": after, "limit": _MOST})
    old = [row for row in found if row[0] < now - _LATE]
    if old:
        run(uow.connection, _SET_MARK, {"source": source, "at": old[-1][0], "after": old[-1][1]})
    rows = [item for row in found if row[-1] for item in _items(source, row, now)]
    if rows:
        copy_rows(uow.connection, "goods_ledger_item", _COLUMNS, rows)
    return len(rows)


def _items(source: str, row: Sequence[Any], now: datetime) -> Iterator[Sequence[object]]:
    """Rows of a driver are untyped; both statements name the same columns in the same order."""
    _, source_id, merchant, document_no, order_no, mode, path, customs, exported_on, currency, lines, _released = row
    for place, line in enumerate(lines or (), start=1):
        six = six_fields({name: str(value) for name, value in line.items()}, exported_on)
        yield (
            *(uuidv7(), source, source_id, int(line.get("line_no") or place), merchant, document_no, order_no, mode, path),
            *(customs or "", line.get("hs_code", ""), line.get("currency") or currency),
            *(six.exported_on, six.goods_name, six.unit, six.quantity, six.unit_price, six.amount),
            *(list(six.gaps), now),
        )


def _mark(connection: Connection, source: str, beginning: str) -> tuple[datetime, str]:
    found = fetch(connection, _MARK, {"source": source})
    return found[0] if found else (_BEGINNING, beginning)
