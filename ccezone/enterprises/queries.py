"""Read models of enterprises: the in-memory directory intake judges senders by, products, defaults, lists for pages."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ARRAY, Connection, Engine, RowMapping, Select, Table, Text, any_, func, literal, or_, select
from sqlmodel import SQLModel

from ccezone.enterprises import tables  # noqa: F401 - declares the tables
from ccezone.enterprises.rules import Status

FRESH_SECONDS = 5.0

_enterprises = SQLModel.metadata.tables["enterprise"]
_products = SQLModel.metadata.tables["product"]
_defaults = SQLModel.metadata.tables["declaration_defaults"]


@dataclass(frozen=True, slots=True)
class EnterpriseView:
    """An enterprise as other areas see it."""

    id: UUID
    uscc: str
    customs_code: str | None
    name: str
    name_en: str
    roles: frozenset[str]
    dxp_id: str | None
    node: str
    contact: str
    status: str
    auto_submit: bool
    created_at: datetime

    @property
    def active(self) -> bool:
        """Say whether it may send and declare now."""
        return self.status == Status.ACTIVE


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product as lists need it; quantities per declared unit, weight in kilograms."""

    id: UUID
    enterprise_id: UUID
    item_no: str
    name: str
    declared_name: str
    hs_code: str
    specification: str
    unit: str
    unit1: str
    unit2: str | None
    qty1_per_unit: Decimal
    qty2_per_unit: Decimal | None
    net_weight: Decimal
    barcode: str
    origin_country: str
    item_record_no: str | None
    price_low: Decimal | None
    price_high: Decimal | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DefaultsView:
    """What all lists of one enterprise, mode and flow have in common. Empty text: not given."""

    enterprise_id: UUID
    trade_mode: str
    flow: str
    customs_code: str
    port_code: str
    agent_code: str
    agent_name: str
    owner_code: str
    owner_name: str
    bonded_enterprise_code: str
    bonded_enterprise_name: str
    ems_no: str
    assure_code: str
    declaration_path: str
    transport_mode: str
    transport_name: str
    voyage_no: str
    bill_no: str
    total_package_no: str
    wrap_type: str
    loct_no: str
    license_no: str
    country: str
    pod: str
    trade_country: str
    freight_flag: str
    insurance_flag: str
    note: str


@dataclass(frozen=True, slots=True)
class Directory:
    """All enterprises, found by either code or by id, in constant time."""

    by_code: Mapping[str, EnterpriseView]
    by_id: Mapping[UUID, EnterpriseView]

    def find(self, code: str) -> EnterpriseView | None:
        """Return the enterprise with this unified social credit code or customs code."""
        return self.by_code.get(code)


_directories: WeakKeyDictionary[Engine, tuple[float, Directory]] = WeakKeyDictionary()


def directory(connection: Connection, monotonic: Callable[[], float] = time.monotonic) -> Directory:
    """Return all enterprises, at most ``FRESH_SECONDS`` old; a change made by this process shows at once."""
    now = monotonic()
    known = _directories.get(connection.engine)
    if known is not None and now - known[0] < FRESH_SECONDS:
        return known[1]
    loaded = _load_directory(connection)
    _directories[connection.engine] = (now, loaded)
    return loaded


def forget_directory(connection: Connection) -> None:
    """Drop the remembered directory: an enterprise has changed."""
    _directories.pop(connection.engine, None)


def _load_directory(connection: Connection) -> Directory:
    views = [_enterprise(row) for row in connection.execute(_select(EnterpriseView, _enterprises)).mappings()]
    by_code = {code: view for view in views for code in (view.customs_code, view.uscc) if code}
    return Directory(by_code, {view.id: view for view in views})


def enterprise(connection: Connection, enterprise_id: UUID) -> EnterpriseView | None:
    """Return one enterprise, as it stands now."""
    statement = _select(EnterpriseView, _enterprises).where(_enterprises.c.id == enterprise_id)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else _enterprise(row)


def search_enterprises(
    connection: Connection, text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[EnterpriseView]:
    """Return enterprises whose name or code contains ``text``, newest first, after a cursor."""
    statement = _select(EnterpriseView, _enterprises).order_by(_enterprises.c.id.desc()).limit(limit)
    if text:
        names = (_enterprises.c.name, _enterprises.c.name_en, _enterprises.c.uscc, _enterprises.c.customs_code)
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in names)))
    if after is not None:
        statement = statement.where(_enterprises.c.id < after)
    return [_enterprise(row) for row in connection.execute(statement).mappings()]


def count_enterprises(connection: Connection, status: str) -> int:
    """Count the enterprises of one status."""
    statement = select(func.count()).select_from(_enterprises).where(_enterprises.c.status == status)
    return int(connection.execute(statement).scalar_one())


def products_of(
    connection: Connection, enterprise_ids: Collection[UUID], item_nos: Collection[str] | None = None
) -> dict[tuple[UUID, str], ProductView]:
    """Return products of several enterprises by (enterprise, item number); all of them, or those of ``item_nos``."""
    if not enterprise_ids:
        return {}
    statement = _select(ProductView, _products).where(_products.c.enterprise_id.in_(enterprise_ids))
    if item_nos is not None:
        statement = statement.where(_products.c.item_no == any_(literal(list(item_nos), ARRAY(Text))))
    views = (ProductView(**row) for row in connection.execute(statement).mappings())
    return {(view.enterprise_id, view.item_no): view for view in views}


def product(connection: Connection, enterprise_id: UUID, item_no: str) -> ProductView | None:
    """Return one product of one enterprise."""
    return products_of(connection, [enterprise_id], [item_no]).get((enterprise_id, item_no))


def product_by_id(connection: Connection, enterprise_id: UUID, product_id: UUID) -> ProductView | None:
    """Return one product of one enterprise by its id; another enterprise's looks like none."""
    own = (_products.c.enterprise_id == enterprise_id, _products.c.id == product_id)
    row = connection.execute(_select(ProductView, _products).where(*own)).mappings().one_or_none()
    return None if row is None else ProductView(**row)


def search_products(
    connection: Connection, enterprise_id: UUID, text: str = "", after: str = "", limit: int = 50
) -> Sequence[ProductView]:
    """Return an enterprise's products whose number, name or code contains ``text``, by number, after a cursor."""
    columns = (_products.c.item_no, _products.c.name, _products.c.declared_name, _products.c.hs_code)
    statement = (
        _select(ProductView, _products)
        .where(_products.c.enterprise_id == enterprise_id, _products.c.item_no > after)
        .order_by(_products.c.item_no)
        .limit(limit)
    )
    if text:
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return [ProductView(**row) for row in connection.execute(statement).mappings()]


def defaults_of(connection: Connection, enterprise_ids: Collection[UUID]) -> dict[tuple[UUID, str, str], DefaultsView]:
    """Return declaration defaults by (enterprise, trade mode, flow)."""
    if not enterprise_ids:
        return {}
    statement = _select(DefaultsView, _defaults).where(_defaults.c.enterprise_id.in_(enterprise_ids))
    views = (DefaultsView(**row) for row in connection.execute(statement).mappings())
    return {(view.enterprise_id, view.trade_mode, view.flow): view for view in views}


def _select(view: type[EnterpriseView] | type[ProductView] | type[DefaultsView], table: Table) -> Select[tuple[object, ...]]:
    return select(*(table.c[field.name] for field in fields(view)))


def _enterprise(row: RowMapping) -> EnterpriseView:
    return EnterpriseView(**{**row, "roles": frozenset(row["roles"])})
