"""A line that answers what a test tells it to, and remembers what was asked; no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter

from integrations import transport


@dataclass
class Answers(BaseAdapter):
    """Answers every request with ``status`` and ``body``, or raises ``failure``."""

    status: int = 200
    body: bytes = b""
    failure: Exception | None = None
    asked: list[requests.PreparedRequest] = field(default_factory=list)
    timeouts: list[object] = field(default_factory=list)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Answer."""
        self.asked.append(request)
        self.timeouts.append(timeout)
        if self.failure:
            raise self.failure
        answer = requests.Response()
        answer.status_code, answer.raw, answer.request = self.status, BytesIO(self.body), request
        answer.url = request.url or ""
        return answer

    def close(self) -> None:
        """Nothing to close."""

    def session(self) -> requests.Session:
        """Return a session of ours that ends here."""
        session = transport.session()
        session.mount("http://", self)
        session.mount("https://", self)
        return session
