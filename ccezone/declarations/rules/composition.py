"""Composing a declaration list from its bills, the product master and the merchant's defaults (CEB603, CEB621; 202205)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ccezone.declarations.rules.facts import Composition, Goods, Missing, OrderFacts, OrderLine, StatedGoods, WaybillFacts
from ccezone.declarations.rules.modes import MODE, Mode
from ccezone.declarations.rules.wishes import NO_WISH, Wish
from ccezone.kernel.money import round_half_up

ZERO = Decimal(0)
YUAN = "142"
TOTAL = "3"  # fee flag: the amount is a total
NO_BARCODE = "无"
LIST_ITEM_NO = 20  # item numbers are 30 long in orders and 20 in lists
_DECIMALS = 5
_PLACES = Decimal(1).scaleb(-_DECIMALS)

_STATED_HEAD = ("net_weight", "f_currency", "f_flag", "i_currency", "i_flag", "ie_date", "note")
"""Head values that a wish states in place of what the composing works out; the others go in as defaults do."""
_OWN_LINE = ("hs_code", "goods_name", "specification", "unit1", "qty1")
"""What a wish must state of a line whose item the product master does not know."""

Find = Callable[[str], Goods | None]


def import_mode(waybill: WaybillFacts, modes: frozenset[str]) -> str:
    """Choose between direct purchase and bonded: a bill of lading on the waybill means direct purchase."""
    if len(modes) == 1:
        return next(iter(modes))
    return "9610" if waybill.bill_no else "1210"


def compose_export(
    order: OrderFacts, waybill: WaybillFacts, lines: Sequence[OrderLine], find: Find, defaults: Mapping[str, str], today: date,
    *, path: str = "A", wish: Wish = NO_WISH,
) -> Composition:  # fmt: skip
    """Compose CEB603 of the mode that ``defaults`` name, on a declaration path."""
    mode = MODE[defaults.get("trade_mode", "9610"), "E"]
    bonded = "ems_no" in mode.needed
    missing = [Missing("defaults", name) for name in mode.needed if not defaults.get(name)]
    country = defaults.get("country", "")
    composed, net = _lines(lines, find, missing, lambda line, goods: _export_line(line, goods, country), wish)
    if bonded:
        unnamed = (place for place, line in enumerate(composed) if not line.get("item_record_no"))
        missing += [Missing("line", f"lines/{place}/item_record_no", {"mode": mode.trade_mode}) for place in unnamed]
    head = {
        **_common_head(order, waybill, defaults, mode),
        "ie_date": today.strftime("%Y%m%d"),
        "declaration_path": path,
        "owner_code": defaults.get("owner_code") or order.merchant_code,
        "owner_name": defaults.get("owner_name") or order.merchant_name,
        "traf_name": defaults.get("transport_name", ""),
        "bill_no": defaults.get("bill_no", ""),
        "total_package_no": defaults.get("total_package_no", ""),
        "country": country,
        "pod": defaults.get("pod", ""),
        "freight": _text(waybill.freight),
        "f_currency": waybill.currency,
        "f_flag": TOTAL,
        "insurance": _text(waybill.insurance),
        "i_currency": waybill.currency,
        "i_flag": TOTAL,
        "net_weight": _text(net),
    }
    return _composition(head, composed, missing, lines, wish)


def compose_import(
    order: OrderFacts, waybill: WaybillFacts, lines: Sequence[OrderLine], find: Find, defaults: Mapping[str, str], today: date,
    *, path: str = "", wish: Wish = NO_WISH,
) -> Composition:  # fmt: skip
    """Compose CEB621 of a bonded (1210) or direct-purchase (9610) import."""
    mode = MODE.get((defaults.get("trade_mode", ""), "I"), MODE["1210", "I"])
    bonded = "ems_no" in mode.needed
    missing = [Missing("defaults", name) for name in mode.needed if not defaults.get(name)]
    if not bonded and not waybill.bill_no and not defaults.get("bill_no"):
        missing.append(Missing("defaults", "bill_no"))  # rule I26; the bill of lading usually comes with the waybill
    composed, net = _lines(lines, find, missing, lambda line, goods: _import_line(line, goods, defaults, bonded), wish)
    head = {
        **_common_head(order, waybill, defaults, mode),
        "assure_code": defaults.get("assure_code", ""),
        "decl_time": today.strftime("%Y%m%d"),
        "traf_no": "" if bonded else defaults.get("transport_name", ""),
        "voyage_no": "" if bonded else defaults.get("voyage_no", ""),
        "bill_no": "" if bonded else wish.head.get("bill_no") or waybill.bill_no or defaults.get("bill_no", ""),
        "country": YUAN if bonded else defaults.get("country", ""),  # rule I27: bonded goods leave from China
        "freight": _text(order.freight),
        "insurance": _text(waybill.insurance),
        "currency": YUAN,
        "net_weight": _text(net),
    }
    return _composition(head, composed, missing, lines, wish)


def _composition(
    head: Mapping[str, str], composed: list[dict[str, str]], missing: list[Missing], lines: Sequence[OrderLine], wish: Wish
) -> Composition:
    stated = {name: wish.head[name] for name in _STATED_HEAD if name in wish.head} if wish.head else {}
    return Composition(_filled({**head, **stated}), composed, missing, _total(lines))


def _common_head(order: OrderFacts, waybill: WaybillFacts, defaults: Mapping[str, str], mode: Mode) -> dict[str, str]:
    return {
        "flow": order.flow,
        "trade_mode": defaults.get("trade_mode", ""),
        "customs_code": defaults.get("customs_code", ""),
        "port_code": defaults.get("port_code", ""),
        "platform_code": order.platform_code,
        "platform_name": order.platform_name,
        "order_no": order.order_no,
        "merchant_code": order.merchant_code,
        "merchant_name": order.merchant_name,
        "carrier_code": waybill.carrier_code,
        "carrier_name": waybill.carrier_name,
        "waybill_no": waybill.waybill_no,
        "agent_code": defaults.get("agent_code") or order.merchant_code,
        "agent_name": defaults.get("agent_name") or order.merchant_name,
        "bonded_enterprise_code": defaults.get("bonded_enterprise_code", ""),
        "bonded_enterprise_name": defaults.get("bonded_enterprise_name", ""),
        "ems_no": defaults.get("ems_no", ""),
        "transport_mode": defaults.get("transport_mode", ""),
        "voyage_no": defaults.get("voyage_no", ""),
        "loct_no": defaults.get("loct_no", ""),
        "license_no": defaults.get("license_no", ""),
        "wrap_type": defaults.get("wrap_type", ""),
        "packages": str(waybill.packages),
        "gross_weight": _text(waybill.gross_weight),
    }


def _lines(
    lines: Sequence[OrderLine],
    find: Find,
    missing: list[Missing],
    compose: Callable[[OrderLine, Goods], dict[str, str]],
    wish: Wish,
) -> tuple[list[dict[str, str]], Decimal]:
    composed, net = [], ZERO
    for line in lines:
        goods, said = find(line.item_no), wish.lines.get(line.line_no, {})
        if goods is None and all(said.get(name) for name in _OWN_LINE):
            goods = _stated_goods(line, said)
        if goods is None:
            missing.append(Missing("product", line.item_no, {"name": line.item_name, "unit": line.unit}))
            continue
        net += goods.net_weight * line.qty
        composed.append(_filled({**_common_line(line, goods), **compose(line, goods), **said}))
    if net == ZERO and composed and not wish.head.get("net_weight"):
        missing.append(Missing("defaults", "net_weight"))
    return composed, net


def _stated_goods(line: OrderLine, said: Mapping[str, str]) -> StatedGoods:
    """Goods of which only the form tells; their weight is the form's too."""
    return StatedGoods(
        declared_name=said["goods_name"],
        hs_code=said["hs_code"],
        specification=said["specification"],
        unit1=said["unit1"],
        unit2=said.get("unit2"),
        qty1_per_unit=Decimal(said["qty1"]) / line.qty,
        qty2_per_unit=Decimal(said["qty2"]) / line.qty if said.get("qty2") else None,
        item_record_no=said.get("item_record_no"),
        barcode=said.get("bar_code", ""),
        origin_country=said.get("country", ""),
    )


def _common_line(line: OrderLine, goods: Goods) -> dict[str, str]:
    return {
        "line_no": str(line.line_no),
        "item_no": line.item_no if len(line.item_no) <= LIST_ITEM_NO else "",
        "item_name": line.item_name,
        "item_record_no": goods.item_record_no or "",
        "hs_code": goods.hs_code,
        "goods_name": goods.declared_name,
        "specification": goods.specification or line.specification,
        "bar_code": goods.barcode or line.bar_code or NO_BARCODE,
        "qty": _text(line.qty),
        "qty1": _text(line.qty * goods.qty1_per_unit),
        "qty2": _text(line.qty * goods.qty2_per_unit) if goods.unit2 and goods.qty2_per_unit else "",
        "unit": line.unit,
        "unit1": goods.unit1,
        "unit2": goods.unit2 or "",
        "price": _text(line.price),
        "total_price": _text(line.total_price),
    }


def _export_line(line: OrderLine, goods: Goods, country: str) -> dict[str, str]:
    return {"country": country, "currency": line.currency}


def _import_line(line: OrderLine, goods: Goods, defaults: Mapping[str, str], bonded: bool) -> dict[str, str]:
    record = {} if bonded else {"item_record_no": ""}
    origin = line.country or goods.origin_country
    return {"country": origin, "trade_country": defaults.get("trade_country", ""), "currency": YUAN, **record}


def _total(lines: Sequence[OrderLine]) -> Decimal:
    return sum((line.total_price for line in lines), ZERO)


def _filled(values: Mapping[str, str]) -> dict[str, str]:
    """Drop what is empty: an optional element is left out rather than sent empty."""
    return {name: value for name, value in values.items() if value}


def _text(amount: Decimal) -> str:
    """Spell an amount with at most five decimals and no exponent."""
    spelled = f"{amount:f}"
    if len(spelled.partition(".")[2]) > _DECIMALS:  # rounding the others would only add zeros
        spelled = f"{round_half_up(amount, _PLACES):f}"
    return spelled.rstrip("0").rstrip(".") if "." in spelled else spelled


def linked_lines(lines: Sequence[OrderLine], linked: Sequence[Mapping[str, object]]) -> list[OrderLine]:
    """Return the part of an order that one parcel holds; all of it when the link names no lines."""
    if not linked:
        return list(lines)
    by_number = {line.line_no: line for line in lines}
    parts = []
    for link in linked:
        line, qty = by_number[int(str(link["line_no"]))], Decimal(str(link["qty"]))
        total = line.total_price if qty == line.qty else round_half_up(line.price * qty, _PLACES)
        parts.append(
            OrderLine(
                line.line_no, line.item_no, line.item_name, line.unit, line.currency, qty, line.price, total,
                line.country, line.specification, line.bar_code,
            )
        )  # fmt: skip
    return parts
