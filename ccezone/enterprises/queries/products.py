"""Read models of the product master."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Connection, Integer, Select, Text, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

from ccezone.enterprises import tables  # noqa: F401 - declares the tables

_products = SQLModel.metadata.tables["product"]


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
class Gap:
    """What is missing of products: of ``elements`` (how many each commodity code asks for) some, or the account book's number."""

    elements: Mapping[str, int] | None = None
    record_no: bool = False


def products_of(
    connection: Connection, enterprise_ids: Collection[UUID], item_nos: Collection[str] | None = None
) -> dict[tuple[UUID, str], ProductView]:
    """Return products of several enterprises by (enterprise, item number); all of them, or those of ``item_nos``."""
    if not enterprise_ids:
        return {}
    statement = _select().where(_products.c.enterprise_id.in_(enterprise_ids))
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
    row = connection.execute(_select().where(*own)).mappings().one_or_none()
    return None if row is None else ProductView(**row)


def search_products(
    connection: Connection,
    enterprise_id: UUID,
    text: str = "",
    after: str = "",
    limit: int | None = 50,
    gap: Gap | None = None,
) -> Sequence[ProductView]:
    """Return an enterprise's products whose number, name or code contains ``text``, by number, after a cursor."""
    columns = (_products.c.item_no, _products.c.name, _products.c.declared_name, _products.c.hs_code)
    statement = (
        _select()
        .where(_products.c.enterprise_id == enterprise_id, _products.c.item_no > after)
        .order_by(_products.c.item_no)
        .limit(limit)
    )
    if text:
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if gap is not None and gap.elements is not None:
        statement = statement.where(_elements_missing(gap.elements))
    if gap is not None and gap.record_no:
        statement = statement.where(func.coalesce(_products.c.item_record_no, "") == "")
    return [ProductView(**row) for row in connection.execute(statement).mappings()]


def hs_codes_of(connection: Connection, enterprise_id: UUID) -> Sequence[str]:
    """Return the commodity codes of an enterprise's products, each once."""
    own = (_products.c.enterprise_id == enterprise_id, _products.c.removed_at.is_(None))
    return connection.execute(select(_products.c.hs_code).where(*own).distinct()).scalars().all()


def subject_of(product_id: UUID) -> str:
    """Name a product as the audit trail does."""
    return f"product:{product_id}"


def _elements_missing(asked: Mapping[str, int]) -> ColumnElement[bool]:
    """Say that fewer of the elements are stated than a product's code asks for."""
    wanted = literal(dict(asked), JSONB)[_products.c.hs_code].astext.cast(Integer)
    stated = func.regexp_split_to_array(_products.c.specification, "[|]", type_=ARRAY(Text))
    filled = func.array_remove(func.trim_array(stated, func.greatest(func.cardinality(stated) - wanted, 0)), "")
    missing: ColumnElement[bool] = func.cardinality(filled) < wanted
    return missing


def _select() -> Select[tuple[object, ...]]:
    return select(*(_products.c[field.name] for field in fields(ProductView))).where(_products.c.removed_at.is_(None))
