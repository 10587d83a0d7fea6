"""Somebody who applies on the site: a browser with a draft begun, and what they type."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ccezone.enterprises.queries.nodes import nodes
from ccezone.enterprises.service import NodeEntry, add_node, start
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault

USCC = complete_uscc("91360700MA35CAM09")
SCAN = b"%PDF-1.7 a scanned licence"
IDENTITY: Mapping[str, str] = {
    "uscc": USCC,
    "name": "赣南家具有限公司",
    "customs_code": "3607960009",
    "node": "GZ",
    "registered_address": "江西省赣州市章贡区",
}
PEOPLE = {
    "legal_representative": "李明",
    "contact_name": "张三丰",
    "contact_phone": "13800000001",
    "contact_mail": "zhang@example.org",
}
BUSINESS = {"trade_modes": "9610", "goods_categories": "家具"}
LICENCES = ("business_licence", "customs_filing")


@dataclass
class Applicant:
    """A browser that has begun an application."""

    browser: FlaskClient
    reference: str
    code: str
    link: str

    @property
    def base(self) -> str:
        """Where the application's pages are."""
        return f"/register/{self.reference}"

    def version(self, section: str) -> str:
        """The version a section's form was drawn with."""
        found = re.search(r'name="version" value="(\d+)"', self.browser.get(f"{self.base}/part/{section}").text)
        assert found is not None
        return found[1]

    def save(self, section: str, values: Mapping[str, str], roles: Sequence[str] = ("merchant",)) -> TestResponse:
        """Type a section and save it."""
        typed: dict[str, object] = {**values, "version": self.version(section)}
        if section == "identity":
            typed["roles"] = list(roles)
        return self.browser.post(f"{self.base}/part/{section}", data=typed)

    def add_licence(self, kind: str = "business_licence", expires_on: str = "2030-04-30") -> TestResponse:
        """State a licence with its scan."""
        number = USCC if kind == "business_licence" else f"NO-{kind}"
        data = {"kind": kind, "number": number, "issued_on": "2020-05-01", "expires_on": expires_on}
        return self.browser.post(f"{self.base}/licences", data={**data, "file": (io.BytesIO(SCAN), "scan.pdf")})

    def fill_in(self) -> None:
        """Type everything a merchant is asked."""
        assert self.save("identity", IDENTITY).status_code == 302
        assert self.save("contact", PEOPLE).status_code == 302
        assert self.save("business", BUSINESS).status_code == 302
        for kind in LICENCES:
            assert self.add_licence(kind).status_code == 302

    def submit(self) -> None:
        """Send it."""
        assert self.browser.post(f"{self.base}/submit", data={"consent": "1"}).status_code == 302


def found_hub(database: Database, clock: FixedClock) -> None:
    """Put the hub into the register of nodes, once."""
    with database.begin() as uow:
        if not nodes(uow.connection):
            add_node(uow, NodeEntry("GZ", "hub", "赣州综合平台", date(2020, 1, 1), name_en="Ganzhou hub"), None, clock)


def begun(app: Flask, database: Database, clock: FixedClock, roles: Sequence[str] = ("merchant",)) -> Applicant:
    """Begin an application, and open it by its code as an applicant would."""
    found_hub(database, clock)
    with database.begin() as uow:
        started = start(uow, PersonalVault(bytes(32)), roles, PEOPLE["contact_mail"], "zh", clock)
    browser = app.test_client()
    answer = browser.post("/register/status", data={"reference": started.reference, "code": started.code})
    assert answer.status_code == 302, answer.text
    return Applicant(browser, started.reference, started.code, started.link)
