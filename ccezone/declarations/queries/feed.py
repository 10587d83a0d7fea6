"""Lists as they change, for whoever looks at them afterwards: value and weight, price of each line, what counts in the year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_CHANGED = """
SELECT d.id, d.flow, d.order_no, d.waybill_no, d.merchant_id, d.waybill_key, d.buyer_digest, d.created_at, s.updated_at,
    CASE WHEN s.missing @> '[{"kind": "product"}]' THEN 0 ELSE coalesce(d.content ->> 'net_weight', '0')::numeric END,
    w.gross_weight,
    (SELECT count(DISTINCT l.order_key) FROM link_version l WHERE l.waybill_key = d.waybill_key AND l.app_type <> 3)::int,
    d.content ->> 'country',
    CASE WHEN s.missing @> '[{"kind": "rule", "name": "I23"}]' THEN d.total_value ELSE coalesce((
        SELECT sum(CASE q.kind WHEN 'use' THEN q.amount ELSE -q.amount END) FROM quota_entry q
        WHERE q.buyer_digest = d.buyer_digest AND q.declaration_id = d.id
          AND q.year = extract(year FROM d.created_at AT TIME ZONE 'Asia/Shanghai')
    ), 0) END, d.content -> 'lines'
FROM declaration_state s JOIN declaration_list d ON d.id = s.id
LEFT JOIN LATERAL (
    SELECT v.gross_weight FROM waybill_version v WHERE v.waybill_key = d.waybill_key ORDER BY v.version DESC LIMIT 1
) w ON true
WHERE s.updated_at >= %(at)s AND (s.updated_at, s.id) > (%(at)s, %(after)s)
ORDER BY s.updated_at, s.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A declared line: ``total`` in ``currency`` (customs' numeric code) for ``quantity`` of the first legal ``unit``."""

    line_no: int
    hs_code: str
    country: str
    unit: str
    currency: str
    quantity: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class DeclaredFacts:
    """A list as declared. ``counted`` is what it uses of its buyer's year, or would use if that were not used up (I23);
    ``waybill_weight`` is what the waybill itself says, ``waybill_orders`` how many orders are linked to it.

    ``net_weight`` is nought while the list lacks a product, whose weight nobody knows.
    """

    id: int
    flow: str
    order_no: str
    waybill_no: str
    merchant_id: UUID
    waybill_key: int
    buyer: int | None
    created_at: datetime
    updated_at: datetime
    net_weight: Decimal
    waybill_weight: Decimal | None
    waybill_orders: int
    counted: Decimal
    lines: Sequence[PricedLine]


def lists_changed(connection: Connection, at: datetime, after: int, limit: int) -> Sequence[DeclaredFacts]:
    """Return lists in the order of their last change, after one moment and id."""
    return [_facts(row) for row in fetch(connection, _CHANGED, {"at": at, "after": after, "limit": limit})]


def _facts(row: Sequence[Any]) -> DeclaredFacts:
    """Rows of a driver are untyped; ``_CHANGED`` names these in this order."""
    lines = [_line(line, row[12] or "") for line in row[14] or ()]
    return DeclaredFacts(*(*row[:12], row[13], lines))


def _line(line: dict[str, str], country: str) -> PricedLine:
    quantity, total = Decimal(line.get("qty1", "0")), Decimal(line.get("total_price", "0"))
    named = (line.get("hs_code", ""), line.get("country") or country, line.get("unit1", ""), line.get("currency", ""))
    return PricedLine(int(line["line_no"]), *named, quantity, total)
