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

    lose_session(page)
    page.fill("#order_no", "LOST-0001")
    sign_in_again(page, address)
    expect(page.locator("#recovered")).to_be_visible()
    expect(page.locator("#order_no")).to_have_value("LOST-0001")
    page.reload()
    expect(page.locator("#order_no")).to_have_value("LOST-0001")


def test_a_form_sent_after_the_session_was_lost_is_found_again_even_when_left_once_more(
    site: str, zone: ZoneSite, page: Page
) -> None:
    address = begun(zone.browser("furniture"))
    enter(page, site, "furniture")
    page.goto(site + address)
    lose_session(page)
    page.evaluate(
        """() => {
            document.getElementById("order_no").value = "LOST-0002";
            document.querySelector("button[value=save].btn").click();
        }"""
    )
    page.wait_for_url("**/sign-in**")
    page.route("**/keep-up", lambda route: route.abort())
    sign_in_again(page, address)
    expect(page.locator("#order_no")).to_have_value("LOST-0002")
    expect(page.locator("#offline")).to_be_visible()
    page.unroute("**/keep-up")
    page.reload()
    expect(page.locator("#recovered")).to_be_visible()
    expect(page.locator("#order_no")).to_have_value("LOST-0002")
    page.fill("#order_no", "SAVED-0001")
    page.click("button[value=check]")
    expect(page.locator("#errors, .check").first).to_be_visible()
    page.goto(site + address)
    expect(page.locator("#order_no")).to_have_value("SAVED-0001")
    expect(page.locator("#recovered")).to_be_hidden()


def test_two_people_in_one_draft_keep_what_both_wrote_though_one_was_signed_out_meanwhile(
    site: str, zone: ZoneSite, page: Page
) -> None:
    firm = zone.browser("furniture")
    address = begun(firm)
    enter(page, site, "furniture")
    page.goto(site + address)
    typed(firm, address, order_no="LI-0001")
    lose_session(page)
    page.fill("#platform_name", "自建网站")
    sign_in_again(page, address)
    expect(page.locator("#platform_name")).to_have_value("自建网站")
    expect(page.locator("#diverged")).to_be_visible()
    expect(page.locator("#recovered")).to_be_hidden()
    page.click("#diverged button")
    expect(page.locator(".difference-card")).to_have_count(2)
    page.click("main .actions .btn-primary")
    page.wait_for_url(f"**{address}?kept=1")
    expect(page.locator("#order_no")).to_have_value("LI-0001")
    expect(page.locator("#platform_name")).to_have_value("自建网站")
    expect(page.locator("#diverged")).to_have_count(0)


def lose_session(page: Page) -> None:
    """End the session without the page's knowing."""
    page.context.clear_cookies(name="ccezone_session")


def sign_in_again(page: Page, address: str) -> None:
    """Sign in where the site leads whose session is over, and come back to the draft."""
    page.wait_for_url("**/sign-in**")
    page.fill("#login", "furniture@example.org")
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(f"**{address}")
