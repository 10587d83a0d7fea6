"""The balance of foreign exchange at the end of a day: received = settled + pending + under way + returned + open, by currency.

The whole comes from receipts, the parts from the entries that moved money between them. A receipt whose stored parts, or whose
matched amount, disagree with its entries is named, one by one.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ccezone.fx.rules.parts import Part as FxPart
from ccezone.fx.rules.parts import receipt_reference
from ccezone.kernel.balances import Balance, Difference, Part
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

LEDGER = "foreign_exchange"
_WHOLE = "SELECT currency, sum(amount) FROM fx_receipt WHERE created_at < %(until)s GROUP BY 1 ORDER BY 1"
_MOVED = """
SELECT r.currency, side.part, sum(side.amount) FROM fx_move m JOIN fx_receipt r ON r.id = m.receipt_id
CROSS JOIN LATERAL (VALUES (m.target, m.amount), (m.source, -m.amount)) AS side(part, amount)
WHERE m.at < %(until)s GROUP BY 1, 2
"""
_APART = """
SELECT r.currency, r.number, (SELECT e.uscc FROM enterprise e WHERE e.id = r.enterprise_id),
    r.settled + r.pending + r.returned, coalesce(e.moved, 0), r.matched,
    coalesce(t.matched, 0)
FROM fx_receipt r
LEFT JOIN (SELECT receipt_id, sum(CASE WHEN target IN ('settled', 'pending', 'returned') THEN amount ELSE 0 END)
    - sum(CASE WHEN source IN ('settled', 'pending', 'returned') THEN amount ELSE 0 END) AS moved
    FROM fx_move GROUP BY 1) e ON e.receipt_id = r.id
LEFT JOIN (SELECT receipt_id, sum(amount) AS matched FROM fx_match WHERE kind = 'money' GROUP BY 1) t ON t.receipt_id = r.id
WHERE r.created_at < %(until)s
    AND (r.settled + r.pending + r.returned <> coalesce(e.moved, 0) OR r.matched <> coalesce(t.matched, 0))
ORDER BY r.number
"""


def balances(reader: Connection, day: date) -> Sequence[Balance]:
    """Return the balance of each currency at the end of a day in Shanghai."""
    values = {"until": datetime.combine(day + timedelta(days=1), time(), SHANGHAI)}
    moved = {(currency, part): amount for currency, part, amount in fetch(reader, _MOVED, values)}
    apart: dict[str, list[Difference]] = {}
    for currency, number, merchant, stored, entries, matched, told in fetch(reader, _APART, values):
        pairs = [("fx_receipt_parts", entries, stored), ("fx_receipt_matched", told, matched)]
        found = [
            Difference(kind, receipt_reference(number), merchant, *amounts) for kind, *amounts in pairs if amounts[0] != amounts[1]
        ]
        apart.setdefault(currency, []).extend(found)
    return [
        Balance(LEDGER, day, currency, whole, _parts(moved, currency, whole), apart.get(currency, ()))
        for currency, whole in fetch(reader, _WHOLE, values)
    ]


def _parts(moved: Mapping[tuple[str, str], Decimal], currency: str, whole: Decimal) -> Sequence[Part]:
    """What entries moved into each part; what came in and was never moved is open."""
    found = {part: moved.get((currency, part.value), Decimal(0)) for part in FxPart}
    found[FxPart.OPEN] += whole
    return [Part(part.value, amount) for part, amount in found.items()]
