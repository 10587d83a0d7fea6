"""The page of a firm's own figures: a number opens exactly its rows, and nobody else's."""

import re
from pathlib import Path

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.statistics.service import refresh_figures
from ccezone.storage import Database
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


@pytest.mark.parametrize("by", ["day", "week", "month", "flow", "mode", "country", "chapter", "stage"])
def test_a_number_opens_its_lists(site: ZoneSite, by: str) -> None:
    site.hub.imports(4)
    refresh_figures(site.hub.database, site.hub.clock)
    browser = site.browser("cosmetics")
    page = browser.get(f"/firm/figures?by={by}").text
    opened = re.findall(r'href="(/firm/figures/rows[^"]+)">(\d+)</a>', page)
    assert [number for _, number in opened] == ["2"]
    rows = browser.get(opened[0][0].replace("&amp;", "&")).text
    assert rows.count('href="/declarations/1') == 2
    assert "这段时间没有清单" in site.browser("platform_import").get("/firm/figures").text


def test_days_that_make_no_sense_are_refused(site: ZoneSite) -> None:
    browser = site.browser("cosmetics")
    for wrong in ("by=moon", "since=x", "since=2026-06-02&until=2026-06-01", "since=2000-01-01"):
        assert browser.get(f"/firm/figures?{wrong}").status_code == 400, wrong
