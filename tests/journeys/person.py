"""A person who reads English at the site of a running hub, in a real browser: every page they come to is judged.

No page holds interface text in Chinese (names and goods may be: they are data), and axe finds nothing on any kind of page.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from playwright.sync_api import Browser, Page

from ccezone.demo.office import COLLEAGUES
from schemas.codes import code_list, code_list_names, rows
from tests.web.browsing import violations

OFFICE = "综试区办公室"
"""The name of the demo's officer."""
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[\w-]{30,}")
_TEXTS = """
() => {
    const shown = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const within = walker.currentNode.parentElement;
        if (!within.closest("script, style, [lang^=zh]")) shown.push(walker.currentNode.data);
    }
    for (const each of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
        for (const name of ["aria-label", "placeholder", "title", "alt"]) shown.push(each.getAttribute(name) || "");
    return shown;
}
"""


class Person:
    """A tab, and what is known to be data on the pages: what was typed, whom the zone knows."""

    def __init__(self, tab: Page, url: str) -> None:
        self.tab, self.url = tab, url
        self.data = [
            OFFICE,
            "无",
            *(name for _, _, name, _ in COLLEAGUES),
            *(row["name_zh"] for row in rows("example_parties")),
            *_only_chinese(),
        ]
        self.seen: set[str] = set()

    def go(self, address: str) -> None:
        """Open a page."""
        self.tab.goto(address if address.startswith("http") else self.url + address)
        self.look()

    def press(self, selector: str) -> None:
        """Press a button or follow a link, to another page."""
        with self.tab.expect_navigation():
            self.tab.locator(selector).first.click()
        self.look()

    def unfold(self, selector: str) -> None:
        """Open what a field is folded into."""
        for folded in self.tab.locator(selector).locator("xpath=ancestor::details[not(@open)]/summary").all():
            folded.click()

    def type_in(self, values: Mapping[str, str]) -> None:
        """Fill fields in, whatever they are, and press on."""
        for name, value in values.items():
            field = self.tab.locator(f'[id="{name}"]')
            self.unfold(f'[id="{name}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
            self.data.append(value)

    def on(self, values: Mapping[str, str]) -> None:
        """Fill a form in and send it."""
        self.type_in(values)
        self.press("main .actions .btn-primary")

    def sign_in(self, login: str, password: str) -> None:
        """Sign in, in place of whoever was signed in."""
        self.tab.context.clear_cookies(name="ccezone_session")
        self.go("/sign-in")
        self.type_in({"login": login, "password": password})
        self.press("main button.btn-primary")
        assert self.tab.url == f"{self.url}/home"

    def look(self) -> None:
        """Judge the page that is shown now."""
        self.tab.wait_for_load_state("load")
        here = self.tab.url.removeprefix(self.url)
        assert not (found := self._chinese()), f"{here}: {found[:9]}"
        kind = _ID.sub("…", here.partition("?")[0])
        assert kind in self.seen or not (found := violations(self.tab)), f"{here}: {found}"
        self.seen.add(kind)

    def _chinese(self) -> list[str]:
        known = "\n".join(self.data)
        texts: list[str] = self.tab.evaluate(_TEXTS)
        return [text.strip() for text in texts if any(run not in known for run in _CHINESE.findall(text))]


@cache
def _only_chinese() -> tuple[str, ...]:
    """Official names that nobody has put into English: customs offices, mostly."""
    lists = (code_list(name) for name in code_list_names())
    return tuple(code.label_zh for known in lists for code in known.codes.values() if not code.label_en)


@contextmanager
def person(browser: Browser, url: str, language: str = "en") -> Iterator[Person]:
    """Somebody with a browser of their own."""
    context = browser.new_context(bypass_csp=True)  # the policy of the site gives way to axe
    context.add_cookies([{"name": "ccezone_language", "value": language, "url": url}])
    yield Person(context.new_page(), url)
    context.close()
