"""The dated steps of one order's money, for its timeline: what was expected, what came, what was kept back, settled, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_STEPS = """
SELECT m.at, CASE WHEN m.reverses IS NULL THEN 'matched' ELSE 'unmatched' END, m.kind, m.amount, r.currency, r.id, r.number, m.id
FROM fx_match m JOIN fx_receipt r ON r.id = m.receipt_id JOIN fx_order o ON o.order_key = m.order_key
WHERE m.order_key = %(order)s AND (%(firm)s::uuid IS NULL OR o.enterprise_id = %(firm)s)
UNION ALL
SELECT s.at, s.step, '', s.amount, r.currency, r.id, r.number, s.id
FROM fx_step s JOIN fx_receipt r ON r.id = s.receipt_id
WHERE s.step NOT IN ('match', 'unmatch', 'not_found') AND s.receipt_id IN (
    SELECT m.receipt_id FROM fx_match m JOIN fx_order o ON o.order_key = m.order_key
    WHERE m.order_key = %(order)s AND (%(firm)s::uuid IS NULL OR o.enterprise_id = %(firm)s))
ORDER BY 1, 8
"""


@dataclass(frozen=True, slots=True)
class MoneyStep:
    """A step: of the order's own money (``matched``, ``unmatched``, with the kind of line), or of a receipt that pays it."""

    at: datetime
    step: str
    kind: str
    amount: Decimal | None
    currency: str
    receipt_id: UUID
    receipt_number: int


def money_steps(connection: Connection, firm: UUID | None, order_key: int) -> Sequence[MoneyStep]:
    """Return the steps of one order's money in their order; another firm's looks like none."""
    return [MoneyStep(*row[:-1]) for row in fetch(connection, _STEPS, {"order": order_key, "firm": firm})]
