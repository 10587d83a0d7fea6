"""One bill with all its versions and every value its sender gave, read back from the messages they came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.ports import Deliveries, UnreadableDelivery, Values
from ccezone.bills.queries.belonging import newest_of, visible_condition
from ccezone.bills.rules import AppType, BillKind
from ccezone.bills.service.rows import ORDER_PERSONAL, PAYMENT_PERSONAL, TABLES, WAYBILL_PERSONAL
from ccezone.enterprises.queries import directory
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault, mask

PERSONAL: Mapping[BillKind, frozenset[str]] = {
    BillKind.ORDER: frozenset(ORDER_PERSONAL) - {"buyer_id_type"},
    BillKind.PAYMENT: frozenset(PAYMENT_PERSONAL) - {"payer_id_type"},
    BillKind.WAYBILL: frozenset(WAYBILL_PERSONAL),
    BillKind.LINK: frozenset(),
}
KEY_FIELDS: Mapping[tuple[BillKind, str], frozenset[str]] = {
    (BillKind.ORDER, "E"): frozenset({"merchant_code", "platform_code", "order_no"}),
    (BillKind.ORDER, "I"): frozenset({"platform_code", "order_no"}),
    (BillKind.PAYMENT, "E"): frozenset({"merchant_code", "order_no", "payment_no"}),
    (BillKind.PAYMENT, "I"): frozenset({"payment_enterprise_code", "payment_no"}),
    (BillKind.WAYBILL, "E"): frozenset({"carrier_code", "waybill_no"}),
    (BillKind.WAYBILL, "I"): frozenset({"carrier_code", "waybill_no"}),
    (BillKind.LINK, "E"): frozenset({"merchant_code", "platform_code", "order_no", "carrier_code", "waybill_no"}),
    (BillKind.LINK, "I"): frozenset({"platform_code", "order_no", "carrier_code", "waybill_no"}),
}
"""What a bill's key is made of (``bills.rules``): a change that alters it would speak of another bill."""
_NOT_CHANGES = frozenset({"guid", "app_time", "app_type", "app_status"})


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a bill. Personal values in ``values`` are masked; ``changed`` names what differs from the one before."""

    version: int
    app_type: int
    app_time: str
    batch_id: UUID
    submitter_id: UUID
    received_at: datetime
    source: str
    signed: bool
    values: Values
    changed: Sequence[str]


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill; ``versions`` newest first. ``locked`` says that its goods are released, so that it may not change any more."""

    kind: BillKind
    key: int
    flow: str
    message_type: str
    number: str
    order_key: int | None
    locked: bool
    versions: Sequence[VersionView]

    @property
    def newest(self) -> VersionView:
        return self.versions[0]

    @property
    def deleted(self) -> bool:
        """Say whether its sender took it back."""
        return self.newest.app_type == AppType.DELETE


@dataclass(frozen=True, slots=True)
class _Stored:
    """A version's row, and the message it came in."""

    version: int
    flow: str
    app_type: int
    app_time: str
    batch_id: UUID
    position: int
    submitter_id: UUID
    guid: str
    received_at: datetime
    source: str
    signed: bool
    message_type: str
    raw: bytes
    order_key: int | None
    locked: bool
    values: Mapping[str, object]


def visible(connection: Connection, kind: BillKind, key: int, viewer: UUID | None) -> bool:
    """Say whether an enterprise (``None``: the office) may see a bill; one that does not exist is nobody's."""
    table = TABLES[kind]
    condition = (
        visible_condition(kind) if viewer else f"EXISTS (SELECT FROM {table.name} v WHERE v.{table.key_column} = %(key)s)"
    )  # our own names
    return bool(fetch(connection, f"SELECT {condition}", {"key": key, "viewer": viewer})[0][0])


def flow_of(connection: Connection, kind: BillKind, key: int) -> str:
    """Return the flow of a bill, nothing when there is none."""
    table = TABLES[kind]
    statement = f"SELECT flow FROM {table.name} WHERE {table.key_column} = %(key)s LIMIT 1"  # noqa: S608  # our own names
    found = fetch(connection, statement, {"key": key})
    return str(found[0][0]) if found else ""


def bill(
    connection: Connection, vault: PersonalVault, deliveries: Deliveries, kind: BillKind, key: int, viewer: UUID | None
) -> BillView | None:
    """Return a bill with all its versions, or nothing when there is none for this viewer."""
    if not visible(connection, kind, key, viewer):
        return None
    stored = _versions(connection, kind, key)
    values = [_values(vault, deliveries, kind, each) for each in stored]
    versions = []
    for place, each in enumerate(stored):
        earlier = values[place + 1] if place + 1 < len(stored) else None
        versions.append(
            VersionView(
                each.version, each.app_type, each.app_time, each.batch_id, each.submitter_id, each.received_at, each.source,
                each.signed, _masked(kind, values[place]), _changed(earlier, values[place]),
            )
        )  # fmt: skip
    newest = stored[0]
    number = TABLES[kind].title(values[0])
    return BillView(kind, key, newest.flow, newest.message_type, number, newest.order_key, newest.locked, versions)


def clear_values(connection: Connection, vault: PersonalVault, deliveries: Deliveries, kind: BillKind, key: int) -> Values:
    """Return the newest version's values, personal ones in clear, for whoever sends the bill again. Ask ``visible`` first."""
    return _values(vault, deliveries, kind, _versions(connection, kind, key, newest=True)[0])


def sealed_value(connection: Connection, vault: PersonalVault, kind: BillKind, key: int, field: str) -> str | None:
    """Return one personal value of the newest version in clear. Ask ``visible`` first, and write the audit entry."""
    table = TABLES[kind]
    statement = f"SELECT v.personal FROM {table.name} v WHERE v.{table.key_column} = %(key)s AND {newest_of(kind, 'v')}"  # noqa: S608  # our own names
    found = fetch(connection, statement, {"key": key}) if field in PERSONAL[kind] else []
    return vault.open(found[0][0]).get(field) if found and found[0][0] else None


def key_of(connection: Connection, kind: BillKind, flow: str, values: Values) -> int:
    """Return the key of the bill these values speak of, stored or not."""
    parties = directory(connection)

    def canonical(code: str) -> str:
        found = parties.find(code)
        return found.uscc if found else code

    return TABLES[kind].keys(flow, values, canonical).own


def _versions(connection: Connection, kind: BillKind, key: int, *, newest: bool = False) -> list[_Stored]:
    table = TABLES[kind]
    guid, own = ("''", "to_jsonb(v)") if kind == BillKind.LINK else ("v.guid", "'{}'::jsonb")
    order = "NULL::bigint" if kind == BillKind.WAYBILL else "v.order_key"
    locked = "false" if kind == BillKind.WAYBILL else "EXISTS (SELECT FROM order_lock l WHERE l.order_key = v.order_key)"
    statement = f"""
        SELECT v.version, v.flow, v.app_type, v.app_time, v.batch_id, v.position, v.submitter_id, {guid}, b.received_at, b.source,
            b.signed, b.message_type, b.raw, {order}, {locked}, {own}
        FROM {table.name} v JOIN intake_batch b ON b.id = v.batch_id
        WHERE v.{table.key_column} = %(key)s ORDER BY v.version DESC LIMIT %(limit)s
    """  # noqa: S608  # built from our own names
    return [_Stored(*row) for row in fetch(connection, statement, {"key": key, "limit": 1 if newest else 20})]


def _values(vault: PersonalVault, deliveries: Deliveries, kind: BillKind, stored: _Stored) -> Values:
    """A message may hold bills of several merchants: only the one document leaves this function."""
    if kind == BillKind.LINK:
        return {**{name: value for name, value in stored.values.items() if name in _LINK_VALUES}, "app_type": str(stored.app_type)}
    try:
        batch = deliveries.message(vault.open_bytes(stored.raw))
    except UnreadableDelivery:
        return {}  # the key its signature was judged by has changed since: the page says that it cannot be read
    found = (document.values for document in batch.documents if document.values)
    return next((values for values in found if values.get("guid") == stored.guid), {})


_LINK_VALUES = ("merchant_code", "platform_code", "order_no", "carrier_code", "waybill_no", "lines")


def _masked(kind: BillKind, values: Values) -> Values:
    hidden = PERSONAL[kind]
    return {name: mask(value) if name in hidden and isinstance(value, str) else value for name, value in values.items()}


def _changed(earlier: Values | None, later: Values) -> Sequence[str]:
    if earlier is None:
        return ()
    names = [*later, *(name for name in earlier if name not in later)]
    return [name for name in names if name not in _NOT_CHANGES and earlier.get(name) != later.get(name)]
