"""From the body of a request to an envelope, or to the exchange platform's reason to refuse it."""

import zlib
from typing import TYPE_CHECKING

from integrations.mockservers.single_window.reading import UNKNOWN
from integrations.signatures import verify
from schemas.messages import dxp
from schemas.messages.dxp import DxpMessage
from schemas.messages.parsing import MalformedMessage

if TYPE_CHECKING:
    from integrations.mockservers.single_window.service import SingleWindowService

MAX_BYTES = 64 * 1024 * 1024
_NOT_XML = "0001"
_NOT_SCHEMA = "0002"
_OTHER_FORMAT = "0999"
_BAD_SIGNATURE = "1004"
_NO_RECEIVER = "2001"
_GZIP_WINDOW = 31
_XML_FAULTS = ("not_well_formed", "doctype_forbidden", "wrong_encoding", "wrong_root", "wrong_namespace")


class BadEnvelope(Exception):
    """An envelope that is refused, with the exchange platform's response code."""

    def __init__(self, code: str, note: str = "", envelope: DxpMessage | None = None) -> None:
        super().__init__(f"{code} {note}")
        self.code = code
        self.note = note
        self.envelope = envelope


def envelope_of(body: bytes, encoding: str, service: "SingleWindowService") -> DxpMessage:
    """Read an envelope meant for this single window. Raises ``BadEnvelope``."""
    plain = _inflated(body) if encoding == "gzip" else body
    try:
        envelope = dxp.decode(plain, MAX_BYTES)
    except MalformedMessage as error:
        raise BadEnvelope(_NOT_XML if error.fault.code in _XML_FAULTS else _NOT_SCHEMA, error.fault.code) from error
    if envelope.signature and not verify(plain, service.trusted).valid:
        raise BadEnvelope(_BAD_SIGNATURE, "", envelope)
    if service.dxp_id not in envelope.receiver_ids:
        raise BadEnvelope(_NO_RECEIVER, ",".join(envelope.receiver_ids), envelope)
    if not envelope.message_type or envelope.message_type == UNKNOWN:
        raise BadEnvelope(_NOT_SCHEMA, "MsgType", envelope)
    return envelope


def _inflated(body: bytes) -> bytes:
    """Unpack gzip, but never more than the limit."""
    stream = zlib.decompressobj(_GZIP_WINDOW)
    try:
        plain = stream.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise BadEnvelope(_OTHER_FORMAT, "gzip") from error
    if len(plain) > MAX_BYTES:
        raise BadEnvelope(_OTHER_FORMAT, "gzip")
    return plain
