"""Pages of bills in a real browser, with rows in them: accessible, no wider than the screen, lines added by htmx."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.trading_site import TradingSite, trading_site

pytestmark = [pytest.mark.browser, pytest.mark.storage]
LISTS = ["/bills/orders", "/bills/payments", "/bills/waybills", "/matches?verdict=conflict", "/matches?verdict=matched"]


@pytest.fixture
def trading(database: Database, clock: FixedClock) -> Iterator[TradingSite]:
    """A zone with a conflict, a match and an order that waits; the merchant may sign in."""
    site = trading_site(database, clock)
    site.zone.trade("I", first=1, documents=4)
    site.zone.send("CEB311Message", first=6)
    site.zone.send("CEB411Message", first=6, amountPaid=("", "9"))
    site.zone.merge()
    site.user("cosmetics")
    yield site
    site.zone.database.close()


@pytest.fixture
def app(trading: TradingSite) -> Flask:
    """What ``site`` serves."""
    return trading.app


def first_row(page: Page, address: str) -> str:
    """Where the first row of a list leads."""
    page.goto(address)
    return page.get_attribute("main td a >> nth=0", "href") or ""


@SCREENS
def test_pages_with_rows_are_accessible_and_fit_the_screen(site: str, browser: Browser, language: str, width: int) -> None:
    with screen(browser, site, language, width) as tab:
        enter(tab, site, "cosmetics")
        details = [first_row(tab, site + each) for each in LISTS[:4]]
        assert_accessible(tab, site, [*LISTS, *details, f"{details[0]}/change"])


def test_a_line_is_added_in_place_and_enter_sends_the_form(site: str, page: Page) -> None:
    enter(page, site, "cosmetics")
    page.goto(f"{site}/bills/order/new/I")
    page.fill("#orderNo", "KEPT")
    page.fill("#lines-0-itemName", "面霜")
    page.click("button[name=add_line]")
    expect(page.locator("#lines-1-gnum")).to_have_value("2")
    expect(page.locator("#lines-0-itemName")).to_have_value("面霜")
    expect(page.locator("#orderNo")).to_have_value("KEPT")
    page.press("#orderNo", "Enter")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#orderNo")).to_have_value("KEPT")


def test_a_covered_value_is_shown_in_place(site: str, page: Page) -> None:
    enter(page, site, "cosmetics")
    page.goto(site + first_row(page, f"{site}/bills/orders"))
    covered = page.locator(".personal").nth(1)
    expect(covered).to_contain_text("*")
    covered.locator("button").click()
    expect(page.get_by_text("本次查看已记录")).to_be_visible()
