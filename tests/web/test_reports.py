"""Statistical reports through their pages: a firm fills in and sends, its park sends back, compiles and signs, the zone accepts."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.kernel.clock import FixedClock
from ccezone.reporting.service.keeping import note_lateness
from ccezone.storage import Database
from ccezone.web.hub import EXTENSION
from integrations.workbooks import ReportFiles
from tests.hub.founding import NOW
from tests.hub.people import PASSWORD, let_in
from tests.reporting.chained import PARK, PERIOD, ZERO, ZONE, ordered
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
DOUBT = re.compile(r'name="(why-[^"]+)"')


@pytest.fixture
def site(database: Database, tmp_path: Path) -> ZoneSite:
    found = zone_site(database, FixedClock(NOW), tmp_path / "keys")
    ordered(found.hub)
    return found


def of_park(site: ZoneSite, name: str) -> FlaskClient:
    """Somebody of the park."""
    with site.hub.database.begin() as uow:
        let_in(uow, Invitation(f"{name}@example.org", name, Role.ZONE_OFFICER, None), site.hub.clock)
    site.hub.change("UPDATE user_account SET node = %(node)s WHERE name = %(name)s", node=PARK, name=name)
    browser = site.app.test_client()
    assert browser.post("/sign-in", data={"login": f"{name}@example.org", "password": PASSWORD}).status_code == 302
    return browser


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found, page
    return found[1]


def compiled_and_signed(first: FlaskClient, second: FlaskClient) -> str:
    """A park's report, compiled by one of its people and signed by another; return its address."""
    compiled = first.post("/office/reporting/compile", data={"kind": "monthly", "period": PERIOD}).location
    page = first.get(compiled).text
    assert "模型推算" in page
    why = dict.fromkeys(DOUBT.findall(page), "含企业填报的其他渠道")
    assert first.post(f"{compiled}/explain", data={**why, "version": version(page)}).status_code == 302
    own = first.post(f"{compiled}/sign", data={"version": version(second.get(compiled).text)})
    assert "编制人不能签署自己编制的报告" in own.text
    assert second.post(f"{compiled}/sign", data={"version": version(second.get(compiled).text)}).status_code == 302
    return str(compiled)


def test_a_report_goes_from_the_firm_over_its_park_to_the_zone(site: ZoneSite) -> None:
    firm, first, second = site.browser("cosmetics"), of_park(site, "first"), of_park(site, "second")
    officer = site.browser("officer")
    assert PERIOD in firm.get("/reports").text
    address = firm.post(f"/reports/monthly/{PERIOD}").location
    assert "平台数据" in firm.get(address).text
    typed = {**ZERO, "import_value": "5000", "import_1210": "5000", "country-0": "133", "import_country-0": "5000"}
    refused = firm.post(address, data={**typed, "orders": "many", "version": "1"})
    assert refused.status_code == 422
    assert 'value="many"' in refused.text
    sending = {**typed, "version": version(firm.get(address).text), "deed": "submit"}
    silent = firm.post(address, data=sending)
    assert silent.status_code == 422
    assert "此项差异尚未说明" in silent.text
    said = dict.fromkeys(DOUBT.findall(silent.text), "含其他平台的业务")
    assert firm.post(address, data={**sending, **said, "version": version(silent.text)}).status_code == 302
    office = address.replace("/reports/", "/office/reporting/")
    page = first.get(office).text
    assert "含其他平台的业务" in page
    assert officer.post(f"{office}/accept", data={"version": version(page)}).status_code == 422
    back = first.post(f"{office}/send_back", data={"version": version(page), "reason": "请核对"})
    assert back.status_code == 302
    assert "请核对" in firm.get(address).text
    corrected = firm.post(f"/reports/monthly/{PERIOD}").location
    page = firm.get(corrected).text
    assert firm.post(corrected, data={**typed, **said, "version": version(page), "deed": "submit"}).status_code == 302
    office = corrected.replace("/reports/", "/office/reporting/")
    assert first.post(f"{office}/accept", data={"version": version(first.get(office).text)}).status_code == 302
    compiled = compiled_and_signed(first, second)
    assert officer.post(f"{compiled}/accept", data={"version": version(officer.get(compiled).text)}).status_code == 302
    calendar = officer.get("/office/reporting?month=2026-02&standing=accepted&level=park").text
    assert "南康" in calendar
    assert site.browser("furniture").get(address).status_code == 404
    for browser, addresses in ((officer, ("/office/reporting/orders", "/office/reporting/late")), (firm, ("/messages",))):
        assert all(browser.get(each).status_code == 200 for each in addresses)


def test_an_officer_orders_and_excuses(site: ZoneSite) -> None:
    officer = site.browser("officer")
    code = site.hub.party("oranges").uscc
    wanted = {"code": code, "kinds": ["weekly", "monthly"], "since": "2026-01-01", "document": "通知 1 号", "direct": "1"}
    assert officer.post("/office/reporting/orders", data={**wanted, "since": "soon"}).status_code == 422
    assert officer.post("/office/reporting/orders", data=wanted).status_code == 302
    assert officer.post("/office/reporting/orders", data={**wanted, "code": "unknown"}).status_code == 422
    site.hub.clock.advance(days=7)
    assert note_lateness(site.hub.database, ZONE, site.hub.clock)
    officer = site.browser("auditor")
    page = officer.get("/office/reporting/late").text
    assert "/excuse" not in page
    assert site.hub.party("oranges").name in page


def test_a_workbook_is_taken_whole_or_refused_by_row(site: ZoneSite) -> None:
    site.app.extensions[EXTENSION] = replace(site.app.extensions[EXTENSION], report_sheets=ReportFiles())
    firm = site.browser("cosmetics")
    address = firm.post(f"/reports/monthly/{PERIOD}").location
    assert firm.get(f"{address}/sheet").data.startswith(b"PK")
    wrong = sent(firm, f"{address}/sheet", "指标代码,单位,填报数\norders,笔,5\nimport_value,元,much\n".encode())
    assert "第 3 行" in wrong
    assert 'value="5"' not in firm.get(address).text
    sent(firm, f"{address}/sheet", "指标代码,单位,填报数\norders,笔,5\n".encode())
    assert 'value="5"' in firm.get(address).text


def sent(browser: FlaskClient, address: str, content: bytes) -> str:
    """Send a file as a browser does; the test client's own encoding leaves a temporary file behind."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="r.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return browser.post(address, data=head + content + b"\r\n--b--\r\n", content_type="multipart/form-data; boundary=b").text
