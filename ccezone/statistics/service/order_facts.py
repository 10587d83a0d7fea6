"""The facts of orders: how far each came from its arrival to the release of its first list, for the funnel.

An order counts on the day its first version arrived (Asia/Shanghai); one that was deleted does not count. It is matched when
the bills that gate filing agree, by its present match, and at the latest when its first list is filed.
"""

_SHANGHAI = "AT TIME ZONE 'Asia/Shanghai'"
MADE = f"""
touched AS ({{chosen}}), made AS (
    SELECT m.order_key, m.order_no, coalesce(m.merchant_id, v.merchant_id) AS merchant_id, m.flow,
        (b.received_at {_SHANGHAI})::date AS day, b.received_at,
        CASE WHEN filed.at IS NOT NULL THEN least(m.merged_at, filed.at)
            WHEN m.fileable OR m.verdict IN ('matched', 'matched_with_warnings') THEN m.merged_at END AS matched_at,
        filed.at AS filed_at,
        CASE WHEN filed.at IS NOT NULL AND released.at IS NOT NULL THEN greatest(filed.at, released.at) END AS released_at,
        greatest(m.merged_at, moved.at)
    FROM touched t JOIN order_match m ON m.order_key = t.order_key
    JOIN order_version v ON v.order_key = m.order_key AND v.version = 1
    JOIN intake_batch b ON b.id = v.batch_id
    LEFT JOIN LATERAL (
        SELECT min(u.created_at) AS at FROM declaration_list d JOIN submission u ON u.declaration_id = d.id
        WHERE d.order_key = m.order_key
    ) filed ON true
    LEFT JOIN LATERAL (
        SELECT min(r.returned_at) AS at FROM declaration_list d JOIN declaration_state s ON s.id = d.id
        JOIN receipt r ON r.kind IN (604, 622) AND r.subject = d.id AND r.code IN (800, 899)
        WHERE d.order_key = m.order_key AND s.state IN ('800', '899')
    ) released ON true
    LEFT JOIN LATERAL (
        SELECT max(s.updated_at) AS at FROM declaration_list d JOIN declaration_state s ON s.id = d.id
        WHERE d.order_key = m.order_key
    ) moved ON true
    WHERE m.verdict <> 'deleted'
), gone AS (
    DELETE FROM order_fact f WHERE f.order_key IN (SELECT order_key FROM touched EXCEPT SELECT order_key FROM made)
), stored AS (
    INSERT INTO order_fact (order_key, order_no, merchant_id, flow, day, arrived_at, matched_at, filed_at, released_at, changed_at)
    SELECT * FROM made
    ON CONFLICT (order_key) DO UPDATE SET merchant_id = excluded.merchant_id, day = excluded.day,
        arrived_at = excluded.arrived_at, matched_at = excluded.matched_at, filed_at = excluded.filed_at,
        released_at = excluded.released_at, changed_at = excluded.changed_at
    RETURNING *
)"""  # noqa: S608  # our own names
"""Makes facts anew of the orders whose keys are ``chosen``, as ``stored``; those that no longer count are dropped."""
CHANGED = """
    SELECT order_key FROM (
        SELECT order_key, merged_at AS at FROM order_match WHERE merged_at >= %(since)s
        UNION ALL
        SELECT d.order_key, s.updated_at FROM declaration_state s JOIN declaration_list d ON d.id = s.id
        WHERE s.updated_at >= %(since)s
    ) AS moved
    GROUP BY order_key
    HAVING NOT EXISTS (SELECT FROM order_fact f WHERE f.order_key = moved.order_key AND f.changed_at >= max(moved.at))
"""
STRETCH = "SELECT order_key FROM order_match WHERE order_key > %(after)s AND order_key <= %(last)s"
