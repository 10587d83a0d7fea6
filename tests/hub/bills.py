"""Bills of made-up trades, coherent with each other; a test names only the value that matters to it.

Trade 1 of each flow belongs to the merchant, trade 2 to a rival; equal numbers speak of the same order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from ccezone.bills.rules import BillKind
from ccezone.kernel.clock import parse_wire_time, wire_time
from schemas.messages.ceb.codec import Envelope, encode_document, wrap
from schemas.messages.ceb.samples import Mode, sample_envelope, sample_values
from schemas.messages.ceb.trades import party

MESSAGES = {
    (BillKind.ORDER, "E"): ("CEB303Message", "platform_export"),
    (BillKind.PAYMENT, "E"): ("CEB403Message", "payment_export"),
    (BillKind.WAYBILL, "E"): ("CEB505Message", "logistics_export"),
    (BillKind.ORDER, "I"): ("CEB311Message", "platform_import"),
    (BillKind.PAYMENT, "I"): ("CEB411Message", "payment_import"),
    (BillKind.WAYBILL, "I"): ("CEB511Message", "logistics_import"),
    (BillKind.LINK, "E"): ("", "platform_export"),
    (BillKind.LINK, "I"): ("", "platform_import"),
}
Lines = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Bill:
    """One bill as domain values; ``sender`` is who delivers it, one of the cast."""

    kind: BillKind
    flow: str
    values: Mapping[str, object]
    sender: str

    def __getitem__(self, name: str) -> str:
        return str(self.values[name])

    @property
    def message_type(self) -> str:
        """Type of the official message that carries it; empty for a shipping link."""
        return MESSAGES[self.kind, self.flow][0]

    def but(self, **changes: object) -> "Bill":
        """The same document, saying something else."""
        return replace(self, values={**self.values, **changes})

    def sent_by(self, sender: str) -> "Bill":
        """The same document, delivered by another of the cast."""
        return replace(self, sender=sender)

    def changed(self, minutes: float = 1, **changes: object) -> "Bill":
        """A change of it, submitted that many minutes later."""
        return self._again("2", minutes, changes)

    def deleted(self, minutes: float = 1) -> "Bill":
        """Its deletion, submitted that many minutes later."""
        return self._again("3", minutes, {})

    def _again(self, app_type: str, minutes: float, changes: Mapping[str, object]) -> "Bill":
        later = wire_time(parse_wire_time(self["app_time"]) + timedelta(minutes=minutes))
        return self.but(**{"app_type": app_type, "app_time": later, **changes})


def order(number: int = 1, flow: str = "E", *, mode: Mode = "1210", **changes: object) -> Bill:
    """The order of a trade (CEB303, CEB311)."""
    return _bill(BillKind.ORDER, flow, number, mode, changes)


def payment(number: int = 1, flow: str = "E", **changes: object) -> Bill:
    """Its payment in full (CEB403, CEB411)."""
    return _bill(BillKind.PAYMENT, flow, number, "1210", changes)


def waybill(number: int = 1, flow: str = "E", *, mode: Mode = "1210", **changes: object) -> Bill:
    """Its only parcel (CEB505, CEB511)."""
    return _bill(BillKind.WAYBILL, flow, number, mode, changes)


def link(of_order: Bill, to_waybill: Bill, lines: Lines = (), **changes: object) -> Bill:
    """The shipping link between an order and a waybill; ``lines`` of ``line_no`` and ``qty`` when only they travel."""
    named = ("merchant_code", "platform_code", "order_no")
    values = {name: of_order.values[name] for name in named}
    values |= {name: to_waybill.values[name] for name in ("carrier_code", "waybill_no")}
    values |= {"app_type": "1", "app_time": of_order.values["app_time"], "lines": list(lines), **changes}
    return Bill(BillKind.LINK, of_order.flow, values, MESSAGES[BillKind.LINK, of_order.flow][1])


def export_bills(number: int = 1) -> list[Bill]:
    """Order, payment, waybill and link of a clean export."""
    sold, sent = order(number), waybill(number)
    return [sold, payment(number), sent, link(sold, sent)]


def import_bills(number: int = 1, *, mode: Mode = "1210") -> list[Bill]:
    """Order, payment and waybill of a clean import."""
    return [order(number, "I", mode=mode), payment(number, "I"), waybill(number, "I", mode=mode)]


def message(*bills: Bill, transmitter: str | None = None) -> bytes:
    """The official message that carries these bills of one type; ``transmitter`` a code instead of the sender's own."""
    first = bills[0]
    sampled = sample_envelope(first.message_type)
    sender = party(first.sender)
    transfer = {**sampled.transfer, "cop_code": transmitter or sender["customs_code"], "cop_name": sender["name_zh"]}
    guid = _guid("message", *(f"{bill['guid']}{bill['app_time']}{bill['app_type']}" for bill in bills))
    fragments = [encode_document(bill.message_type, bill.values) for bill in bills]
    return wrap(first.message_type, fragments, Envelope(first.message_type, guid, transfer=transfer))


def _bill(kind: BillKind, flow: str, number: int, mode: Mode, changes: Mapping[str, object]) -> Bill:
    message_type, sender = MESSAGES[kind, flow]
    values = next(iter(sample_values(message_type, first=number, mode=mode)))
    return Bill(kind, flow, {**values, **changes}, sender)


def _guid(*parts: str) -> str:
    digest = sha256("/".join(parts).encode()).hexdigest().upper()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-A{digest[17:20]}-{digest[20:32]}"
