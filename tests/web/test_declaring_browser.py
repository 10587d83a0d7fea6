"""Declaring in a real browser: by keyboard, saved while typing, found again after the session is lost; accessible, on a phone."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.people import PASSWORD
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.declaring_site import EXPORT, begun, declaring_site, typed
from tests.web.zone_site import ZoneSite

pytestmark = [pytest.mark.browser, pytest.mark.storage]


@pytest.fixture
def zone(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return declaring_site(database, clock, tmp_path / "keys")


@pytest.fixture
def app(zone: ZoneSite) -> Flask:
    """What ``site`` serves."""
    return zone.app


@SCREENS
def test_pages_are_accessible_and_fit_the_screen(site: str, zone: ZoneSite, browser: Browser, language: str, width: int) -> None:
    firm = zone.browser("furniture")
    address, faulty = begun(firm), begun(firm, "9810/E")
    typed(firm, address, "add_line", **EXPORT)
    general = ["/general-declarations", "/general-declarations/new"]
    pages = ["/declare?flow=E&buyer=company&place=zone", address, f"{address}/check", *general]
    with screen(browser, site, language, width) as tab:
        enter(tab, site, "furniture")
        assert_accessible(tab, site, pages[:2])
        typed(firm, address, "remove_line:1")
        assert_accessible(tab, site, pages[2:])
        tab.goto(site + faulty)
        tab.click("button[value=check]")
        expect(tab.locator("#errors")).to_be_focused()


def test_a_declaration_is_typed_by_keyboard_saved_meanwhile_and_found_after_the_session_is_lost(
    site: str, zone: ZoneSite, page: Page
) -> None:
    firm = zone.browser("furniture")
    address = begun(firm)
    enter(page, site, "furniture")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(site + address)
    page.fill("#q_find_product", "床头柜")
    page.press("#q_find_product", "Enter")
    page.locator("button.pick").first.press("Enter")
    expect(page.locator("#lines-0-item_no")).to_have_value("NIGHTSTAND")
    page.fill("#lines-0-qty", "3")
    page.fill("#lines-0-price", "10.5")
    expect(page.locator("#sum-0")).to_have_text("31.5")
    page.press("#lines-0-price", "Control+d")
    expect(page.locator("#lines-1-item_no")).to_have_value("NIGHTSTAND")
    page.press("#lines-1-price", "Control+Delete")
    expect(page.locator("#lines-1-item_no")).to_have_count(0)
    page.locator("fieldset.line details.more > summary").click()
    page.fill("#lines-0-hs_code", "940360")
    page.locator("[data-fill='lines-0-hs_code']").first.click()
    expect(page.locator("#lines-0-hs_code")).to_have_value(re.compile(r"940360[0-9]{4}"))
    assert not complaints

    page.context.clear_cookies(name="ccezone_session")
    page.fill("#order_no", "LOST-0001")
    page.wait_for_url("**/sign-in**")
    page.fill("#login", "furniture@example.org")
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(f"**{address}")
    expect(page.locator("#recovered")).to_be_visible()
    expect(page.locator("#order_no")).to_have_value("LOST-0001")
    expect(page.locator("#version")).not_to_have_value("1")
    page.reload()
    expect(page.locator("#order_no")).to_have_value("LOST-0001")
