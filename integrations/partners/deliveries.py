"""Deliveries of partners: official messages (CEB, DXP) and JSON in the shape of the same messages."""

import json
import os
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ccezone.bills.ports import Batch, BillKind, IntakeDocument, Party, UnreadableDelivery
from ccezone.kernel.clock import Clock, wire_time
from ccezone.kernel.errors import Fault
from integrations.signatures import verify
from schemas.messages import ceb, dxp
from schemas.messages.ceb import codec
from schemas.messages.ceb.dumping import encode_document
from schemas.messages.ceb.envelope import Envelope
from schemas.messages.parsing import MalformedMessage
from schemas.rest import links
from schemas.rest.bills import load_json
from schemas.rest.documents import element_names, spelled

KINDS = {
    "CEB303Message": (BillKind.ORDER, "E"),
    "CEB403Message": (BillKind.PAYMENT, "E"),
    "CEB505Message": (BillKind.WAYBILL, "E"),
    "CEB311Message": (BillKind.ORDER, "I"),
    "CEB411Message": (BillKind.PAYMENT, "I"),
    "CEB511Message": (BillKind.WAYBILL, "I"),
}
MESSAGE_OF = {kind: message_type for message_type, kind in KINDS.items()}
MESSAGE_LIMIT = 32 * 1024 * 1024  # bytes; 100 documents of 100 full lines stay well below
_DXP_ROOT = re.compile(rb"<(?:\w+:)?DxpMsg[\s>]")
_HEAD = 4096
_FLOW_NAMES = {"E", "I"}
_VARIANT = dict(zip("0123456789ABCDEF", "89AB" * 4, strict=True))
_BEYOND_US = frozenset({"algorithm", "untrusted"})


class CebDeliveries:
    """Decodes deliveries by the one definition of each message."""

    def __init__(self, clock: Clock, trusted: Mapping[str, bytes]) -> None:
        """``trusted`` holds the public keys partners have registered, by key name."""
        self._clock = clock
        self._trusted = trusted

    def message(self, raw: bytes) -> Batch:
        """Decode an official bill message, bare or in a ``DxpMsg`` envelope. Raises ``UnreadableDelivery``."""
        try:
            body = dxp.decode(raw).data if _DXP_ROOT.search(raw[:_HEAD]) else raw
            decoded = codec.decode(body, limit=MESSAGE_LIMIT)
        except MalformedMessage as malformed:
            raise UnreadableDelivery(*malformed.found) from malformed
        message_type = decoded.envelope.type
        if message_type not in KINDS:
            taken = ", ".join(sorted(KINDS))
            raise UnreadableDelivery((1, Fault("", "message_not_taken", {"message": message_type, "taken": taken})))
        if decoded.envelope.signed:
            self._judge_signature(body, decoded)
        kind, flow = KINDS[message_type]
        documents = [IntakeDocument(each.position, each.values, each.faults, each.position) for each in decoded.documents]
        return Batch(
            kind, flow, message_type, "xml", documents, body,
            message_guid=decoded.envelope.guid, transmitter=decoded.envelope.transfer.get("cop_code", ""),
            signed=decoded.envelope.signed, forwardable=True,
        )  # fmt: skip

    def _judge_signature(self, body: bytes, decoded: codec.DecodedMessage) -> None:
        """A signature that we can judge must hold; others (RSA, a key nobody registered) are for customs to judge."""
        verdict = verify(body, self._trusted, believe_certificate=True, skeleton=decoded.root)
        if not verdict.valid and verdict.reason not in _BEYOND_US:
            raise UnreadableDelivery((1, Fault("/Signature", "signature_invalid", {"reason": verdict.reason})))

    def documents(self, kind: BillKind, flow: str, bodies: Sequence[object], party: Party, source: str) -> Batch:
        """Decode JSON objects of one kind and flow; the good ones are written into one message of the party's."""
        if flow not in _FLOW_NAMES:
            raise UnreadableDelivery((1, Fault("/flow", "flow_unknown", {"value": flow})))
        if kind == BillKind.LINK:
            return self._links(flow, bodies, party, source)
        message_type = MESSAGE_OF[kind, flow]
        documents: list[IntakeDocument] = []
        good: list[dict[str, object]] = []
        defaults = self._defaults()
        for position, body in enumerate(bodies):
            loaded = load_json(message_type, body, {**defaults, "guid": _guid()}, position=position)
            documents.append(IntakeDocument(position, loaded.values, loaded.faults, len(good)))
            if loaded.values is not None:
                good.append(loaded.values)
        fragments = [encode_document(message_type, values) for values in good]
        return Batch(
            kind, flow, message_type, source, documents, self._write(message_type, fragments, party), transmitter=party.code
        )

    def _links(self, flow: str, bodies: Sequence[object], party: Party, source: str) -> Batch:
        defaults = {"appType": "1", "appTime": wire_time(self._clock.now())}
        loaded = [links.load_link(body, defaults, position=position) for position, body in enumerate(bodies)]
        documents = [IntakeDocument(each.position, each.values, each.faults, each.position) for each in loaded]
        raw = json.dumps(list(bodies), ensure_ascii=False).encode()
        return Batch(BillKind.LINK, flow, links.MESSAGE_TYPE, source, documents, raw, transmitter=party.code)

    def _defaults(self) -> dict[str, str]:
        """What the hub fills in when the sender leaves it out."""
        return {
            "guid": _guid(),
            "appType": "1",
            "appTime": wire_time(self._clock.now()),
            "appStatus": "2",
        }

    def _write(self, message_type: str, fragments: Sequence[bytes], party: Party) -> bytes:
        """Keep the documents as one message, however many there are: it is cut up again before it travels."""
        transfer = {"cop_code": party.code, "cop_name": party.name, "dxp_mode": "DXP", "dxp_id": party.dxp_id}
        envelope = Envelope(message_type, str(uuid.uuid4()).upper(), transfer=transfer)
        return codec.wrap(message_type, fragments, envelope, bounded=False)

    def message_type(self, kind: BillKind, flow: str) -> str:
        """Name the message, or the hub's own document, that bills of this kind and flow are. Raises ``KeyError``."""
        return links.MESSAGE_TYPE if kind == BillKind.LINK and flow in _FLOW_NAMES else MESSAGE_OF[kind, flow]

    def faults(self, message_type: str, values: Mapping[str, object]) -> Sequence[Fault]:
        """Judge domain values at intake level."""
        loaded = load_json(message_type, spelled(message_type, values), self._defaults())
        head, line = element_names(message_type)
        names = {element: name for name, element in {**line, **head}.items()}
        return [replace(fault, pointer=_renamed(fault.pointer, names)) for fault in loaded.faults]

    def pointer(self, message_type: str, pointer: str) -> str:
        """Spell a pointer with official element names."""
        if message_type == links.MESSAGE_TYPE:
            return links.wire_pointer(pointer)
        message = ceb.definition(message_type)
        in_lines = pointer.startswith("/lines/")
        node = message.lines_node if in_lines and message.lines_node else message.head
        names = {field.name: field.element for field in node.fields}
        *start, last = pointer.split("/")
        return "/".join([*start, names.get(last, last)])


def _renamed(pointer: str, names: Mapping[str, str]) -> str:
    *start, last = pointer.split("/")
    return "/".join([*start, names.get(last, last)])


def _guid() -> str:
    """A random UUID (version 4, RFC 9562); spelled here because every document takes one, and ``uuid.uuid4`` costs thrice."""
    digits = os.urandom(16).hex().upper()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{_VARIANT[digits[16]]}{digits[17:20]}-{digits[20:]}"
