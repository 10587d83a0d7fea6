"""HTTP to counterparties: one session with timeouts, certificate checks, cautious retries, tracing, and silent about persons."""

import logging
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

_log = logging.getLogger(__name__)

TRACE_HEADER = "traceparent"
CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
_POOL = 16

# Values of elements or keys that may name a person or reach one (PIPL art. 28 and 51), and long runs of digits.
_PERSONAL = re.compile(r"((?:buyer|payer|consignee)\w*|telephone|idNumber|copNo)(\"?\s*[>:=]\s*\"?)[^<\"&,}\s]+", re.IGNORECASE)
_NUMBERS = re.compile(r"\d{11,18}[\dXx]?")


class CarefulRetry(Retry):
    """Repeats what never reached the counterparty, and reads that a tired server answered with 502, 503 or 504.

    A POST that may have been received is not repeated here: its sender knows whether the same message again is harmless.
    """

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "total": 2,
            "connect": 2,
            "read": 0,
            "status": 1,
            "status_forcelist": (502, 503, 504),
            "allowed_methods": ("GET", "HEAD"),
            "backoff_factor": 0.2,
            "raise_on_status": False,
            "respect_retry_after_header": False,
        }
        super().__init__(**(defaults | options))


class TracedSession(requests.Session):
    """A session whose every request has a timeout and a trace id."""

    def __init__(self, timeout: tuple[float, float]) -> None:
        super().__init__()
        self._timeout = timeout
        self._environment: dict[tuple[object, ...], Any] = {}

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """Read proxies and certificates of the environment once for each server: it does not change under a process."""
        asked = (*urlsplit(url)[:2], stream, verify, cert, self.verify)
        if proxies:
            return super().merge_environment_settings(url, proxies, stream, verify, cert)
        if asked not in self._environment:
            self._environment[asked] = super().merge_environment_settings(url, {}, stream, verify, cert)
        return self._environment[asked]

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send with the timeouts of the session where the call names none."""
        options["timeout"] = options.get("timeout") or self._timeout
        trace = request.headers.setdefault(TRACE_HEADER, new_trace())
        try:
            response = super().send(request, **options)
        except requests.RequestException as error:
            _log.info("http_failed %s %s %s %s", request.method, request.url, trace, redacted(str(error)))
            raise
        _log.debug("http %s %s %s %s", request.method, request.url, response.status_code, trace)
        return response


def session(
    verify: bool | str = True, timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS), **headers: str
) -> requests.Session:
    """Make a session. ``verify``: certificate checks, or the path of a certificate bundle (there is no way to say no).

    Raises ``ValueError`` when certificate checks are switched off.
    """
    if verify is False:
        raise ValueError("certificate checks stay on: name a certificate bundle instead")
    made = TracedSession(timeout)
    made.verify = verify
    made.headers.update({"User-Agent": "ccezone", **headers})
    adapter = HTTPAdapter(pool_connections=_POOL, pool_maxsize=_POOL, max_retries=CarefulRetry())
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made


def new_trace() -> str:
    """Return a trace id as the W3C trace context spells it."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def redacted(text: str) -> str:
    """Hide personal values in what goes to a log."""
    return _NUMBERS.sub("***", _PERSONAL.sub(r"\1\2***", text))


def redacted_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Hide credentials among headers that go to a log."""
    secret = {"authorization", "cookie", "set-cookie"}
    return {name: "***" if name.lower() in secret else value for name, value in headers.items()}
