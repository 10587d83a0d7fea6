"""The daily balance of pre-refunds: what was refunded before the sale = settled by sales + to be repaid + open."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from ccezone.kernel.balances import Balance, Difference, Part
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.queries.balance import YUAN
from ccezone.tax_refunds.queries.clawbacks import prerefund_reference

LEAVE = "prerefunds"
_MOVED = """
SELECT p.number, coalesce(e.uscc, ''), coalesce(p.amount, 0), p.settled_cny, p.recovered_cny,
    coalesce(sum(s.amount) FILTER (WHERE s.step = 'refund'), 0), coalesce(sum(s.amount) FILTER (WHERE s.step = 'reconcile'), 0),
    coalesce(sum(s.amount) FILTER (WHERE s.step IN ('back', 'close', 'lapse')), 0),
    (SELECT coalesce(sum(b.amount), 0) FROM refund_clawback b WHERE b.prerefund_id = p.id AND b.state <> 'void')
FROM leave_prerefund p JOIN leave_entry s ON s.prerefund_id = p.id LEFT JOIN enterprise e ON e.id = p.merchant_id
WHERE p.id IN (SELECT prerefund_id FROM leave_entry WHERE at >= %(since)s AND at < %(until)s)
GROUP BY p.id, e.uscc ORDER BY p.number
"""


def prerefund_balances(reader: Connection, day: date) -> Sequence[Balance]:
    """Pre-refunds that moved on a day, as the entries say; each sum that the row, or the clawbacks, hold otherwise is an item."""
    since = datetime.combine(day, time(), SHANGHAI)
    rows = fetch(reader, _MOVED, {"since": since, "until": since + timedelta(days=1)})
    if not rows:
        return []
    differences = [
        Difference(kind, prerefund_reference(number), merchant, said, held)
        for number, merchant, amount, settled, recovered, refunded, counted, back, clawed in rows
        for kind, said, held in (
            ("prerefund_differs", refunded, amount),
            ("settled_differs", counted, settled),
            ("recovered_differs", back, recovered),
            ("clawback_differs", back, clawed),
        )
        if said != held
    ]
    whole, settled, recovered = (sum((row[place] for row in rows), Decimal(0)) for place in (5, 3, 4))
    held = sum((row[2] for row in rows), Decimal(0))
    parts = [Part("sold", settled), Part("to_repay", recovered), Part("unsold", held - settled - recovered)]
    return [Balance(LEAVE, day, YUAN, whole, parts, differences)]
