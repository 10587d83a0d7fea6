"""Vouchers, the taxpayer pilot and borrowings on the site: firm, officer and bank each do their part; mistakes are told."""

import io
import re
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.founding import NOW
from tests.web.test_bank_portal import MERCHANT, agree, ask, day
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
_VOUCHER = {"platform": "演示平台", "period": "2026-01", "currency": "142", "amount": "500.00", "document_no": "AD-1"}


@pytest.fixture
def site(database: Database, tmp_path: Path) -> ZoneSite:
    return zone_site(database, FixedClock(NOW), tmp_path / "keys")


def version(browser: FlaskClient, place: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', browser.get(place).text)
    assert found is not None
    return found[1]


def test_a_voucher_goes_from_the_firm_to_the_officer_and_is_used(site: ZoneSite) -> None:
    firm, officer = site.browser(MERCHANT), site.browser("officer")
    refused = firm.post("/promotion-vouchers/new", data={**_VOUCHER, "period": "2031-01", "amount": "x"})
    assert refused.status_code == 422
    scan = {"file": (io.BytesIO(b"%PDF-1.4 scan"), "bill.pdf")}
    place = firm.post("/promotion-vouchers/new", data={**_VOUCHER, **scan}, content_type="multipart/form-data").location
    assert officer.get(f"{place}/scan").data == b"%PDF-1.4 scan"
    assert "演示平台" in officer.get("/promotion-vouchers?tab=recorded&q=ad-1").text
    sent = {"version": version(officer, place), "step": "send_back", "words": ""}
    assert officer.post(f"{place}/judge", data=sent).status_code == 422
    assert officer.post(f"{place}/judge", data={**sent, "step": "certify"}).status_code == 302
    assert "已认证" in firm.get(place).text
    use = {"version": version(firm, place), "step": "use", "words": "2026 年度申报"}
    assert firm.post(f"{place}/use", data=use).status_code == 302
    assert firm.post(f"{place}/use", data=use).status_code in (409, 422)
    assert "2026 年度申报" in officer.get(place).text
    assert firm.get("/promotion-vouchers/file").data.startswith(b"PK")


def test_an_officer_sets_and_ends_the_pilot_and_the_firm_sees_it(site: ZoneSite) -> None:
    firm, officer = site.browser(MERCHANT), site.browser("officer")
    place = f"/office/enterprises/{site.hub.party(MERCHANT).id}/taxpayer-pilot"
    taking = {"document": "试点批复 7 号", "begins_on": day(site, -3), "ends_on": day(site, -9)}
    assert officer.post(place, data=taking).status_code == 422
    assert officer.post(place, data={**taking, "ends_on": ""}).status_code == 302
    for page in ("/tax-refunds", "/promotion-vouchers"):
        assert "试点批复 7 号" in firm.get(page).text
    assert "试点批复 7 号" in officer.get(place.removesuffix("/taxpayer-pilot")).text
    ending = {"version": version(officer, place), "ended_on": day(site, 0), "reason": ""}
    assert officer.post(f"{place}/end", data=ending).status_code == 422
    assert officer.post(f"{place}/end", data={**ending, "reason": "企业申请退出"}).status_code == 302
    assert "企业申请退出" in officer.get(place).text
    assert "试点批复 7 号" not in firm.get("/tax-refunds").text


def test_a_borrowing_is_told_by_officer_and_bank_and_seen_by_the_firm(site: ZoneSite) -> None:
    firm, officer, bank = site.browser(MERCHANT), site.browser("officer"), site.browser("banker")
    terms = {"lender": "境外银行", "contract_no": "C-1", "amount": "1000", "begins_on": day(site, -9), "due_on": day(site, 90)}
    entered = {**terms, "document": "合同 C-1", "uscc": site.hub.party(MERCHANT).uscc, "partner": "", "bank": ""}
    assert "只填一项" in officer.post("/fx/borrowings/new", data=entered).text
    assert officer.post("/fx/borrowings/new", data={**entered, "partner": str(UUID(int=7))}).status_code == 422
    own = officer.post("/fx/borrowings/new", data={**entered, "bank": "赣江银行"}).location
    drawn = {"version": version(officer, own), "step": "draw", "on_day": day(site, -1), "amount": "1000.01", "document": "回单"}
    assert officer.post(own, data=drawn).status_code == 422
    assert officer.post(own, data={**drawn, "amount": "400"}).status_code == 302
    consent = ask(site, bank, ["money"])
    assert bank.get(f"{consent}/borrowings").status_code == 403
    assert agree(firm, consent.replace("/bank", "/firm/consents")) == 302
    assert "C-1" not in bank.get(f"{consent}/borrowings").text
    theirs = bank.post(f"{consent}/borrowings/new", data={**terms, "contract_no": "C-2", "document": "合同 C-2"}).location
    assert bank.post(theirs, data={**drawn, "version": version(bank, theirs), "amount": "300"}).status_code == 302
    assert re.findall(r'row-link" href="([^"]+)"', bank.get(f"{consent}/borrowings?q=c-2").text) == [theirs]
    assert "没有符合条件的借款" in bank.get(f"{consent}/borrowings?q=c-1").text
    shown = firm.get("/fx/borrowings").text
    assert shown.count("row-link") == 2
    assert "300.00" in shown
    assert firm.get(own).status_code == 200
    assert firm.post(own, data=drawn).status_code in (403, 404)
    assert firm.get("/fx/borrowings?tab=drawn&q=c-2").text.count("row-link") == 1
    assert officer.get("/fx/borrowings/file").data.startswith(b"PK")
