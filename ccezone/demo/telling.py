"""The bills that tell a deal, as its story goes: who sends which, what it says, and what follows later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from ccezone.demo.span import Span
from ccezone.demo.stories import Story, companion
from ccezone.demo.trading import Deal, deal, reckoned, settled, total
from ccezone.kernel.clock import wire_time
from ccezone.kernel.money import round_half_up
from schemas.messages.ceb.definition import Node, definition
from schemas.messages.ceb.trades import Facts, party

LINK = "ShippingLink"
MESSAGES: Mapping[tuple[str, str], str] = {
    ("order", "E"): "CEB303Message",
    ("payment", "E"): "CEB403Message",
    ("waybill", "E"): "CEB505Message",
    ("order", "I"): "CEB311Message",
    ("payment", "I"): "CEB411Message",
    ("waybill", "I"): "CEB511Message",
}
FIRST, AGAIN, LATER, LAST = 0, 1, 2, 3  # turns of a day: bills, what amends them, what follows that; and once all is done
_OWN_SENDERS = ("electronics", "oranges")  # merchants with a connection of their own; the platform sends the others' orders
_UNREGISTERED = "360796Y999"
NEW, CHANGE, DELETE = "1", "2", "3"
_EURO = "300"
_UNTIL_MENDED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Bill:
    """One document: its values in domain names, who sends it (a key of the cast), when, and in which turn of the day."""

    message_type: str
    sender: str
    moment: datetime
    values: Facts
    turn: int = FIRST


Teller = Callable[[Deal, Span], list[Bill]]


def tell(seed: int, number: int, span: Span) -> list[Bill]:
    """Return all bills of an order."""
    order = deal(seed, number, span)
    return _TELLERS.get(order.story, _whole)(order, span)


def _whole(order: Deal, _: Span) -> list[Bill]:
    return [_order(order), _payment(order), *_parcel(order)]


def _parcel(order: Deal, turn: int = FIRST) -> list[Bill]:
    """The waybill, and for export who says what is in it; an import waybill names its order itself."""
    return [_waybill(order, turn), *([_link(order, turn)] if order.flow == "E" else [])]


def _order(order: Deal, turn: int = FIRST, app_type: str = NEW) -> Bill:
    platform = "platform_export" if order.flow == "E" else "platform_import"
    return _bill("order", order, order.merchant if order.merchant in _OWN_SENDERS else platform, turn, app_type)


def _payment(order: Deal, turn: int = FIRST, app_type: str = NEW) -> Bill:
    return _bill("payment", order, "payment_export" if order.flow == "E" else "payment_import", turn, app_type)


def _waybill(order: Deal, turn: int = FIRST) -> Bill:
    return _bill("waybill", order, "logistics_export" if order.flow == "E" else "logistics_import", turn, NEW)


def _bill(kind: str, order: Deal, sender: str, turn: int, app_type: str) -> Bill:
    message = definition(MESSAGES[kind, order.flow])
    moment = order.moment + timedelta(minutes=8 * turn)
    said = f"{order.facts['order_no']}/{order.facts['payment_no']}/{order.facts['waybill_no']}/{message.type}/{app_type}"
    facts = {**order.facts, "guid": _guid(said), "app_type": app_type, "app_time": wire_time(moment)}
    values = _chosen(message.head, facts)
    if message.lines_node:
        values["lines"] = [_chosen(message.lines_node, line) for line in order.lines]
    return Bill(message.type, sender, moment, values, turn)


def _link(order: Deal, turn: int = FIRST, lines: tuple[Facts, ...] = ()) -> Bill:
    carrier = "logistics_export" if order.flow == "E" else "logistics_import"
    moment = order.moment + timedelta(minutes=8 * turn)
    names = ("merchant_code", "platform_code", "order_no", "carrier_code", "waybill_no")
    values = {name: order.facts[name] for name in names} | {"app_type": NEW, "app_time": wire_time(moment)}
    values["lines"] = [{"line_no": line["line_no"], "qty": line["qty"]} for line in lines]
    values["flow"] = order.flow
    return Bill(LINK, order.merchant if order.merchant in _OWN_SENDERS else carrier, moment, values, turn)


def _chosen(node: Node, facts: Facts) -> Facts:
    """The facts a node has elements for."""
    return {field.name: facts[field.name] for field in node.written if facts.get(field.name) is not None}


def _guid(said: str) -> str:
    digest = sha256(said.encode()).hexdigest().upper()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-A{digest[17:20]}-{digest[20:32]}"


def _paid_otherwise(share: str) -> Teller:
    """A payment of this share of what is due."""

    def teller(order: Deal, _: Span) -> list[Bill]:
        amount = (order.amount("amount") * Decimal(share)).quantize(Decimal("0.01"))
        return [_order(order), _payment(order.altered(amount=amount)), *_parcel(order)]

    return teller


def _instalments(order: Deal, _: Span) -> list[Bill]:
    deposit = (order.amount("amount") / 3).quantize(Decimal("0.01"))
    rest = order.altered(amount=order.amount("amount") - deposit, payment_no=f"{order.facts['payment_no']}B")
    return [_order(order), _payment(order.altered(amount=deposit)), _payment(rest, LATER), *_parcel(order)]


def _other_currency(order: Deal, _: Span) -> list[Bill]:
    return [_order(order), _payment(order.altered(currency=_EURO)), *_parcel(order)]


def _other_merchant(order: Deal, _: Span) -> list[Bill]:
    other = party("textiles" if order.merchant != "textiles" else "furniture")
    told = order.altered(merchant_code=other["customs_code"], merchant_name=other["name_zh"])
    return [_order(order), _payment(order), _waybill(told), _link(order)]


def _split(order: Deal, _: Span) -> list[Bill]:
    """Half of the first line travels in a second parcel."""
    order = settled(order, [reckoned(order.lines[0], Decimal(2)), *order.lines[1:]])
    single = reckoned(order.lines[0], Decimal(1))
    bills = [_order(order), _payment(order)]
    for mark, lines in (("A", (single, *order.lines[1:])), ("B", (single,))):
        part = order.altered(
            waybill_no=f"{order.facts['waybill_no']}{mark}",
            freight=(order.amount("freight") / 2).quantize(Decimal("0.01")),
            gross_weight=total(lines, "weight") + Decimal("0.2"),
        )
        bills += [_waybill(part), _link(part, lines=lines)]
    return bills


def _shared(order: Deal, span: Span) -> list[Bill]:
    """Two orders of one merchant in one parcel; the later one adds its weight and no waybill."""
    first = companion(order.seed, order.number)
    if first != order.number:
        number = deal(order.seed, first, span).facts["waybill_no"]
        return [_order(order), _payment(order), _link(order.altered(waybill_no=number))]
    return [_order(order), _payment(order), _waybill(order.altered(gross_weight=order.amount("gross_weight") + 90)), _link(order)]


def _unregistered(order: Deal, _: Span) -> list[Bill]:
    return [_order(replace(order, merchant="").altered(merchant_code=_UNREGISTERED, merchant_name="未备案网店"))]


def _dearer(order: Deal) -> Deal:
    """The deal with one more piece of its first line."""
    more = reckoned(order.lines[0], Decimal(str(order.lines[0]["qty"])) + 1)
    return settled(order, [more, *order.lines[1:]])


def _undervalued(order: Deal, span: Span) -> list[Bill]:
    """All papers agree on a sixth of the price."""
    cut = [{**line, "price": round_half_up(Decimal(str(line["price"])) / 6)} for line in order.lines]
    return _whole(settled(order, [reckoned(line, Decimal(str(line["qty"]))) for line in cut]), span)


def _stuffed(order: Deal, _: Span) -> list[Bill]:
    """The parcel weighs several kilograms more than the goods declared in it."""
    heavy = order.amount("weight") * 3 + 6
    return [_order(order), _payment(order), *_parcel(order.altered(weight=heavy, gross_weight=heavy))]


def _changed(order: Deal, _: Span) -> list[Bill]:
    """The buyer wants one piece more; the payment follows the change, the parcel leaves afterwards."""
    more = _dearer(order)
    return [_order(order), _order(more, AGAIN, CHANGE), _payment(more, AGAIN), *_parcel(more, LATER)]


def _changed_late(order: Deal, span: Span) -> list[Bill]:
    """One piece more once the goods have left: customs' release forbids it."""
    return [*_whole(order, span), _order(_dearer(order), LAST, CHANGE)]


def _wrong_sum(order: Deal, _: Span) -> list[Bill]:
    wrong = order.altered(actual_paid=order.amount("actual_paid") + 10, amount=order.amount("amount") + 10)
    return [_order(wrong), _payment(wrong), *_parcel(order)]


def _told(part: Callable[[Deal], Bill], linked: bool = False, **facts: str) -> Teller:
    """One bill tells some facts otherwise than the others."""

    def teller(order: Deal, span: Span) -> list[Bill]:
        odd = part(order.altered(**facts))
        others = [bill for bill in _whole(order, span) if bill.message_type != odd.message_type]
        return [*others, odd, *([_link(order)] if linked else [])]

    return teller


def _corrected(order: Deal, _: Span) -> list[Bill]:
    wrong = order.altered(amount=order.amount("amount") - 20)
    return [_order(order), _payment(wrong), *_parcel(order), _payment(order, LATER, CHANGE)]


def _without(kind: str) -> Teller:
    def teller(order: Deal, span: Span) -> list[Bill]:
        left_out = LINK if kind == "link" else MESSAGES[kind, order.flow]
        return [bill for bill in _whole(order, span) if bill.message_type != left_out]

    return teller


def _unknown_goods(order: Deal, span: Span) -> list[Bill]:
    """An article nobody has entered among the firm's products; the order is mended days later, unless the month ends first."""
    novelty = {**order.lines[0], "item_no": f"NEW-{order.lines[0]['item_no']}", "item_name": f"{order.lines[0]['item_name']}(新款)"}
    bills = _whole(replace(order, lines=(novelty, *order.lines[1:])), span)
    mended = _order(replace(order, moment=order.moment + _UNTIL_MENDED), AGAIN, CHANGE)
    return [*bills, mended] if mended.moment < span.end else bills


def _deleted(order: Deal, _: Span) -> list[Bill]:
    return [_order(order), _payment(order), _order(order, AGAIN, DELETE)]


def _replayed(order: Deal, span: Span) -> list[Bill]:
    bills = _whole(order, span)
    return [*bills, *(replace(bill, turn=AGAIN) for bill in bills)]


_TELLERS: Mapping[Story, Teller] = {
    Story.COUPON: _paid_otherwise("0.95"),
    Story.INSTALMENTS: _instalments,
    Story.OTHER_CURRENCY: _other_currency,
    Story.OTHER_MERCHANT: _other_merchant,
    Story.NO_LINK: _without("link"),
    Story.SPLIT: _split,
    Story.SHARED: _shared,
    Story.UNREGISTERED: _unregistered,
    Story.LATE_CHANGE: _changed_late,
    Story.PAID_DIFFERS: _paid_otherwise("0.9"),
    Story.WRONG_SUM: _wrong_sum,
    Story.OTHER_PAYER: _told(_payment, payer_name="欧阳代付", payer_id_number="360702199001019999"),
    Story.OTHER_CONSIGNEE: _told(_waybill, linked=True, consignee_name="上官代收"),
    Story.OTHER_ADDRESS: _told(_waybill, consignee_address="江西省赣州市南康区家具大道66号"),
    Story.CORRECTED: _corrected,
    Story.UNDERVALUED: _undervalued,
    Story.STUFFED: _stuffed,
    Story.NO_ORDER: _without("order"),
    Story.NO_PAYMENT: _without("payment"),
    Story.NO_WAYBILL: _without("waybill"),
    Story.UNKNOWN_GOODS: _unknown_goods,
    Story.CHANGED: _changed,
    Story.DELETED: _deleted,
    Story.REPLAYED: _replayed,
}
