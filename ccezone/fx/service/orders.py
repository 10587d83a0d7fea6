"""Orders' money: what a released export order is still owed, kept from the goods' side; and orders made ready to be matched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.bills.rules import order_no_key
from ccezone.fx.rules.matching import OrderFacts
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.kernel.turns import in_turns
from ccezone.storage import Connection, Database
from ccezone.storage.copying import fetch, run
from ccezone.storage.lateness import lateness

_MOST = 20_000
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_EXPECTED = "v.goods_value + v.freight - v.discount"
_DAY = "to_date(left(v.app_time, 8), 'YYYYMMDD')"
_NEW = f"""
WITH touched AS MATERIALIZED (
    SELECT s.updated_at, s.id, d.order_key, to_date(nullif(d.content ->> 'ie_date', ''), 'YYYYMMDD') AS day
    FROM declaration_state s JOIN declaration_list d ON d.id = s.id
    WHERE s.updated_at >= %(at)s AND s.state IN ('800', '899') AND d.flow = 'E' AND d.merchant_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM fx_order o WHERE o.order_key = d.order_key AND o.exported_on IS NOT NULL OFFSET 0)
    ORDER BY s.updated_at, s.id LIMIT %(limit)s
), orders AS (
    SELECT order_key, coalesce(min(day), %(today)s::date) AS day FROM touched GROUP BY 1
), kept AS (
    INSERT INTO fx_order AS o (order_key, enterprise_id, order_no, platform_code, platform_name, currency, expected, ceiling,
        received, netted, ordered_on, exported_on, updated_at)
    SELECT t.order_key, v.merchant_id, v.order_no, v.platform_code, v.platform_name, v.currency, {_EXPECTED}, {_EXPECTED},
        0, 0, {_DAY}, t.day, %(now)s
    FROM orders t CROSS JOIN LATERAL (
        SELECT * FROM order_version x WHERE x.order_key = t.order_key ORDER BY x.version DESC LIMIT 1) v
    ORDER BY t.order_key
    ON CONFLICT (order_key) DO UPDATE SET exported_on = coalesce(o.exported_on, excluded.exported_on),
        updated_at = excluded.updated_at
    RETURNING 1
)
SELECT (SELECT count(*) FROM touched), (SELECT max(updated_at) FROM touched), (SELECT count(*) FROM kept)
"""  # noqa: S608  # our own names
_FIND = f"""
SELECT v.order_key, v.platform_code, v.order_no, {_EXPECTED}, v.currency, {_DAY}, v.platform_name
FROM (SELECT DISTINCT order_key FROM order_version
      WHERE order_no_key = %(key)s AND order_no = %(number)s AND merchant_id = %(firm)s AND flow = 'E') k
CROSS JOIN LATERAL (SELECT * FROM order_version x WHERE x.order_key = k.order_key ORDER BY x.version DESC LIMIT 1) v
WHERE v.app_type <> 3 AND v.merchant_id = %(firm)s ORDER BY v.order_key
"""  # noqa: S608  # our own names
_KEEP = """
INSERT INTO fx_order AS o (order_key, enterprise_id, order_no, platform_code, platform_name, currency, expected, ceiling, received,
    netted, ordered_on, exported_on, updated_at)
VALUES (%(key)s, %(firm)s, %(number)s, %(platform)s, %(platform_name)s, %(currency)s, %(expected)s,
    %(expected)s::numeric + %(tolerance)s, 0, 0, %(day)s, NULL, %(now)s)
ON CONFLICT (order_key) DO UPDATE SET expected = excluded.expected, updated_at = excluded.updated_at,
    ceiling = greatest(excluded.ceiling, o.received + o.netted),
    currency = CASE WHEN EXISTS (SELECT FROM fx_match m WHERE m.order_key = o.order_key) THEN o.currency ELSE excluded.currency END
RETURNING o.currency, o.expected - o.received - o.netted, o.ceiling - o.received - o.netted
"""
_MARK = "SELECT at FROM fx_mark WHERE source = 'lists'"
_SET_MARK = """
INSERT INTO fx_mark (source, at, after) VALUES ('lists', %(at)s, 0) ON CONFLICT (source) DO UPDATE SET at = excluded.at
"""


@dataclass(frozen=True, slots=True)
class OrderName:
    """An order as people name it; the platform's code only where two platforms gave the same number."""

    order_no: str
    platform_code: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    key: int
    platform_code: str
    order_no: str
    expected: Decimal
    currency: str
    day: date
    platform_name: str


def keep_orders(database: Database, clock: Clock, most: int = _MOST) -> int:
    """Note what orders that were released since the last time are owed; return how many were new."""
    with database.begin() as uow:
        now = clock.now()
        complete = now - lateness(uow.connection)
        found = fetch(uow.connection, _MARK)
        at = found[0][0] if found else _BEGINNING
        values = {"at": at, "limit": most, "today": now.date(), "now": now}
        [(touched, newest, kept)] = fetch(uow.connection, _NEW, values)
        reached = min(newest, complete) if touched == most else complete
        run(uow.connection, _SET_MARK, {"at": max(at, reached)})
    return int(kept)


def keep_all_orders(database: Database, clock: Clock, at_once: int = _MOST) -> int:
    """Note what all orders are owed that were released since the last time, ``at_once`` in a transaction."""
    return in_turns(lambda: keep_orders(database, clock, at_once), at_once)


def ready(connection: Connection, firm: UUID, names: Sequence[OrderName], tolerance: Decimal, clock: Clock) -> Sequence[OrderFacts]:
    """Lock a firm's orders, as they are told now, to match money to them. Raises ``Refused`` with a fault for each unknown one.

    Another firm's order looks like none. They are locked in the order of their keys, so that two who match never wait in a ring.
    """
    found, faults = list[_Found](), list[Fault]()
    for place, name in enumerate(names):
        known = [each for each in _known(connection, firm, name.order_no) if name.platform_code in ("", each.platform_code)]
        if len(known) == 1:
            found.append(known[0])
            continue
        code = "fx_order_ambiguous" if known else "fx_order_unknown"
        faults.append(Fault(f"/orders/{place}", code, {"order": name.order_no}))
    if faults:
        raise Refused(*faults)
    facts = {each.key: _kept(connection, firm, each, tolerance, clock) for each in sorted(found, key=lambda one: one.key)}
    return [facts[each.key] for each in found]


def _known(connection: Connection, firm: UUID, order_no: str) -> Sequence[_Found]:
    values = {"key": order_no_key(order_no), "number": order_no, "firm": firm}
    return [_Found(*row) for row in fetch(connection, _FIND, values)]


def _kept(connection: Connection, firm: UUID, each: _Found, tolerance: Decimal, clock: Clock) -> OrderFacts:
    values = {
        "key": each.key,
        "firm": firm,
        "number": each.order_no,
        "platform": each.platform_code,
        "day": each.day,
        "platform_name": each.platform_name,
        "currency": each.currency,
        "expected": each.expected,
        "tolerance": tolerance,
        "now": clock.now(),
    }
    [(currency, left, matchable)] = fetch(connection, _KEEP, values)
    return OrderFacts(each.key, each.order_no, currency, left, matchable)
