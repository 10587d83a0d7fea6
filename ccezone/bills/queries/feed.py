"""Bills as they come in, for whoever looks at them afterwards: which deliveries, which orders they touch, what these orders are.

People appear as keyed digests only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.queries.belonging import WAYBILLS_OF_ORDER, newest_by, newest_of
from ccezone.bills.rules import BillKind
from ccezone.storage.copying import fetch

_DELIVERIES = """
SELECT id, kind, received_at, bill_keys FROM intake_batch WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""
_ORDERS = """
SELECT DISTINCT order_key FROM (
    SELECT unnest(%(orders)s::bigint[]) AS order_key
    UNION ALL SELECT p.order_key FROM payment_version p WHERE p.payment_key = ANY(%(payments)s::bigint[])
    UNION ALL SELECT l.order_key FROM link_version l WHERE l.link_key = ANY(%(links)s::bigint[])
    UNION ALL SELECT l.order_key FROM link_version l WHERE l.waybill_key = ANY(%(waybills)s::bigint[])
    UNION ALL SELECT o.order_key FROM waybill_version w
        CROSS JOIN LATERAL (SELECT order_key FROM order_version WHERE order_no_key = w.order_no_key AND flow = w.flow OFFSET 0) o
        WHERE w.waybill_key = ANY(%(waybills)s::bigint[]) AND w.order_no_key IS NOT NULL
) AS touched
"""
_TRADES = f"""
SELECT o.order_key, o.flow, o.order_no, o.merchant_id, o.app_type, o.app_time, b.received_at, o.goods_value + o.freight, o.currency,
    o.buyer_id_digest, o.consignee_telephone_digest,
    coalesce((
        SELECT jsonb_agg(jsonb_build_array(p.payment_key::text, p.payment_no, p.app_type, p.paid_at, p.payer_id_digest::text,
            extract(epoch FROM pb.received_at)::text) ORDER BY p.payment_key)
        FROM (SELECT * FROM payment_version v WHERE v.order_key = o.order_key AND {newest_of(BillKind.PAYMENT, "v")} OFFSET 0) p
        JOIN intake_batch pb ON pb.id = p.batch_id
    ), '[]'),
    coalesce((
        SELECT jsonb_agg(jsonb_build_array(k.waybill_key::text, w.waybill_no, w.app_type, w.app_time,
            extract(epoch FROM wb.received_at)::text) ORDER BY k.waybill_key)
        FROM ({WAYBILLS_OF_ORDER}) k
        CROSS JOIN LATERAL {newest_by(BillKind.WAYBILL, "k.waybill_key")} w
        JOIN intake_batch wb ON wb.id = w.batch_id
    ), '[]')
FROM unnest(%(keys)s::bigint[]) AS wanted(key)
CROSS JOIN LATERAL {newest_by(BillKind.ORDER, "wanted.key")} o
JOIN intake_batch b ON b.id = o.batch_id
"""  # noqa: S608  # built from our own names
_WAYBILLS = f"""
SELECT w.waybill_key, w.flow, w.carrier_code, w.waybill_no, w.app_type, w.app_time, w.gross_weight, e.id
FROM waybill_version w LEFT JOIN enterprise e ON e.uscc = w.merchant_code
WHERE w.waybill_key = ANY(%(keys)s::bigint[]) AND {newest_of(BillKind.WAYBILL, "w")}
"""  # noqa: S608  # built from our own names


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery, and the bills of which it stored a version."""

    id: UUID
    kind: BillKind
    received_at: datetime
    keys: Sequence[int]


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment of an order. ``paid_at`` is a wire time; ``payer`` the digest of an identity number."""

    key: int
    number: str
    deleted: bool
    paid_at: str
    payer: str | None
    received: datetime


@dataclass(frozen=True, slots=True)
class Carried:
    """A waybill of an order. ``app_time`` is a wire time."""

    key: int
    number: str
    deleted: bool
    app_time: str
    received: datetime


@dataclass(frozen=True, slots=True)
class TradeFacts:
    """An order as its newest version tells it, with its payments and waybills. ``value`` is goods and freight."""

    key: int
    flow: str
    number: str
    merchant_id: UUID | None
    deleted: bool
    app_time: str
    received_at: datetime
    value: Decimal
    currency: str
    buyer: int | None
    telephone: int | None
    payments: Sequence[Paid]
    waybills: Sequence[Carried]


@dataclass(frozen=True, slots=True)
class WaybillFacts:
    """A waybill as its newest version tells it."""

    key: int
    flow: str
    carrier_code: str
    number: str
    deleted: bool
    app_time: str
    gross_weight: Decimal
    merchant_id: UUID | None


def deliveries_after(connection: Connection, after: UUID, limit: int) -> Sequence[Delivered]:
    """Return deliveries in the order of their ids. One that commits late may come before those already seen."""
    rows = fetch(connection, _DELIVERIES, {"after": after, "limit": limit})
    return [Delivered(row[0], BillKind(row[1]), row[2], row[3]) for row in rows]


def orders_touched(connection: Connection, keys: Mapping[BillKind, Sequence[int]]) -> Sequence[int]:
    """Return the orders that these bills speak of, directly or through a waybill."""
    named = {f"{kind.value}s": list(keys.get(kind, ())) for kind in BillKind}
    return [row[0] for row in fetch(connection, _ORDERS, named)]


def trades(connection: Connection, order_keys: Sequence[int]) -> Sequence[TradeFacts]:
    """Return orders with what belongs to them; one that was never sent itself is left out."""
    return [_trade(row) for row in fetch(connection, _TRADES, {"keys": list(order_keys)})]


def waybills(connection: Connection, waybill_keys: Sequence[int]) -> Sequence[WaybillFacts]:
    """Return waybills."""
    rows = fetch(connection, _WAYBILLS, {"keys": list(waybill_keys)})
    return [WaybillFacts(*(*row[:4], row[4] == 3, *row[5:])) for row in rows]


def _trade(row: Sequence[Any]) -> TradeFacts:
    """Rows of a driver are untyped; ``_TRADES`` names these in this order."""
    payments = [Paid(int(key), no, kind == 3, at, payer, _moment(got)) for key, no, kind, at, payer, got in row[11]]
    waybills = [Carried(int(key), no, kind == 3, at, _moment(got)) for key, no, kind, at, got in row[12]]
    return TradeFacts(*(*row[:4], row[4] == 3, *row[5:11], payments, waybills))


def _moment(epoch: str) -> datetime:
    return datetime.fromtimestamp(float(epoch), UTC)
