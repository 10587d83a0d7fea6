"""The pages in a real browser: accessible by axe's rules, no wider than the screen, nothing blocked, usable by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.web.browsing import SCREENS, assert_accessible, enter, fits, markup, screen, show, violations
from tests.web.conftest import SignIn
from tests.web.test_shell_pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.storage]


def each_once(pages: dict[str, list[str]]) -> dict[str, list[str]]:
    """Leave out what the firm or the officer opens as well, but for everybody's own start; over HTTP all open everything."""
    whole = {address for who in ("merchant", "officer") for address in pages[who]} - {"/home"}
    return {
        who: addresses if who in ("merchant", "officer") else [each for each in addresses if each not in whole]
        for who, addresses in pages.items()
    }


def test_a_page_is_left_out_only_where_the_firm_or_the_officer_opens_it() -> None:
    judged = each_once(PAGES)
    assert {each for addresses in judged.values() for each in addresses} == {each for all_ in PAGES.values() for each in all_}
    assert all("/home" in addresses for who, addresses in judged.items() if who != "nobody")
    few = {"merchant": ["/home", "/a"], "officer": ["/a", "/b"], "auditor": ["/home", "/b", "/c"]}
    assert each_once(few) == {**few, "auditor": ["/home", "/c"]}


@SCREENS
@pytest.mark.timeout(600)  # well over a hundred pages
def test_pages_are_accessible_and_fit_the_screen(site: str, signed_in: SignIn, browser: Browser, language: str, width: int) -> None:
    with screen(browser, site, language, width) as tab:
        for who, addresses in each_once(PAGES).items():
            if who != "nobody":
                signed_in(who)
                enter(tab, site, who)
            assert_accessible(tab, site, addresses)


def test_a_page_that_is_too_wide_or_unnamed_is_noticed(site: str, browser: Browser) -> None:
    with screen(browser, site, "zh", 1440) as tab:
        tab.route("**/reset", lambda route: route.fulfill(body="<img src=x style='width:900px'>", content_type="text/html"))
        tab.goto(f"{site}/reset")
        assert any(found.startswith("image-alt") for found in violations(tab))
        assert (fits(tab, 360), fits(tab, 1440)) == (False, True)


def test_a_page_is_shown_as_it_is_when_it_is_opened(site: str, browser: Browser) -> None:
    with screen(browser, site, "en", 1440) as tab:
        for address in ("/sign-in", "/credit/rules", "/standard/CEB603Message"):
            tab.goto(site + address)
            opened, title = markup(tab), tab.title()
            tab.goto(f"{site}/reset")
            tab.evaluate("window.mark = true")
            assert show(tab, site + address) == 200
            assert (tab.evaluate("mark"), tab.url, tab.title()) == (True, site + address, title)
            shown = markup(tab)
            assert {part: shown[part] for part in shown if part != ":root"} == {
                part: opened[part] for part in opened if part != ":root"
            }
        assert show(tab, f"{site}/no-such-page") == 404


@pytest.mark.parametrize(
    "own", ["<script src='/static/cases.js' defer></script>", "<link rel='stylesheet' href='/static/monitor.css'>"]
)
def test_a_page_with_a_script_or_styles_of_its_own_is_opened(site: str, browser: Browser, own: str) -> None:
    with screen(browser, site, "zh", 1440) as tab:
        tab.route("**/sign-in", _changed("</head>", f"{own}</head>"))
        tab.goto(f"{site}/reset")
        tab.evaluate("window.mark = true")
        assert show(tab, f"{site}/sign-in") == 200
        assert tab.evaluate("typeof mark") == "undefined"


@pytest.mark.parametrize(
    ("spoil", "found"), [("<img src='x'>", "image-alt"), ("<div style='width:900px'>x</div>", "wider than 360")]
)
def test_a_faulty_page_among_others_is_noticed(site: str, browser: Browser, spoil: str, found: str) -> None:
    with screen(browser, site, "zh", 1440) as tab:
        tab.route("**/sign-in", _changed("</main>", f"{spoil}</main>"))
        with pytest.raises(AssertionError, match=f"/sign-in: .*{found}"):
            assert_accessible(tab, site, ["/reset", "/sign-in"])


def _changed(old: str, new: str) -> Callable[[Route], None]:
    """Answer as the site does, with one thing changed."""

    def answer(route: Route) -> None:
        given = route.fetch()
        route.fulfill(response=given, body=given.text().replace(old, new))

    return answer


def test_what_stands_around_a_page_is_judged_again_once_it_differs(site: str, browser: Browser) -> None:
    with screen(browser, site, "zh", 1440) as tab:
        for address in ("/reset", "/sign-in"):
            tab.goto(site + address)
            assert violations(tab) == []
        assert violations(tab) == []  # known
        tab.evaluate("document.querySelector('header.site-header').append(new Image())")
        assert [found.partition(":")[0] for found in violations(tab)] == ["image-alt"]
        assert [found.partition(":")[0] for found in violations(tab)] == ["image-alt"]


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        ("document.querySelector('main').append(new Image())", "image-alt"),
        ("document.body.append(new Image())", "image-alt"),
        ("document.documentElement.lang = ''", "html-has-lang"),
        ("document.title = ''", "document-title"),
    ],
)
def test_a_known_page_is_judged_again_when_anything_of_it_differs(site: str, browser: Browser, spoil: str, rule: str) -> None:
    with screen(browser, site, "zh", 1440) as tab:
        tab.goto(f"{site}/reset")
        assert violations(tab) == []
        tab.evaluate(spoil)
        assert [found.partition(":")[0] for found in violations(tab)] == [rule]


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
