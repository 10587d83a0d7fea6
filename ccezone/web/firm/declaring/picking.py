"""Search and pick: products of the master, parties of the book, and orders or waybills that are here already."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import request

from ccezone.accounts.rules import Permission
from ccezone.bills import queries as bills
from ccezone.bills.queries import BillRow, BillView, Scope, Wanted
from ccezone.bills.rules import BillKind
from ccezone.enterprises.queries import ProductView, product, search_products
from ccezone.enterprises.queries.party_book import PartyView, party_of, search_parties
from ccezone.enterprises.rules.party_book import PEOPLE, PartyKind
from ccezone.web.firm.bills.typed import typed_values
from ccezone.web.firm.bills.viewing import found_bill
from ccezone.web.firm.declaring.opening import Opened
from ccezone.web.firm.declaring.prefill import of_product
from ccezone.web.firm.declaring.shape import Shape
from ccezone.web.firm.declaring.typed import MOST_LINES, Typed, lines, with_lines
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal
from schemas.derive.form import form

MOST = 20
_CONSIGNEE = {
    "consignee_name": "name",
    "consignee_telephone": "telephone",
    "consignee_address": "address",
    "consignee_country": "country",
}
_OF_PARTY: Mapping[str, Mapping[str, str]] = {
    PartyKind.PLATFORM: {"platform_code": "code", "platform_name": "name"},
    PartyKind.CARRIER: {"carrier_code": "code"},
    PartyKind.PAYMENT: {"payment_enterprise_code": "code", "payment_enterprise_name": "name"},
    PartyKind.WAREHOUSE: _CONSIGNEE,
    PartyKind.BUYER: {"buyer_name": "name", "buyer_telephone": "telephone", "buyer_id_number": "id_number"},
    PartyKind.CONSIGNEE: _CONSIGNEE,
}
"""Which field takes which value of a party."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. ``wanted`` names the search that was made, ``text`` what was looked for."""

    wanted: str = ""
    text: str = ""
    products: Sequence[ProductView] = ()
    orders: Sequence[BillRow] = ()
    waybills: Sequence[BillRow] = ()
    parties: Sequence[PartyView] = ()


def find(page: Opened, wanted: str) -> Found:
    """Search as asked (``find_product``, ``find_party``, ``find_order``, ``find_waybill``); nothing for any other wish."""
    kinds = {"find_order": BillKind.ORDER, "find_waybill": BillKind.WAYBILL}
    text = request.form.get(f"q_{wanted}", "").strip()[:100]
    own = current_enterprise_id()
    with hub().database.reading() as connection:
        if wanted == "find_product":
            return Found(wanted, text, products=search_products(connection, own, text, "", MOST))
        if wanted == "find_party":
            return Found(wanted, text, parties=search_parties(connection, hub().vault, own, text, limit=MOST))
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


def _take_party(page: Opened, argument: str, typed: Typed) -> Typed:
    """Fill in what the book says of a party where this form asks for it; people are only filled in for who may see them."""
    try:
        party_id = UUID(argument)
    except ValueError:
        return typed
    with hub().database.reading() as connection:
        found = party_of(connection, hub().vault, current_enterprise_id(), party_id)
    if found is None or (found.kind in PEOPLE and not current_principal().may(Permission.PERSONAL_REVEAL)):
        return typed
    asked = {each.name for each in page.shape.head}
    filled = {name: str(getattr(found, value)) for name, value in _OF_PARTY[found.kind].items() if name in asked}
    return {**typed, **{name: value for name, value in filled.items() if value}}


def _take_order(page: Opened, argument: str, typed: Typed) -> Typed:
    found = _picked(page, BillKind.ORDER, argument)
    if found is None:
        return typed
    said = _of_order(page.shape, found.newest.values, found.message_type)
    asked = {each.name for each in page.shape.part("order")}
    kept = {name: value for name, value in with_lines(typed, []).items() if name not in asked}
    taken = {name: value for name, value in said.items() if name in asked}
    return {**with_lines({**kept, **taken}, lines(said)), "order_key": str(found.key)}


def _drop_order(_page: Opened, _argument: str, typed: Typed) -> Typed:
    return {name: value for name, value in typed.items() if name != "order_key"}


def _take_waybill(page: Opened, argument: str, typed: Typed) -> Typed:
    found = _picked(page, BillKind.WAYBILL, argument)
    if found is None:
        return typed
    values = found.newest.values
    return {**typed, "carrier_code": str(values.get("carrier_code", "")), "waybill_no": str(values.get("waybill_no", ""))}


PICKS: Mapping[str, Callable[[Opened, str, Typed], Typed]] = {
    "take_product": _take_product,
    "take_party": _take_party,
    "take_order": _take_order,
    "drop_order": _drop_order,
    "take_waybill": _take_waybill,
}
"""What a pick puts into the form, by the name of its button."""


def _picked(page: Opened, kind: BillKind, argument: str) -> BillView | None:
    """Return the bill a button names, ``None`` for one that does not fit this form; 404 for another's."""
    try:
        key = int(argument)
    except ValueError:
        return None
    if not -(1 << 63) <= key < 1 << 63:
        return None
    with hub().database.reading() as connection:
        found = found_bill(connection, kind, key, current_enterprise_id())
    return None if found.deleted or found.flow != page.shape.mode.flow else found


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
