"""The daily balance of special-area lots, by unit of goods: entered = declared in summary + delivered and open + stock."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from ccezone.kernel.balances import Balance, Difference, Part
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.queries.area import DECLARATION, ENTRY, STANDS, SUMS

AREA = "special_area"
_LOTS = f"""
SELECT i.unit, i.document_no || '-' || i.line_no, coalesce(e.uscc, ''), i.quantity, d.declared, d.open, coalesce(g.qty, 0)
FROM goods_ledger_item i {SUMS} LEFT JOIN enterprise e ON e.id = i.merchant_id
LEFT JOIN LATERAL (SELECT sum((l.line ->> 'qty')::numeric) AS qty
    FROM general_declaration g, jsonb_array_elements(g.lines) WITH ORDINALITY AS l (line, place)
    WHERE g.id = {DECLARATION} AND {STANDS}
        AND coalesce(nullif(l.line ->> 'line_no', '')::int, l.place::int) = i.line_no) g ON true
WHERE {ENTRY} AND (i.exported_on = %(day)s
    OR EXISTS (SELECT FROM area_delivery a WHERE a.item_id = i.id AND a.made_at >= %(since)s AND a.made_at < %(until)s))
ORDER BY i.id
"""  # noqa: S608  # our own names


def area_balances(reader: Connection, day: date) -> Sequence[Balance]:
    """Lots that entered or were delivered from on a day; entered is read from the declarations, the parts from the lots. A lot that
    holds other than what was declared, or was delivered beyond it, is an item."""
    since = datetime.combine(day, time(), SHANGHAI)
    rows = fetch(reader, _LOTS, {"day": day, "since": since, "until": since + timedelta(days=1)})
    return [_of_unit(unit, day, [row[1:] for row in rows if row[0] == unit]) for unit in sorted({row[0] for row in rows})]


_Account = tuple[str, str, Decimal, Decimal, Decimal, Decimal]
"""A lot: its name, its firm, what the ledger holds, declared, open, and what the declaration says entered."""


def _of_unit(unit: str, day: date, rows: Sequence[_Account]) -> Balance:
    differences = [
        Difference("lot_differs", number, merchant, entered, held)
        for number, merchant, held, _, _, entered in rows
        if entered != held
    ] + [
        Difference("lot_overdrawn", number, merchant, held, declared + left)
        for number, merchant, held, declared, left, _ in rows
        if declared + left > held
    ]
    held, declared = sum((row[2] for row in rows), Decimal(0)), sum((row[3] for row in rows), Decimal(0))
    left, whole = sum((row[4] for row in rows), Decimal(0)), sum((row[5] for row in rows), Decimal(0))
    parts = [Part("summarised", declared), Part("unsummarised", left), Part("stock", held - declared - left)]
    return Balance(AREA, day, unit, whole, parts, differences)
