"""Asking the single window for an inspection share (``ccezone.credit.ports.TreatmentDesk``).

No official message does this: the address and its body are ours, and the mock's. A real single window would be asked by letter.
"""

import os
from decimal import Decimal
from urllib.parse import quote

import requests

from ccezone.clearance.ports import SingleWindowRefused, SingleWindowUnavailable
from ccezone.credit.ports import TreatmentRefused, TreatmentUnavailable
from integrations import transport
from integrations.single_window.errors import raise_for_status
from integrations.single_window.settings import SingleWindowSettings


class HttpTreatments:
    """The port over HTTP; the same question again changes nothing."""

    def __init__(self, base_url: str, session: requests.Session) -> None:
        self._base, self._session = base_url.rstrip("/"), session

    @classmethod
    def at(cls, base_url: str) -> "HttpTreatments":
        """Reach the single window at an address."""
        settings = SingleWindowSettings.from_environment(base_url, os.environ)
        return cls(settings.base_url, transport.session(verify=settings.verify or True))

    def ask(self, code: str, inspection_share: Decimal) -> None:
        """Ask for a share of an enterprise's lists to be inspected."""
        url = f"{self._base}/treatments/{quote(code, safe='')}"
        try:
            answer = self._session.request("PUT", url, json={"inspection_share": float(inspection_share)})
            raise_for_status(answer.status_code)
        except requests.RequestException as error:
            raise TreatmentUnavailable(f"{type(error).__name__} at {url}") from error
        except SingleWindowUnavailable as error:
            raise TreatmentUnavailable(str(error)) from error
        except SingleWindowRefused as error:
            raise TreatmentRefused(str(error)) from error
