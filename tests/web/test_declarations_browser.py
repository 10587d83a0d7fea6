"""Pages of lists and of the office in a real browser: accessible, no wider than the screen, usable without a mouse."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ccezone.cases.queries import search_cases
from ccezone.clearance.queries import MessageFilter, search_messages
from ccezone.declarations.queries import ListFilter, Scope, search_lists
from ccezone.enterprises.service import remove_product
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.test_office_today import a_busy_day
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = [pytest.mark.browser, pytest.mark.storage]

OFFICE = (
    "/office/today",
    "/office/today/find?q=I20260105000000002",
    "/office/today/bills?kind=order",
    "/office/today/merges",
    "/office/messages",
    "/office/receipts/parked",
    "/office/receipts/unreadable",
    "/office/cases",
)


@pytest.fixture
def zone(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


@pytest.fixture
def app(zone: ZoneSite) -> Flask:
    """What ``site`` serves."""
    return zone.app


def addresses(zone: ZoneSite) -> dict[str, list[str]]:
    """Every page of lists and the office, for the merchant and the officer."""
    with zone.hub.database.reading() as connection:
        everything = search_lists(connection, Scope(), ListFilter(), limit=200)
        own = search_lists(connection, Scope(zone.hub.party("cosmetics").id), ListFilter("incomplete"))
        message, case = search_messages(connection, MessageFilter())[0].id, search_cases(connection)[0].id
    shown = {row.state: f"/declarations/{row.id}" for row in everything if row.state in ("100", "899", "held")}
    mine = f"/declarations/{own[0].id}"
    return {
        "cosmetics": ["/declarations", "/declarations?stage=incomplete", "/declarations?q=no", mine, f"{mine}/complete"],
        "officer": [*OFFICE, *shown.values(), f"{mine}/print", f"/office/messages/{message}", f"/office/cases/{case}"],
    }


@SCREENS
def test_pages_are_accessible_and_fit_the_screen(site: str, zone: ZoneSite, browser: Browser, language: str, width: int) -> None:
    a_busy_day(zone)
    with zone.hub.database.begin() as uow:
        remove_product(uow, zone.hub.party("cosmetics").id, "LOTION", zone.hub.clock)
    zone.hub.imports(80)
    with screen(browser, site, language, width) as tab:
        for who, pages in addresses(zone).items():
            zone.browser(who)
            enter(tab, site, who)
            assert_accessible(tab, site, pages)


def test_a_rejected_list_is_filed_again_by_keyboard(site: str, zone: ZoneSite, page: Page) -> None:
    zone.hub.imports(2)
    zone.hub.dispatch()
    with zone.hub.database.reading() as connection:
        (row,) = search_lists(connection, Scope(zone.hub.party("cosmetics").id), ListFilter())
    zone.hub.answer(row.id, 2, 100)
    zone.browser("cosmetics")
    enter(page, site, "cosmetics")
    page.goto(f"{site}/declarations?stage=rejected")
    page.locator(".row-link").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="重新申报").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("清单已申报")
    expect(page.locator(".banner .state")).to_have_text("待发送")


def test_a_personal_value_is_shown_in_its_place(site: str, zone: ZoneSite, page: Page) -> None:
    zone.hub.imports(2)
    with zone.hub.database.reading() as connection:
        (row,) = search_lists(connection, Scope(zone.hub.party("cosmetics").id), ListFilter())
    zone.browser("cosmetics")
    enter(page, site, "cosmetics")
    page.goto(f"{site}/declarations/{row.id}")
    values = page.locator(".personal")
    expect(values.nth(0)).to_contain_text("***")
    values.nth(0).get_by_role("button").click()
    expect(page.locator("dl")).not_to_have_count(0)
    expect(page.locator(".facts-dense")).to_contain_text("360702")
    assert page.url.endswith(f"/declarations/{row.id}")
