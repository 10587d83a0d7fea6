"""Declaring by form: what is known stands there, what is typed is kept and judged, and goes the way of every bill."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from ccezone.declarations.queries import ListFilter, ListRow, Scope, search_lists
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.bills import waybill
from tests.web.declaring_site import EXPORT, begun, declaring_site, standing, typed
from tests.web.zone_site import ZoneSite

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return declaring_site(database, clock, tmp_path / "keys")


def lists(site: ZoneSite, key: str) -> Sequence[ListRow]:
    """The lists of one merchant."""
    with site.hub.database.reading() as connection:
        return search_lists(connection, Scope(site.hub.party(key).id), ListFilter())


@pytest.mark.parametrize(
    ("answers", "mode"),
    [
        ("flow=E&buyer=person&place=elsewhere", "9610/E"),
        ("flow=E&buyer=person&place=zone", "1210/E"),
        ("flow=E&buyer=company&place=elsewhere", "9710/E"),
        ("flow=E&buyer=warehouse&place=elsewhere", "9810/E"),
        ("flow=I&buyer=person&place=zone", "1210/I"),
        ("flow=I&buyer=person&place=elsewhere", "9610/I"),
        ("flow=I&buyer=company&place=zone", ""),
    ],
)
def test_three_questions_lead_to_a_mode_and_its_law(site: ZoneSite, answers: str, mode: str) -> None:
    page = site.browser("furniture").get(f"/declare?{answers}").text
    proposal = page[page.index('id="proposal"') : page.index('id="modes"')]
    assert re.search(r"海关总署公告\d{4}年第\d+号|财关税〔\d{4}〕\d+号", proposal)
    assert (f"/declare/new/{mode}" in proposal) if mode else ("/declare/new/" not in proposal)


def test_a_new_form_knows_what_registration_and_defaults_say(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    form = standing(browser.get(begun(browser)).text)
    firm = site.hub.party("furniture")
    assert (form["merchant_code"], form["merchant_name"]) == (firm.customs_code, firm.name)
    assert form["list-customs_code"] == "4003"


def test_an_export_goes_from_draft_to_the_queue(site: ZoneSite) -> None:
    sent = waybill(1)
    site.hub.post(sent)
    browser = site.browser("furniture")
    address = begun(browser)
    carrier = {"carrier_code": sent["carrier_code"], "waybill_no": sent["waybill_no"], "filing": "at_once"}
    assert typed(browser, address, "check", **EXPORT, **carrier).status_code == 302
    check = browser.get(f"{address}/check")
    assert "FORM-0001" in check.text
    version = check.text.split('name="version" value="')[1].split('"')[0]
    answer = browser.post(f"{address}/submit", data={"version": version})
    assert answer.status_code == 302, answer.text
    site.hub.merge()
    (filed,) = lists(site, "furniture")
    assert (filed.order_no, filed.trade_mode, filed.state) == ("FORM-0001", "9610", "queued")
    assert browser.get(address).status_code == 302


def test_the_next_form_knows_what_was_filed_last(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    page = typed(browser, address, **EXPORT)
    version = standing(page.text)["version"]
    assert browser.post(f"{address}/submit", data={"version": version}).status_code == 302
    form = standing(browser.get(begun(browser)).text)
    assert (form["platform_code"], form["currency"], form["order_no"]) == ("无", "502", "")


def test_a_faulty_form_is_not_filed_and_its_summary_leads_to_the_fields(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    typed(browser, address, **{**EXPORT, "lines-0-qty": "two", "order_no": ""})
    page = browser.get(f"{address}/check")
    assert page.status_code == 422
    summary = page.text[page.text.index('id="errors"') : page.text.index('id="declaration"')]
    assert 'href="#lines-0-qty"' in summary
    assert 'href="#order_no"' in summary
    assert browser.post(f"{address}/submit", data={"version": standing(page.text)["version"]}).status_code == 422
    site.hub.merge()
    assert not lists(site, "furniture")


def test_lines_come_go_and_double_without_scripts(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    typed(browser, address, **EXPORT)
    form = standing(typed(browser, address, "copy_line:0").text)
    assert form["lines-1-item_no"] == "NIGHTSTAND"
    form = standing(typed(browser, address, "add_line").text)
    assert form["lines-2-item_no"] == ""
    form = standing(typed(browser, address, "remove_line:0", **{"lines-1-qty": "7"}).text)
    assert (form["lines-0-qty"], "lines-2-item_no" in form) == ("7", False)


def test_a_product_is_searched_and_picked(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    page = typed(browser, address, "find_product", q_find_product="书架").text
    assert "take_product:BOOKSHELF" in page
    form = standing(typed(browser, address, "take_product:BOOKSHELF").text)
    assert (form["lines-0-item_no"], form["lines-0-unit"], form["lines-0-qty"]) == ("BOOKSHELF", "011", "1")


def test_a_party_of_the_book_is_searched_and_fills_its_fields(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    book = {"kind": "platform", "short_name": "大集市", "name": "大集市跨境平台", "code": "3607960X99"}
    assert browser.post("/firm/parties/new", data=book).status_code == 302
    page = typed(browser, address, "find_party", q_find_party="大集市").text
    picked = re.search(r"take_party:[0-9a-f-]{36}", page)
    assert picked is not None
    form = standing(typed(browser, address, picked[0]).text)
    assert (form["platform_code"], form["platform_name"]) == ("3607960X99", "大集市跨境平台")


def test_totals_follow_what_is_typed(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    page = typed(browser, begun(browser), **EXPORT, freight="6.40").text
    assert '<output id="sum-0">93.6</output>' in page
    assert "100.00" in page


def test_a_draft_is_there_on_another_device(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    typed(browser, address, **EXPORT)
    assert site.browser("officer").get(address).status_code == 403
    browser.delete_cookie("ccezone_session")
    assert browser.get(address).location.startswith("/sign-in?next=")
    assert (
        browser.post("/sign-in", data={"login": "furniture@example.org", "password": "three-parties-one-list"}).status_code == 302
    )
    assert standing(browser.get(address).text)["order_no"] == "FORM-0001"
    assert "FORM-0001" in browser.get("/declare").text


def test_another_firms_draft_looks_like_none(site: ZoneSite) -> None:
    browser, rival = site.browser("furniture"), site.browser("textiles")
    address = begun(browser)
    assert rival.get(address).status_code == 404
    for action in ("", "/keep-up", "/submit", "/copy", "/template", "/name", "/delete", "/restore", "/settle"):
        assert rival.post(address + action).status_code == 404, action


def test_a_deleted_draft_can_be_brought_back(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    typed(browser, address, **EXPORT)
    answer = browser.post(f"{address}/delete")
    assert "FORM-0001" not in browser.get("/declare").text
    assert f"{address}/restore" in browser.get(answer.location).text
    browser.post(f"{address}/restore")
    assert standing(browser.get(address).text)["order_no"] == "FORM-0001"


def test_a_template_keeps_everything_but_numbers(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    typed(browser, address, **EXPORT)
    browser.post(f"{address}/template", data={"name": "床头柜"})
    page = browser.get("/declare").text
    assert "床头柜" in page
    copies = page[page.index('id="templates"') :]
    answer = browser.post(copies.split('action="')[1].split('"')[0])
    form = standing(browser.get(answer.location).text)
    assert (form["lines-0-item_no"], form["order_no"]) == ("NIGHTSTAND", "")
