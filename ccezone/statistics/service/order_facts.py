"""The facts of orders: how far each came from its arrival to the release of its first list, for the funnel.

An order counts on the day its first version arrived (Asia/Shanghai); one that was deleted does not count. It is matched when
the bills that gate filing agree, by its present match, and at the latest when its first list is filed. ``OFFSET 0`` keeps
every look-up to its key: without statistics of a growing table the planner would read it whole for each order.
"""

from ccezone.statistics.service.list_facts import CLEARED

_SHANGHAI = "AT TIME ZONE 'Asia/Shanghai'"
MADE = f"""
touched AS ({{chosen}}), made AS (
    SELECT m.order_key, m.order_no, coalesce(m.merchant_id, v.merchant_id) AS merchant_id, m.flow,
        (b.received_at {_SHANGHAI})::date AS day, b.received_at,
        CASE WHEN l.filed_at IS NOT NULL THEN least(m.merged_at, l.filed_at)
            WHEN m.fileable OR m.verdict IN ('matched', 'matched_with_warnings') THEN m.merged_at END AS matched_at,
        l.filed_at,
        CASE WHEN l.filed_at IS NOT NULL AND l.released_at IS NOT NULL THEN greatest(l.filed_at, l.released_at) END AS released_at,
        greatest(m.merged_at, l.moved_at),
        coalesce((SELECT e.node FROM enterprise e WHERE e.id = coalesce(m.merchant_id, v.merchant_id)), '')
    FROM touched t JOIN order_match m ON m.order_key = t.order_key
    CROSS JOIN LATERAL (SELECT * FROM order_version WHERE order_key = t.order_key AND version = 1 OFFSET 0) v
    JOIN intake_batch b ON b.id = v.batch_id
    CROSS JOIN LATERAL (
        SELECT min(u.at) AS filed_at, min(r.at) AS released_at, max(s.updated_at) AS moved_at
        FROM (SELECT id FROM declaration_list WHERE order_key = t.order_key OFFSET 0) d
        CROSS JOIN LATERAL (SELECT state, updated_at FROM declaration_state WHERE id = d.id OFFSET 0) s
        CROSS JOIN LATERAL (SELECT min(created_at) AS at FROM submission WHERE declaration_id = d.id) u
        LEFT JOIN LATERAL (
            SELECT min(returned_at) AS at FROM receipt WHERE kind IN (604, 622) AND subject = d.id AND code IN (800, 899)
        ) r ON s.state IN {CLEARED}
    ) l
    WHERE m.verdict <> 'deleted'
), gone AS (
    DELETE FROM order_fact f WHERE f.order_key IN (SELECT order_key FROM touched EXCEPT SELECT order_key FROM made)
), stored AS (
    INSERT INTO order_fact (order_key, order_no, merchant_id, flow, day, arrived_at, matched_at, filed_at, released_at, changed_at,
        node)
    SELECT * FROM made
    ON CONFLICT (order_key) DO UPDATE SET merchant_id = excluded.merchant_id, day = excluded.day,
        arrived_at = excluded.arrived_at, matched_at = excluded.matched_at, filed_at = excluded.filed_at,
        released_at = excluded.released_at, changed_at = excluded.changed_at, node = excluded.node
    RETURNING *
)"""  # noqa: S608  # our own names
"""Makes facts anew of the orders whose keys are ``chosen``, as ``stored``; those that no longer count are dropped."""
CHANGED = """
    SELECT order_key FROM declaration_list WHERE id = ANY(%(lists)s::bigint[])
    UNION
    SELECT m.order_key FROM order_match m WHERE m.merged_at BETWEEN %(moving_since)s AND %(moving_until)s
        AND NOT EXISTS (SELECT FROM order_fact f WHERE f.order_key = m.order_key AND f.changed_at >= m.merged_at)
"""
"""The orders of the ``lists`` that were just taken in, and those whose bills were merged anew."""
STRETCH = "SELECT order_key FROM order_match WHERE order_key > %(after)s AND order_key <= %(last)s"
