"""The merge, as one statement over the touched orders: one order and a million take the same path.

Read it from the end: ``judged`` puts an order's bills side by side, ``payments`` adds up what was paid for it,
``parcels`` finds its waybills (a shipping link first, else an import waybill that names the order's number and agrees
with exactly one order on consignee and telephone). The comparisons are written in from ``matching.rules``.

A waybill or a number touches no released order: its bills are locked, so the news is of another parcel or order that was
given the same number. ``OFFSET 0`` keeps a look-up by key a look-up by key: a planner without statistics of a growing table
would read all of it. Line numbers are compared as ``numeric``: import orders may count them as far as they like.
"""

from collections.abc import Sequence

from ccezone.matching.rules import MERGE_RULES, Comparison, MergeRule, Severity


def _differs(rule: MergeRule) -> str:
    if rule.comparison == Comparison.AMOUNT:
        return f"abs(({rule.left}) - ({rule.right})) > %({rule.tolerance.rsplit('.', 1)[-1]})s"
    return f"{rule.left} IS NOT NULL AND {rule.right} IS NOT NULL AND {rule.left} <> {rule.right}"


def _shown(rule: MergeRule, expression: str) -> str:
    if rule.comparison == Comparison.PERSON:
        return "NULL"  # sealed: a page opens both bills to show them
    if rule.comparison == Comparison.AMOUNT:
        return f"trim_scale({expression})::text"
    return f"({expression})::text"


def _difference(rule: MergeRule) -> str:
    waybill = "w.waybill_key::text" if rule.right_bill == "waybill" else "NULL"
    return (
        f"CASE WHEN o.flow = '{rule.flow}' AND {_differs(rule)} THEN jsonb_build_object("
        f"'rule', '{rule.id}', 'severity', '{rule.severity}', 'bill', '{rule.right_bill}', 'waybill', {waybill}, "
        f"'left', {_shown(rule, rule.left)}, 'right', {_shown(rule, rule.right)}) END"
    )


def _differences(*bills: str) -> str:
    cases = [_difference(rule) for rule in MERGE_RULES if rule.right_bill in bills]
    return "array_remove(ARRAY[" + ",\n".join(cases) + "]::jsonb[], NULL)"


def _blocking(bills: Sequence[str]) -> str:
    listed = ", ".join(f"'{bill}'" for bill in bills)
    return f"EXISTS (SELECT FROM unnest(differences) d WHERE d->>'severity' = '{Severity.BLOCK}' AND d->>'bill' IN ({listed}))"


MERGE = f"""
WITH touched AS (
    SELECT DISTINCT key FROM (
        SELECT unnest(%(orders)s::bigint[]) AS key
        UNION ALL
        SELECT v.order_key FROM unnest(%(numbers)s::bigint[]) AS n JOIN order_version v ON v.order_no_key = n AND v.flow = 'I'
        WHERE NOT EXISTS (SELECT FROM order_lock l WHERE l.order_key = v.order_key)
        UNION ALL
        SELECT v.order_key FROM unnest(%(waybills)s::bigint[]) AS k
        CROSS JOIN LATERAL (
            SELECT x.order_key FROM link_version x WHERE x.waybill_key = k
              AND NOT EXISTS (SELECT FROM order_lock l WHERE l.order_key = x.order_key)
            OFFSET 0
        ) v
    ) AS keys
),
orders AS (
    SELECT v.* FROM touched t
    CROSS JOIN LATERAL (SELECT * FROM order_version x WHERE x.order_key = t.key ORDER BY x.version DESC LIMIT 1) v
),
payments AS (
    SELECT t.key, array_agg(x.payment_key ORDER BY x.payment_key) AS payments, sum(x.amount) AS amount,
        string_agg(DISTINCT x.currency, '/') AS currency,
        string_agg(DISTINCT x.payment_enterprise_code, '/') AS payment_enterprise_code,
        CASE WHEN min(x.payer_name_digest) = max(x.payer_name_digest) THEN min(x.payer_name_digest) ELSE 0 END AS payer_name_digest,
        CASE WHEN min(x.payer_id_digest) = max(x.payer_id_digest) THEN min(x.payer_id_digest) ELSE 0 END AS payer_id_digest,
        min(x.flow) AS flow, min(x.order_no) AS order_no, min(x.merchant_code) AS merchant_code
    FROM touched t
    CROSS JOIN LATERAL (
        SELECT * FROM payment_version v WHERE v.order_key = t.key AND v.app_type <> 3
          AND NOT EXISTS (SELECT FROM payment_version n WHERE n.payment_key = v.payment_key AND n.version > v.version)
        OFFSET 0
    ) x
    GROUP BY t.key
),
linked AS (
    SELECT x.order_key, x.waybill_key, x.lines FROM touched t
    CROSS JOIN LATERAL (
        SELECT * FROM link_version v WHERE v.order_key = t.key AND v.app_type <> 3
          AND NOT EXISTS (SELECT FROM link_version n WHERE n.link_key = v.link_key AND n.version > v.version)
        OFFSET 0
    ) x
),
candidates AS (
    SELECT o.order_key, x.waybill_key, x.consignee_digest, x.consignee_telephone_digest, o.order_no_key
    FROM orders o
    JOIN waybill_version x ON x.order_no_key = o.order_no_key AND x.order_no = o.order_no AND x.flow = 'I'
    WHERE o.flow = 'I' AND x.app_type <> 3
      AND NOT EXISTS (SELECT FROM waybill_version n WHERE n.waybill_key = x.waybill_key AND n.version > x.version)
      AND NOT EXISTS (SELECT FROM linked l WHERE l.order_key = o.order_key)
      AND NOT EXISTS (
          SELECT FROM link_version l WHERE l.waybill_key = x.waybill_key AND l.app_type <> 3
            AND NOT EXISTS (SELECT FROM link_version n WHERE n.link_key = l.link_key AND n.version > l.version)
      )
),
by_number AS (
    SELECT c.order_key, c.waybill_key, '[]'::jsonb AS lines FROM candidates c
    CROSS JOIN LATERAL (
        SELECT min(q.order_key) AS only_key, count(*) AS agreeing FROM order_version q
        WHERE q.order_no_key = c.order_no_key AND q.flow = 'I' AND q.app_type <> 3
          AND q.consignee_digest = c.consignee_digest AND q.consignee_telephone_digest = c.consignee_telephone_digest
          AND NOT EXISTS (SELECT FROM order_version n WHERE n.order_key = q.order_key AND n.version > q.version)
    ) a
    WHERE a.agreeing = 1 AND a.only_key = c.order_key
),
parcels AS (
    SELECT o.order_key, count(*) AS expected, count(w.waybill_key) AS arrived,
        jsonb_agg(jsonb_build_object('waybill', j.waybill_key::text, 'lines', j.lines) ORDER BY j.waybill_key) AS waybills,
        bool_or(j.lines <> '[]'::jsonb) OR count(*) > 1 AS split,
        bool_or(EXISTS (
            SELECT FROM link_version s WHERE s.waybill_key = j.waybill_key AND s.order_key <> o.order_key AND s.app_type <> 3
              AND NOT EXISTS (SELECT FROM link_version n WHERE n.link_key = s.link_key AND n.version > s.version)
        )) AS shared,
        jsonb_agg(to_jsonb({_differences("waybill")})) FILTER (WHERE w.waybill_key IS NOT NULL) AS differences
    FROM orders o
    JOIN (SELECT * FROM linked UNION ALL SELECT * FROM by_number) j ON j.order_key = o.order_key
    LEFT JOIN LATERAL (SELECT * FROM waybill_version x WHERE x.waybill_key = j.waybill_key ORDER BY x.version DESC LIMIT 1) w
        ON w.app_type <> 3
    GROUP BY o.order_key
),
judged AS (
    SELECT t.key, coalesce(o.version, 0) AS order_version, coalesce(o.flow, p.flow) AS flow,
        coalesce(o.merchant_id, e.id) AS merchant_id, coalesce(o.order_no, p.order_no) AS order_no,
        o.app_type = 3 AS deleted, p.payments, w.waybills, coalesce(w.shared, false) AS shared,
        array_remove(ARRAY[
            CASE WHEN o.order_key IS NULL THEN 'order' END,
            CASE WHEN p.key IS NULL THEN 'payment' END,
            CASE WHEN w.order_key IS NULL AND o.flow = 'I'
                  AND NOT EXISTS (SELECT FROM candidates c WHERE c.order_key = o.order_key) THEN 'waybill'
                 WHEN w.order_key IS NULL AND o.order_key IS NOT NULL THEN 'link'
                 WHEN w.arrived < w.expected THEN 'waybill' END,
            CASE WHEN w.split AND EXISTS (
                SELECT FROM (
                    SELECT (i->>'line_no')::numeric AS n, (i->>'qty')::numeric AS q FROM jsonb_array_elements(o.lines) i
                ) ordered FULL JOIN (
                    SELECT (i->>'line_no')::numeric AS n, sum((i->>'qty')::numeric) AS q
                    FROM jsonb_array_elements(w.waybills) b CROSS JOIN jsonb_array_elements(b->'lines') i GROUP BY 1
                ) sent USING (n) WHERE ordered.q IS DISTINCT FROM sent.q
            ) THEN 'link_lines' END
        ], NULL) AS waiting,
        {_differences("order", "payment")}
            || CASE WHEN w.differences IS NULL THEN '{{}}'::jsonb[]
                    ELSE ARRAY(SELECT jsonb_path_query(w.differences, '$[*][*]')) END AS differences
    FROM touched t
    LEFT JOIN orders o ON o.order_key = t.key
    LEFT JOIN payments p ON p.key = t.key
    LEFT JOIN parcels w ON w.order_key = t.key
    LEFT JOIN enterprise e ON o.order_key IS NULL AND e.uscc = p.merchant_code
    WHERE o.order_key IS NOT NULL OR p.key IS NOT NULL
),
reasoned AS (
    SELECT *, array_remove(ARRAY[
        CASE WHEN deleted THEN 'deleted' END,
        CASE WHEN 'order' = ANY(waiting) THEN 'order' END,
        CASE WHEN 'payment' = ANY(waiting) AND (CASE flow WHEN 'I' THEN %(import_payment)s ELSE %(export_payment)s END)
             THEN 'payment' END,
        CASE WHEN waiting && ARRAY['waybill', 'link', 'link_lines'] THEN 'waybill' END,
        CASE WHEN {_blocking(["order", "waybill"])} THEN 'conflict'
             WHEN (CASE flow WHEN 'I' THEN %(import_payment)s ELSE %(export_payment)s END) AND {_blocking(["payment"])}
             THEN 'conflict' END,
        CASE WHEN shared AND (flow = 'I' OR NOT %(share)s) THEN 'waybill_shared' END
    ], NULL) AS reasons
    FROM judged
)
INSERT INTO order_match AS m (order_key, order_version, flow, merchant_id, order_no, verdict, waiting, differences, fileable,
    reasons, payments, waybills, merged_at)
SELECT key, order_version, flow, merchant_id, order_no,
    CASE WHEN deleted THEN 'deleted'
         WHEN {_blocking(["order", "payment", "waybill"])} THEN 'conflict'
         WHEN cardinality(waiting) > 0 THEN 'waiting'
         WHEN cardinality(differences) > 0 THEN 'matched_with_warnings'
         ELSE 'matched' END,
    to_jsonb(waiting), to_jsonb(differences), cardinality(reasons) = 0, to_jsonb(reasons),
    coalesce(payments, '{{}}'), coalesce(waybills, '[]'), %(at)s
FROM reasoned
ON CONFLICT (order_key) DO UPDATE SET
    order_version = excluded.order_version, merchant_id = excluded.merchant_id, verdict = excluded.verdict,
    waiting = excluded.waiting, differences = excluded.differences, fileable = excluded.fileable, reasons = excluded.reasons,
    payments = excluded.payments, waybills = excluded.waybills, merged_at = excluded.merged_at
RETURNING m.order_key, m.flow, m.verdict, m.fileable, m.merchant_id,
    CASE WHEN m.verdict = 'conflict' OR m.merchant_id = ANY(%(watched)s::uuid[])
         THEN m.verdict IS DISTINCT FROM (SELECT b.verdict FROM order_match b WHERE b.order_key = m.order_key) ELSE false END
"""  # noqa: S608  # built from our own rule constants only
