"""What makes two bills the same bill, who may send one, and which version follows which (CEB edition 202205, appType 1-2-3)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from ccezone.kernel.clock import parse_wire_time
from ccezone.kernel.ids import key8

WAYBILL_REUSE = timedelta(days=183)  # "not reused by the same carrier within 6 months", CEB specification


class BillKind(StrEnum):
    """The kinds of bill the hub takes in."""

    ORDER = "order"
    PAYMENT = "payment"
    WAYBILL = "waybill"
    LINK = "link"


class AppType(IntEnum):
    """What a document asks for (code list ``app_type``)."""

    NEW = 1
    CHANGE = 2
    DELETE = 3


class Step(StrEnum):
    """What becomes of a document that arrives."""

    STORE = "store"
    REPLAY = "replay"
    EXISTS = "already_exists"
    MISSING = "nothing_to_change"
    STALE = "stale_change"
    LOCKED = "released_locked"


class Known(NamedTuple):
    """The newest stored version of a bill."""

    version: int
    app_type: int
    app_time: str
    content: int
    locked: bool = False


def next_step(known: Known | None, app_type: int, app_time: str, content: int, reusable: bool = False) -> Step:
    """Decide what becomes of a document, given the newest version of its bill.

    The same content again is a harmless replay whatever its guid and time. A change must be newer than what it
    changes. ``reusable`` says that the number may be given to another bill once six months have passed.
    """
    live = known is not None and known.app_type != AppType.DELETE
    if known is not None and known.content == content and (known.app_type == AppType.DELETE) == (app_type == AppType.DELETE):
        return Step.REPLAY
    if app_type == AppType.NEW:
        if known is None or not live:
            return Step.STORE if known is None or app_time > known.app_time else Step.STALE
        expired = reusable and parse_wire_time(app_time) - parse_wire_time(known.app_time) > WAYBILL_REUSE
        return Step.STORE if expired else Step.EXISTS
    if known is None or not live:
        return Step.MISSING
    if known.locked:
        return Step.LOCKED
    return Step.STORE if app_time > known.app_time else Step.STALE


def order_key(flow: str, merchant: str, platform: str, order_no: str) -> int:
    """Key of an order. Export counts the merchant in, because the platform may be ``无`` there."""
    return key8("O", "I", platform, order_no) if flow == "I" else key8("O", "E", merchant, platform, order_no)


def payment_key(flow: str, payment_enterprise: str, merchant: str, order_no: str, payment_no: str) -> int:
    """Key of a payment, from what its receipt (CEB404, CEB412) names as well."""
    return key8("P", "I", payment_enterprise, payment_no) if flow == "I" else key8("P", "E", merchant, order_no, payment_no)


def waybill_key(flow: str, carrier: str, waybill_no: str) -> int:
    """Key of a waybill."""
    return key8("W", flow, carrier, waybill_no)


def link_key(order: int, waybill: int) -> int:
    """Key of a shipping link: one order in one waybill."""
    return key8("L", str(order), str(waybill))


def order_no_key(order_no: str) -> int:
    """Key of a bare order number, for import waybills, which name no platform."""
    return key8("N", order_no)


SENDERS: Mapping[tuple[BillKind, str], tuple[tuple[str, str], ...]] = {
    # (document field that must name the sender, role the sender must hold); CEB specification, sender of each message
    (BillKind.ORDER, "E"): (("platform_code", "platform"), ("merchant_code", "merchant")),
    (BillKind.PAYMENT, "E"): (("payment_enterprise_code", "payment"), ("merchant_code", "merchant")),
    (BillKind.WAYBILL, "E"): (("carrier_code", "logistics"),),
    (BillKind.ORDER, "I"): (("platform_code", "platform"), ("merchant_code", "merchant")),
    (BillKind.PAYMENT, "I"): (("payment_enterprise_code", "payment"),),
    (BillKind.WAYBILL, "I"): (("carrier_code", "logistics"),),
    (BillKind.LINK, "E"): (("merchant_code", "merchant"), ("platform_code", "platform"), ("carrier_code", "logistics")),
    (BillKind.LINK, "I"): (("merchant_code", "merchant"), ("platform_code", "platform"), ("carrier_code", "logistics")),
}
ENTRUSTED = frozenset({(BillKind.ORDER, "I"), (BillKind.PAYMENT, "I")})  # an entrusted express or postal operator may send these


def may_send(
    kind: BillKind, flow: str, document: Mapping[str, object], roles: frozenset[str], is_sender: Callable[[str], bool]
) -> bool:
    """Say whether an enterprise with these roles may send this document; ``is_sender`` tells whether a code is its own."""
    for field, role in SENDERS[kind, flow]:
        if role in roles and is_sender(str(document.get(field) or "")):
            return True
    return (kind, flow) in ENTRUSTED and "express" in roles
