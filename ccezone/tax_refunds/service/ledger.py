"""Taking exported items into the goods ledger: lines of released lists, and of recorded general declarations.

A source is read again from the oldest transaction that was open the last time; an item is written once.
A recorded declaration that is amended or taken back afterwards takes its items along, unless a claim, an exemption or a
delivery out of a special area names them.
``OFFSET 0`` looks an item up by its key; without statistics of a growing table the planner would read it whole.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.kernel.turns import in_turns
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import copy_rows, fetch, run
from ccezone.storage.lateness import lateness
from ccezone.tax_refunds.rules.ledger import six_fields

_MOST = 20_000
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_LISTS = """
SELECT s.updated_at, d.id::text, d.merchant_id, coalesce(s.list_no, d.cop_no), d.order_no, d.trade_mode, d.declaration_path,
    d.content ->> 'customs_code', coalesce(d.content ->> 'ie_date', ''), d.currency, d.content -> 'lines'
FROM declaration_state s JOIN declaration_list d ON d.id = s.id
WHERE s.updated_at >= %(at)s AND s.state IN ('800', '899') AND d.flow = 'E'
    AND NOT EXISTS (SELECT FROM goods_ledger_item i WHERE i.source = 'L' AND i.source_id = d.id::text OFFSET 0)
ORDER BY s.updated_at, s.id LIMIT %(limit)s
"""
_GENERAL = """
SELECT g.updated_at, g.id::text, g.merchant_id, g.declaration_no, coalesce(g.order_nos ->> 0, ''), g.trade_mode, '',
    g.customs_code, to_char(g.declared_on, 'YYYYMMDD'), g.currency, g.lines
FROM general_declaration g
WHERE g.updated_at >= %(at)s AND g.flow = 'E' AND g.released_on IS NOT NULL AND g.removed_at IS NULL
    AND NOT EXISTS (SELECT FROM goods_ledger_item i WHERE i.source = 'G' AND i.source_id = g.id::text OFFSET 0)
ORDER BY g.updated_at, g.id LIMIT %(limit)s
"""
_AMENDED = """
DELETE FROM goods_ledger_item i USING general_declaration g
WHERE i.source = 'G' AND i.source_id = g.id::text AND g.updated_at >= %(at)s AND g.updated_at > i.made_at
    AND NOT EXISTS (SELECT FROM refund_claim_item c WHERE c.item_id = i.id)
    AND NOT EXISTS (SELECT FROM goods_exemption x WHERE x.item_id = i.id)
    AND NOT EXISTS (SELECT FROM area_delivery a WHERE a.item_id = i.id)
"""
_SOURCES = {"L": _LISTS, "G": _GENERAL}
_COLUMNS = (
    *("id", "source", "source_id", "line_no", "merchant_id", "document_no", "order_no", "trade_mode", "declaration_path"),
    *("customs_code", "hs_code", "currency", "exported_on", "goods_name", "unit", "quantity", "unit_price", "amount", "gaps"),
    "made_at",
)
_MARK = "SELECT at FROM goods_ledger_mark WHERE source = %(source)s"
_SET_MARK = """
INSERT INTO goods_ledger_mark (source, at, after) VALUES (%(source)s, %(at)s, '')
ON CONFLICT (source) DO UPDATE SET at = excluded.at
"""


def read_lists_again(uow: UnitOfWork) -> None:
    """Let the next turn read all released lists, whenever they moved; what is in the ledger is not written twice."""
    run(uow.connection, _SET_MARK, {"source": "L", "at": _BEGINNING})


def keep_ledger(database: Database, clock: Clock, most: int = _MOST) -> int:
    """Take in what was released since the last time, ``most`` documents a source; return how many items were new."""
    with database.begin() as uow:
        now = clock.now()
        complete = now - lateness(uow.connection)
        return sum(_take_in(uow, source, now, complete, most) for source in _SOURCES)


def keep_whole_ledger(database: Database, clock: Clock, at_once: int = _MOST) -> int:
    """Take in all that was released since the last time, ``at_once`` documents of a source in a transaction."""
    return in_turns(lambda: keep_ledger(database, clock, at_once), at_once)  # a document has a line or more


def _take_in(uow: UnitOfWork, source: str, now: datetime, complete: datetime, most: int) -> int:
    at = _mark(uow.connection, source)
    if source == "G":
        run(uow.connection, _AMENDED, {"at": at})
    found = fetch(uow.connection, _SOURCES[source], {"at": at, "limit": most})
    reached = min(found[-1][0], complete) if len(found) == most else complete
    run(uow.connection, _SET_MARK, {"source": source, "at": max(at, reached)})
    rows = [item for row in found for item in _items(source, row, now)]
    if rows:
        copy_rows(uow.connection, "goods_ledger_item", _COLUMNS, rows)
    return len(rows)


def _items(source: str, row: Sequence[Any], now: datetime) -> Iterator[Sequence[object]]:
    """Rows of a driver are untyped; both statements name the same columns in the same order."""
    _, source_id, merchant, document_no, order_no, mode, path, customs, exported_on, currency, lines = row
    for place, line in enumerate(lines or (), start=1):
        six = six_fields({name: str(value) for name, value in line.items()}, exported_on)
        yield (
            *(uuidv7(), source, source_id, int(line.get("line_no") or place), merchant, document_no, order_no, mode, path),
            *(customs or "", line.get("hs_code", ""), line.get("currency") or currency),
            *(six.exported_on, six.goods_name, six.unit, six.quantity, six.unit_price, six.amount),
            *(list(six.gaps), now),
        )


def _mark(connection: Connection, source: str) -> datetime:
    found = fetch(connection, _MARK, {"source": source})
    return found[0][0] if found else _BEGINNING
