"""Packing business messages into ``DxpMsg`` envelopes and reading them, hardened like every reader of foreign XML."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

import pybase64
from lxml import etree

from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault
from schemas.messages.ceb.definition import SIGNATURE_TAG, Field
from schemas.messages.ceb.judging import rule, text_flaw
from schemas.messages.dxp.shape import MAX_RECEIVERS, NAMESPACE, Branch, Leaf, shape
from schemas.messages.parsing import DEFAULT_LIMIT, MalformedMessage, line_of, parse, refuse

_PREFIX = f"{{{NAMESPACE}}}"
_OPEN, _CLOSE = b"<Data>", b"</Data>"
_ID = re.compile(rb"<CopMsgId>([0-9A-Fa-f-]{36})</CopMsgId>")
_ANY_ID, _ANY_PAYLOAD = "0" * 36, b"ccezone"  # stand in for a message's own
_MOST_AROUND = 16_384  # bytes that are worth remembering
_MOST_BYTES = 9_000_000  # libxml2 refuses single texts of 10 MB; what could hold one is left to it


@dataclass(frozen=True, slots=True)
class DxpMessage:
    """One envelope. ``created_at`` is aware; ``data`` is the business message; ``biz_keys`` are (name, value) pairs.

    ``id`` is the root's signature id, ``text_encoding`` the code of ``IsText``; empty texts mean absent.
    """

    cop_msg_id: str
    sender_id: str
    receiver_ids: Sequence[str]
    created_at: datetime
    message_type: str
    data: bytes
    file_name: str = ""
    ic_card: str = ""
    biz_keys: Sequence[tuple[str, str]] = ()
    text_encoding: str = ""
    rec_map_id: str = ""
    id: str = ""
    signature: bytes = b""


def encode(message: DxpMessage) -> bytes:
    """Write the envelope. Raises ``MalformedMessage`` when a value does not fit the transport schema."""
    texts = {
        "CopMsgId": message.cop_msg_id,
        "SenderId": message.sender_id,
        "CreatTime": message.created_at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S"),
        "MsgType": message.message_type,
    }
    found = [fault for field in _leaf_fields("TransInfo") for fault in _faults(field, texts.get(field.element))]
    if not 1 <= len(message.receiver_ids) <= MAX_RECEIVERS:
        found.append((1, Fault("/TransInfo/ReceiverIds", "required" if not message.receiver_ids else "repeated_element")))
    if found:
        raise MalformedMessage(*found)
    own_id = f" Id={quoteattr(message.id)}" if message.id else ""
    receivers = "".join(f"<ReceiverId>{escape(each)}</ReceiverId>" for each in message.receiver_ids)
    opening = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<DxpMsg xmlns="{NAMESPACE}" ver="1.0"{own_id}><TransInfo>'
        f"<CopMsgId>{escape(texts['CopMsgId'])}</CopMsgId><SenderId>{escape(texts['SenderId'])}</SenderId>"
        f"<ReceiverIds>{receivers}</ReceiverIds><CreatTime>{texts['CreatTime']}</CreatTime>"
        f"<MsgType>{escape(texts['MsgType'])}</MsgType></TransInfo><Data>"
    )
    return b"".join(
        (
            opening.encode(),
            pybase64.b64encode(message.data),
            b"</Data>",
            _extra(message).encode(),
            message.signature,
            b"</DxpMsg>",
        )
    )


def _extra(message: DxpMessage) -> str:
    keys = "".join(f"<Key name={quoteattr(name)}>{escape(value)}</Key>" for name, value in message.biz_keys)
    inner = "".join(
        (
            f"<FileName>{escape(message.file_name)}</FileName>" if message.file_name else "",
            f"<IcCard>{escape(message.ic_card)}</IcCard>" if message.ic_card else "",
            f"<BizKey>{keys}</BizKey>" if keys else "",
            f"<IsText Encode={quoteattr(message.text_encoding)}/>" if message.text_encoding else "",
            f"<RecMapId>{escape(message.rec_map_id)}</RecMapId>" if message.rec_map_id else "",
        )
    )
    return f"<AddInfo>{inner}</AddInfo>" if inner else ""


def decode(data: bytes, limit: int = DEFAULT_LIMIT) -> DxpMessage:
    """Read an envelope of at most ``limit`` bytes. Raises ``MalformedMessage``."""
    return _plainly(data, limit) or decode_thoroughly(data, limit)


def _plainly(data: bytes, limit: int) -> DxpMessage | None:
    """The short way: only what stands around the payload goes through the tree, and once for all messages that share it.

    ``None`` says that the envelope must be read thoroughly. A payload of nothing but base64 holds no mark-up, so that the tree
    around another one is the same.
    """
    start, end = data.find(_OPEN) + len(_OPEN), data.rfind(_CLOSE)
    before, after = data[:start], data[end:]
    if not len(_OPEN) <= start <= end or len(data) > min(limit, _MOST_BYTES) or len(before) + len(after) > _MOST_AROUND:
        return None
    found = _ID.search(before)
    if found is None or b"<!" in before or b"<!" in after:
        return None
    try:
        payload = pybase64.b64decode(data[start:end], validate=True)
        around = _around(before[: found.start(1)], before[found.end(1) :], after)
    except (ValueError, MalformedMessage):
        return None
    if around.cop_msg_id != _ANY_ID or around.data != _ANY_PAYLOAD:  # what was put in stands somewhere else
        return None
    return replace(around, cop_msg_id=found[1].decode(), data=payload)


@lru_cache(maxsize=256)
def _around(before_id: bytes, before_payload: bytes, after: bytes) -> DxpMessage:
    return decode_thoroughly(b"".join((before_id, _ANY_ID.encode(), before_payload, pybase64.b64encode(_ANY_PAYLOAD), after)))


def decode_thoroughly(data: bytes, limit: int = DEFAULT_LIMIT) -> DxpMessage:
    """Read an envelope by way of the tree, which finds every error. Raises ``MalformedMessage``."""
    root = parse(data, limit)
    name = etree.QName(root)
    if name.namespace != NAMESPACE:
        raise refuse("wrong_namespace", line_of(root), namespace=name.namespace or "", expected=NAMESPACE)
    if name.localname != "DxpMsg":
        raise refuse("wrong_root", line_of(root), element=name.localname)
    transfer = root.find(f"{_PREFIX}TransInfo")
    if transfer is None:
        raise refuse("required", line_of(root), "/TransInfo")
    texts = {field.element: _text(transfer, field) for field in _leaf_fields("TransInfo")}
    receivers = [child.text or "" for child in transfer.iterfind(f"{_PREFIX}ReceiverIds/{_PREFIX}ReceiverId")]
    if not 1 <= len(receivers) <= MAX_RECEIVERS:
        raise refuse("required" if not receivers else "repeated_element", line_of(transfer), "/TransInfo/ReceiverIds")
    signature = root.find(SIGNATURE_TAG)
    return DxpMessage(
        texts["CopMsgId"],
        texts["SenderId"],
        tuple(receivers),
        _moment(texts["CreatTime"], line_of(transfer)),
        texts["MsgType"],
        _payload(root),
        **_added(root),
        biz_keys=tuple((key.get("name") or "", key.text or "") for key in root.iterfind(f".//{_PREFIX}BizKey/{_PREFIX}Key")),
        signature=etree.tostring(signature, with_tail=False) if signature is not None else b"",
    )


def _added(root: etree._Element) -> dict[str, str]:
    """The optional texts around the payload."""
    extra = f"{_PREFIX}AddInfo/{_PREFIX}"
    marker = root.find(f"{extra}IsText")
    return {
        "file_name": root.findtext(f"{extra}FileName") or "",
        "ic_card": root.findtext(f"{extra}IcCard") or "",
        "text_encoding": (marker.get("Encode") or "") if marker is not None else "",
        "rec_map_id": root.findtext(f"{extra}RecMapId") or "",
        "id": root.get("Id") or "",
    }


def _leaf_fields(branch: str) -> Sequence[Field]:
    found = next(child for child in shape("DxpMsg").children if isinstance(child, Branch) and child.element == branch)
    return tuple(child.field for child in found.children if isinstance(child, Leaf))


def _text(parent: etree._Element, field: Field) -> str:
    child = parent.find(f"{_PREFIX}{field.element}")
    found = _faults(field, None if child is None else child.text or "", line_of(parent if child is None else child))
    if found:
        raise MalformedMessage(*found)
    return (child.text or "") if child is not None else ""


def _faults(field: Field, text: str | None, line: int = 1) -> list[tuple[int, Fault]]:
    pointer = f"/TransInfo/{field.element}"
    if text is None:
        return [(line, Fault(pointer, "required"))]
    flaw = text_flaw(rule(field, strict=False), text)
    return [(line, Fault(pointer, flaw.code, flaw.params))] if flaw else []


def _moment(text: str, line: int) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise refuse("bad_time", line, "/TransInfo/CreatTime", value=text[:40], format="yyyy-mm-ddThh:mm:ss") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _payload(root: etree._Element) -> bytes:
    node = root.find(f"{_PREFIX}Data")
    if node is None:
        raise refuse("required", line_of(root), "/Data")
    text = node.text or ""
    with suppress(ValueError):  # most senders write it without line breaks
        return pybase64.b64decode(text, validate=True)
    try:
        return pybase64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:  # odd characters too, which are no ``binascii.Error``
        raise refuse("bad_base64", line_of(node), "/Data") from error
