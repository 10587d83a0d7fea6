"""Bills gathered into deliveries, as each party would send them: XML messages, DXP envelopes, JSON arrays, single objects."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from random import Random

from ccezone.demo.span import Span
from ccezone.demo.telling import LAST, LINK, Bill, tell
from ccezone.kernel.clock import SHANGHAI
from ccezone.submission.bodies import JSON, XML, Body
from schemas.messages import dxp
from schemas.messages.ceb.codec import Envelope, encode_document, wrap
from schemas.messages.ceb.definition import definition
from schemas.messages.ceb.marshal import schema
from schemas.messages.ceb.trades import Facts, party
from schemas.rest.links import ShippingLink

DOCUMENTS = 100  # of one official message
_RESOURCES = {"CEB303Message": "orders", "CEB311Message": "orders", LINK: "shipping-links"}
_JSON_SENDERS = {"electronics": DOCUMENTS, "oranges": 1}  # own systems; and one that types in order by order
_DXP_SENDERS = ("logistics_export",)
_RECEIVER = "DXPEDCCEB0000003"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One body, who posts it (a key of the cast), and the day it belongs to; ``last``: sent once all others are in."""

    day: date
    sender: str
    body: Body
    last: bool = False


def deliveries(seed: int, orders: int, span: Span) -> Iterator[Delivery]:
    """Yield the month's deliveries day by day; within a turn the parties come in any order, as they do."""
    bills = [bill for number in range(orders) for bill in tell(seed, number, span)]
    bills.sort(key=lambda bill: (bill.turn == LAST, _day(bill), bill.turn, bill.moment))
    for (last, day, turn), rows in groupby(bills, key=lambda bill: (bill.turn == LAST, _day(bill), bill.turn)):
        parts: dict[tuple[str, str], list[Bill]] = {}
        for bill in rows:
            parts.setdefault((bill.sender, bill.message_type), []).append(bill)
        shuffled = sorted(parts)
        Random(f"deliveries/{seed}/{day}/{turn}/{last}").shuffle(shuffled)
        for sender, message_type in shuffled:
            for body in _bodies(sender, message_type, parts[sender, message_type]):
                yield Delivery(day, sender, body, last)


def _day(bill: Bill) -> date:
    return bill.moment.astimezone(SHANGHAI).date()


def _bodies(sender: str, message_type: str, bills: Sequence[Bill]) -> Iterator[Body]:
    by_json = message_type == LINK or sender in _JSON_SENDERS
    size = _JSON_SENDERS.get(sender, DOCUMENTS) if by_json else DOCUMENTS
    for start in range(0, len(bills), size):
        chunk = bills[start : start + size]
        if by_json:
            yield _json(message_type, [bill.values for bill in chunk])
        else:
            yield _xml(sender, message_type, [bill.values for bill in chunk], chunk[-1].moment)


def _json(message_type: str, documents: Sequence[Facts]) -> Body:
    objects = [as_json(message_type, values) for values in documents]
    content = objects[0] if len(objects) == 1 else objects
    return Body(_RESOURCES[message_type], JSON, json.dumps(content, ensure_ascii=False).encode(), documents=len(objects))


def as_json(message_type: str, values: Facts) -> dict[str, object]:
    """A document in the JSON shape: official element names, ``lines`` the list."""
    if message_type == LINK:
        link: dict[str, object] = json.loads(json.dumps(ShippingLink().dump(values), default=str))
        return {**link, "flow": values["flow"]}
    head = dict(schema(message_type, "head", strict=False).dump({name: each for name, each in values.items() if name != "lines"}))
    lines = values.get("lines")
    rows = lines if isinstance(lines, list) else []
    return {**head, "lines": [dict(schema(message_type, "list", strict=False).dump(row)) for row in rows]}


def _xml(sender: str, message_type: str, documents: Iterable[Facts], moment: datetime) -> Body:
    fragments = [encode_document(message_type, values) for values in documents]
    row = party(sender)
    envelope = Envelope(message_type, _guid(fragments))
    if definition(message_type).transfer:
        transfer = {"cop_code": row["customs_code"], "cop_name": row["name_zh"], "dxp_mode": "DXP", "dxp_id": row["dxp_id"]}
        envelope.transfer = transfer
    data = wrap(message_type, fragments, envelope)
    if sender in _DXP_SENDERS:
        data = dxp.encode(dxp.DxpMessage(envelope.guid, row["dxp_id"], (_RECEIVER,), moment, message_type, data))
    return Body("messages", XML, data, (row["customs_code"],), len(fragments))


def _guid(fragments: Sequence[bytes]) -> str:
    digest = sha256(b"".join(fragments)).hexdigest().upper()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-A{digest[17:20]}-{digest[20:32]}"
