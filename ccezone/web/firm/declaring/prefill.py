"""What a new form knows already: registration, declaration defaults, the declaration filed last, or one to copy."""

from collections.abc import Mapping
from dataclasses import asdict

from ccezone.declarations.queries import ListDetail
from ccezone.declarations.queries.drafts import last_filed
from ccezone.enterprises.queries import EnterpriseView, ProductView, defaults_of
from ccezone.storage import Connection
from ccezone.web.firm.declaring.shape import LIST, Asked, Shape, spellings
from ccezone.web.firm.declaring.typed import Typed, spelled, with_lines
from ccezone.web.hub import hub

YUAN = "142"
_STAYS = frozenset(
    {"platform_code", "platform_name", "currency", "carrier_code", "payment_enterprise_code", "payment_enterprise_name", "filing"}
)
"""What usually stays from one order to the next, beside the declaration's own values."""
_EACH_TIME = frozenset(
    {"list-gross_weight", "list-net_weight", "list-packages", "list-freight", "list-insurance", "list-note", "list-ie_date"}
    | {"list-license_no"}
)


def first_values(connection: Connection, shape: Shape, firm: EnterpriseView) -> Typed:
    """Return what a blank form starts with."""
    key = (firm.id, *shape.mode.key)
    defaults = defaults_of(connection, [firm.id]).get(key)
    stated = asdict(defaults) if defaults else {}
    kept = {asked.name: str(stated.get(asked.attribute) or "") for asked in shape.part("list")}
    last = last_filed(connection, hub().vault, firm.id, shape.mode.key)
    before = {name: value for name, value in last.items() if name in _STAYS or (name.startswith(LIST) and name not in _EACH_TIME)}
    values = {**before, **{name: value for name, value in kept.items() if value}, **own_codes(firm)}
    if shape.mode.flow == "I":
        values = {"discount": "0", "buyer_id_type": "1", **values, "currency": YUAN}
    return {name: value for name, value in {"freight": "0", **values}.items() if value}


def own_codes(firm: EnterpriseView) -> Typed:
    """Return the enterprise's codes where its roles put them."""
    values: Typed = {}
    if "merchant" in firm.roles:
        values |= {"merchant_code": firm.customs_code or firm.uscc, "merchant_name": firm.name}
    elif "platform" in firm.roles:
        values |= {"platform_code": firm.customs_code or firm.uscc, "platform_name": firm.name}
    return values


def copied(shape: Shape, typed: Mapping[str, str], personal: frozenset[str]) -> Typed:
    """Return a form's values for another declaration: all but numbers, dates and people."""
    gone = {"order_no", "order_key", "waybill_no", "payment_no", "paid_at", "amount", "list-bill_no"} | _EACH_TIME | personal
    return {name: value for name, value in typed.items() if name not in gone}


def from_list(shape: Shape, found: ListDetail) -> Typed:
    """Return what a list says as far as another one may say it too: not its numbers, not its buyer."""
    head = found.head
    values = {asked.name: said(head, asked) for asked in shape.part("list") if asked.name not in _EACH_TIME | {"list-bill_no"}}
    values |= {name: head.get(name, "") for name in ("platform_code", "platform_name", "merchant_code", "merchant_name")}
    values |= {"carrier_code": head.get("carrier_code", ""), "currency": found.row.currency}
    named = {asked.name for asked in shape.line}
    rows = [{name: value for name, value in line.items() if name in named and value} for line in found.lines]
    return with_lines({name: value for name, value in values.items() if value}, rows)


def of_product(shape: Shape, product: ProductView) -> Typed:
    """Return a new line for a product; how it is declared stays in the product master."""
    values = {
        "item_no": product.item_no,
        "item_name": product.name,
        "unit": product.unit,
        "bar_code": product.barcode,
        "country": product.origin_country if shape.mode.flow == "I" else "",
        "specification": product.specification if shape.mode.flow == "I" else "",
        "price": spelled(product.price_low) if product.price_low is not None and product.price_low == product.price_high else "",
        "qty": "1",
    }
    asked = {each.name for each in shape.line}
    return {name: value for name, value in values.items() if value and name in asked}


def said(head: Mapping[str, str], asked: Asked) -> str:
    """Return what a list's head says to a question."""
    return next((head[name] for name in spellings(asked.attribute) if head.get(name)), "")
