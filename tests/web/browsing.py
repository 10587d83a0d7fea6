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
_SHOW = """
async address => {
    const named = each => each.getAttribute("src") ?? each.getAttribute("href");
    const parts = (page, kind) => [...page.querySelectorAll(kind)].map(named);
    const styles = page => parts(page, "link[rel=stylesheet], style").join();
    const everywhere = each => (each ?? "").endsWith("/htmx.min.js") || (each ?? "").endsWith("/site.js");
    const alone = page => !parts(page, "script").some(everywhere) || !parts(page, "script").every(everywhere);
    if (new URL(address).origin !== location.origin || alone(document)) return 0;
    const answer = await fetch(address);
    const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (alone(shown) || styles(shown) !== styles(document)) return 0;
    const root = document.documentElement, kept = "link[rel=stylesheet], script";
    [...root.attributes].forEach(each => root.removeAttribute(each.name));
    [...shown.documentElement.attributes].forEach(each => root.setAttribute(each.name, each.value));
    document.head.querySelectorAll(`:scope > :not(${kept})`).forEach(each => each.remove());
    document.head.prepend(...shown.head.querySelectorAll(`:scope > :not(${kept})`));
    document.body.replaceWith(shown.body);
    history.replaceState(null, "", answer.url);
    scrollTo(0, 0);
    return answer.status;
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
    """Show each page; axe finds nothing, and no screen is too narrow for it.

    A page is judged at the width to which the one before it was stretched or squeezed: in the other language, which begins at
    the other width, it is the other way round.
    """
    before = _size(page)
    for address in addresses:
        assert (status := show(page, place + address)) == 200, f"{address}: {status}"
        assert not (found := violations(page)), f"{address}: {found}"
        here = _size(page)["width"]
        for width in (here, sum(_WIDTHS) - here):
            if width != here:
                page.set_viewport_size({"width": width, "height": before["height"]})
            assert _comes_to_fit(page, width), f"{address}: wider than {width}"
    page.set_viewport_size(before)


def show(page: Page, address: str) -> int:
    """Show a page and return the status of its answer.

    Opening one anew reads the same styles and scripts again, which takes four times the work of putting its markup where that of
    the last page stood. Pages with styles or scripts of their own, which may make something of the markup, are opened.
    """
    status: int = page.evaluate(_SHOW, address) if page.url.startswith("http") else 0
    if status:
        return status
    answer = page.goto(address)
    return answer.status if answer else 0


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
    parts = {part: (width, text) for part, text in markup(page).items()}
    if good.issuperset(parts.values()):
        return []
    known = [[part] for part in _PARTS if parts[part] in good]
    bring_axe(page)
    found: dict[str, Any] = page.evaluate("([known, rules]) => axe.run({exclude: known}, rules)", [known, _RULES])
    if not found["violations"]:
        good.update(parts.values())
    return [f"{each['id']}: {[node['target'] for node in each['nodes']][:3]}" for each in found["violations"]]


def markup(page: Page) -> dict[str, str]:
    """The markup of the parts of the page that is shown, and of what stands around them."""
    found: dict[str, str] = page.evaluate(_MARKUP, _PARTS)
    return found


def _size(page: Page) -> ViewportSize:
    size = page.viewport_size
    assert size is not None
    return size
