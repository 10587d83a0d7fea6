"""Posting bills to a running hub and asking what became of them, over HTTP with a partner's own token."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from ccezone.submission.bodies import XLSX, Body
from schemas.codes import Locale

DEFAULT_URL = "http://127.0.0.1:8000"
_SECONDS = (5.0, 60.0)  # to connect, to answer
_OWN_MACHINE = ("127.0.0.1", "localhost", "::1")
_BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0)
_UNAVAILABLE = (429, 502, 503, 504)


class HubUnreachable(Exception):
    """No hub answers at this address, or what answers is no hub."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: where (pointer), what, and what to do. ``document`` and ``line`` where the hub names them."""

    pointer: str
    code: str
    message: str
    remedy: str
    document: str = ""
    line: int | None = None


class Refusal(Exception):
    """The hub refused a delivery as a whole; ``findings`` say why, ``detail`` when there are none."""

    def __init__(self, status: int, detail: str, findings: Sequence[Finding]) -> None:
        super().__init__(f"{status} {detail}".strip())
        self.status = status
        self.detail = detail
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a delivery. ``accepted`` counts harmless replays too, ``replayed`` of them."""

    batch: str
    accepted: int
    replayed: int
    rejected: int
    findings: Sequence[Finding] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Rows:
    """How far the hub is with a workbook. Once it is over, rows = accepted + replayed + rejected + blank."""

    state: str
    percent: int
    rows: int
    accepted: int
    replayed: int
    rejected: int
    blank: int
    findings: Sequence[Finding] = field(default_factory=tuple)

    @property
    def over(self) -> bool:
        return self.state not in ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch has got: documents in matched orders, documents customs answered, and whether that is all.

    ``accepted`` counts documents, ``workbook`` says how far a workbook is read.
    """

    documents: int
    matched: int
    answered: int
    done: bool
    accepted: int = 0
    workbook: Rows | None = None


class Client:
    """One caller of the hub at ``url``. ``patience`` seconds it keeps trying while the hub does not answer.

    Trying again is safe: the same content again is a replay and changes nothing.
    """

    def __init__(self, url: str, locale: Locale = "zh", patience: float = 0.0) -> None:
        self.url = url.rstrip("/")
        self._patience = patience
        self._session = requests.Session()
        self._session.headers["Accept-Language"] = locale
        self._session.trust_env = urlsplit(url).hostname not in _OWN_MACHINE  # no proxy reaches this machine's own hub

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def probe(self) -> None:
        """Make sure that a hub lives there, without patience. Raises ``HubUnreachable``."""
        try:
            answer = self._session.get(f"{self.url}/health/live", timeout=_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise HubUnreachable(f"{self.url}: {_reason(error)}") from error
        if answer.status_code >= 300:
            raise self._no_hub()

    def send(self, body: Body, token: str) -> Answer:
        """Post one body. Raises ``Refusal``, ``HubUnreachable``."""
        headers = {"Content-Type": body.media_type}
        found = self._json(self._call("POST", f"/api/v1/{body.resource}", token, data=body.data, headers=headers))
        try:
            counts = (int(found["accepted"]), int(found["replayed"]), int(found["rejected"]))
            return Answer(str(found["batch"]), *counts, tuple(_finding(each) for each in found.get("errors", ())))
        except (KeyError, TypeError, ValueError) as error:
            raise self._no_hub() from error

    def progress(self, batch: str, token: str) -> Progress:
        """Ask how far a batch has got. Raises ``Refusal``, ``HubUnreachable``."""
        found = self._json(self._call("GET", f"/api/v1/batches/{batch}", token))
        try:
            counts = int(found["documents"]), int(found["matched"]), int(found["answered"])
            return Progress(*counts, bool(found["done"]), int(found["accepted"]), _rows(found.get("workbook")))
        except (KeyError, TypeError, ValueError) as error:
            raise self._no_hub() from error

    def result(self, batch: str, token: str) -> bytes:
        """Fetch the rows of a workbook that are to be mended. Raises ``Refusal``, ``HubUnreachable``."""
        answer = self._call("GET", f"/api/v1/batches/{batch}/errors", token, headers={"Accept": XLSX})
        if answer.status_code >= 300:
            self._json(answer)
        return answer.content

    def _call(self, method: str, path: str, token: str, **parts: Any) -> requests.Response:
        headers = {**parts.pop("headers", {}), "Authorization": f"Bearer {token}"}
        deadline = time.monotonic() + self._patience
        for attempt in range(1_000):
            pause = _BACK_OFF[min(attempt, len(_BACK_OFF) - 1)]
            last = time.monotonic() + pause > deadline
            try:
                answer = self._session.request(
                    method,
                    self.url + path,
                    headers=headers,
                    timeout=_SECONDS,
                    allow_redirects=False,
                    **parts,
                )
                if last or answer.status_code not in _UNAVAILABLE:
                    return answer
            except requests.RequestException as error:
                if last or isinstance(error, ValueError):  # an address no hub can have
                    raise HubUnreachable(f"{self.url}: {_reason(error)}") from error
            time.sleep(pause)
        raise AssertionError("unreachable")

    def _json(self, answer: requests.Response) -> Mapping[str, Any]:
        try:
            found = answer.json()
        except ValueError:
            found = None
        if answer.status_code >= 300:
            raise _refusal(answer, found)
        if not isinstance(found, dict):
            raise self._no_hub()
        return found

    def _no_hub(self) -> HubUnreachable:
        return HubUnreachable(f"{self.url}: 答复不是本平台的格式 what answers there is no hub")


def _refusal(answer: requests.Response, found: object) -> Refusal:
    body = found if isinstance(found, dict) else {}
    errors = body.get("errors")
    findings = [_finding(each) for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    return Refusal(answer.status_code, str(body.get("detail") or answer.reason or ""), findings)


def _rows(found: object) -> Rows | None:
    if not isinstance(found, dict):
        return None
    counts = {name: int(found.get(name) or 0) for name in ("percent", "rows", "accepted", "replayed", "rejected", "blank")}
    return Rows(str(found["state"]), **counts, findings=tuple(_finding(each) for each in found.get("errors", ())))


def _finding(error: Mapping[str, Any]) -> Finding:
    line = error.get("line")
    return Finding(
        str(error.get("pointer", "")),
        str(error.get("code", "")),
        str(error.get("message", "")),
        str(error.get("remedy", "")),
        str(error.get("document", "")),
        line if isinstance(line, int) else None,
    )


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "超时 no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "未运行或无法连接 not running or not reachable"
    return f"地址无效 bad address ({type(error).__name__})"
