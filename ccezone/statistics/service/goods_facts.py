"""The facts of exported goods after their release: claimed, refunded, paid for from abroad, settled; and their totals by day.

An item of the goods ledger counts on the day it was exported, for the whole zone and for its merchant's node. Money came in
when its order was received whole, what was kept back included; it is settled when every receipt that paid it is. A recorded
declaration has no order, and no such stages. What changed since the last time is found by ledger, claim and receipt of money.
"""

from collections.abc import Mapping

from ccezone.kernel.clock import Clock
from ccezone.statistics.rules import NODE_OWNER, WHOLE_ZONE
from ccezone.statistics.service.totals import EDGE_ARRAY, GRAINS, added, buckets
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.holding import hold
from ccezone.storage.lateness import LONGEST, lateness

NOT_FILED = ("draft", "checked", "not_accepted")
"""States of a claim in which nothing is claimed."""
_TOGETHER = 20_000
_STAGES: Mapping[str, tuple[str, str]] = {
    "exported": ("true", "NULL::timestamptz - f.exported_at"),
    "claimed": ("f.claimed_at IS NOT NULL", "f.claimed_at - f.exported_at"),
    "paid": ("f.paid_at IS NOT NULL", "f.paid_at - f.claimed_at"),
    "collected": ("f.collected_at IS NOT NULL", "f.collected_at - f.exported_at"),
    "settled": ("f.settled_at IS NOT NULL", "f.settled_at - f.collected_at"),
}
"""When an item ``f`` came to a stage, and how long that took from the stage it follows."""
_NAMES = ("item_id", "general", "node", "day", "claim_id", "claimed_at", "paid_at", "collected_at", "settled_at")
_MOVING = ", ".join(_NAMES[2:])


def _listed(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in _NAMES[2:])


CHANGED = """
    SELECT i.id FROM goods_ledger_item i WHERE i.made_at >= %(since)s
        AND NOT EXISTS (SELECT FROM goods_fact f WHERE f.item_id = i.id OFFSET 0)
    UNION
    SELECT x.item_id FROM refund_claim c CROSS JOIN LATERAL (
        SELECT item_id FROM refund_claim_item WHERE claim_id = c.id UNION SELECT item_id FROM goods_fact WHERE claim_id = c.id
    ) x WHERE c.updated_at >= %(since)s
    UNION
    SELECT i.id FROM (SELECT DISTINCT m.order_key FROM fx_receipt r JOIN fx_match m ON m.receipt_id = r.id
        WHERE r.updated_at >= %(since)s) o
    CROSS JOIN LATERAL (SELECT id FROM declaration_list WHERE order_key = o.order_key OFFSET 0) d
    JOIN goods_ledger_item i ON i.source = 'L' AND i.source_id = d.id::text
    UNION
    SELECT f.item_id FROM goods_fact f
    WHERE f.general AND EXISTS (SELECT FROM general_declaration g WHERE g.updated_at >= %(since)s)
        AND NOT EXISTS (SELECT FROM goods_ledger_item i WHERE i.id = f.item_id)
"""
_STRETCH = """
    SELECT id FROM (SELECT id FROM goods_ledger_item WHERE id > %(after)s ORDER BY id LIMIT %(limit)s) AS stretch
"""
_MADE = f"""
touched AS MATERIALIZED ({{chosen}}), made ({", ".join(_NAMES)}) AS (
    SELECT i.id, i.source = 'G', coalesce(e.node, ''), i.exported_on, claim.id, claim.at, claim.paid_at,
        money.at, settled.at
    FROM touched t
    CROSS JOIN LATERAL (SELECT * FROM goods_ledger_item WHERE id = t.id AND exported_on IS NOT NULL OFFSET 0) i
    LEFT JOIN enterprise e ON e.id = i.merchant_id
    LEFT JOIN LATERAL (
        SELECT c.id, c.paid_at, (SELECT min(s.at) FROM refund_step s WHERE s.claim_id = c.id AND s.step = 'submit') AS at
        FROM refund_claim_item x JOIN refund_claim c ON c.id = x.claim_id
        WHERE x.item_id = i.id AND x.live AND c.state NOT IN {NOT_FILED}
    ) claim ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT m.receipt_id) AS receipts, max(m.at) AS at
        FROM (SELECT order_key FROM declaration_list
              WHERE id = CASE WHEN i.source = 'L' THEN i.source_id::bigint END OFFSET 0) d
        JOIN fx_order o ON o.order_key = d.order_key AND o.received + o.netted >= o.expected
        JOIN fx_match m ON m.order_key = o.order_key AND m.kind = 'money' AND m.reverses IS NULL
            AND NOT EXISTS (SELECT FROM fx_match v WHERE v.reverses = m.id AND v.order_key = m.order_key)
    ) money ON true
    LEFT JOIN LATERAL (
        SELECT max(s.at) AS at FROM fx_step s
        WHERE s.receipt_id = ANY (money.receipts) AND s.step IN ('confirmed_settle', 'confirmed_release')
            AND NOT EXISTS (SELECT FROM fx_receipt r WHERE r.id = ANY (money.receipts) AND r.settled + r.returned < r.amount)
    ) settled ON true
), gone AS (
    DELETE FROM goods_fact f WHERE f.item_id IN (SELECT id FROM touched EXCEPT SELECT item_id FROM made) RETURNING f.item_id
), stored AS (
    INSERT INTO goods_fact AS f ({", ".join(_NAMES)}) SELECT * FROM made
    ON CONFLICT (item_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _NAMES[2:])}
    WHERE ({_listed("f")}) IS DISTINCT FROM ({_listed("excluded")})
    RETURNING *
)"""  # noqa: S608  # our own names
_MOVED = f"""(
    SELECT {_MOVING}, -1 AS sign FROM goods_fact
    WHERE item_id IN (SELECT item_id FROM stored UNION ALL SELECT item_id FROM gone)
    UNION ALL SELECT {_MOVING}, 1 FROM stored
)"""  # noqa: S608  # our own names
_TOTALS = f"""
moved AS (
    SELECT *, (day::timestamp AT TIME ZONE 'Asia/Shanghai') AS exported_at FROM {{facts}} AS changed
), laid AS (
    SELECT b.owner, g.grain, g.day, c.stage, f.sign,
        width_bucket(least(greatest(extract(epoch FROM c.took), 0), 1e9)::int, {EDGE_ARRAY}) AS bucket
    FROM moved f
    CROSS JOIN LATERAL (
        SELECT '{WHOLE_ZONE}'::uuid UNION ALL SELECT {NODE_OWNER.format(code="f.node")} WHERE f.node <> ''
    ) AS b (owner)
    {GRAINS.format(day="f.day")}
    CROSS JOIN LATERAL (
        VALUES {", ".join(f"('{stage}', {holds}, {took})" for stage, (holds, took) in _STAGES.items())}
    ) AS c (stage, holds, took)
    WHERE c.holds
), summed AS (
    INSERT INTO goods_total AS t (owner, grain, day, stage, items, took)
    SELECT owner, grain, day, stage, sum(sign), {buckets("bucket")} FROM laid GROUP BY 1, 2, 3, 4
    ON CONFLICT (owner, grain, day, stage) DO UPDATE SET items = t.items + excluded.items, {added("took")}
), claimed AS (
    INSERT INTO goods_claim_day AS t (claim_id, day, items)
    SELECT claim_id, day, sum(sign) FROM moved WHERE claim_id IS NOT NULL GROUP BY 1, 2 HAVING sum(sign) <> 0
    ON CONFLICT (claim_id, day) DO UPDATE SET items = t.items + excluded.items
)"""  # noqa: S608  # our own names
_TAKE = f"WITH {_MADE}, {_TOTALS.format(facts=_MOVED)} SELECT count(*) FROM stored"  # noqa: S608  # our own names
_LAST = f"SELECT max(id::text)::uuid FROM ({_STRETCH}) AS stretch"  # noqa: S608  # our own names
_ADD_UP = f"WITH {_TOTALS.format(facts=f'(SELECT {_MOVING}, 1 AS sign FROM goods_fact)')} SELECT"  # noqa: S608  # our own names
_SWEEP = ("DELETE FROM goods_total WHERE items = 0", "DELETE FROM goods_claim_day WHERE items = 0")
_EMPTY = tuple(f"DELETE FROM {table}" for table in ("goods_total", "goods_claim_day", "goods_fact"))  # noqa: S608  # our own names
_MARK = "SELECT at FROM figure_mark WHERE name = 'goods'"
_SET_MARK = """
INSERT INTO figure_mark (name, at, terms) VALUES ('goods', %(at)s, '') ON CONFLICT (name) DO UPDATE SET at = excluded.at
"""
_FIRST = "00000000-0000-0000-0000-000000000000"


def refresh_goods(database: Database, clock: Clock) -> int:
    """Take in what became of exported goods since the last time; return how many items. The first time takes in all."""
    now = clock.now()
    with database.begin() as uow:
        hold(uow.connection, "goods_figures")
        known = fetch(uow.connection, _MARK)
        if known:
            complete = now - lateness(uow.connection)
            changed = _taken(uow, CHANGED, {"since": known[0][0]})
            run(uow.connection, _SET_MARK, {"at": complete})
            return changed
    return recompute_goods(database, clock)


def recompute_goods(database: Database, clock: Clock) -> int:
    """Make all facts of exported goods and their totals anew, in one transaction; return how many items there are."""
    with database.begin() as uow:
        hold(uow.connection, "goods_figures")
        now, after, number = clock.now(), _FIRST, 0
        for statement in _EMPTY:
            run(uow.connection, statement)
        while (last := fetch(uow.connection, _LAST, {"after": after, "limit": _TOGETHER})[0][0]) is not None:
            number += _taken(uow, _STRETCH, {"after": after, "limit": _TOGETHER})
            after = str(last)
        run(uow.connection, _SET_MARK, {"at": now - LONGEST})
    return number


def add_up_goods(uow: UnitOfWork) -> None:
    """Add facts up that were written by other means."""
    run(uow.connection, _ADD_UP)


def _taken(uow: UnitOfWork, chosen: str, values: Mapping[str, object]) -> int:
    number = int(fetch(uow.connection, _TAKE.format(chosen=chosen), values)[0][0])
    for statement in _SWEEP:
        run(uow.connection, statement)
    return number
