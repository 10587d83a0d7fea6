"""The pages in a real browser: accessible by axe's rules, no wider than the screen, nothing blocked, usable by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hub.people import PASSWORD
from tests.web.conftest import SignIn
from tests.web.test_shell_pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.storage]

AXE = Path("node_modules/axe-core/axe.min.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of its own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def enter(page: Page, site: str, who: str) -> None:
    """Sign in as a person would."""
    page.goto(f"{site}/sign-in")
    page.fill("#login", f"{who}@example.org")
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(f"{site}/home")


def violations(page: Page) -> list[str]:
    """Run axe and return what it finds, with the elements."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [f"{each['id']}: {[node['target'] for node in each['nodes']][:3]}" for each in found["violations"]]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_are_accessible_and_fit_the_screen(site: str, signed_in: SignIn, browser: Browser, language: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.add_cookies([{"name": "ccezone_language", "value": language, "url": site}])
    page = context.new_page()
    for who, addresses in PAGES.items():
        context.clear_cookies(name="ccezone_session")
        if who != "nobody":
            signed_in(who)
            enter(page, site, who)
        for address in addresses:
            page.goto(site + address)
            assert violations(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    context.close()


def test_nothing_on_a_page_is_blocked_by_its_own_policy(site: str, signed_in: SignIn, page: Page) -> None:
    signed_in("merchant")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    enter(page, site, "merchant")
    page.goto(f"{site}/firm/products/new")
    page.goto(f"{site}/standard/CEB621Message")
    assert complaints == []


def test_mistakes_take_the_focus_and_lead_to_their_fields(site: str, signed_in: SignIn, page: Page) -> None:
    signed_in("merchant")
    enter(page, site, "merchant")
    page.goto(f"{site}/firm/products/new")
    page.fill("#net_weight", "heavy")
    page.click("main .actions .btn-primary")
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a[href='#net_weight']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#net_weight")).to_be_focused()


def test_the_menu_opens_and_closes_by_keyboard(site: str, page: Page) -> None:
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    summary = page.locator(".site-nav summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".site-nav .drop-panel").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".site-nav .drop-panel").first).to_be_hidden()
    expect(summary).to_be_focused()


def test_pages_work_without_scripts(site: str, signed_in: SignIn, browser: Browser) -> None:
    signed_in("merchant")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, site, "merchant")
    page.locator(".site-nav summary").last.click()
    page.locator(".site-nav a", has_text="商品资料").click()
    assert page.url == f"{site}/firm/products"
    context.close()


def test_targets_are_large_enough_for_a_finger(site: str, signed_in: SignIn, page: Page) -> None:
    signed_in("officer")
    enter(page, site, "officer")
    page.goto(f"{site}/office/users")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, .btn, input:not([type=hidden]):not([type=checkbox]), select")]
        .filter(each => each.offsetParent && each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"""
    )
    assert small == []
