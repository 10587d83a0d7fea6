"""A person of a firm at the site of a running hub: signs in, fills a declaration in, checks it, submits it."""

from collections.abc import Mapping
from re import search

import requests

from tests.journeys.running import Running
from tests.web.declaring_site import standing

EXPORT_HEAD = {
    "list-customs_code": "4003",
    "list-port_code": "0600",
    "list-transport_mode": "3",
    "list-country": "344",
    "list-pod": "344",
    "list-wrap_type": "2",
    "state-no_export_duty": "yes",
    "state-no_licence": "yes",
    "filing": "at_once",
    "currency": "142",
    "list-gross_weight": "30",
}
"""What an export says beyond its order; in yuan, so that the parcel limit needs no exchange rate."""
BONDED = {
    "list-bonded_enterprise_code": "360766Y014",
    "list-bonded_enterprise_name": "赣州综保区云仓管理有限公司",
    "list-ems_no": "T4003W000001",
    "lines-0-item_record_no": "R0001",
}


class Desk:
    """One person's browser."""

    def __init__(self, system: Running, who: str) -> None:
        self.url, self.session = system.url, requests.Session()
        self.session.trust_env = False
        login, password = system.people[who]
        answer = self._post("/sign-in", {"login": login, "password": password}, self._get("/sign-in"))
        assert answer.url.endswith("/home"), answer.text

    def declare(self, mode: str, values: Mapping[str, str], *, pick: str = "") -> None:
        """Fill a form of a mode in and submit it."""
        page = self._post(f"/declare/new/{mode}", {}, self._get("/declare"))
        address = page.url.removeprefix(self.url)
        if pick:
            page = self._post(address, {**standing(page.text), "do": pick}, page)
        checked = self._post(address, {**standing(page.text), **values, "do": "check"}, page)
        version = search(r'name="version" value="(\d+)"', checked.text)
        assert checked.url.endswith("/check"), _problems(checked)
        assert checked.status_code == 200, _problems(checked)
        assert version is not None
        filed = self._post(f"{address}/submit", {"version": version[1]}, checked)
        assert "/declarations?q=" in filed.url, _problems(filed)

    def page(self, path: str) -> str:
        """The page at an address."""
        return self._get(path).text

    def send(self, path: str, values: Mapping[str, str], at: str) -> requests.Response:
        """Send a form of the page ``at`` to ``path``; wherever that leads must open."""
        answer = self._post(path, values, self._get(at))
        assert answer.status_code == 200, answer.text
        return answer

    def _get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=30)

    def _post(self, path: str, values: Mapping[str, str], page: requests.Response) -> requests.Response:
        hidden: dict[str, str] = {}
        for name in ("csrf_token", "for_firm"):
            found = search(rf'name="{name}" value="([^"]*)"', page.text)
            hidden |= {name: found[1]} if found else {}
        headers = {"Referer": self.url + path}
        return self.session.post(self.url + path, {**values, **hidden}, headers=headers, timeout=30)


def _problems(page: requests.Response) -> str:
    """What a page complains of."""
    found = search(r'id="errors".*?</div>', page.text.replace("\n", " "))
    return found[0] if found else page.text[page.text.find("<main") :][:2000]
