"""Lists of bills: an enterprise's own, those it sent, or all; the newest version of each, the last to arrive first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.queries.belonging import WAYBILLS_OF_ORDER, newest_of
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


_COMMON = "v.{key}, v.version, v.flow, v.app_type"
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
# Every path walks an index that is in order of arrival, so that a page costs the same in a list of ten and of a million.
_SOURCES: Mapping[tuple[BillKind, Scope], str] = {
    (BillKind.ORDER, Scope.OWN): "order_version v WHERE v.merchant_id = %(viewer)s",
    (BillKind.ORDER, Scope.SENT): "order_version v WHERE v.submitter_id = %(viewer)s AND v.submitter_id <> v.merchant_id",
    (BillKind.ORDER, Scope.ALL): """intake_batch a CROSS JOIN LATERAL (
            SELECT * FROM order_version x WHERE x.merchant_id = a.submitter_id AND x.batch_id = a.id
              AND x.submitter_id = a.submitter_id
            UNION ALL
            SELECT * FROM order_version x WHERE x.submitter_id = a.submitter_id AND x.batch_id = a.id
              AND x.submitter_id <> x.merchant_id
        ) v WHERE a.kind = 'order'""",
    (BillKind.WAYBILL, Scope.OWN): f"""order_version o CROSS JOIN LATERAL ({WAYBILLS_OF_ORDER}) k
        JOIN waybill_version v ON v.waybill_key = k.waybill_key WHERE {_OWN_NEWEST}""",
}


def search_bills(
    connection: Connection, kind: BillKind, scope: Scope, enterprise_id: UUID | None, wanted: Wanted
) -> list[BillRow]:
    """Return bills of one kind. ``Scope.ALL`` needs no enterprise; the other two show that enterprise's only."""
    if enterprise_id is None and scope != Scope.ALL:
        raise ValueError("an enterprise is needed")
    place = _place(kind, scope)
    conditions = [newest_of(kind, "v"), *_conditions(kind, wanted, place)]
    statement = f"{_select(kind, place, _source(kind, scope))} AND {' AND '.join(conditions)}{_order(kind, place)} LIMIT %(limit)s"
    cursor = wanted.after
    values = {
        "viewer": enterprise_id,
        "text": f"%{_escaped(wanted.text)}%",
        "flow": wanted.flow,
        "from": wanted.arrived_from,
        "before": wanted.arrived_before,
        "limit": wanted.limit,
        "after": [cursor.batch_id, cursor.position, cursor.key] if cursor else [],
        "after_batch": cursor.batch_id if cursor else None,
        "after_position": cursor.position if cursor else None,
        "after_key": cursor.key if cursor else None,
    }
    return [_row(kind, row) for row in fetch(connection, statement, values)]


def bills_of_order(connection: Connection, order_key: int) -> list[BillRow]:
    """Return the payments, waybills and shipping links of an order, newest versions, deleted ones included."""
    found = []
    for kind in (BillKind.PAYMENT, BillKind.WAYBILL, BillKind.LINK):
        if kind == BillKind.WAYBILL:
            source = f"""order_version o CROSS JOIN LATERAL ({WAYBILLS_OF_ORDER}) k
                JOIN waybill_version v ON v.waybill_key = k.waybill_key
                WHERE o.order_key = %(order)s AND {newest_of(BillKind.ORDER, "o")}"""
        else:
            source = f"{TABLES[kind].name} v WHERE v.order_key = %(order)s"
        statement = f"{_select(kind, 'v', source)} AND {newest_of(kind, 'v')}{_order(kind, 'v')} LIMIT 200"
        found += [_row(kind, row) for row in fetch(connection, statement, {"order": order_key})]
    return found


def _place(kind: BillKind, scope: Scope) -> str:
    """A merchant's payments and parcels are listed in the order of their orders: that is the order an index keeps."""
    return "o" if scope == Scope.OWN and kind != BillKind.ORDER else "v"


def _source(kind: BillKind, scope: Scope) -> str:
    known = _SOURCES.get((kind, scope))
    if known:
        return known
    table = TABLES[kind].name
    if scope == Scope.SENT:
        return f"{table} v WHERE v.submitter_id = %(viewer)s"
    if scope == Scope.OWN:
        return f"order_version o JOIN {table} v ON v.order_key = o.order_key WHERE {_OWN_NEWEST}"
    return f"intake_batch a JOIN {table} v ON v.submitter_id = a.submitter_id AND v.batch_id = a.id WHERE a.kind = '{kind}'"


def _select(kind: BillKind, place: str, source: str) -> str:
    table = TABLES[kind]
    tables, _, where = source.rpartition(" WHERE ")
    return (
        f"SELECT {_COMMON.format(key=table.key_column)}, {_SHOWN[kind]}, v.submitter_id, v.batch_id, b.received_at, "  # noqa: S608  # our own names
        f"{place}.batch_id, {place}.position FROM {tables} JOIN intake_batch b ON b.id = v.batch_id WHERE {where}"
    )


def _conditions(kind: BillKind, wanted: Wanted, place: str) -> list[str]:
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
            f"({place}.batch_id, {place}.position, v.{key}) < "
            "(%(after_batch)s, %(after_position)s::smallint, %(after_key)s::bigint)"
        )
    return found


def _order(kind: BillKind, place: str) -> str:
    return f" ORDER BY {place}.batch_id DESC, {place}.position DESC, v.{TABLES[kind].key_column} DESC"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(kind: BillKind, row: tuple[object, ...]) -> BillRow:
    *shown, batch_id, position = row
    return BillRow(kind, *shown, Cursor(batch_id, position, shown[0]))  # type: ignore[arg-type]  # the statement above gives these types
