"""What keeps a list from being filed, each item with the one page that mends it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _

from ccezone.declarations.queries import ListDetail, missing_fault
from ccezone.declarations.rules.facts import Missing
from ccezone.enterprises.queries import defaults_of, products_of
from ccezone.kernel.errors import Fault
from ccezone.web.firm.defaults import field_label
from ccezone.web.hub import hub

# Where a broken rule is mended: in the product master, in the defaults, or (everything else) in the order's bills.
_RULES_OF_PRODUCTS = frozenset({"E07", "E08", "I25"})
_RULES_OF_DEFAULTS = frozenset({"I21", "I26", "I27"})


@dataclass(frozen=True, slots=True)
class Mending:
    """One thing to mend: its fault, where, and whether that was done since the list was checked."""

    fault: Fault
    place: str
    address: str
    done: bool = False


def mendings(found: ListDetail) -> Sequence[Mending]:
    """Return what a list lacks, in the order it was found."""
    row = found.row
    key = (row.merchant_id, row.trade_mode, row.flow)
    with hub().database.reading() as connection:
        defaults = defaults_of(connection, [row.merchant_id]).get(key)
        known = products_of(connection, [row.merchant_id], [each.name for each in found.missing if each.kind == "product"])
    done_items = {item for _merchant, item in known}
    items = []
    for missing in found.missing:
        done = missing.name in done_items if missing.kind == "product" else False
        if missing.kind == "defaults":
            done = bool(getattr(defaults, missing.name, ""))
        items.append(replace(_mending(found, missing), done=done))
    return items


def _mending(found: ListDetail, missing: Missing) -> Mending:
    fault, row = missing_fault(missing), found.row
    if missing.kind == "product":
        name, unit = missing.params.get("name", ""), missing.params.get("unit", "")
        return Mending(fault, str(_("新增商品")), url_for("products.blank", item_no=missing.name, name=name, unit=unit))
    if missing.kind == "defaults":
        named = Fault(fault.pointer, fault.code, {**fault.params, "value": str(field_label(missing.name))})
        return Mending(named, str(_("修改申报默认值")), _defaults(found, missing.name))
    if missing.kind == "rule" and missing.name in _RULES_OF_DEFAULTS:
        return Mending(fault, str(_("修改申报默认值")), _defaults(found, ""))
    if missing.kind == "tax" or missing.name in _RULES_OF_PRODUCTS:
        wanted = missing.params.get("hs_code") or _item_of(found, missing.params.get("line", ""))
        return Mending(fault, str(_("查看商品资料")), url_for("products.listing", q=wanted))
    return Mending(fault, str(_("查看订单与比对")), url_for("matches.detail", order_key=row.order_key))


def _defaults(found: ListDetail, field: str) -> str:
    return url_for("defaults.edit", trade_mode=found.row.trade_mode, flow=found.row.flow, _anchor=field or None)


def _item_of(found: ListDetail, line_no: str) -> str:
    return next((line.get("item_no", "") for line in found.lines if line["line_no"] == line_no), "")
