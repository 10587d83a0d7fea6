"""What every test in a real browser does: sign in, open pages, and judge each by axe's rules and by the width of the screen.

A page kind is judged once in Chinese on a telephone and once in English on a desk; both widths are tried each time. Header,
footer and content are judged when they are first seen on a screen of that width, and again whenever their markup differs.
Whatever needs no layout, script or focus is tested over HTTP instead, at a hundredth of the cost.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from playwright.sync_api import TimeoutError as TookTooLong

from tests.hub.people import PASSWORD
from tests.web.axe import bring_axe

SCREENS = pytest.mark.parametrize(("language", "width"), [("zh", 360), ("en", 1440)])
_WIDTHS = (360, 1440)
_FITS = "width => window.innerWidth == width && document.documentElement.scrollWidth <= width"
_DRAWN_MS = 2_000
_PARTS = ("header.site-header", "main", "footer.site-footer")
_MARKUP = """
parts => {
    const markup = found => {
        const copy = found.cloneNode(true);
        copy.querySelectorAll("input[type=hidden]").forEach(each => each.remove());  // a token, an address to come back to
        return copy.outerHTML;
    };
    const around = document.documentElement.cloneNode(true);
    parts.forEach(part => around.querySelectorAll(part).forEach(each => each.remove()));
    const found = parts.map(part => [part, [...document.querySelectorAll(part)].map(markup).join()]);
    return Object.fromEntries([...found, [":root", markup(around)]]);
}
"""
_found_good: WeakKeyDictionary[Page, set[tuple[int, str]]] = WeakKeyDictionary()
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@contextmanager
def screen(browser: Browser, place: str, language: str, width: int) -> Iterator[Page]:
    """A tab of a browser of its own, on a screen of this width; the policy of the site gives way to axe."""
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.add_cookies([{"name": "ccezone_language", "value": language, "url": place}])
    try:
        yield context.new_page()
    finally:
        context.close()


def enter(page: Page, place: str, who: str) -> None:
    """Sign in as a person would, in place of whoever was signed in."""
    page.context.clear_cookies(name="ccezone_session")
    page.goto(f"{place}/sign-in")
    page.fill("#login", f"{who.replace('_', '-')}@example.org")
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(f"{place}/home")


def assert_accessible(page: Page, place: str, addresses: Iterable[str]) -> None:
    """Open each page; axe finds nothing, and no screen is too narrow for it."""
    for address in addresses:
        answer = page.goto(place + address)
        assert answer is not None, address
        assert answer.status == 200, address
        assert violations(page) == [], address
        assert [width for width in _WIDTHS if not fits(page, width)] == [], address


def fits(page: Page, width: int) -> bool:
    """Tell whether the page needs no sideways scrolling on a screen of this width."""
    before = _size(page)
    if width == before["width"]:
        return _comes_to_fit(page, width)
    page.set_viewport_size({"width": width, "height": 900})
    found = _comes_to_fit(page, width)
    page.set_viewport_size(before)
    return found


def _comes_to_fit(page: Page, width: int) -> bool:
    """A picture is drawn anew a moment after the screen has changed."""
    if page.evaluate(_FITS, width):
        return True
    try:
        page.wait_for_function(_FITS, arg=width, timeout=_DRAWN_MS)
    except TookTooLong:
        return False
    return True


def violations(page: Page) -> list[str]:
    """Run axe and return what it finds, with the elements; parts only where they are not known to be good."""
    good, width = _found_good.setdefault(page, set()), _size(page)["width"]
    parts = {part: (width, str(markup)) for part, markup in page.evaluate(_MARKUP, _PARTS).items()}
    if good.issuperset(parts.values()):
        return []
    known = [[part] for part in _PARTS if parts[part] in good]
    bring_axe(page)
    found: dict[str, Any] = page.evaluate("([known, rules]) => axe.run({exclude: known}, rules)", [known, _RULES])
    if not found["violations"]:
        good.update(parts.values())
    return [f"{each['id']}: {[node['target'] for node in each['nodes']][:3]}" for each in found["violations"]]


def _size(page: Page) -> ViewportSize:
    size = page.viewport_size
    assert size is not None
    return size
