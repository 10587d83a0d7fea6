"""Examples of the published description: bills of the fictional zone's own trades, so that every one works as it stands.

They are made from the samples of the official messages, and tests send each to a founded zone.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from ccezone.api.operations import Example
from ccezone.bills.rules import BillKind, order_key
from schemas.codes import rows
from schemas.messages.ceb.samples import sample, sample_values
from schemas.rest.documents import spelled
from schemas.rest.words import Words

_TYPES = {
    BillKind.ORDER: {"export": "CEB303Message", "import": "CEB311Message"},
    BillKind.PAYMENT: {"export": "CEB403Message", "import": "CEB411Message"},
    BillKind.WAYBILL: {"export": "CEB505Message", "import": "CEB511Message"},
}
_WORDS = {"export": Words("出口", "Export"), "import": Words("进口", "Import")}
_LINK_NAMES = ("merchant_code", "platform_code", "order_no")


@cache
def values(message_type: str, trade: int = 1) -> Mapping[str, object]:
    """Return the domain values of a document of a made-up trade."""
    return next(iter(sample_values(message_type, first=trade)))


def document(message_type: str, trade: int = 1) -> dict[str, object]:
    """Return a document in the shape the API takes."""
    return spelled(message_type, values(message_type, trade))


def link(trade: int = 1) -> dict[str, object]:
    """Return the shipping link of an export trade."""
    order, waybill = values("CEB303Message", trade), values("CEB505Message", trade)
    said = {name: order[name] for name in _LINK_NAMES} | {name: waybill[name] for name in ("carrier_code", "waybill_no")}
    return spelled("ShippingLink", said)


def order_id(trade: int = 1) -> str:
    """Return the id of an example's export order."""
    order = values("CEB303Message", trade)
    uscc = {row["customs_code"]: row["uscc"] for row in rows("example_parties")}
    merchant, platform = str(order["merchant_code"]), str(order["platform_code"])
    return str(order_key("E", uscc.get(merchant, merchant), uscc.get(platform, platform), str(order["order_no"])))


def _bills(kind: BillKind) -> Sequence[Example]:
    if kind == BillKind.LINK:
        return (Example("link", Words("一个订单一个运单", "One order in one waybill"), link),)
    return tuple(Example(name, _WORDS[name], _maker(message_type)) for name, message_type in _TYPES[kind].items())


def _maker(message_type: str) -> Callable[[], object]:
    return lambda: document(message_type)


BILLS: Mapping[BillKind, Sequence[Example]] = {kind: _bills(kind) for kind in BillKind}
MESSAGES = (
    Example("order", Words("出口订单 CEB303", "An export order, CEB303"), lambda: sample("CEB303Message").decode()),
    Example("payment", Words("出口收款单 CEB403", "An export payment, CEB403"), lambda: sample("CEB403Message").decode()),
)
