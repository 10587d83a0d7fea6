"""The bank over HTTP (``ccezone.fx.ports.Bank``)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import requests

from ccezone.fx.ports import BankFile, BankInstruction, BankNotice, BankRefused, BankUnavailable
from integrations import transport

_SERVER_ERROR, _TOO_MANY, _REQUEST_TIMEOUT = 500, 429, 408


class HttpBank:
    """Instructions out, notices and statements in; an instruction's id lets the bank answer it again without doing it again."""

    def __init__(self, base_url: str, session: requests.Session) -> None:
        self._base, self._session = base_url.rstrip("/"), session

    @classmethod
    def at(cls, base_url: str) -> "HttpBank":
        """Reach the bank at an address."""
        return cls(base_url, transport.session())

    def send(self, instruction: BankInstruction) -> None:
        """Hand over one instruction."""
        self._call("POST", "/instructions", json=body_of(instruction))

    def notices(self, after: int, limit: int) -> Sequence[BankNotice]:
        """Read the notices after a number. What cannot be read counts as unavailable: nothing is skipped."""
        answer = self._call("GET", "/notices", params={"after": after, "limit": limit})
        try:
            return [notice_of(each) for each in answer.json()["notices"]]
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise BankUnavailable(f"the notices cannot be read: {type(error).__name__}") from error

    def files(self, after: int, limit: int) -> Sequence[BankFile]:
        """Read the statements after a number."""
        answer = self._call("GET", "/statements", params={"after": after, "limit": limit})
        try:
            return [BankFile(int(each["number"]), str(each["content"]).encode()) for each in answer.json()["statements"]]
        except (ValueError, KeyError, TypeError) as error:
            raise BankUnavailable(f"the statements cannot be read: {type(error).__name__}") from error

    def _call(self, method: str, path: str, *, json: object = None, params: Mapping[str, int] | None = None) -> requests.Response:
        try:
            answer = self._session.request(method, self._base + path, json=json, params=params)
        except requests.RequestException as error:
            raise BankUnavailable(f"{type(error).__name__} at {self._base}{path}") from error
        if answer.status_code >= _SERVER_ERROR or answer.status_code in (_TOO_MANY, _REQUEST_TIMEOUT):
            raise BankUnavailable(f"HTTP {answer.status_code}")
        if not 200 <= answer.status_code < 300:
            raise BankRefused(f"HTTP {answer.status_code} {answer.text[:200]}")
        return answer


def body_of(said: BankInstruction) -> Mapping[str, object]:
    """Spell an instruction as the bank takes it."""
    named = {"id": str(said.id), "reference": said.reference, "action": said.action, "account": said.account}
    money = {"currency": said.currency, "amount": f"{said.amount:f}", "converts": said.converts}
    return {**named, **money, "bank_reference": said.bank_reference, "note": said.note}


def notice_of(said: Mapping[str, Any]) -> BankNotice:
    """Read a notice. Raises ``ValueError``, ``KeyError``, ``TypeError`` or ``InvalidOperation``."""
    at = datetime.fromisoformat(said["at"])
    if at.tzinfo is None:
        raise ValueError(said["at"])
    rate, yuan = (None if said[name] is None else Decimal(said[name]) for name in ("rate", "yuan"))
    return BankNotice(int(said["number"]), str(said["instruction"]), str(said["outcome"]), at, rate, yuan, str(said["note"]))
