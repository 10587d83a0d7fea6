"""``DxpRep``, the exchange platform's answer to an envelope."""

from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from ccezone.kernel.clock import SHANGHAI
from integrations.mockservers.single_window.texts import reason
from schemas.messages.dxp import DxpMessage
from schemas.messages.dxp.shape import NAMESPACE

ACCEPTED = "0000"  # ours: the published table knows failures only
_ACCEPTED_TEXT = "接收成功"


def response(code: str, now: datetime, envelope: DxpMessage | None = None, note: str = "") -> bytes:
    """Answer with a published response code, or with ``ACCEPTED``."""
    text = _ACCEPTED_TEXT if code == ACCEPTED else reason(code)
    sender = envelope.sender_id if envelope else "UNKNOWN"
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?>\n<DxpRep xmlns="{NAMESPACE}">',
        _element("RecevierId", sender),
        "<Response>",
        _element("ResponseCode", code),
        _element("ResponseInfo", f"{text} {note}".strip()[:300]),
        _element("NoticeTime", f"{now.astimezone(SHANGHAI):%Y-%m-%d}"),
        f"<OriHead>{_head(envelope)}</OriHead>",
        "</Response></DxpRep>",
    ]
    return "".join(parts).encode()


def _head(envelope: DxpMessage | None) -> str:
    if envelope is None:
        return ""
    return "".join(
        (
            "<TransInfo>",
            _element("CopMsgId", envelope.cop_msg_id),
            _element("SenderId", envelope.sender_id),
            f"<ReceiverIds>{_all('ReceiverId', envelope.receiver_ids)}</ReceiverIds>",
            _element("CreatTime", f"{envelope.created_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S}"),
            _element("MsgType", envelope.message_type),
            "</TransInfo>",
        )
    )


def _all(name: str, values: Sequence[str]) -> str:
    return "".join(_element(name, value) for value in values)


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"
