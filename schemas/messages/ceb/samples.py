"""Realistic messages of every type, coherent across types: the n-th order, payment, waybill and list tell one trade.

Unsigned: whoever sends one signs it. The trades come from ``trades``.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from ccezone.kernel.clock import wire_time, wire_time_ms
from schemas.messages.ceb.codec import Envelope, encode_document, wrap
from schemas.messages.ceb.definition import Field, MessageDefinition, definition, node_of
from schemas.messages.ceb.trades import START, Facts, Trade, export_trade, import_trade, party
from schemas.messages.dxp import DxpMessage

# Who transmits a type, as a key of the cast; everything else is transmitted by the merchant of the trade.
_SENDERS = {
    "CEB303Message": "platform_export",
    "CEB403Message": "payment_export",
    "CEB505Message": "logistics_export",
    "CEB507Message": "logistics_export",
    "CEB509Message": "logistics_export",
    "CEB607Message": "logistics_export",
    "CEB215Message": "site",
    "CEB311Message": "platform_import",
    "CEB411Message": "payment_import",
    "CEB511Message": "logistics_import",
    "CEB513Message": "logistics_import",
    "CEB711Message": "site",
    "CEB603Message": "agent",
    "CEB605Message": "agent",
    "CEB701Message": "agent",
    "CEB213Message": "agent",
    "CEB621Message": "agent",
    "CEB623Message": "agent",
    "CEB625Message": "agent",
}
# Before customs or the e-port has answered, their numbers do not exist; these types speak of an answered list.
_AFTER_LISTING = {"CEB605Message", "CEB607Message", "CEB701Message", "CEB213Message", "CEB215Message", "CEB623Message"}
_AFTER_LISTING |= {"CEB625Message"}
# Their lines are parcels or lists, not goods.
_PARCEL_LINES = {f"CEB{number}Message" for number in (507, 509, 607, 701, 711, 792)}

Mode = Literal["1210", "9610"]


def sample(
    message_type: str,
    documents: int = 1,
    seed: int = 0,
    first: int = 1,
    *,
    mode: Mode = "1210",
    start: datetime = START,
) -> bytes:
    """Return an unsigned message about trades ``first … first + documents - 1``. ``mode`` matters for import only.

    Raises ``KeyError`` for an unknown type, ``Unencodable`` when a message may not hold that many documents.
    """
    values = list(sample_values(message_type, documents, seed, first, mode=mode, start=start))
    fragments = [encode_document(message_type, each) for each in values]
    return wrap(message_type, fragments, sample_envelope(message_type, seed, first, start=start))


def sample_values(
    message_type: str,
    documents: int = 1,
    seed: int = 0,
    first: int = 1,
    *,
    mode: Mode = "1210",
    start: datetime = START,
) -> Iterator[Facts]:
    """Yield the documents' values in domain names, as ``encode_document`` takes them."""
    message = definition(message_type)
    for number in range(first, first + documents):
        trade = import_trade(number, seed, mode, start) if message.flow == "I" else export_trade(number, seed, start)
        yield _document(message, trade)


def sample_envelope(message_type: str, seed: int = 0, first: int = 1, *, start: datetime = START) -> Envelope:
    """Return the envelope of a sample: transmitted by the party that sends such documents."""
    message = definition(message_type)
    trade = import_trade(first, seed, start=start) if message.flow == "I" else export_trade(first, seed, start)
    envelope = Envelope(message_type, _guid(trade, f"{message_type}/envelope"))
    if message.transfer:
        envelope.transfer = _transfer(message_type, trade)
    return envelope


def sample_transport(seed: int = 0, first: int = 1, *, start: datetime = START) -> DxpMessage:
    """Return a DXP envelope around a sample order, from the merchant to the export side of customs."""
    inner = sample("CEB303Message", seed=seed, first=first, start=start)
    envelope = sample_envelope("CEB303Message", seed, first, start=start)
    return DxpMessage(
        cop_msg_id=envelope.guid,
        sender_id=envelope.transfer["dxp_id"],
        receiver_ids=("DXPEDCCEB0000003",),
        created_at=start + timedelta(seconds=first),
        message_type="CEB303Message",
        data=inner,
    )


def _transfer(message_type: str, trade: Trade) -> dict[str, str]:
    key = _SENDERS.get(message_type)
    if key is None:
        code = str(trade.facts["merchant_code"])
        merchants = ("furniture", "oranges", "textiles", "electronics", "cosmetics", "milk")
        key = next(each for each in merchants if party(each)["customs_code"] == code)
    sender = party(key)
    return {
        "cop_code": sender["customs_code"],
        "cop_name": sender["name_zh"],
        "dxp_mode": "DXP",
        "dxp_id": sender["dxp_id"],
    }


def _guid(trade: Trade, purpose: str) -> str:
    """A GUID that depends on the trade and the purpose alone."""
    digest = sha256(f"{trade.facts['order_no']}/{purpose}".encode()).hexdigest().upper()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-A{digest[17:20]}-{digest[20:32]}"


def _document(message: MessageDefinition, trade: Trade) -> Facts:
    facts = trade.facts | {"guid": _guid(trade, message.type)}
    facts |= _return_facts(message, facts)
    special = _SPECIAL.get(message.type)
    if special:
        facts |= special(trade)
    silent: set[str] = set() if message.direction == "down" else {"eport_no"}
    if message.direction == "up" and message.type not in _AFTER_LISTING:
        silent.add("list_no")
    values = _chosen(message.head.written, facts, silent)
    if message.lines_node:
        rows = [_parcel(facts)] if message.type in _PARCEL_LINES else trade.lines
        values["lines"] = [_chosen(node_of(message, "list").written, row, set()) for row in rows]
    return values


def _chosen(fields: Sequence[Field], facts: Facts, silent: set[str]) -> Facts:
    return {
        field.name: facts[field.name]
        for field in fields
        if facts.get(field.name) is not None and (field.mandatory or field.name not in silent)
    }


def _return_facts(message: MessageDefinition, facts: Facts) -> Facts:
    if message.direction == "up":
        return {}
    return {"return_status": "2", "return_info": f"新增申报成功[{facts['guid']}]"}


def _parcel(facts: Facts) -> Facts:
    return {
        "line_no": 1,
        "waybill_no": facts["waybill_no"],
        "list_no": facts["list_no"],
        "gseqno": 1,
        "hs_code": facts.get("hs_code"),
    }


def _returned(trade: Trade) -> Facts:
    """The facts of goods that come back from export."""
    return {
        "trade_mode": "9661",
        "flow": "I",
        "reason": "境外消费者退货",
        "app_time": wire_time(trade.moment + timedelta(days=20)),
    }


def _cancelled(trade: Trade) -> Facts:
    return {"reason": "订购人取消订单", "app_time": wire_time(trade.moment + timedelta(hours=2))}


def _summary(trade: Trade) -> Facts:
    return {
        "summary_flag": "1",
        "item_name_flag": "1",
        "sum_no": f"S{trade.moment:%Y%m%d}{trade.number % 10**9:09d}",
    }


def _summary_result(trade: Trade) -> Facts:
    day = f"{trade.moment:%Y%m%d}"
    return _summary(trade) | {
        "op_date": wire_time_ms(trade.moment + timedelta(days=30)),
        "decl_seq_no": f"D{day}{trade.number % 10**9:09d}",
        "dec_state": "1",
        "hs_code": trade.lines[0]["hs_code"],
    }


def _tax_bill(trade: Trade) -> Facts:
    return {"tax_no": f"{trade.facts['list_no']}_0", "status": "1"}


def _signed_for(trade: Trade) -> Facts:
    return {"logistics_status": "S", "logistics_time": wire_time(trade.moment + timedelta(days=3))}


def _format_receipt(trade: Trade) -> Facts:
    return {
        "return_status": "-1",
        "return_info": "报文格式校验不通过",
        "ori_cop_msg_id": _guid(trade, "CEB303Message/envelope"),
        "ori_message_type": "CEB303Message",
        "ori_biz_message": "<ceb:CEB303Message/>",
    }


def _received(trade: Trade) -> Facts:
    """Arrival of a direct-purchase parcel at the supervised site."""
    route = import_trade(trade.number, 0, "9610", trade.moment - timedelta(seconds=trade.number)).facts
    return {name: route[name] for name in ("transport_mode", "traf_no", "voyage_no", "bill_no")}


_SPECIAL: dict[str, Callable[[Trade], Facts]] = {
    "CEB213Message": _returned,
    "CEB215Message": _returned,
    "CEB605Message": _cancelled,
    "CEB623Message": _cancelled,
    "CEB625Message": _cancelled,
    "CEB701Message": lambda trade: {**_summary(trade), "sum_no": None},
    "CEB702Message": _summary,
    "CEB792Message": _summary_result,
    "CEB513Message": _signed_for,
    "CEB514Message": _signed_for,
    "CEB711Message": _received,
    "CEB816Message": _tax_bill,
    "CEB818Message": _tax_bill,
    "CEB900Message": _format_receipt,
}
