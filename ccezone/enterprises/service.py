"""Use cases of enterprises: an officer registers and suspends, an enterprise keeps its products and defaults."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from ccezone.enterprises.queries import forget_directory
from ccezone.enterprises.rules import Status, defaults_faults, identity_faults, product_faults
from ccezone.enterprises.tables import DeclarationDefaults, Enterprise, Product
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
class Registration:
    """What an officer enters about an enterprise."""

    uscc: str
    name: str
    roles: Collection[str]
    customs_code: str | None = None
    name_en: str = ""
    dxp_id: str | None = None
    node: str = ""
    contact: str = ""
    auto_submit: bool = False


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
class DefaultsEntry:
    """Declaration defaults of one mode and flow, as entered. Empty text: not given."""

    trade_mode: str
    flow: str
    customs_code: str
    port_code: str
    agent_code: str
    agent_name: str
    transport_mode: str
    owner_code: str = ""
    owner_name: str = ""
    bonded_enterprise_code: str = ""
    bonded_enterprise_name: str = ""
    ems_no: str = ""
    assure_code: str = ""
    declaration_path: str = "A"
    transport_name: str = ""
    voyage_no: str = ""
    bill_no: str = ""
    total_package_no: str = ""
    wrap_type: str = ""
    loct_no: str = ""
    license_no: str = ""
    country: str = ""
    pod: str = ""
    trade_country: str = ""
    freight_flag: str = "3"
    insurance_flag: str = "3"
    note: str = ""


def register(uow: UnitOfWork, registration: Registration, clock: Clock) -> UUID:
    """Register an enterprise as active. Raises ``Refused``: wrong codes, unknown role, code already taken."""
    faults = _registration_faults(uow, registration)
    if faults:
        raise Refused(*faults)
    now = clock.now()
    enterprise_id = uuidv7()
    values = {**_columns(registration), "id": enterprise_id, "created_at": now, "updated_at": now}
    uow.connection.execute(insert(Enterprise).values(values))
    forget_directory(uow.connection)
    return enterprise_id


def amend(uow: UnitOfWork, enterprise_id: UUID, registration: Registration, clock: Clock) -> None:
    """Change what is registered of an enterprise, roles included. Raises ``NotFound``, ``Refused``."""
    row = _row(uow, enterprise_id)
    faults = _registration_faults(uow, registration, but=enterprise_id)
    if faults:
        raise Refused(*faults)
    row.sqlmodel_update({**_columns(registration), "updated_at": clock.now()})
    uow.session.add(row)
    uow.session.flush()
    forget_directory(uow.connection)


def set_status(uow: UnitOfWork, enterprise_id: UUID, status: Status, clock: Clock) -> None:
    """Suspend an enterprise or take it up again: a suspended one may not send. Raises ``NotFound``."""
    row = _row(uow, enterprise_id)
    row.status = status.value
    row.updated_at = clock.now()
    uow.session.add(row)
    uow.session.flush()
    forget_directory(uow.connection)


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


def save_defaults(uow: UnitOfWork, enterprise_id: UUID, entry: DefaultsEntry, clock: Clock) -> None:
    """Save the declaration defaults of one mode and flow. Raises ``Refused`` naming each field that is missing."""
    faults = defaults_faults(asdict(entry))
    if faults:
        raise Refused(*faults)
    now = clock.now()
    values = {**asdict(entry), "enterprise_id": enterprise_id, "id": uuidv7(), "created_at": now, "updated_at": now}
    changed = {name: value for name, value in values.items() if name not in ("id", "created_at")}
    statement = insert(DeclarationDefaults).values(values)
    uow.connection.execute(statement.on_conflict_do_update(index_elements=["enterprise_id", "trade_mode", "flow"], set_=changed))


def _row(uow: UnitOfWork, enterprise_id: UUID) -> Enterprise:
    row = uow.session.get(Enterprise, enterprise_id)
    if row is None:
        raise NotFound(Fault("", "not_found", {"value": str(enterprise_id)}))
    return row


def _columns(registration: Registration) -> dict[str, object]:
    return {**asdict(registration), "roles": sorted(set(registration.roles))}


def _registration_faults(uow: UnitOfWork, registration: Registration, but: UUID | None = None) -> list[Fault]:
    faults = identity_faults(registration.uscc, registration.customs_code, registration.roles)
    if not registration.name.strip():
        faults.append(Fault("/name", "required"))
    if not faults:
        faults += _taken(uow, registration, but)
    return faults


def _taken(uow: UnitOfWork, registration: Registration, but: UUID | None) -> list[Fault]:
    table = Enterprise.metadata.tables["enterprise"]
    same = table.c.uscc == registration.uscc
    if registration.customs_code is not None:
        same = same | (table.c.customs_code == registration.customs_code)
    faults = []
    for row in uow.connection.execute(select(table.c.id, table.c.uscc).where(same)):
        if row.id != but:
            field = "uscc" if row.uscc == registration.uscc else "customs_code"
            faults.append(Fault(f"/{field}", "code_taken", {"value": str(getattr(registration, field))}))
    return faults


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
