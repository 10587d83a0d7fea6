"""Applying without an account: begin, fill in section by section, submit; nobody without code or link gets in."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ccezone.enterprises.queries.applications import application, search_applications
from ccezone.enterprises.service import NodeEntry, add_node
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from tests.web.applying import IDENTITY, PEOPLE, SCAN, USCC, Applicant, begun

pytestmark = pytest.mark.storage


@pytest.fixture
def applicant(app: Flask, database: Database, clock: FixedClock) -> Applicant:
    """Somebody whose draft was just begun, as a merchant."""
    return begun(app, database, clock)


def test_an_application_is_filled_in_and_submitted_without_an_account(applicant: Applicant, database: Database) -> None:
    applicant.fill_in()
    page = applicant.browser.post(f"{applicant.base}/submit", data={"consent": "1"}, follow_redirects=True)
    assert "待审核" in page.text
    with database.reading() as connection:
        [row] = search_applications(connection, ["submitted"])
        found = application(connection, PersonalVault(bytes(32)), row.id)
    assert found is not None
    assert (row.name, row.node, found.personal["contact_name"]) == ("赣南家具有限公司", "GZ", "张三丰")


def test_only_what_a_role_needs_is_asked(app: Flask, database: Database, clock: FixedClock) -> None:
    bank = begun(app, database, clock, ["bank"])
    identity = bank.browser.get(f"{bank.base}/part/identity").text
    business = bank.browser.get(f"{bank.base}/part/business").text
    assert 'name="customs_code"' not in identity
    assert 'name="bank_code"' in business
    assert 'name="goods_categories"' not in business


def test_a_section_is_kept_as_typed_and_says_what_is_wrong(applicant: Applicant) -> None:
    answer = applicant.save("identity", {**IDENTITY, "uscc": "91360700MA35CAM0X9"})
    assert answer.status_code == 422
    assert "校验码" in answer.text
    again = applicant.browser.get(f"{applicant.base}/part/identity").text
    assert "91360700MA35CAM0X9" in again


def test_saving_for_later_asks_nothing(applicant: Applicant) -> None:
    answer = applicant.save("contact", {"contact_name": "张三丰", "then": "later"})
    assert answer.status_code == 302
    assert 'value="张三丰"' in applicant.browser.get(f"{applicant.base}/part/contact").text


def test_two_tabs_lose_nothing(applicant: Applicant) -> None:
    version = applicant.version("identity")
    applicant.save("identity", {**IDENTITY, "name": "先保存的名称"})
    answer = applicant.browser.post(
        f"{applicant.base}/part/identity", data={**IDENTITY, "roles": "merchant", "name": "后保存的名称", "version": version}
    )
    assert answer.status_code == 409
    assert "先保存的名称" in answer.text
    assert 'value="后保存的名称"' in answer.text
    newer = re.search(r'name="version" value="(\d+)"', answer.text)
    assert newer is not None
    over = {**IDENTITY, "roles": "merchant", "name": "后保存的名称", "version": newer[1]}
    assert applicant.browser.post(f"{applicant.base}/part/identity", data=over).status_code == 302


def test_nobody_without_code_or_link_gets_at_an_application(app: Flask, applicant: Applicant) -> None:
    applicant.fill_in()
    stranger = app.test_client()
    for page in ("", "/part/identity", "/part/licences", "/review"):
        answer = stranger.get(applicant.base + page)
        assert answer.status_code == 302
        assert answer.location.startswith("/register/status")
    for page in ("/part/identity", "/licences", "/files", "/submit", "/withdraw", "/licences/0/remove", "/files/remove"):
        assert stranger.post(applicant.base + page).location.startswith("/register/status")


def test_the_code_opens_it_in_another_browser_and_a_wrong_one_does_not(app: Flask, applicant: Applicant) -> None:
    other = app.test_client()
    wrong = other.post("/register/status", data={"reference": applicant.reference, "code": "AAAA-AAAA-AAAA-AAAA"})
    unknown = other.post("/register/status", data={"reference": "BA00000000AAAAAA", "code": applicant.code})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "申请编号或查询码不正确" in wrong.text
    right = other.post("/register/status", data={"reference": applicant.reference, "code": applicant.code.lower()})
    assert right.location == applicant.base
    assert other.get(applicant.base).status_code == 200


def test_a_mailed_link_is_only_used_up_by_a_click(app: Flask, applicant: Applicant, database: Database, clock: FixedClock) -> None:
    link = f"/register/open/{applicant.link}"
    other = app.test_client()
    assert other.get(link).status_code == 200  # what a mail scanner does
    assert other.post(link).location == applicant.base
    assert app.test_client().post(link).status_code == 410


def test_files_are_judged_by_content_and_handed_out_as_downloads(app: Flask, applicant: Applicant) -> None:
    program = {"kind": "business_licence", "number": USCC, "file": (io.BytesIO(b"MZ a program"), "licence.pdf")}
    answer = applicant.browser.post(f"{applicant.base}/licences", data=program)
    assert answer.status_code == 422
    assert "licence.pdf" not in answer.text
    applicant.add_licence()
    page = applicant.browser.get(f"{applicant.base}/part/licences").text
    address = re.search(rf"{applicant.base}/files/[0-9a-f-]+", page)
    assert address is not None
    handed = applicant.browser.get(address[0])
    assert handed.data == SCAN
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert app.test_client().get(address[0]).status_code == 302
    other_file = re.sub(r"[0-9a-f-]+$", "00000000-0000-0000-0000-000000000001", address[0])
    assert applicant.browser.get(other_file).status_code == 404


def test_licences_are_named_in_the_readers_language(applicant: Applicant) -> None:
    applicant.add_licence()
    page = f"{applicant.base}/part/licences"
    assert "营业执照" in applicant.browser.get(page).text
    applicant.browser.post("/language", data={"language": "en"})
    english = applicant.browser.get(page).text
    assert english.count("Business licence") >= 2, "to be chosen, and stated"
    assert "营业执照" not in english


def test_the_live_check_explains_a_code_and_names_nobody(app: Flask, applicant: Applicant) -> None:
    browser = app.test_client()
    page = browser.get("/register/check", query_string={"uscc": USCC, "customs_code": "4403960001", "roles": "merchant"}).text
    assert "校验码正确" in page
    assert "江西省赣州市" in page
    assert "不一致" in page
    assert "<html" not in page
    wrong = browser.get("/register/check", query_string={"uscc": "91360700MA35CAM0X9"}).text
    assert "finding-bad" in wrong


def test_an_overseas_node_is_not_offered_to_firms(applicant: Applicant, database: Database, clock: FixedClock) -> None:
    with database.begin() as uow:
        abroad = NodeEntry("DE-1", "overseas", "德国海外节点", clock.now().date(), parent="GZ", country="304")
        add_node(uow, abroad, None, clock)
    page = applicant.browser.get(f"{applicant.base}/part/identity").text
    assert "赣州综合平台" in page
    assert "德国海外节点" not in page


def test_submitting_needs_consent_and_everything_asked(applicant: Applicant) -> None:
    assert applicant.browser.post(f"{applicant.base}/submit", data={"consent": "1"}).status_code == 422
    applicant.fill_in()
    without = applicant.browser.post(f"{applicant.base}/submit")
    assert without.status_code == 422
    assert "请确认填报内容属实" in without.text


def test_a_trader_says_where_its_settlement_account_will_be(app: Flask, database: Database, clock: FixedClock) -> None:
    trader = begun(app, database, clock, ["individual_trader"])
    page = trader.browser.get(f"{trader.base}/part/business").text
    assert "外汇结算账户拟开户银行" in page
    check = trader.browser.get(
        "/register/check", query_string={"uscc": complete_uscc("91360700MA35CAM07"), "roles": "individual_trader"}
    )
    assert "不是个体工商户" in check.text


def begin_with(browser: FlaskClient, **data: str) -> int:
    return browser.post("/register", data=data).status_code


def test_a_begin_without_role_or_mail_is_refused(app: Flask) -> None:
    browser = app.test_client()
    assert begin_with(browser, contact_mail=PEOPLE["contact_mail"]) == 422
    assert begin_with(browser, roles="merchant", contact_mail="nobody") == 422
    assert begin_with(browser, roles="king", contact_mail=PEOPLE["contact_mail"]) == 422
