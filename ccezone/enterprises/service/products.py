"""Keeping the product master: one change at a time, each in the audit trail under ``subject_of`` its product."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects.postgresql import insert

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.enterprises.queries import ProductView, products_of, subject_of
from ccezone.enterprises.rules import product_faults
from ccezone.enterprises.tables import Product
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.holding import hold
from schemas.codes import hs_entry

_CHUNK = 1000
_products = Product.metadata.tables["product"]
_JUDGED = (
    *("item_no", "name", "hs_code", "unit", "unit1", "unit2", "qty1_per_unit", "qty2_per_unit", "net_weight"),
    *("price_low", "price_high"),
)


@dataclass(frozen=True, slots=True)
class ProductEntry:
    """One product as entered; quantities per declared unit, weight in kilograms, price band in yuan."""

    item_no: str
    name: str
    hs_code: str
    specification: str
    unit: str
    unit1: str
    qty1_per_unit: Decimal
    net_weight: Decimal
    declared_name: str = ""
    unit2: str | None = None
    qty2_per_unit: Decimal | None = None
    barcode: str = ""
    origin_country: str = ""
    item_record_no: str | None = None
    price_low: Decimal | None = None
    price_high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of products that were saved."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def plus(self, other: "Saved") -> "Saved":
        return Saved(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


def hold_products(uow: UnitOfWork, enterprise_id: UUID) -> None:
    """Let nobody else change this master before this transaction ends: whoever reads now and then writes overwrites nothing."""
    hold(uow.connection, "products", enterprise_id)


def save_products(
    uow: UnitOfWork, enterprise_id: UUID, entries: Sequence[ProductEntry], clock: Clock, by: Principal | None = None
) -> Saved:
    """Save products by item number, new or changed, all or none; what says nothing new is left alone. The trail says who.

    Legal units that were left out are the tariff's.

    Raises ``Refused`` with pointers ``/2/hs_code`` (position in ``entries``), also for a number that comes twice.
    """
    entries = [_completed(entry) for entry in entries]
    faults = [replace(fault, pointer=f"/{at}{fault.pointer}") for at, entry in enumerate(entries) for fault in _faults(entry)]
    seen: set[str] = set()
    for at, entry in enumerate(entries):
        if entry.item_no in seen:
            faults.append(Fault(f"/{at}/item_no", "repeated_item", {"value": entry.item_no}))
        seen.add(entry.item_no)
    if faults:
        raise Refused(*faults)
    hold_products(uow, enterprise_id)
    saved = Saved()
    for start in range(0, len(entries), _CHUNK):
        saved = saved.plus(_save_chunk(uow, enterprise_id, entries[start : start + _CHUNK], clock, by))
    return saved


def remove_products(
    uow: UnitOfWork, enterprise_id: UUID, item_nos: Collection[str], clock: Clock, by: Principal | None = None
) -> datetime | None:
    """Take products out of the master; lists already prepared keep what they copied.

    Return the moment, by which ``restore_products`` puts them back; ``None`` when none of them was there.
    """
    hold_products(uow, enterprise_id)
    there = _products.c.item_no.in_(item_nos) & _products.c.removed_at.is_(None)
    now = clock.now()
    return now if _mark(uow, enterprise_id, there, clock, now, "product.remove", by) else None


def remove_product(uow: UnitOfWork, enterprise_id: UUID, item_no: str, clock: Clock, by: Principal | None = None) -> None:
    """Take one product out. Raises ``NotFound``."""
    if not remove_products(uow, enterprise_id, [item_no], clock, by):
        raise NotFound(Fault("", "not_found", {"value": item_no}))


def restore_products(uow: UnitOfWork, enterprise_id: UUID, removed_at: datetime, clock: Clock, by: Principal | None = None) -> int:
    """Put back what was taken out at a moment and not entered anew since; return how many."""
    hold_products(uow, enterprise_id)
    return _mark(uow, enterprise_id, _products.c.removed_at == removed_at, clock, None, "product.restore", by)


def _mark(
    uow: UnitOfWork,
    enterprise_id: UUID,
    which: ColumnElement[bool],
    clock: Clock,
    removed_at: datetime | None,
    action: str,
    by: Principal | None,
) -> int:
    own = (_products.c.enterprise_id == enterprise_id, which)
    statement = update(_products).where(*own).values(removed_at=removed_at, updated_at=clock.now()).returning(_products.c.id)
    ids = uow.connection.execute(statement).scalars().all()
    for product_id in ids:
        record(uow, by, action, subject_of(product_id), clock)
    return len(ids)


def entry_faults(entry: ProductEntry) -> list[Fault]:
    """Judge one product as ``save_products`` does."""
    return _faults(_completed(entry))


def _faults(entry: ProductEntry) -> list[Fault]:
    return product_faults(**{name: getattr(entry, name) for name in _JUDGED})


def _completed(entry: ProductEntry) -> ProductEntry:
    """Fill in what was left out: the name it is declared by, and the legal units, which the tariff knows."""
    entry = replace(entry, declared_name=entry.declared_name or entry.name)
    known = hs_entry(entry.hs_code)
    if known is None or entry.unit1:
        return entry
    unit2 = entry.unit2 or (known.unit2 or None if entry.qty2_per_unit is not None else None)
    return replace(entry, unit1=known.unit1, unit2=unit2)


def _save_chunk(uow: UnitOfWork, enterprise_id: UUID, entries: Sequence[ProductEntry], clock: Clock, by: Principal | None) -> Saved:
    known = products_of(uow.connection, [enterprise_id], [entry.item_no for entry in entries])
    differences = {entry.item_no: _differences(known.get((enterprise_id, entry.item_no)), entry) for entry in entries}
    wanted = [entry for entry in entries if differences[entry.item_no]]
    added = 0
    for item_no, product_id in _upsert_products(uow, enterprise_id, wanted, clock):
        new = (enterprise_id, item_no) not in known
        added += new
        record(uow, by, "product.add" if new else "product.change", subject_of(product_id), clock, differences[item_no])
    return Saved(added, len(wanted) - added, len(entries) - len(wanted))


def _differences(known: ProductView | None, entry: ProductEntry) -> dict[str, str]:
    """Name what is new, as ``before → after``; of a new product all that it says."""
    found = {}
    for field in fields(ProductEntry):
        before, after = getattr(known, field.name, None), getattr(entry, field.name)
        if before != after:
            found[field.name] = f"{_spelled(before)} → {_spelled(after)}" if known else _spelled(after)
    return {name: said for name, said in found.items() if known or said}


def _spelled(value: object) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _upsert_products(
    uow: UnitOfWork, enterprise_id: UUID, entries: Sequence[ProductEntry], clock: Clock
) -> Sequence[tuple[str, UUID]]:
    """Write products, and return (number, id); one that had been taken out is there again."""
    if not entries:
        return []
    now = clock.now()
    common = {"enterprise_id": enterprise_id, "created_at": now, "updated_at": now, "removed_at": None}
    statement = insert(Product).values([{**asdict(entry), **common, "id": uuidv7()} for entry in entries])
    changed = [*(field.name for field in fields(ProductEntry) if field.name != "item_no"), "updated_at", "removed_at"]
    saved = statement.on_conflict_do_update(
        index_elements=["enterprise_id", "item_no"], set_={name: statement.excluded[name] for name in changed}
    ).returning(_products.c.item_no, _products.c.id)
    return [(item_no, product_id) for item_no, product_id in uow.connection.execute(saved)]
