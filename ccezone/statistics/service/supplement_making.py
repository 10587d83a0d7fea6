"""The statements that make supplementary facts of what is ``{chosen}``, and add what changed to their totals."""

from collections.abc import Mapping

from ccezone.statistics.rules import COUNTED, NODE_OWNER, WHOLE_ZONE, YUAN
from ccezone.statistics.service.list_facts import TERMS
from ccezone.statistics.service.totals import GRAINS

KINDS = ("line", "general", "return")
_NAMES = (
    *("id", "source", "method", "batch_id", "merchant_id", "day", "flow", "trade_mode", "country", "chapter", "node", "park"),
    *("currency", "worth", "rate", "cny", "parcels", "standing", "sign", "repeats", "document", "counted_in"),
)
_SHANGHAI = "AT TIME ZONE 'Asia/Shanghai'"
_GENERAL_KEY = "hashtextextended({g}.flow || ':general_declaration:' || {g}.declaration_no, 0)"
_ROW = """r.id, r.source, r.method, r.batch_id, r.merchant_id, r.day, r.flow, r.trade_mode, r.country, r.chapter,
        coalesce(nullif(r.node, ''), e.node, ''), CASE WHEN n.kind = 'window' THEN n.code ELSE '' END, r.currency, r.worth,
        p.value::numeric, round(r.worth * p.value::numeric, 2), r.parcels"""
_PLACES = """
    LEFT JOIN enterprise e ON e.id = r.merchant_id
    LEFT JOIN node n ON n.code = coalesce(nullif(r.node, ''), e.node)
    LEFT JOIN rates p ON p.name = r.currency AND r.day >= p.since AND r.day < p.until
    LEFT JOIN LATERAL (
        SELECT s.name FROM signs s WHERE r.day >= s.since AND r.day < s.until AND CASE s.name
            WHEN 'mode' THEN EXISTS (SELECT FROM modes m WHERE m.name = r.trade_mode AND r.day >= m.since AND r.day < m.until)
            WHEN 'mark' THEN r.mark <> '' WHEN 'order' THEN r.ordered WHEN 'register' THEN r.merchant_id IS NOT NULL
            ELSE false END
        ORDER BY s.value::int LIMIT 1
    ) judged ON true
    LEFT JOIN LATERAL (
        SELECT d.recognised FROM supplement_decision d WHERE d.fact_id = r.id ORDER BY d.id DESC LIMIT 1
    ) word ON true"""
_VERDICT = "coalesce(word.recognised, judged.name IS NOT NULL)"
_SIGN = "CASE WHEN word.recognised IS NOT NULL THEN 'officer' ELSE coalesce(judged.name, '') END"
_LINES = f"""
    SELECT {_ROW}, CASE WHEN r.undone THEN 'undone' WHEN listed.id IS NOT NULL THEN 'declared' WHEN fed.id IS NOT NULL
            OR recorded.no IS NOT NULL THEN 'fed' WHEN r.judging AND NOT {_VERDICT} THEN 'unrecognised'
            WHEN word.recognised IS FALSE THEN 'unrecognised' ELSE 'counted' END,
        CASE WHEN r.judging OR word.recognised IS NOT NULL THEN {_SIGN} ELSE '' END,
        coalesce(listed.id::text, fed.id::text, recorded.no, ''), coalesce(nullif(r.waybill_no, ''), r.document_no), NULL::date
    FROM (
        SELECT 'line:' || l.id AS id, b.source, b.method, l.batch_id, l.enterprise_id AS merchant_id, l.day, l.flow,
            CASE WHEN l.trade_mode = '' THEN b.source ELSE l.trade_mode END AS trade_mode, l.country,
            left(l.hs_code, 2) AS chapter, l.node, l.currency, round(l.amount * l.weight, 2) AS worth,
            round(l.parcels * l.weight)::int AS parcels, b.undone_at IS NOT NULL AS undone, l.id AS line_id, l.key, l.mark,
            l.waybill_no, l.document_no, l.order_no <> '' AS ordered, l.trade_mode <> '' AS judging
        FROM touched t CROSS JOIN LATERAL (SELECT * FROM supplement_line WHERE id = t.id OFFSET 0) l
        JOIN supplement_batch b ON b.id = l.batch_id
    ) r {_PLACES}
    LEFT JOIN LATERAL (
        SELECT min(f.id) AS id FROM list_fact f WHERE f.parcel = r.key AND f.counted_on IS NOT NULL
    ) listed ON r.waybill_no <> ''
    LEFT JOIN LATERAL (
        SELECT min(o.id) AS id FROM supplement_line o JOIN supplement_batch ob ON ob.id = o.batch_id
        WHERE o.key = r.key AND o.id < r.line_id AND ob.undone_at IS NULL
    ) fed ON true
    LEFT JOIN LATERAL (
        SELECT g.declaration_no AS no FROM general_declaration g
        WHERE g.declaration_no = r.document_no AND g.removed_at IS NULL AND g.released_on IS NOT NULL LIMIT 1
    ) recorded ON r.source = 'general_declaration'"""  # noqa: S608  # our own names
_GENERALS = f"""
    SELECT {_ROW}, CASE WHEN r.linked THEN 'linked' WHEN NOT {_VERDICT} THEN 'unrecognised' ELSE 'counted' END, {_SIGN}, '',
        r.declaration_no, NULL::date
    FROM (
        SELECT 'general:' || g.id AS id, 'general_declaration' AS source, 'roll-up' AS method, NULL::uuid AS batch_id,
            g.merchant_id, g.released_on AS day, g.flow, g.trade_mode::text AS trade_mode, g.country,
            left(coalesce(g.lines -> 0 ->> 'hs_code', ''), 2) AS chapter, '' AS node, g.currency, g.total_value AS worth,
            1 AS parcels, g.declaration_no, '' AS mark, jsonb_array_length(g.order_nos) > 0 AS ordered,
            EXISTS (SELECT FROM summary_entry s WHERE s.entry_no = g.declaration_no AND s.entry_no <> '') AS linked
        FROM touched t CROSS JOIN LATERAL (SELECT * FROM general_declaration WHERE id = t.id OFFSET 0) g
        WHERE g.removed_at IS NULL AND g.released_on IS NOT NULL
    ) r {_PLACES}"""  # noqa: S608  # our own names
_RETURNS = f"""
    SELECT 'return:' || r.id, 'goods_return', 'roll-up', NULL::uuid, f.merchant_id, (r.released_at {_SHANGHAI})::date, f.flow,
        f.trade_mode::text, f.country, f.chapter, f.node, f.park, f.currency, -back.amount, f.rate,
        round(-back.amount * f.rate, 2), 0, 'counted', '', f.id::text, r.list_no, date_trunc('month', f.counted_on)::date
    FROM touched t CROSS JOIN LATERAL (SELECT * FROM goods_return WHERE id = t.id OFFSET 0) r
    CROSS JOIN LATERAL (SELECT * FROM list_fact WHERE id = r.declaration_id AND counted_on IS NOT NULL OFFSET 0) f
    CROSS JOIN LATERAL (
        SELECT least(sum(l.amount), f.worth) AS amount FROM goods_return_line l WHERE l.application_id = r.id
    ) back
    WHERE r.released_at IS NOT NULL AND back.amount > 0"""  # noqa: S608  # our own names
_MADE = f"""
{", ".join(TERMS.format(name=name) for name in ("rates", "modes", "signs"))},
touched AS MATERIALIZED ({{chosen}}), made ({", ".join(_NAMES)}) AS ({{rows}}
), gone AS (
    DELETE FROM supplement_fact f
    WHERE f.id IN (SELECT '{{kind}}:' || id FROM touched EXCEPT SELECT id FROM made) RETURNING f.id
), stored AS (
    INSERT INTO supplement_fact AS f ({", ".join(_NAMES)}) SELECT * FROM made
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _NAMES[1:])}
    WHERE ({", ".join(f"f.{name}" for name in _NAMES[1:])})
        IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _NAMES[1:])})
    RETURNING *
)"""  # noqa: S608  # our own names
MADE: Mapping[str, str] = {
    kind: _MADE.replace("{rows}", rows).replace("{kind}", kind)
    for kind, rows in (("line", _LINES), ("general", _GENERALS), ("return", _RETURNS))
}
"""Make facts anew of the rows ``{chosen}``, as ``stored``; those that are no longer made are dropped, as ``gone``."""
_OF_FEED = "SELECT l.id, l.key FROM supplement_batch b JOIN supplement_line l ON l.batch_id = b.id"
CHANGED: Mapping[str, str] = {
    "line": f"""
    WITH fed AS ({_OF_FEED} WHERE b.taken_at >= %(since)s OR b.undone_at >= %(since)s)
    SELECT id FROM fed
    UNION SELECT l.id FROM fed JOIN supplement_line l ON l.key = fed.key
    UNION SELECT l.id FROM declaration_state s JOIN list_fact f ON f.id = s.id JOIN supplement_line l ON l.key = f.parcel
        WHERE s.updated_at >= %(since)s
    UNION SELECT l.id FROM general_declaration g JOIN supplement_line l ON l.key = {_GENERAL_KEY.format(g="g")}
        WHERE g.updated_at >= %(since)s
    UNION SELECT substr(d.fact_id, 6)::bigint FROM supplement_decision d WHERE d.at >= %(since)s AND d.fact_id LIKE 'line:%%'
    """,  # noqa: S608  # our own names
    "general": """
    SELECT id FROM general_declaration WHERE updated_at >= %(since)s
    UNION SELECT g.id FROM summary_entry s JOIN general_declaration g ON g.declaration_no = s.entry_no WHERE s.told_at >= %(since)s
    UNION SELECT substr(d.fact_id, 9)::uuid FROM supplement_decision d WHERE d.at >= %(since)s AND d.fact_id LIKE 'general:%%'
    """,
    "return": """
    SELECT r.id FROM customs_application a JOIN goods_return r ON r.id = a.id WHERE a.updated_at >= %(since)s
    UNION SELECT r.id FROM declaration_state s JOIN goods_return r ON r.declaration_id = s.id WHERE s.updated_at >= %(since)s
    """,
}
"""Which rows may count otherwise since a moment. What a list, a feed or an officer says later is found by the parcel's key."""
_CRITERIA = {name: key for name, key in COUNTED.items() if name != "hour"}
_KEYS = ", ".join(f"('{name}', {key})" for name, key in _CRITERIA.items())
TOTALS = f"""
changed AS (
    SELECT f.source, f.method, coalesce(f.merchant_id::text, '') AS merchant_id, f.day, f.flow, f.trade_mode, f.country, f.chapter,
        f.node, f.park, f.standing, CASE WHEN f.cny IS NULL THEN f.currency ELSE '{YUAN}' END AS currency,
        sum(f.moved) AS facts, sum(f.moved * f.parcels) AS parcels, sum(f.moved * coalesce(f.cny, f.worth)) AS value
    FROM {{facts}} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
), summed AS (
    INSERT INTO supplement_total AS t
        (owner, criterion, grain, day, key, currency, source, method, standing, facts, parcels, value)
    SELECT b.owner, c.criterion, g.grain, g.day, c.key, f.currency, f.source, f.method, f.standing, sum(f.facts), sum(f.parcels),
        sum(f.value)
    FROM changed f
    CROSS JOIN LATERAL (
        SELECT '{WHOLE_ZONE}'::uuid UNION ALL SELECT {NODE_OWNER.format(code="f.node")} WHERE f.node <> ''
    ) AS b (owner)
    {GRAINS.format(day="f.day")}
    CROSS JOIN LATERAL (VALUES {_KEYS}) AS c (criterion, key)
    WHERE c.key IS NOT NULL AND (f.standing = 'counted' OR c.criterion = 'flow')
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    ON CONFLICT (owner, criterion, grain, day, key, currency, source, method, standing) DO UPDATE SET
        facts = t.facts + excluded.facts, parcels = t.parcels + excluded.parcels, value = t.value + excluded.value
)"""  # noqa: S608  # our own names
SWEEP = "DELETE FROM supplement_total WHERE facts = 0 AND parcels = 0 AND value = 0"
