"""Orders' money for pages: expected, received, netted, settled, open, over; and what is overdue by the firm's term.

Settled money is laid on a receipt's orders in the order they were matched: the first ones are settled first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_OPEN = "o.expected - o.received - o.netted"
_SETTLED = """
coalesce((SELECT sum(greatest(0, least(l.amount, r.settled - l.before))) FROM (
    SELECT m.receipt_id, m.order_key, m.amount, coalesce(sum(m.amount) OVER (
        PARTITION BY m.receipt_id ORDER BY m.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM fx_match m
    WHERE m.receipt_id IN (SELECT k.receipt_id FROM fx_match k WHERE k.order_key = o.order_key) AND m.kind = 'money'
        AND m.reverses IS NULL AND NOT EXISTS (SELECT FROM fx_match v WHERE v.reverses = m.id)
    ) l JOIN fx_receipt r ON r.id = l.receipt_id WHERE l.order_key = o.order_key), 0)
"""
_CONDITIONS = {
    "": "true",
    "open": f"{_OPEN} > 0",
    "overdue": f"""{_OPEN} > %(tolerance)s
        AND o.exported_on < CASE WHEN o.enterprise_id = ANY(%(a)s) THEN %(due_a)s::date ELSE %(due_bc)s::date END""",
    "paid": f"{_OPEN} <= 0",
    "over": f"{_OPEN} < 0",
}
TABS = tuple(_CONDITIONS)


@dataclass(frozen=True, slots=True)
class OrderMoneyRow:
    """One order's money in its currency."""

    order_key: int
    enterprise_id: UUID
    order_no: str
    platform_name: str
    currency: str
    expected: Decimal
    received: Decimal
    netted: Decimal
    ordered_on: date
    exported_on: date | None
    settled: Decimal

    @property
    def open(self) -> Decimal:
        return max(Decimal(0), self.expected - self.received - self.netted)

    @property
    def over(self) -> Decimal:
        return max(Decimal(0), self.received + self.netted - self.expected)


@dataclass(frozen=True, slots=True)
class Terms:
    """When money is overdue: days after export for firms of class A, and for all others."""

    tolerance: Decimal
    days_a: int
    days_bc: int
    class_a: Collection[UUID]
    today: date

    def due(self, row: OrderMoneyRow) -> date | None:
        """Return the day an order's money is due; ``None`` before its goods are released, or when it is there."""
        if row.exported_on is None or row.open <= self.tolerance:
            return None
        return row.exported_on + timedelta(days=self.days_a if row.enterprise_id in self.class_a else self.days_bc)


def search_orders(
    connection: Connection,
    firm: UUID | None,
    terms: Terms,
    tab: str = "",
    text: str = "",
    after: int | None = None,
    limit: int = 50,
) -> Sequence[OrderMoneyRow]:
    """Return orders of a tab by number, after the cursor (a key); ``text`` is exactly an order number. ``None``: of every firm."""
    parts = [_CONDITIONS[tab], "(%(firm)s::uuid IS NULL OR o.enterprise_id = %(firm)s)"]
    if text:
        parts.append("o.order_no = %(text)s")
    if after is not None:
        parts.append("(o.order_no, o.order_key) > (SELECT a.order_no, a.order_key FROM fx_order a WHERE a.order_key = %(after)s)")
    statement = f"""SELECT o.order_key, o.enterprise_id, o.order_no, o.platform_name, o.currency, o.expected, o.received, o.netted,
        o.ordered_on, o.exported_on, {_SETTLED} FROM fx_order o WHERE {" AND ".join(parts)}
        ORDER BY o.order_no, o.order_key LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {"firm": firm, "text": text, "after": after, "limit": limit, **_values(terms)}
    return [OrderMoneyRow(*row) for row in fetch(connection, statement, values)]


def count_orders(connection: Connection, firm: UUID | None, terms: Terms) -> Mapping[str, int]:
    """Count orders by tab."""
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in _CONDITIONS.values())
    statement = f"SELECT {counted} FROM fx_order o WHERE %(firm)s::uuid IS NULL OR o.enterprise_id = %(firm)s"  # noqa: S608  # our own names
    return dict(zip(TABS, fetch(connection, statement, {"firm": firm, **_values(terms)})[0], strict=True))


def _values(terms: Terms) -> Mapping[str, object]:
    due = {"due_a": terms.today - timedelta(days=terms.days_a), "due_bc": terms.today - timedelta(days=terms.days_bc)}
    return {"tolerance": terms.tolerance, "a": list(terms.class_a), **due}


@dataclass(frozen=True, slots=True)
class SentOrder:
    """An export order as its bill tells it, released or not."""

    order_no: str
    platform_name: str
    currency: str
    expected: Decimal
    ordered_on: date


def sent_orders(connection: Connection, firm: UUID, limit: int = 50) -> Sequence[SentOrder]:
    """Return a firm's export orders, by their numbers: money may come before the goods are released."""
    statement = """SELECT v.order_no, v.platform_name, v.currency, v.goods_value + v.freight - v.discount,
            to_date(left(v.app_time, 8), 'YYYYMMDD')
        FROM order_version v WHERE v.merchant_id = %(firm)s AND v.flow = 'E' AND v.app_type <> 3
            AND NOT EXISTS (SELECT FROM order_version n WHERE n.order_key = v.order_key AND n.version > v.version)
        ORDER BY v.order_no LIMIT %(limit)s"""
    return [SentOrder(*row) for row in fetch(connection, statement, {"firm": firm, "limit": limit})]
