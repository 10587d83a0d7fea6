"""Calling a firm's webhook (Standard Webhooks 1.0): signed, to a public address that was looked up and pinned, bounded in time
and size, following no redirect.

The name is resolved once, every address it has must be public, and the connection goes to that very address: a name
that points elsewhere a moment later (DNS rebinding) gains nothing. Certificates are checked against the name.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from standardwebhooks import Webhook

from ccezone.kernel.addresses import is_public
from ccezone.notices.ports import Answer, Call

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
_EXCERPT_BYTES = 2000
_ADDRESSES = 2
_AGENT = "ccezone-webhooks/1"

Resolve = Callable[[str, int], Sequence[str]]


class _NotCalled(Exception):
    """The call was not made; the text is a word for why."""


def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name, in the order the system prefers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class HttpCaller:
    """Makes calls. ``private_allowed`` (tests, demonstrations) lets it call any address, also without TLS."""

    def __init__(
        self,
        *,
        private_allowed: bool = False,
        resolve: Resolve = resolved,
        trust: ssl.SSLContext | None = None,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._private_allowed = private_allowed
        self._resolve = resolve
        self._trust = trust or ssl.create_default_context()
        self._total = total_seconds

    def call(self, call: Call) -> Answer:
        """Make one call and return what was answered, or a word for why nothing was."""
        began = time.monotonic()
        try:
            answer = self._call(call, began + self._total)
        except _NotCalled as error:
            answer = Answer(None, str(error))
        except ssl.SSLError:
            answer = Answer(None, "tls")
        except TimeoutError:
            answer = Answer(None, "timeout")
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() - began >= self._total
            answer = Answer(None, "timeout" if late else _word(error))
        return Answer(answer.status, answer.error, answer.excerpt, round((time.monotonic() - began) * 1000), answer.retry_after)

    def _call(self, call: Call, deadline: float) -> Answer:
        parts = urlsplit(call.url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        if not secure and not self._private_allowed:
            raise _NotCalled("insecure")
        port = parts.port or (443 if secure else 80)
        line = _Line(_first(self._addresses(host, port), port), deadline)
        try:
            if secure:
                line.secure(self._trust, host)
            return _exchange(line.socket, parts, call)
        finally:
            line.close()

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise _NotCalled("dns") from None
        if not found:
            raise _NotCalled("dns")
        if not self._private_allowed and not all(map(is_public, found)):
            raise _NotCalled("address_refused")
        return found


class _Line:
    """A connection that is cut when its time is over: a receiver that answers a byte now and then must not hold us."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        left = max(0.1, deadline - time.monotonic())
        connected.settimeout(left)
        self.socket = connected
        self._watchdog = threading.Timer(left, self._cut)
        self._watchdog.daemon = True
        self._watchdog.start()

    def secure(self, trust: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on, with whoever proves to be ``host``."""
        secured = trust.wrap_socket(self.socket, server_hostname=host, do_handshake_on_connect=False)
        self.socket = secured
        secured.do_handshake()

    def close(self) -> None:
        self._watchdog.cancel()
        self.socket.close()

    def _cut(self) -> None:
        with suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)  # the connection below, whatever is spoken over it


def _exchange(connected: socket.socket, parts: SplitResult, call: Call) -> Answer:
    connection = http.client.HTTPConnection(parts.hostname or "")
    connection.sock = connected
    connection.request("POST", _target(parts), call.body.encode(), headers(call, parts.netloc))
    response = connection.getresponse()
    body = response.read(_EXCERPT_BYTES)
    return Answer(response.status, "", _readable(body), 0, _retry_after(response.getheader("Retry-After")))


def headers(call: Call, host: str) -> dict[str, str]:
    """The headers of a call: its id, its moment, and a signature by each secret that is valid now."""
    signed = [Webhook(secret).sign(str(call.event_id), call.at, call.body) for secret in call.secrets]
    return {
        "Host": host,
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "Connection": "close",
        "webhook-id": str(call.event_id),
        "webhook-timestamp": str(int(call.at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _first(addresses: Sequence[str], port: int) -> socket.socket:
    """Connect to the first address that answers; what has no time to answer counts as not answering."""
    refusal: OSError = TimeoutError()
    for address in addresses[:_ADDRESSES]:
        try:
            return socket.create_connection((address, port), CONNECT_SECONDS)
        except OSError as error:
            refusal = error
    raise refusal


def _target(parts: SplitResult) -> str:
    path = (parts.path or "/").encode("ascii", "strict").decode()
    return f"{path}?{parts.query}" if parts.query else path


def _readable(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return "".join(character if character.isprintable() or character in "\n\t" else " " for character in text)


def _retry_after(value: str | None) -> timedelta | None:
    """Seconds only: the other form, a date, is rare and a guess about clocks."""
    return timedelta(seconds=int(value)) if value and value.isascii() and value.isdigit() and len(value) < 7 else None


def _word(error: Exception) -> str:
    return "refused" if isinstance(error, ConnectionRefusedError) else "unreachable" if isinstance(error, OSError) else "no_http"
