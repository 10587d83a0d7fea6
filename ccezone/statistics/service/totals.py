"""Adding up: what changed in facts is added to totals, in the transaction that changed the facts.

Facts come with a ``sign``: -1 as they were, 1 as they are. Equal ones cancel out first, so that a list which moves within a
stage costs nothing; what is left is laid out by criterion, by day and by month.
"""

from collections.abc import Sequence

from ccezone.statistics.rules import BUCKETS, COUNTED, EDGES, NODE_OWNER, OPEN_CRITERIA, PREPARED, WHOLE_ZONE, YUAN
from ccezone.statistics.tables import REJECTED, RELEASED
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run

EDGE_ARRAY = f"ARRAY[{', '.join(map(str, EDGES))}]"
_NAMES = (
    *("merchant_id", "day", "flow", "trade_mode", "country", "chapter", "node", "park", "stage", "currency", "counted_on"),
    "counted_hour",
)
GRAINS = "CROSS JOIN LATERAL (VALUES ('D', {day}), ('M', date_trunc('month', {day})::date)) AS g (grain, day)"
_OPEN_KEYS = ", ".join(f"('{name}', {key})" for name, key in OPEN_CRITERIA.items())
_KEYS = ", ".join(
    [
        *(f"(false, '{name}', {key})" for name, key in PREPARED.items()),
        *(f"(true, '{name}', {key})" for name, key in COUNTED.items()),
    ]
)


def buckets(column: str) -> str:
    """Count a column of bucket numbers into an array, by sign."""
    counted = ", ".join(f"coalesce(sum(sign) FILTER (WHERE {column} = {number}), 0)::int" for number in range(BUCKETS))
    return f"ARRAY[{counted}]"


def added(*columns: str) -> str:
    """Add arrays of counts to those of the row that is there already, ``t``."""
    return ", ".join(
        f"{column} = ARRAY[{', '.join(f't.{column}[{n}] + excluded.{column}[{n}]' for n in range(1, BUCKETS + 1))}]"
        for column in columns
    )


LIST_TOTALS = f"""
moved AS (
    SELECT {", ".join(_NAMES)}, cny IS NOT NULL AS priced, width_bucket(cleared, {EDGE_ARRAY}) AS bucket,
        sum(sign) AS sign, sum(sign * value) AS value, sum(sign * coalesce(cny, worth)) AS worth
    FROM {{facts}} GROUP BY {", ".join(map(str, range(1, len(_NAMES) + 3)))}
    HAVING sum(sign) <> 0 OR sum(sign * value) <> 0 OR sum(sign * coalesce(cny, worth)) <> 0
), laid AS (
    SELECT b.owner, c.criterion, g.grain, g.day, c.key, b.currency, f.sign, f.stage, b.value, f.bucket
    FROM moved f
    CROSS JOIN LATERAL (
        SELECT false, f.merchant_id, f.day, f.currency, f.value
        UNION ALL
        SELECT true, '{WHOLE_ZONE}'::uuid, f.counted_on, CASE WHEN f.priced THEN '{YUAN}' ELSE f.currency END, f.worth
        WHERE f.counted_on IS NOT NULL
        UNION ALL
        SELECT true, {NODE_OWNER.format(code="f.node")}, f.counted_on, CASE WHEN f.priced THEN '{YUAN}' ELSE f.currency END, f.worth
        WHERE f.counted_on IS NOT NULL AND f.node <> ''
    ) AS b (counted, owner, day, currency, value)
    {GRAINS.format(day="b.day")}
    CROSS JOIN LATERAL (VALUES {_KEYS}) AS c (counted, criterion, key)
    WHERE c.counted = b.counted AND c.key IS NOT NULL
), summed AS (
INSERT INTO list_total AS t (merchant_id, criterion, grain, day, key, currency, lists, released, rejected, value, cleared)
SELECT owner, criterion, grain, day, key, currency, sum(sign), coalesce(sum(sign) FILTER (WHERE {RELEASED}), 0),
    coalesce(sum(sign) FILTER (WHERE {REJECTED}), 0), sum(value), {buckets("bucket")}
FROM laid GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT (merchant_id, criterion, grain, day, key, currency) DO UPDATE SET
    lists = t.lists + excluded.lists, released = t.released + excluded.released, rejected = t.rejected + excluded.rejected,
    value = t.value + excluded.value, {added("cleared")}
), contributed AS (
INSERT INTO list_contributor AS t (month, flow, criterion, key, merchant_id, lists)
SELECT date_trunc('month', f.counted_on)::date, f.flow, c.criterion, c.key, f.merchant_id, sum(f.sign)
FROM moved f CROSS JOIN LATERAL (VALUES {_OPEN_KEYS}) AS c (criterion, key)
WHERE f.counted_on IS NOT NULL GROUP BY 1, 2, 3, 4, 5 HAVING sum(f.sign) <> 0
ON CONFLICT (month, flow, criterion, key, merchant_id) DO UPDATE SET lists = t.lists + excluded.lists
)"""  # noqa: S608  # our own names
"""Adds ``facts`` with their ``sign`` to the totals of lists, and to what says which firms stand behind them."""
ORDER_TOTALS = f"""
moved AS (
    SELECT node, day, flow, matched_at IS NOT NULL AS matched, filed_at IS NOT NULL AS filed, released_at IS NOT NULL AS released,
        {
    ", ".join(
        f"width_bucket(extract(epoch FROM {late} - {early})::int, {EDGE_ARRAY}) AS {name}"
        for name, early, late in (
            ("to_match", "arrived_at", "matched_at"),
            ("to_file", "matched_at", "filed_at"),
            ("to_release", "filed_at", "released_at"),
        )
    )
},
        sum(sign) AS sign
    FROM {{facts}} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(sign) <> 0
), summed AS (
INSERT INTO order_total AS t (owner, grain, day, flow, arrived, matched, filed, released, to_match, to_file, to_release)
SELECT b.owner, g.grain, g.day, f.flow, sum(sign), coalesce(sum(sign) FILTER (WHERE matched), 0),
    coalesce(sum(sign) FILTER (WHERE filed), 0), coalesce(sum(sign) FILTER (WHERE released), 0),
    {buckets("to_match")}, {buckets("to_file")}, {buckets("to_release")}
FROM moved f
CROSS JOIN LATERAL (SELECT '{WHOLE_ZONE}'::uuid UNION ALL SELECT {NODE_OWNER.format(code="f.node")} WHERE f.node <> '') AS b (owner)
{GRAINS.format(day="f.day")} GROUP BY 1, 2, 3, 4
ON CONFLICT (owner, grain, day, flow) DO UPDATE SET
    arrived = t.arrived + excluded.arrived, matched = t.matched + excluded.matched, filed = t.filed + excluded.filed,
    released = t.released + excluded.released, {added("to_match", "to_file", "to_release")}
)"""  # noqa: S608  # our own names
"""Adds ``facts`` with their ``sign`` to the totals of orders."""
_SWEEP: Sequence[str] = (
    "DELETE FROM list_total WHERE lists = 0",
    "DELETE FROM order_total WHERE arrived = 0",
    "DELETE FROM list_contributor WHERE lists = 0",
)


def sweep(uow: UnitOfWork) -> None:
    """Drop totals of nothing: what is left is what adding up anew would make."""
    for statement in _SWEEP:
        run(uow.connection, statement)
