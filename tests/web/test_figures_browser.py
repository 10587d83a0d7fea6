"""The pictures of a firm's own figures in a real browser: under the site's own policy, on paper, without scripts."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ccezone.kernel.clock import FixedClock
from ccezone.statistics.service import refresh_figures
from ccezone.storage import Database
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = [pytest.mark.browser, pytest.mark.storage]


@pytest.fixture
def zone(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    """A zone in which a merchant has one list that was released and one that was sent back."""
    zone = zone_site(database, clock, tmp_path / "keys")
    zone.hub.imports(4)
    zone.hub.dispatch()
    zone.browser("cosmetics")
    merchant = zone.hub.party("cosmetics").id
    rows = zone.hub.rows("SELECT id FROM declaration_list WHERE merchant_id = %(id)s ORDER BY id", id=merchant)
    zone.hub.answer(rows[0][0], 2, 120, 800)
    zone.hub.answer(rows[1][0], 2, 100)
    refresh_figures(zone.hub.database, zone.hub.clock)
    return zone


@pytest.fixture
def app(zone: ZoneSite) -> Flask:
    """What ``site`` serves."""
    return zone.app


@SCREENS
def test_pictures_are_accessible_and_fit_the_screen(site: str, browser: Browser, language: str, width: int) -> None:
    with screen(browser, site, language, width) as tab:
        enter(tab, site, "cosmetics")
        assert_accessible(tab, site, ["/firm/figures", "/firm/figures?by=country"])
        expect(tab.locator(".chart:visible")).to_have_count(3)


def test_pictures_are_drawn_under_the_sites_own_policy_and_open_their_lists(site: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    enter(page, site, "cosmetics")
    page.goto(f"{site}/firm/figures?by=mode")
    expect(page.locator(".chart-picture svg")).to_have_count(3)
    texts = page.locator(".chart").first.locator("svg text").all_text_contents()
    assert {"已放行", "退单"} <= set(texts)
    assert any("1210" in text for text in texts)
    page.locator(".chart-picture").first.click(position={"x": 400, "y": 55})
    page.wait_for_url("**/firm/figures/rows?by=mode**key=1210**")
    expect(page.locator("main tbody tr")).to_have_count(2)
    assert complaints == []


def test_pictures_are_printed_no_wider_than_the_paper(site: str, page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    enter(page, site, "cosmetics")
    page.goto(f"{site}/firm/figures")
    expect(page.locator(".chart-picture svg")).to_have_count(3)

    def widths() -> list[int]:
        found: list[int] = page.locator(".chart-picture svg").evaluate_all("all => all.map(one => one.clientWidth)")
        return found

    wide = widths()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert widths() == [640, 640, 640]
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert widths() == wide


def test_without_scripts_the_table_stands_alone(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    enter(tab, site, "cosmetics")
    tab.goto(f"{site}/firm/figures")
    expect(tab.locator(".chart:visible")).to_have_count(0)
    expect(tab.locator("#figures tbody tr")).to_have_count(1)
    context.close()
