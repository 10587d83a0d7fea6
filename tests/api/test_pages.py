"""The pages about the interface: every operation and shape in both languages, without scripts, and what can be tried."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.api.conftest import Api
from tests.api.contract import served

pytestmark = pytest.mark.storage
AXE = Path("node_modules/axe-core/axe.min.js")
SOME = "(each, at) => each.open = at % 9 === 0"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def page(api: Api, path: str, language: str = "en") -> str:
    """A page in a language."""
    browser = api.app.test_client()
    browser.set_cookie("ccezone_language", language)
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reference_shows_every_operation_and_leads_to_shapes_that_exist(api: Api, language: str) -> None:
    document = api.client.get("/api/openapi.json", headers={"Accept-Language": language}).get_json()
    text = page(api, "/api/docs", language)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                assert f'id="{operation["operationId"]}"' in text, path
                assert path in text
    shapes = set(re.findall(r'href="(/api/docs/\w+)"', text))
    assert len(shapes) >= 30
    for shape in shapes:
        page(api, shape, language)


def test_a_shape_that_is_none_is_a_problem(api: Api) -> None:
    assert api.client.get("/api/docs/Nonsense").status_code == 404


def test_examples_are_shown_as_they_are_sent(api: Api) -> None:
    assert "&#34;orderNo&#34;: &#34;E20260105000000001&#34;" in page(api, "/api/docs")


@pytest.mark.parametrize("path", ["/developer", "/api/docs"])
def test_the_outcomes_to_try_are_shown_where_the_sandbox_is_on(api: Api, path: str) -> None:
    assert "*-REJECT-*" in page(api, path)


def test_outside_the_sandbox_no_outcome_is_promised(bare: Api) -> None:
    assert "*-REJECT-*" not in page(bare, "/developer")
    assert bare.get("/sandbox").get_json() == {"on": False, "outcomes": []}


def test_limits_are_those_in_force(api: Api) -> None:
    api.hub.change("UPDATE parameter SET value = '77' WHERE key = 'api.requests_per_minute'")
    assert "77" in page(api, "/developer")


@pytest.fixture
def site(api: Api) -> Iterator[str]:
    """The site on a free port."""
    with served(api) as url:
        yield url


@pytest.mark.browser
def test_the_reference_is_accessible_and_fits_a_phone(site: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 900}, bypass_csp=True)
    tab = context.new_page()
    for path in ("/developer", "/api/docs", "/api/docs/ExportOrder"):
        tab.goto(site + path)
        tab.evaluate(
            "document.querySelectorAll('details.operation, details.sample').forEach((each, at) => each.open = at % 9 === 0)"
        )
        tab.evaluate(AXE.read_text(encoding="utf-8"))
        found = tab.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        assert found == [], path
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    context.close()
