"""The tax bureau over HTTP (``ccezone.tax_refunds.ports.TaxBureau``)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import requests

from ccezone.tax_refunds.ports import BureauMessage, BureauNotice, TaxBureauRefused, TaxBureauUnavailable
from integrations import transport

_SERVER_ERROR, _TOO_MANY, _REQUEST_TIMEOUT = 500, 429, 408


class HttpTaxBureau:
    """Messages out, notices in; a message's id lets the bureau answer the same message again without doing it again."""

    def __init__(self, base_url: str, session: requests.Session) -> None:
        self._base, self._session = base_url.rstrip("/"), session

    @classmethod
    def at(cls, base_url: str) -> "HttpTaxBureau":
        """Reach the bureau at an address."""
        return cls(base_url, transport.session())

    def send(self, message: BureauMessage) -> None:
        """Hand over one message."""
        body: dict[str, object] = {"id": str(message.id), "kind": message.kind, "claim": message.claim, "body": dict(message.body)}
        if message.written_at is not None:
            body["written_at"] = message.written_at.isoformat()
        self._call("POST", "/messages", json=body)

    def notices(self, after: int, limit: int) -> Sequence[BureauNotice]:
        """Read the notices after a number. What cannot be read counts as unavailable: nothing is skipped."""
        answer = self._call("GET", "/notices", params={"after": after, "limit": limit})
        try:
            return [_notice(each) for each in answer.json()["notices"]]
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise TaxBureauUnavailable(f"the notices cannot be read: {type(error).__name__}") from error

    def _call(self, method: str, path: str, *, json: object = None, params: Mapping[str, int] | None = None) -> requests.Response:
        try:
            answer = self._session.request(method, self._base + path, json=json, params=params)
        except requests.RequestException as error:
            raise TaxBureauUnavailable(f"{type(error).__name__} at {self._base}{path}") from error
        if answer.status_code >= _SERVER_ERROR or answer.status_code in (_TOO_MANY, _REQUEST_TIMEOUT):
            raise TaxBureauUnavailable(f"HTTP {answer.status_code}")
        if not 200 <= answer.status_code < 300:
            raise TaxBureauRefused(f"HTTP {answer.status_code} {answer.text[:200]}")
        return answer


def _notice(said: Mapping[str, Any]) -> BureauNotice:
    amount = said["amount"]
    at = datetime.fromisoformat(said["at"])
    if at.tzinfo is None:
        raise ValueError(said["at"])
    return BureauNotice(
        int(said["number"]),
        str(said["claim"]),
        str(said["step"]),
        at,
        None if amount is None else Decimal(amount),
        str(said["note"]),
        str(said.get("account", "")),
    )
