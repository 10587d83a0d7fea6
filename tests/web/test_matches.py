"""The merge board: tabs whose counts are their rows, one order side by side, and a mend that makes it match."""

import re
from collections.abc import Iterator

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.web.test_bills import filled_in
from tests.web.trading_site import TradingSite, trading_site

pytestmark = pytest.mark.storage
ORDER = "I20260105000000002"


@pytest.fixture
def site(database: Database, clock: FixedClock) -> Iterator[TradingSite]:
    site = trading_site(database, clock)
    yield site
    site.zone.database.close()


def conflicting(site: TradingSite) -> None:
    """One trade of cosmetics whose payment is too high, one that is whole, one that waits."""
    zone = site.zone
    zone.send("CEB311Message", first=2)
    zone.send("CEB411Message", first=2, amountPaid=("1", "9"))
    zone.send("CEB511Message", first=2)
    zone.trade("I", first=4)
    zone.send("CEB311Message", first=6)
    zone.merge()


def links(page: str) -> list[str]:
    return re.findall(r'<td data-label="[^"]+"><a href="(/matches/-?\d+)"', page)


@pytest.mark.parametrize("who", ["cosmetics", "milk", "officer"])
def test_the_number_on_a_tab_is_the_number_of_its_rows(site: TradingSite, who: str) -> None:
    conflicting(site)
    browser = site.browser(who)
    tabs = re.findall(r'href="(/matches\?verdict=\w+)"[^>]*>[^<]*<span class="count">(\d+)', browser.get("/matches").text)
    assert len(tabs) == 4
    assert {place: int(count) for place, count in tabs} == {place: len(links(browser.get(place).text)) for place, _ in tabs}


def test_a_conflict_shows_rule_both_values_and_the_mend(site: TradingSite) -> None:
    conflicting(site)
    browser = site.browser("cosmetics")
    board = browser.get("/matches?verdict=conflict").text
    assert ORDER in board
    page = browser.get(links(board)[0]).text
    assert "订单的实际支付金额应等于支付单的支付金额" in page
    assert page.count('class="pair-wrong"') == 2
    assert "变更该单证" in page
    assert "查看该单证" in page


def test_the_payment_enterprise_mends_the_conflict_and_the_order_matches(site: TradingSite, clock: FixedClock) -> None:
    conflicting(site)
    clock.advance(days=1)
    payment = site.browser("payment_import")
    place = next(
        found for found in re.findall(r'href="(/bills/payment/-?\d+)"', payment.get("/bills/payments").text)
        if ORDER in payment.get(found).text
    )  # fmt: skip
    typed = filled_in(payment.get(f"{place}/change").text)
    assert payment.post(f"{place}/change", data={**typed, "amountPaid": "1" + typed["amountPaid"][1:]}).status_code == 302
    site.zone.merge()
    merchant = site.browser("cosmetics")
    assert ORDER not in merchant.get("/matches?verdict=conflict").text
    assert ORDER in merchant.get("/matches?verdict=matched").text


def test_what_waits_leads_to_the_form_that_helps(site: TradingSite) -> None:
    site.zone.trade("E", first=1)
    site.zone.merge()
    officer = site.browser("officer")
    (place,) = links(officer.get("/matches?waiting=link").text)
    assert "缺运单关联" in officer.get(place).text
    assert links(officer.get("/matches?waiting=payment").text) == []
    seen = [site.browser(who).get(place) for who in ("furniture", "oranges", "textiles", "electronics")]
    (own,) = [answer.text for answer in seen if answer.status_code == 200]
    assert re.search(r'href="/bills/link/new/E\?like=order\.-?\d+"', own)


def test_another_merchant_a_platform_and_a_stranger_see_no_match(site: TradingSite) -> None:
    conflicting(site)
    (place,) = links(site.browser("cosmetics").get("/matches?verdict=conflict").text)
    for who in ("milk", "platform_import", "logistics_import"):
        assert site.browser(who).get(place).status_code == 404, who
    assert site.browser("officer").get(place).status_code == 200
    assert site.browser("nobody").get(place).status_code == 302


def test_home_counts_what_needs_the_merchant_now_and_opens_exactly_that(site: TradingSite) -> None:
    conflicting(site)
    browser = site.browser("cosmetics")
    home = browser.get("/home").text
    assert 'href="/matches?verdict=conflict"' in home
    assert "verdict=conflict" not in site.browser("milk").get("/home").text
    assert len(links(browser.get("/matches?verdict=conflict").text)) == 1


def test_addresses_that_make_no_sense_are_refused(site: TradingSite) -> None:
    browser = site.browser("cosmetics")
    assert browser.get("/matches?verdict=nonsense").status_code == 404
    assert browser.get("/matches?after=nonsense").status_code == 400


def test_everybody_can_read_the_rules_in_both_languages(site: TradingSite) -> None:
    browser = site.browser("nobody")
    assert "收货地址应一致" in browser.get("/matches/rules").text
    browser.set_cookie("ccezone_language", "en")
    page = browser.get("/matches/rules").text
    assert "the same delivery address" in page
    assert "Off: customs checks it" in page
