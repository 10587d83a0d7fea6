"""Keeping the product master."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from ccezone.enterprises.rules import product_faults
from ccezone.enterprises.tables import Product
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork

_CHUNK = 1000
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


def save_products(uow: UnitOfWork, enterprise_id: UUID, entries: Sequence[ProductEntry], clock: Clock) -> int:
    """Save products by item number, new or changed, all or none; return how many.

    Raises ``Refused`` with pointers ``/2/hs_code`` (position in ``entries``), also for a number that comes twice.
    """
    faults = [fault for at, entry in enumerate(entries) for fault in _entry_faults(at, entry)]
    seen: set[str] = set()
    for at, entry in enumerate(entries):
        if entry.item_no in seen:
            faults.append(Fault(f"/{at}/item_no", "repeated_item", {"value": entry.item_no}))
        seen.add(entry.item_no)
    if faults:
        raise Refused(*faults)
    for start in range(0, len(entries), _CHUNK):
        _upsert_products(uow, enterprise_id, entries[start : start + _CHUNK], clock)
    return len(entries)


def remove_product(uow: UnitOfWork, enterprise_id: UUID, item_no: str) -> None:
    """Take a product out of the master; lists already prepared keep what they copied. Raises ``NotFound``."""
    table = Product.metadata.tables["product"]
    own = (table.c.enterprise_id == enterprise_id, table.c.item_no == item_no)
    if not uow.connection.execute(delete(table).where(*own)).rowcount:
        raise NotFound(Fault("", "not_found", {"value": item_no}))


def _entry_faults(at: int, entry: ProductEntry) -> list[Fault]:
    faults = product_faults(**{name: getattr(entry, name) for name in _JUDGED})
    return [replace(fault, pointer=f"/{at}{fault.pointer}") for fault in faults]


def _upsert_products(uow: UnitOfWork, enterprise_id: UUID, entries: Sequence[ProductEntry], clock: Clock) -> None:
    now = clock.now()
    common = {"enterprise_id": enterprise_id, "created_at": now, "updated_at": now}
    rows = [{**asdict(entry), **common, "id": uuidv7(), "declared_name": entry.declared_name or entry.name} for entry in entries]
    statement = insert(Product).values(rows)
    changed = [field.name for field in fields(ProductEntry) if field.name != "item_no"] + ["updated_at"]
    uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["enterprise_id", "item_no"], set_={name: statement.excluded[name] for name in changed}
        )
    )
