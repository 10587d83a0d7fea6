"""What of a trade, a waybill or a list is kept as traces, and under which bucket."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from ccezone.bills.queries.feed import TradeFacts, WaybillFacts
from ccezone.declarations.queries.feed import DeclaredFacts, PricedLine
from ccezone.kernel.clock import SHANGHAI, parse_wire_time
from ccezone.kernel.ids import key8
from ccezone.parameters.rules import ParameterBook
from ccezone.risk.rules.traces import Stream, Trace, alike


def traces_of_trade(trade: TradeFacts, book: ParameterBook) -> Iterator[tuple[Stream, Trace]]:
    """Yield what an order tells about its buyer, its hour, its parcels, its payers and its times; a deleted one nothing."""
    if trade.deleted:
        return
    at = parse_wire_time(trade.app_time)
    payments = [each for each in trade.payments if not each.deleted]
    carried = [each for each in trade.waybills if not each.deleted]

    def trace(bucket: int, values: Mapping[str, str], part: int = 0) -> Trace:
        return Trace(trade.key, part, bucket, at, "order", trade.number, trade.flow, trade.merchant_id, values)

    if trade.merchant_id is not None:
        yield Stream.HOURS, trace(key8("hours", str(trade.merchant_id), trade.flow), {})
    if trade.buyer is not None:
        value = _yuan(book, trade.value, trade.currency, at)
        yield Stream.BUYER, trace(trade.buyer, {"value": str(value or 0)})
        if trade.telephone is not None:
            yield Stream.CONTACT, trace(trade.telephone, {"buyer": str(trade.buyer)})
    for part, each in enumerate(carried):
        yield Stream.PARCEL, trace(key8(alike(each.number)), {"parcel": str(each.key)}, part)
    for paid in payments:
        if paid.payer and trade.buyer is not None and int(paid.payer) != trade.buyer and trade.merchant_id:
            values = {"payer": paid.payer, "buyer": str(trade.buyer), "of_order": str(trade.key)}
            bucket, when = key8("payer", str(trade.merchant_id)), parse_wire_time(paid.paid_at)
            yield Stream.PAYER, Trace(paid.key, 0, bucket, when, "payment", paid.number, trade.flow, trade.merchant_id, values)
    yield Stream.TIMES, trace(trade.key, _times(trade, at))


def traces_of_waybill(waybill: WaybillFacts) -> Iterator[tuple[Stream, Trace]]:
    """Yield what a waybill tells: its number, as the eye reads it."""
    if not waybill.deleted:
        at, bucket = parse_wire_time(waybill.app_time), key8(alike(waybill.number))
        values = {"carrier": waybill.carrier_code}
        number, flow = waybill.number, waybill.flow
        yield Stream.PARCEL, Trace(waybill.key, 0, bucket, at, "waybill", number, flow, waybill.merchant_id, values)


def traces_of_list(declared: DeclaredFacts, book: ParameterBook) -> Iterator[tuple[Stream, Trace]]:
    """Yield what a list tells about prices, weight and its buyer's year."""

    def trace(bucket: int, values: Mapping[str, str], part: int = 0) -> Trace:
        named = (declared.created_at, "list", declared.order_no, declared.flow, declared.merchant_id)
        return Trace(declared.id, part, bucket, *named, values)

    for line in declared.lines:
        price = _price(line, book, declared.created_at)
        if price is not None:
            said = {"hs_code": line.hs_code, "country": line.country, "unit": line.unit}
            bucket = key8("price", declared.flow, *said.values())
            yield Stream.PRICE, trace(bucket, {"price": f"{price:.4f}", **said}, line.line_no)
    if declared.waybill_weight is not None:
        weights = {
            "net": f"{declared.net_weight:f}",
            "gross": f"{declared.waybill_weight:f}",
            "orders": f"{declared.waybill_orders}",
        }
        yield Stream.WEIGHT, trace(declared.waybill_key, weights)
    if declared.buyer is not None and declared.counted > 0:
        yield Stream.QUOTA, trace(declared.buyer, {"value": f"{declared.counted:f}"})


def _times(trade: TradeFacts, at: datetime) -> dict[str, str]:
    """The times of an order's bills, and by how many hours the one dated latest is ahead of its receipt."""
    paid = sorted((parse_wire_time(each.paid_at), each.received) for each in trade.payments if not each.deleted)
    carried = sorted((parse_wire_time(each.app_time), each.received) for each in trade.waybills if not each.deleted)
    ahead = max(dated - received for dated, received in ((at, trade.received_at), *paid, *carried))
    found = {"order": at.isoformat()}
    if paid:
        found |= {"paid_first": paid[0][0].isoformat(), "paid_last": paid[-1][0].isoformat()}
    if carried:
        found["waybill"] = carried[0][0].isoformat()
    return found if ahead <= timedelta() else {**found, "ahead": f"{ahead / timedelta(hours=1):.2f}"}


def _price(line: PricedLine, book: ParameterBook, at: datetime) -> Decimal | None:
    """Yuan for one of the first legal unit; nothing where quantity or exchange rate is unknown."""
    if not line.quantity or not line.hs_code:
        return None
    total = _yuan(book, line.total, line.currency, at)
    return None if total is None else total / line.quantity


def _yuan(book: ParameterBook, amount: Decimal, currency: str, at: datetime) -> Decimal | None:
    rate = book.exchange_rate(currency, at.astimezone(SHANGHAI).date())
    return None if rate is None else amount * rate.cny
