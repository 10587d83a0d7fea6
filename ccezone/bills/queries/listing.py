"""Lists of bills: an enterprise's own, those it sent, or all; the newest version of each, the last to arrive first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.queries.belonging import WAYBILLS_OF_ORDER, newest_of, stored_by_batch
from ccezone.bills.rules import AppType, BillKind
from ccezone.bills.service.rows import TABLES
from ccezone.storage.copying import fetch


class Scope(StrEnum):
    """Whose bills are listed: those of the merchant's orders, those the enterprise sent, all of them (the office)."""

    OWN = "own"
    SENT = "sent"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: batch, position in it, key of the bill."""

    batch_id: UUID
    position: int
    key: int

    def __str__(self) -> str:
        return f"{self.batch_id}.{self.position}.{self.key}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Read what ``str`` gave. Raises ``ValueError``."""
        batch_id, position, key = text.split(".")
        return cls(UUID(batch_id), int(position), int(key))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: part of a number, a flow (``E`` or ``I``), days of arrival, a place to go on from."""

    text: str = ""
    flow: str = ""
    arrived_from: datetime | None = None
    arrived_before: datetime | None = None
    after: Cursor | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class BillRow:
    """The newest version of a bill, as a list shows it. ``quantity`` is a waybill's weight in kilograms."""

    kind: BillKind
    key: int
    version: int
    flow: str
    app_type: int
    number: str
    order_no: str
    order_key: int | None
    party: str
    amount: Decimal | None
    currency: str
    quantity: Decimal | None
    submitter_id: UUID
    batch_id: UUID
    received_at: datetime
    cursor: Cursor

    @property
    def deleted(self) -> bool:
        """Say whether its sender took it back."""
        return self.app_type == AppType.DELETE


MOST_BILLS = 200  # of one order; an order with more parcels is not a retail order
_SHOWN: Mapping[BillKind, str] = {
    BillKind.ORDER: (
        "v.order_no, v.order_no, v.order_key, v.merchant_name, coalesce(v.actual_paid, v.goods_value + v.freight), v.currency, "
        "NULL::numeric"
    ),
    BillKind.PAYMENT: (
        "coalesce(nullif(v.payment_no, ''), v.order_no), v.order_no, v.order_key, v.payment_enterprise_name, v.amount, "
        "v.currency, NULL::numeric"
    ),
    BillKind.WAYBILL: (
        "v.waybill_no, coalesce(v.order_no, ''), NULL::bigint, v.carrier_name, NULL::numeric, v.currency, v.gross_weight"
    ),
    BillKind.LINK: "v.waybill_no, v.order_no, v.order_key, v.carrier_code, NULL::numeric, '', NULL::numeric",
}
_NUMBERS: Mapping[BillKind, tuple[str, ...]] = {
    BillKind.ORDER: ("v.order_no",),
    BillKind.PAYMENT: ("v.payment_no", "v.order_no"),
    BillKind.WAYBILL: ("v.waybill_no", "v.order_no"),
    BillKind.LINK: ("v.waybill_no", "v.order_no"),
}
_OWN_NEWEST = f"o.merchant_id = %(viewer)s AND {newest_of(BillKind.ORDER, 'o')}"


@dataclass(frozen=True, slots=True)
class _Source:
    """Where rows ``v`` and their batches ``b`` come from, and the columns that say in which order they arrived."""

    tables: str
    where: str
    batch: str = "v.batch_id"
    position: str = "v.position"


_BATCH = "JOIN intake_batch b ON b.id = v.batch_id"


def search_bills(connection: Connection, kind: BillKind, scope: Scope, enterprise_id: UUID | None, wanted: Wanted) -> list[BillRow]:
    """Return bills of one kind. ``Scope.ALL`` needs no enterprise; the other two show that enterprise's only."""
    if enterprise_id is None and scope != Scope.ALL:
        raise ValueError("an enterprise is needed")
    source = _source(kind, scope)
    conditions = [newest_of(kind, "v"), *_conditions(kind, wanted, source)]
    cursor = wanted.after
    values = {
        "viewer": enterprise_id,
        "text": f"%{_escaped(wanted.text)}%",
        "flow": wanted.flow,
        "from": wanted.arrived_from,
        "before": wanted.arrived_before,
        "limit": wanted.limit,
        "after_batch": cursor.batch_id if cursor else None,
        "after_position": cursor.position if cursor else None,
        "after_key": cursor.key if cursor else None,
    }
    return _fetch(connection, kind, source, conditions, values)


def bills_of_order(connection: Connection, order_key: int) -> list[BillRow]:
    """Return the payments, waybills and shipping links of an order, newest versions, deleted ones included."""
    found = []
    for kind in (BillKind.PAYMENT, BillKind.WAYBILL, BillKind.LINK):
        if kind == BillKind.WAYBILL:
            source = _Source(f"{_PARCELS} {_BATCH}", f"o.order_key = %(order)s AND {newest_of(BillKind.ORDER, 'o')}")
        else:
            source = _Source(f"{TABLES[kind].name} v {_BATCH}", "v.order_key = %(order)s")
        found += _fetch(connection, kind, source, [newest_of(kind, "v")], {"order": order_key, "limit": MOST_BILLS})
    return found


def bills_in_batch(connection: Connection, kind: BillKind, batch_id: UUID, after: int, limit: int) -> list[BillRow]:
    """Return the bills that a batch stored (as they stand now, when it stored their newest version) after a position."""
    source = _Source(f"intake_batch b {stored_by_batch(kind)}", "b.id = %(batch)s")
    values = {"batch": batch_id, "after": after, "limit": limit}
    return _fetch(connection, kind, source, ["v.position > %(after)s"], values, descending=False)


def _fetch(
    connection: Connection,
    kind: BillKind,
    source: _Source,
    conditions: Sequence[str],
    values: Mapping[str, object],
    *,
    descending: bool = True,
) -> list[BillRow]:
    key, way = TABLES[kind].key_column, "DESC" if descending else "ASC"
    statement = f"""
        SELECT v.{key}, v.version, v.flow, v.app_type, {_SHOWN[kind]}, v.submitter_id, v.batch_id, b.received_at,
            {source.batch}, {source.position}
        FROM {source.tables}
        WHERE {" AND ".join([source.where, *conditions])}
        ORDER BY {source.batch} {way}, {source.position} {way}, v.{key} {way} LIMIT %(limit)s
    """  # noqa: S608  # built from our own names; values are parameters
    return [_row(kind, row) for row in fetch(connection, statement, values)]


_PARCELS = f"""order_version o CROSS JOIN LATERAL ({WAYBILLS_OF_ORDER}) k
    JOIN waybill_version v ON v.waybill_key = k.waybill_key"""


def _source(kind: BillKind, scope: Scope) -> _Source:
    """Choose a path along an index that is in order of arrival: a page costs the same in a list of ten and of a million.

    A merchant's payments and parcels stand in the order of their orders, for that is the order an index keeps.
    """
    if scope != Scope.OWN:
        sender = " AND b.submitter_id = %(viewer)s" if scope == Scope.SENT else ""
        last = "(%(after_batch)s::uuid IS NULL OR b.id <= %(after_batch)s)"
        return _Source(f"intake_batch b {stored_by_batch(kind)}", f"b.kind = '{kind}'{sender} AND {last}", "b.id")
    if kind == BillKind.ORDER:
        return _Source(f"order_version v {_BATCH}", "v.merchant_id = %(viewer)s")
    bills = _PARCELS if kind == BillKind.WAYBILL else f"order_version o JOIN {TABLES[kind].name} v ON v.order_key = o.order_key"
    return _Source(f"{bills} {_BATCH}", _OWN_NEWEST, "o.batch_id", "o.position")


def _conditions(kind: BillKind, wanted: Wanted, source: _Source) -> list[str]:
    found = []
    if wanted.text:
        found.append("(" + " OR ".join(f"{column} ILIKE %(text)s" for column in _NUMBERS[kind]) + ")")
    if wanted.flow:
        found.append("v.flow = %(flow)s")
    if wanted.arrived_from:
        found.append("b.received_at >= %(from)s")
    if wanted.arrived_before:
        found.append("b.received_at < %(before)s")
    if wanted.after:
        key = TABLES[kind].key_column
        found.append(
            f"({source.batch}, {source.position}, v.{key}) < (%(after_batch)s, %(after_position)s::smallint, %(after_key)s::bigint)"
        )
    return found


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(kind: BillKind, row: Sequence[Any]) -> BillRow:
    """Rows of a driver are untyped; the statement in ``_fetch`` names these columns in this order."""
    *shown, batch_id, position = row
    values: list[Any] = [kind, *shown, Cursor(batch_id, position, shown[0])]
    return BillRow(*values)
