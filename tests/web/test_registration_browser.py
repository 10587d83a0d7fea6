"""Registration in a real browser: from the first page to signing in; every page of it accessible at both widths and languages."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ccezone.enterprises.queries.applications import search_applications
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.people import PASSWORD
from tests.web.applying import BUSINESS, IDENTITY, LICENCES, PEOPLE, SCAN, USCC, begun, found_hub
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.storage]


def type_in(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.fill(f"#{name}", value)


def go_on(page: Page) -> None:
    page.click("main .actions .btn-primary")


def apply(page: Page, site: str, scan: Path) -> None:
    """Apply as a merchant, section by section."""
    page.goto(f"{site}/register")
    page.check("input[name=roles][value=merchant]")
    page.fill("#contact_mail", PEOPLE["contact_mail"])
    go_on(page)
    page.click("main .btn-primary")
    page.fill("#uscc", USCC)
    page.locator("#uscc").blur()
    expect(page.locator("#code-check")).to_contain_text("校验码正确")
    type_in(page, {name: value for name, value in IDENTITY.items() if name not in ("uscc", "node")})
    page.select_option("#node", "GZ")
    go_on(page)
    type_in(page, PEOPLE)
    go_on(page)
    page.check("input[name=trade_modes][value='9610']")
    page.fill("#goods_categories", BUSINESS["goods_categories"])
    go_on(page)
    for kind in LICENCES:
        page.select_option("#kind", kind)
        page.fill("#number", USCC)
        page.set_input_files("#file", scan)
        go_on(page)
    page.locator("nav.sections a").last.click()
    page.check("#consent")
    go_on(page)
    expect(page.locator("main .facts .state").first).to_have_text("待审核")


def accept(page: Page, link: str) -> None:
    """Set the first password by the link of an invitation, and sign in."""
    page.context.clear_cookies()
    page.goto(link)
    page.fill("#password", PASSWORD)
    page.fill("#repeated", PASSWORD)
    go_on(page)
    page.fill("#login", PEOPLE["contact_mail"])
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url("**/home")


def test_a_firm_registers_is_approved_and_signs_in(
    site: str, signed_in: SignIn, page: Page, database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    found_hub(database, clock)
    scan = tmp_path / "licence.pdf"
    scan.write_bytes(SCAN)
    apply(page, site, scan)
    signed_in("officer")
    enter(page, site, "officer")
    page.goto(f"{site}/office/approvals")
    page.click("main table a")
    page.click("main .actions .btn-primary")
    accept(page, page.input_value("#link").replace("http://hub.example", site))
    page.goto(f"{site}/firm/registration")
    expect(page.locator("main")).to_contain_text("赣南家具有限公司")


@SCREENS
def test_pages_of_an_application_are_accessible_and_fit_the_screen(
    site: str, app: Flask, signed_in: SignIn, browser: Browser, database: Database, clock: FixedClock, language: str, width: int
) -> None:
    applicant = begun(app, database, clock)
    with screen(browser, site, language, width) as tab:
        state = applicant.browser.get_cookie("ccezone_state")
        assert state is not None
        tab.context.add_cookies([{"name": "ccezone_state", "value": state.value, "url": site}])
        applicant.save("identity", {**IDENTITY, "customs_code": "4403960001"})
        applicant.save("contact", PEOPLE)
        applicant.add_licence()
        parts = ("identity", "contact", "business", "licences", "files")
        assert_accessible(
            tab, site, [*(f"{applicant.base}/part/{part}" for part in parts), f"{applicant.base}/review", applicant.base]
        )
        applicant.fill_in()
        applicant.submit()
        signed_in("officer")
        enter(tab, site, "officer")
        with database.reading() as connection:
            [row] = search_applications(connection, ["submitted"])
        assert_accessible(tab, site, [f"/office/approvals/{row.id}", "/office/approvals"])
