"""Domain values to official messages, and official receipts to ``Receipt``."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from lxml import etree

from ccezone.clearance.ports import Document, Receipt, ReceiptLot, Transmitter
from ccezone.kernel.clock import parse_wire_time
from integrations.signatures import KeyRing, Sm2Signer
from schemas.messages.ceb import definition
from schemas.messages.ceb.codec import DecodedDocument, Envelope, decode, document_of, encode_document, wrap
from schemas.messages.ceb.columns import Columns, columns
from schemas.messages.parsing import MalformedMessage, parse

_DXP_MODE = "DXP"
_HIGHEST_STATUS = 2**31 - 1  # the published ones have six digits; an official status has room for ten
_TAX_MESSAGES = ("CEB816Message", "CEB818Message")
_SUMMARY_RESULT = "CEB792Message"
_BY_COLUMNS = frozenset(f"CEB{number}Message" for number in (304, 312, 404, 412, 506, 512, 604, 622))
_KEYS = frozenset(
    {
        *("cop_no", "order_no", "platform_code", "merchant_code", "carrier_code", "waybill_no"),
        *("payment_enterprise_code", "payment_no", "list_no", "eport_no", "message_id", "sum_no"),
    }
)


_moment = lru_cache(maxsize=1024)(parse_wire_time)  # the receipts of a message share few moments


class CebWriter:
    """Writes messages, packed and signed in the transmitter's name (``ccezone.clearance.ports.MessageWriter``)."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def fragment(self, message_type: str, document: Document) -> bytes:
        """Encode one document. Raises ``schemas.messages.ceb.codec.Unencodable`` for what its schema does not allow."""
        return encode_document(message_type, document)

    def pick(self, message_type: str, body: bytes, positions: Sequence[int]) -> Sequence[bytes]:
        """Take the documents at these positions (from 0) out of a message that was taken in, however many it holds."""
        message = definition(message_type)
        nodes = [node for node in parse(body) if etree.QName(node).localname == message.business_node]
        return [encode_document(message_type, document_of(message, nodes[position])) for position in positions]

    def pack(self, message_type: str, fragments: Sequence[bytes], transmitter: Transmitter, message_id: UUID) -> bytes:
        """Wrap and sign. The message's own guid is its transport id, so that both can be traced by one value."""
        transfer = {
            "cop_code": transmitter.code,
            "cop_name": transmitter.name,
            "dxp_mode": _DXP_MODE,
            "dxp_id": transmitter.dxp_id,
        }
        envelope = Envelope(message_type, str(message_id).upper(), transfer=transfer)
        return Sm2Signer(self._keys.pair(transmitter.code)).sign_canonical(wrap(message_type, fragments, envelope))


class CebReader:
    """Reads receipts, tax bills and schema-check answers (``ccezone.clearance.ports.ReceiptReader``)."""

    def read(self, body: bytes) -> Sequence[Receipt]:
        """Decode one message. Raises ``ValueError`` when it is no answer, or one of its documents cannot be read."""
        try:
            message = decode(body, strict=False)
        except MalformedMessage as error:
            raise ValueError(f"not a receipt: {error}") from error
        return [_receipt(message.envelope.type, document) for document in message.documents]

    def lot(self, body: bytes) -> ReceiptLot | None:
        """Take a plain message by columns; ``None`` for any other, and for a status or time that ``read`` would not take."""
        found = columns(body)
        return _lot(found) if found is not None and found.message_type in _BY_COLUMNS else None


def _lot(found: Columns) -> ReceiptLot | None:
    said, texts = _said(found.message_type), found.texts
    try:
        codes = {text: int(text) for text in set(texts["return_status"])}
        moments = {text: _moment(text) for text in set(texts["return_time"])}
    except ValueError:
        return None
    if any(abs(code) > _HIGHEST_STATUS for code in codes.values()):
        return None
    return ReceiptLot(
        found.message_type,
        texts["guid"],
        [codes[text] for text in texts["return_status"]],
        [moments[text] for text in texts["return_time"]],
        texts["return_info"],
        {name: texts[name] for name in (*said.keys, *said.content)},
        said.content,
    )


def _receipt(message_type: str, document: DecodedDocument) -> Receipt:
    values: Any = document.values  # read by a schema that knows these elements; texts and numbers
    if values is None:
        codes = ", ".join(f"{fault.pointer} {fault.code}" for fault in document.faults)
        raise ValueError(f"document {document.position + 1} of a {message_type} cannot be read: {codes}")
    if message_type == _SUMMARY_RESULT:
        return _summary_result(values)
    said = _said(message_type)
    try:
        code, returned_at = int(values[said.status]), _moment(values["return_time"])
    except KeyError:
        raise ValueError(f"{message_type} is not an answer") from None
    if abs(code) > _HIGHEST_STATUS:
        raise ValueError(f"{message_type} has no such status: {code}")
    get = values.get
    keys = {name: value for name in said.keys if (value := get(name))}
    if said.answered and (answered := get(said.answered)):
        keys["message_id"] = answered
    content = {name: value for name in said.content if (value := get(name)) is not None}
    return Receipt(message_type, values["guid"], code, returned_at, get("return_info", ""), keys, content)


def _summary_result(values: Any) -> Receipt:
    """A customs declaration made of a summary: no status of ours, but a state and numbers of its own; texts throughout."""
    state = str(values["dec_state"])
    content = {name: str(value) for name, value in values.items() if name not in ("lines", "sum_no") and value is not None}
    lines = [{name: str(value) for name, value in line.items() if value is not None} for line in values["lines"]]
    known = next((str(values[name]) for name in ("entry_id", "dec_pre_no", "dec_tmp_no") if values.get(name)), "")
    info = " ".join(part for part in (str(values["decl_seq_no"]), known) if part)
    code = int(state) if state.isascii() and state.isdigit() else 0
    keys, at = {"sum_no": str(values["sum_no"])}, _moment(values["op_date"])
    return Receipt(_SUMMARY_RESULT, values["guid"], code, at, info, keys, {**content, "lines": lines})


@dataclass(frozen=True, slots=True)
class _Said:
    """Which of a message type's values are what in a receipt."""

    status: str
    keys: tuple[str, ...]
    content: tuple[str, ...]
    answered: str


_SPOKEN = _KEYS | {"ori_cop_msg_id", "guid", "return_status", "return_time", "return_info", "ori_biz_message"}


@cache
def _said(message_type: str) -> _Said:
    names = [field.name for field in definition(message_type).fields()]
    lines = ["lines"] if definition(message_type).lines_node else []
    return _Said(
        "status" if message_type in _TAX_MESSAGES else "return_status",
        tuple(name for name in names if name in _KEYS),
        tuple(name for name in [*names, *lines] if name not in _SPOKEN),
        "ori_cop_msg_id" if "ori_cop_msg_id" in names else "",
    )
