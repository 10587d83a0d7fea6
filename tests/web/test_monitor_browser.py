"""The monitor in a real browser: accessible, drawn under the site's own policy, fresh by itself until it is paused."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ccezone.kernel.clock import FixedClock
from ccezone.statistics.service import refresh_figures
from ccezone.storage import Database
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.test_monitor import ZONE, trade
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = [pytest.mark.browser, pytest.mark.storage]


@pytest.fixture
def zone(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    zone = zone_site(database, clock, tmp_path / "keys")
    trade(zone)
    refresh_figures(zone.hub.database, zone.hub.clock, ZONE)
    zone.browser("officer")
    return zone


@pytest.fixture
def app(zone: ZoneSite) -> Flask:
    """What ``site`` serves."""
    return zone.app


@SCREENS
def test_the_monitor_is_accessible_and_fits_the_screen(site: str, browser: Browser, language: str, width: int) -> None:
    with screen(browser, site, language, width) as tab:
        enter(tab, site, "officer")
        assert_accessible(tab, site, ["/office/monitor?span=year", "/office/monitor/wall?span=year"])
        expect(tab.locator(".chart:visible")).to_have_count(3)


def test_the_wall_is_fresh_by_itself_until_it_is_paused(site: str, page: Page, zone: ZoneSite) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    enter(page, site, "officer")
    page.goto(f"{site}/office/monitor/wall")
    number = page.locator(".monitor-tile .monitor-number a").first
    expect(number).to_have_text("7")
    zone.hub.change("UPDATE list_total SET lists = lists + 1 WHERE criterion = 'hour' AND grain = 'D'")
    expect(number).not_to_have_text("7", timeout=15_000)
    expect(page.locator(".chart-picture svg")).to_have_count(3)
    page.click("#pause")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    assert complaints == []
