"""Pages of bills in a real browser, with rows in them: accessible, no wider than the screen, lines added by htmx."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.people import PASSWORD
from tests.web.trading_site import TradingSite, trading_site

pytestmark = [pytest.mark.browser, pytest.mark.storage]
AXE = Path("node_modules/axe-core/axe.min.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def trading(database: Database, clock: FixedClock) -> Iterator[tuple[TradingSite, str]]:
    """A zone with a conflict, a match and an order that waits; its site on a free port."""
    site = trading_site(database, clock)
    zone = site.zone
    zone.trade("I", first=1, documents=4)
    zone.send("CEB311Message", first=6)
    zone.send("CEB411Message", first=6, amountPaid=("", "9"))
    zone.merge()
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield site, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    zone.database.close()


def enter(context: BrowserContext, place: str, login: str) -> Page:
    page = context.new_page()
    page.goto(f"{place}/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(f"{place}/home")
    return page


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [f"{each['id']}: {[node['target'] for node in each['nodes']][:3]}" for each in found["violations"]]


@pytest.mark.parametrize(("language", "width"), [("zh", 360), ("en", 360), ("zh", 1440), ("en", 1440)])
def test_pages_with_rows_are_accessible_and_fit_the_screen(
    trading: tuple[TradingSite, str], browser: Browser, language: str, width: int
) -> None:
    site, place = trading
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.add_cookies([{"name": "ccezone_language", "value": language, "url": place}])
    page = enter(context, place, site.user("cosmetics"))
    lists = ["/bills/orders", "/bills/payments", "/bills/waybills", "/matches?verdict=conflict", "/matches?verdict=matched"]
    addresses = [*lists]
    for each in lists[:4]:
        page.goto(place + each)
        addresses.append(page.get_attribute("main td a >> nth=0", "href") or "")
    for address in [*addresses, f"{addresses[len(lists)]}/change"]:
        page.goto(place + address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    context.close()


def test_a_line_is_added_in_place_and_enter_sends_the_form(trading: tuple[TradingSite, str], browser: Browser) -> None:
    site, place = trading
    context = browser.new_context()
    page = enter(context, place, site.user("cosmetics"))
    page.goto(f"{place}/bills/order/new/I")
    page.fill("#orderNo", "KEPT")
    page.fill("#lines-0-itemName", "面霜")
    page.click("button[name=add_line]")
    expect(page.locator("#lines-1-gnum")).to_have_value("2")
    expect(page.locator("#lines-0-itemName")).to_have_value("面霜")
    expect(page.locator("#orderNo")).to_have_value("KEPT")
    page.press("#orderNo", "Enter")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#orderNo")).to_have_value("KEPT")
    context.close()


def test_a_covered_value_is_shown_in_place(trading: tuple[TradingSite, str], browser: Browser) -> None:
    site, place = trading
    context = browser.new_context()
    page = enter(context, place, site.user("cosmetics"))
    page.goto(f"{place}/bills/orders")
    page.goto(place + (page.get_attribute("main td a >> nth=0", "href") or ""))
    covered = page.locator(".personal").nth(1)
    expect(covered).to_contain_text("*")
    covered.locator("button").click()
    expect(page.get_by_text("本次查看已记录")).to_be_visible()
    context.close()
