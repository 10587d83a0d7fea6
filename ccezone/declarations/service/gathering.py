"""Reading, in a few set-based queries, everything that lists of many orders are composed from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from ccezone.declarations.queries.wishes import wish_for, wishes_of
from ccezone.declarations.rules.facts import OrderFacts, OrderLine, WaybillFacts
from ccezone.declarations.rules.wishes import NO_WISH, Wish
from ccezone.enterprises.queries import DefaultsView, Directory, ProductView, defaults_of, directory, products_of
from ccezone.import_tax.service import Cause
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_ORDERS = """
SELECT m.order_key, m.waybills, o.flow, o.order_no, o.order_type, o.platform_code, o.platform_name, o.merchant_code,
    o.merchant_name, o.currency, o.freight, o.lines, o.personal, o.merchant_id, o.buyer_id_digest, m.waiting, m.verdict
FROM unnest(%(keys)s::bigint[]) AS k
JOIN order_match m ON m.order_key = k
JOIN order_version o ON o.order_key = m.order_key AND o.version = m.order_version
"""
_WAYBILLS = """
SELECT v.waybill_key, v.carrier_code, v.carrier_name, v.waybill_no, v.bill_no, v.freight, v.insurance, v.currency,
    v.gross_weight, v.packages
FROM unnest(%(keys)s::bigint[]) AS k
CROSS JOIN LATERAL (SELECT * FROM waybill_version x WHERE x.waybill_key = k ORDER BY x.version DESC LIMIT 1) v
"""
_EXISTING = """
SELECT d.order_key, d.waybill_key, d.id, d.content_digest, s.state, s.submission, d.buyer_digest,
    coalesce((d.tax ->> 'dutiable_price')::numeric, 0),
    (SELECT coalesce(max(u.number), 0) FROM submission u WHERE u.declaration_id = d.id)
FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.order_key = ANY(%(keys)s)
ORDER BY s.id FOR UPDATE OF s
"""
ZERO = Decimal(0)
NO_WAYBILL = WaybillFacts("", "", "", "", ZERO, ZERO, "", ZERO, 1)


@dataclass(frozen=True, slots=True)
class Existing:
    """A list that is there already, held against others while it is prepared again.

    ``dutiable_price`` is the buyer's use; ``filings`` counts submissions, the one that decides the state may be an earlier one.
    """

    id: int
    content_digest: int
    state: str
    submission: int
    buyer_digest: int | None
    dutiable_price: Decimal
    filings: int

    @property
    def cause(self) -> list[Cause]:
        """What its filing, still waiting to be sent, used of the buyer's year."""
        return [(self.buyer_digest, self.id, self.submission)] if self.state == "queued" and self.buyer_digest is not None else []


Lists: TypeAlias = Mapping[tuple[int, int], Existing]
"""Lists by (order, waybill)."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One list to be: an order, a waybill of it, and the lines that travel in it (none named: all).

    ``wish`` is what a form said of it, ``unpaid`` that its payment has not come or disagrees.
    """

    order_key: int
    waybill_key: int
    order: OrderFacts
    waybill: WaybillFacts
    linked: Sequence[Mapping[str, object]]
    merchant_id: UUID
    buyer_digest: int | None
    existing: Existing | None
    wish: Wish = NO_WISH
    unpaid: bool = False


@dataclass(frozen=True, slots=True)
class MasterData:
    """What merchants have told the hub once: products and defaults."""

    products: Mapping[tuple[UUID, str], ProductView]
    defaults: Mapping[tuple[UUID, str, str], Mapping[str, str]]
    parties: Directory

    def modes(self, merchant: UUID, flow: str) -> frozenset[str]:
        """Return the trade modes a merchant has defaults for."""
        return frozenset(mode for owner, mode, of_flow in self.defaults if owner == merchant and of_flow == flow)


def gather_parcels(
    uow: UnitOfWork, vault: PersonalVault, order_keys: Sequence[int], existing: Lists, *, expected: bool = False
) -> list[Parcel]:
    """Return a parcel for every waybill of every order; with ``expected`` also one for an order whose waybill is still to come.

    ``existing`` are the lists that these orders have already.
    """
    if not order_keys:
        return []
    orders = fetch(uow.connection, _ORDERS, {"keys": list(order_keys)})
    waybill_keys = sorted({int(item["waybill"]) for row in orders for item in row[1]})
    waybills = {row[0]: _waybill(row) for row in fetch(uow.connection, _WAYBILLS, {"keys": waybill_keys})}
    wishes = wishes_of(uow.connection, order_keys)
    parcels = []
    for row in orders:
        facts = _order(row, vault)
        unpaid = "payment" in row[15] or row[16] == "conflict"
        for item in row[1]:
            key = int(item["waybill"])
            found = existing.get((row[0], key))
            wish = wish_for(wishes, row[0], key)
            waybill = waybills.get(key, NO_WAYBILL)  # linked, and still to come
            parcels.append(Parcel(row[0], key, facts, waybill, item["lines"], row[13], row[14], found, wish, unpaid))
        if not row[1] and expected:
            wish = wish_for(wishes, row[0], 0)
            parcels.append(Parcel(row[0], 0, facts, NO_WAYBILL, [], row[13], row[14], None, wish, unpaid))
    return parcels


def existing_lists(uow: UnitOfWork, order_keys: Sequence[int]) -> Lists:
    """Return the lists that orders have already, those of parcels that no bill names any more among them; hold them all.

    Of a parcel whose cancelled list was filed anew, the latest counts.
    """
    rows = fetch(uow.connection, _EXISTING, {"keys": list(order_keys)})
    return {(row[0], row[1]): Existing(*row[2:]) for row in rows}  # the oldest come first


def gather_master_data(uow: UnitOfWork, parcels: Sequence[Parcel]) -> MasterData:
    """Return products and defaults of the parcels' merchants, only the items that occur."""
    merchants = {parcel.merchant_id for parcel in parcels}
    items = {line.item_no for parcel in parcels for line in parcel.order.lines}
    defaults = {key: _texts(view) for key, view in defaults_of(uow.connection, merchants).items()}
    return MasterData(products_of(uow.connection, merchants, items), defaults, directory(uow.connection))


def _texts(view: DefaultsView) -> Mapping[str, str]:
    return {name: value for name, value in asdict(view).items() if isinstance(value, str)}


def _order(row: tuple[Any, ...], vault: PersonalVault) -> OrderFacts:
    personal = vault.open(row[12]) if row[12] else {}
    lines = [_line(line, row[9]) for line in row[11]]
    return OrderFacts(row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10], lines, personal)


def _line(line: Mapping[str, str], currency: str) -> OrderLine:
    return OrderLine(
        int(line["line_no"]), line.get("item_no", ""), line.get("item_name", ""), line.get("unit", ""),
        line.get("currency", currency), Decimal(line["qty"]), Decimal(line["price"]), Decimal(line["total_price"]),
        line.get("country", ""), line.get("specification", ""), line.get("bar_code", ""),
    )  # fmt: skip


def _waybill(row: tuple[Any, ...]) -> WaybillFacts:
    return WaybillFacts(row[1], row[2], row[3], row[4] or "", row[5] or ZERO, row[6] or ZERO, row[7], row[8], row[9])
