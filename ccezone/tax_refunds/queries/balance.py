"""Daily balances of what refunds keep (``kernel.balances``): goods released, and the money of claims.

Goods are counted by what customs released, read from the declarations themselves and not from the ledger: whatever the ledger
lost, doubled or wrote otherwise shows as a difference of its line.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from ccezone.kernel.balances import Balance, Difference, Part
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage.copying import fetch

GOODS, MONEY = "goods", "refunds"
_AMOUNT = r"CASE WHEN {0} ~ '^[0-9]{{1,20}}(\.[0-9]+)?$' AND ({0})::numeric > 0 THEN round(({0})::numeric, 5) END"
_LINE = "coalesce(nullif(l.line ->> 'line_no', '')::int, l.place::int)"
_HELD = """
WITH held AS (
    SELECT i.id, i.source, i.source_id, i.line_no, i.merchant_id, i.document_no, i.currency, i.amount
    FROM goods_ledger_item i WHERE i.exported_on = %(day)s
    UNION ALL
    SELECT i.id, i.source, i.source_id, i.line_no, i.merchant_id, i.document_no, i.currency, i.amount
    FROM goods_ledger_item i WHERE i.exported_on IS NULL AND i.made_at >= %(since)s AND i.made_at < %(until)s
), lists AS (
    SELECT DISTINCT source_id::bigint AS id FROM held WHERE source = 'L'
    UNION
    SELECT s.id FROM declaration_state s JOIN declaration_list d ON d.id = s.id
    WHERE s.updated_at >= %(since)s AND s.updated_at < least(%(until)s, now() - interval '10 minutes')
        AND s.state IN ('800', '899') AND d.flow = 'E'
        AND NOT EXISTS (SELECT FROM goods_ledger_item i WHERE i.source = 'L' AND i.source_id = s.id::text OFFSET 0)
), general AS (
    SELECT DISTINCT source_id::uuid AS id FROM held WHERE source = 'G'
    UNION
    SELECT g.id FROM general_declaration g
    WHERE g.updated_at >= %(since)s AND g.updated_at < least(%(until)s, now() - interval '10 minutes')
        AND g.flow = 'E' AND g.released_on IS NOT NULL AND g.removed_at IS NULL
        AND NOT EXISTS (SELECT FROM goods_ledger_item i WHERE i.source = 'G' AND i.source_id = g.id::text OFFSET 0)
), released AS (
    SELECT 'L' AS source, d.id::text AS source_id, {line} AS line_no, d.merchant_id, coalesce(s.list_no, d.cop_no) AS document_no,
        coalesce(nullif(l.line ->> 'currency', ''), d.currency) AS currency, {amount} AS amount
    FROM lists JOIN declaration_list d ON d.id = lists.id JOIN declaration_state s ON s.id = d.id,
        jsonb_array_elements(d.content -> 'lines') WITH ORDINALITY AS l (line, place)
    WHERE s.state IN ('800', '899')
    UNION ALL
    SELECT 'G', g.id::text, {line}, g.merchant_id, g.declaration_no,
        coalesce(nullif(l.line ->> 'currency', ''), g.currency), {amount}
    FROM general JOIN general_declaration g ON g.id = general.id,
        jsonb_array_elements(g.lines) WITH ORDINALITY AS l (line, place)
    WHERE g.released_on IS NOT NULL AND g.removed_at IS NULL
)
"""
_WITH = _HELD.replace("{line}", _LINE).replace("{amount}", _AMOUNT.format("l.line ->> 'total_price'"))
_SUMS = f"""{_WITH}
SELECT currency, 'released', coalesce(sum(amount), 0) FROM released GROUP BY 1
UNION ALL
SELECT currency, part, coalesce(sum(amount), 0) FROM (
    SELECT h.currency, h.amount, CASE
        WHEN EXISTS (SELECT FROM refund_claim_item c WHERE c.item_id = h.id AND c.live) THEN 'claimed'
        WHEN EXISTS (SELECT FROM goods_exemption x WHERE x.item_id = h.id AND x.live) THEN 'exempt'
        ELSE 'open' END AS part
    FROM held h) p GROUP BY 1, 2
"""  # noqa: S608  # our own names
_DIFFERING = f"""{_WITH}
SELECT coalesce(h.currency, r.currency), CASE WHEN h.id IS NULL THEN 'item_missing' WHEN r.source IS NULL THEN 'not_released'
        ELSE 'amount_differs' END,
    coalesce(h.document_no, r.document_no) || '-' || coalesce(h.line_no, r.line_no), coalesce(e.uscc, ''),
    coalesce(r.amount, 0), coalesce(h.amount, 0)
FROM held h FULL JOIN released r USING (source, source_id, line_no)
LEFT JOIN enterprise e ON e.id = coalesce(h.merchant_id, r.merchant_id)
WHERE h.id IS NULL OR r.source_id IS NULL OR h.amount IS DISTINCT FROM r.amount OR h.currency <> r.currency
ORDER BY 3, 2
"""  # noqa: S608  # our own names
_PARTS = ("claimed", "exempt", "open")
_MONEY = """
WITH moved AS (
    SELECT DISTINCT claim_id FROM refund_step WHERE at >= %(since)s AND at < %(until)s
        AND step IN ('approve', 'approve_part', 'reverse', 'pay', 'recover', 'offset')
), steps AS (
    SELECT s.claim_id, coalesce(sum(s.amount) FILTER (WHERE s.step = 'pay'), 0) AS paid,
        coalesce(sum(s.amount) FILTER (WHERE s.step IN ('recover', 'offset')), 0) AS back,
        coalesce(sum(CASE s.step WHEN 'reverse' THEN -s.amount ELSE s.amount END)
            FILTER (WHERE s.step IN ('approve', 'approve_part', 'reverse')), 0) AS approved
    FROM refund_step s JOIN moved m ON m.claim_id = s.claim_id GROUP BY 1
)
SELECT 'TR' || lpad(c.number::text, 8, '0'), coalesce(e.uscc, ''), s.paid, s.back, c.paid, c.recovered, s.approved,
    coalesce(c.approved, 0)
FROM steps s JOIN refund_claim c ON c.id = s.claim_id LEFT JOIN enterprise e ON e.id = c.merchant_id ORDER BY c.number
"""
_CHECKS = ("approved_differs", "paid_differs", "recovered_differs")
YUAN = "142"


def goods_balances(reader: Connection, day: date) -> Sequence[Balance]:
    """Goods exported on a day, by currency: released = claimed + exempt + open; every line that differs is an item."""
    values = _span(day)
    sums: dict[str, dict[str, Decimal]] = {}
    for currency, name, amount in fetch(reader, _SUMS, values):
        sums.setdefault(currency, {})[name] = amount
    differences: dict[str, list[Difference]] = {}
    for currency, kind, number, merchant, expected, found in fetch(reader, _DIFFERING, values):
        differences.setdefault(currency, []).append(Difference(kind, number, merchant, expected, found))
    return [
        Balance(
            GOODS, day, currency, known.get("released", Decimal(0)),
            [Part(name, known.get(name, Decimal(0))) for name in _PARTS], differences.get(currency, ()),
        )
        for currency, known in sorted(sums.items())
    ]  # fmt: skip


def refund_balances(reader: Connection, day: date) -> Sequence[Balance]:
    """Refunds that moved on a day: what the steps say was paid = what the firm keeps + what went back, as the claims say."""
    rows = fetch(reader, _MONEY, _span(day))
    if not rows:
        return []
    differences = [
        Difference(kind, number, merchant, said, held)
        for number, merchant, paid, back, claim_paid, claim_back, approved, claim_approved in rows
        for kind, said, held in zip(_CHECKS, (approved, paid, back), (claim_approved, claim_paid, claim_back), strict=True)
        if said != held
    ]
    back, kept = sum((row[5] for row in rows), Decimal(0)), sum((row[4] - row[5] for row in rows), Decimal(0))
    parts = [Part("kept", kept), Part("recovered", back)]
    return [Balance(MONEY, day, YUAN, sum((row[2] for row in rows), Decimal(0)), parts, differences)]


def _span(day: date) -> dict[str, object]:
    since = datetime.combine(day, time(), SHANGHAI)
    return {"day": day, "since": since, "until": since + timedelta(days=1)}
