"""``/api/v1/products``: the product master, by item number."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response

from ccezone.accounts.rules import Permission
from ccezone.api.editable import demand_match, tagged
from ccezone.api.operations import Example, Resource
from ccezone.api.paging import cut
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.declarations.service import recheck_lists
from ccezone.enterprises.queries import ProductView, product, search_products
from ccezone.enterprises.service import ProductEntry, hold_products, remove_product, save_products
from ccezone.kernel.errors import Fault, Refused
from schemas.rest.inputs import element
from schemas.rest.master_data import Product, ProductBody, ProductPage
from schemas.rest.queries import ProductsQuery
from schemas.rest.words import Words

RESOURCE = Resource("商品", "Products")
_SAMPLE = "A1-CHAIR"
_NUMBER = {"item_no": {"description": Words("企业商品货号", "Item number"), "examples": {"item": {"value": _SAMPLE}}}}
_LONGEST = element("CEB621Message", "list", "item_no").max_length or 20
_CHAIR = {
    "name": "实木餐椅", "declared_name": "木制餐椅", "hs_code": "9401690090", "specification": "橡木|无软垫", "unit": "007",
    "unit1": "007", "qty1_per_unit": "1", "unit2": "035", "qty2_per_unit": "6.5", "net_weight": "6.5", "origin_country": "142",
}  # fmt: skip


@RESOURCE.get(
    "/products",
    "listProducts",
    Words("商品列表", "List products"),
    permission=Permission.PRODUCTS_READ,
    query=ProductsQuery,
    links=[("getProduct", "item_no", "/products/0/item_no")],
    answer=ProductPage,
)
def get_products(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of the caller's products, by number."""
    with services().database.reading() as connection:
        rows = search_products(connection, by.enterprise.id, query["text"], query["after"], query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.item_no)
    return {"products": [_plain(row) for row in page], "next": following}


@RESOURCE.get(
    "/products/<string:item_no>",
    "getProduct",
    Words("商品", "A product"),
    permission=Permission.PRODUCTS_READ,
    answer=Product,
    parameters=_NUMBER,
    etag=True,
)
def get_product(by: Caller, item_no: str) -> Response:
    """One product, with its ETag."""
    with services().database.reading() as connection:
        found = product(connection, by.enterprise.id, item_no)
    if found is None:
        raise _unknown(item_no)
    return tagged(_shown(found))


@RESOURCE.put(
    "/products/<string:item_no>",
    "putProduct",
    Words("保存商品", "Save a product"),
    details=Words("没有时新增（201）；已有时须带 If-Match。", "Made when there is none (201); changing one needs If-Match."),
    permission=Permission.PRODUCTS_WRITE,
    body=ProductBody,
    links=[("getProduct", "item_no", "/item_no"), ("deleteProduct", "item_no", "/item_no")],
    answer=Product,
    parameters=_NUMBER,
    etag=True,
    made=True,
    examples=[Example("chair", Words("一把餐椅", "A dining chair"), lambda: _CHAIR)],
)
def put_product(by: Caller, body: Mapping[str, Any], item_no: str) -> Response:
    """Make or replace one product; lists that waited for it are checked again."""
    if len(item_no) > _LONGEST:
        raise Refused(Fault("/item_no", "too_long", {"max": str(_LONGEST), "actual": str(len(item_no))}))
    work = services()
    with work.database.begin() as uow:
        hold_products(uow, by.enterprise.id)
        known = product(uow.connection, by.enterprise.id, item_no)
        demand_match(_shown(known) if known else None)
        try:
            save_products(uow, by.enterprise.id, [_entry(item_no, body)], work.clock, by.principal)
        except Refused as refused:
            faults = [Fault(fault.pointer.removeprefix("/0"), fault.code, fault.params) for fault in refused.faults]
            raise Refused(*faults) from refused
        recheck_lists(uow, by.enterprise.id, work.clock)
        saved = product(uow.connection, by.enterprise.id, item_no)
    if saved is None:
        raise _unknown(item_no)
    return tagged(_shown(saved), 200 if known else 201)


@RESOURCE.delete(
    "/products/<string:item_no>",
    "deleteProduct",
    Words("删除商品", "Remove a product"),
    details=Words("已生成的清单不受影响。", "Lists made already keep what they copied."),
    permission=Permission.PRODUCTS_WRITE,
    status=204,
    parameters=_NUMBER,
    etag=True,
)
def delete_product(by: Caller, item_no: str) -> Response:
    """Take one product out of the master."""
    work = services()
    with work.database.begin() as uow:
        hold_products(uow, by.enterprise.id)
        known = product(uow.connection, by.enterprise.id, item_no)
        if known is None:
            raise _unknown(item_no)
        demand_match(_shown(known))
        remove_product(uow, by.enterprise.id, item_no, work.clock, by.principal)
    return Response(status=204)


def _entry(item_no: str, body: Mapping[str, Any]) -> ProductEntry:
    blanks = {name: body[name] or None for name in ("unit2", "item_record_no")}
    return ProductEntry(**{**body, **blanks, "item_no": item_no})


def _plain(found: ProductView) -> dict[str, object]:
    return {**asdict(found), "unit2": found.unit2 or "", "item_record_no": found.item_record_no or ""}


def _shown(found: ProductView) -> dict[str, object]:
    shown: dict[str, object] = Product().dump(_plain(found))
    return shown


def _unknown(item_no: str) -> Problem:
    return Problem(404, [Fault("", "not_found", {"value": item_no[:40]})])
