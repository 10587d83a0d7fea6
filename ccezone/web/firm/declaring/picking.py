"""Search and pick: products of the master, and orders or waybills that are here already."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import request

from ccezone.bills import queries as bills
from ccezone.bills.queries import BillRow, Scope, Wanted
from ccezone.bills.rules import BillKind
from ccezone.enterprises.queries import ProductView, product, search_products
from ccezone.web.firm.bills.typed import typed_values
from ccezone.web.firm.bills.viewing import found_bill
from ccezone.web.firm.declaring.opening import Opened
from ccezone.web.firm.declaring.prefill import of_product
from ccezone.web.firm.declaring.shape import Shape
from ccezone.web.firm.declaring.typed import MOST_LINES, Typed, lines, with_lines
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id
from schemas.derive.form import form

MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. ``wanted`` names the search that was made, ``text`` what was looked for."""

    wanted: str = ""
    text: str = ""
    products: Sequence[ProductView] = ()
    orders: Sequence[BillRow] = ()
    waybills: Sequence[BillRow] = ()


def find(page: Opened, wanted: str) -> Found:
    """Search as asked (``find_product``, ``find_order``, ``find_waybill``); nothing for any other wish."""
    kinds = {"find_order": BillKind.ORDER, "find_waybill": BillKind.WAYBILL}
    text = request.form.get(f"q_{wanted}", "").strip()[:100]
    own = current_enterprise_id()
    with hub().database.reading() as connection:
        if wanted == "find_product":
            return Found(wanted, text, products=search_products(connection, own, text, "", MOST))
        if wanted not in kinds:
            return Found()
        asked = Wanted(text, page.shape.mode.flow, limit=MOST)
        rows = bills.search_bills(connection, kinds[wanted], Scope.OWN, own, asked)
    return Found(wanted, text, orders=rows) if wanted == "find_order" else Found(wanted, text, waybills=rows)


def _take_product(page: Opened, argument: str, typed: Typed) -> Typed:
    with hub().database.reading() as connection:
        found = product(connection, current_enterprise_id(), argument)
    rows = [row for row in lines(typed) if any(row.values())]
    return with_lines(typed, [*rows, of_product(page.shape, found)][:MOST_LINES]) if found else typed


def _take_order(page: Opened, argument: str, typed: Typed) -> Typed:
    if not argument.lstrip("-").isdigit():
        return typed
    key = int(argument)
    if not -(1 << 63) <= key < 1 << 63:
        return typed
    with hub().database.reading() as connection:
        found = found_bill(connection, BillKind.ORDER, key, current_enterprise_id())
    if found.flow != page.shape.mode.flow or found.deleted:
        return typed
    said = _of_order(page.shape, found.newest.values, found.message_type)
    asked = {each.name for each in page.shape.part("order")}
    kept = {name: value for name, value in with_lines(typed, []).items() if name not in asked}
    rows = lines(said)
    return {**with_lines({**kept, **{name: value for name, value in said.items() if name in asked}}, rows), "order_key": str(key)}


def _drop_order(_page: Opened, _argument: str, typed: Typed) -> Typed:
    return {name: value for name, value in typed.items() if name != "order_key"}


def _take_waybill(_page: Opened, argument: str, typed: Typed) -> Typed:
    if not argument.lstrip("-").isdigit() or not -(1 << 63) <= int(argument) < 1 << 63:
        return typed
    with hub().database.reading() as connection:
        found = found_bill(connection, BillKind.WAYBILL, int(argument), current_enterprise_id())
    values = found.newest.values
    return {**typed, "carrier_code": str(values.get("carrier_code", "")), "waybill_no": str(values.get("waybill_no", ""))}


PICKS: Mapping[str, Callable[[Opened, str, Typed], Typed]] = {
    "take_product": _take_product,
    "take_order": _take_order,
    "drop_order": _drop_order,
    "take_waybill": _take_waybill,
}
"""What a pick puts into the form, by the name of its button."""


def _of_order(shape: Shape, values: Mapping[str, object], message_type: str) -> Typed:
    """Return an order's values by the form's names; personal ones stay masked, and are never sent from here."""
    spelled = typed_values(form(message_type), values)
    head = {each.element: each.name for each in shape.part("order")}
    line = {each.element: each.name for each in shape.line}
    typed: Typed = {}
    for name, text in spelled.items():
        if name in head:
            typed[head[name]] = text
        elif name.startswith("lines-"):
            _lines, number, element = name.split("-", 2)
            if element in line:
                typed[f"lines-{number}-{line[element]}"] = text
    return typed
