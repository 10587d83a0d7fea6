"""The single window over HTTP: business messages in DXP envelopes out, and receipts from the mailbox in."""

import os
from collections.abc import Sequence
from urllib.parse import quote

import orjson
import requests

from ccezone.clearance.ports import IncomingMessage, OutgoingMessage, SingleWindowUnavailable
from ccezone.kernel.clock import Clock, SystemClock
from integrations import transport
from integrations.single_window.errors import raise_for_response, raise_for_status
from integrations.single_window.settings import SingleWindowSettings
from integrations.transport import CONNECT_SECONDS, READ_SECONDS
from schemas.messages import dxp
from schemas.messages.dxp import DxpMessage
from schemas.messages.parsing import MalformedMessage

_CHUNK = 1 << 20  # bytes read at once: mailboxes answer with megabytes, which requests would read by tens of kilobytes


class HttpSingleWindow:
    """The transport port (``ccezone.clearance.ports.SingleWindow``) over HTTP."""

    def __init__(self, settings: SingleWindowSettings, session: requests.Session, clock: Clock | None = None) -> None:
        self._settings = settings
        self._session = session
        self._clock = clock or SystemClock()
        self._base = settings.base_url.rstrip("/")
        self._mailbox = f"{self._base}/dxp/mailbox/{quote(settings.hub_dxp_id, safe='')}"

    @classmethod
    def at(cls, base_url: str) -> "HttpSingleWindow":
        """Reach the single window at an address, with transport ids from the environment."""
        settings = SingleWindowSettings.from_environment(base_url, os.environ)
        return cls(settings, transport.session(verify=settings.verify or True))

    def send(self, message: OutgoingMessage) -> None:
        """Hand over one message; its id travels as ``CopMsgId``, so that sending it twice does nothing twice."""
        answer = self._call("POST", f"{self._base}/dxp/messages", data=self.envelope(message), content_type="application/xml")
        raise_for_response(answer)

    def envelope(self, message: OutgoingMessage) -> bytes:
        """Put a message into its envelope."""
        return dxp.encode(
            DxpMessage(
                str(message.message_id),
                self._settings.hub_dxp_id,
                (self._settings.window_dxp_id,),
                self._clock.now(),
                message.message_type,
                message.body,
            )
        )

    def collect(self, limit: int, wait_seconds: float = 0.0) -> Sequence[IncomingMessage]:
        """Fetch the oldest messages that were not acknowledged yet."""
        answer = self._call("GET", self._mailbox, params={"limit": limit, "wait": wait_seconds}, patience=wait_seconds)
        try:
            return [_opened(each["id"], each["envelope"]) for each in orjson.loads(answer)["messages"]]
        except (ValueError, KeyError, TypeError, MalformedMessage) as error:
            raise SingleWindowUnavailable(f"the mailbox answers what cannot be read: {type(error).__name__}") from error

    def acknowledge(self, mailbox_ids: Sequence[str]) -> None:
        """Take messages off the mailbox."""
        if mailbox_ids:
            self._call("POST", f"{self._mailbox}/ack", json={"ids": list(mailbox_ids)})

    def _call(
        self,
        method: str,
        url: str,
        *,
        data: bytes | None = None,
        json: object = None,
        params: dict[str, float] | None = None,
        content_type: str | None = None,
        patience: float = 0.0,
    ) -> bytes:
        try:
            answer = self._session.request(
                method,
                url,
                data=data,
                json=json,
                params=params,
                headers={"Content-Type": content_type} if content_type else None,
                timeout=(CONNECT_SECONDS, READ_SECONDS + patience),
                stream=True,
            )
            content = b"".join(answer.iter_content(_CHUNK))
        except requests.RequestException as error:
            raise SingleWindowUnavailable(f"{type(error).__name__} at {url}") from error
        raise_for_status(answer.status_code)
        return content


def _opened(mailbox_id: str, envelope: str) -> IncomingMessage:
    message = dxp.decode(envelope.encode())
    return IncomingMessage(str(mailbox_id), message.message_type, message.data)
