"""The monitor as a node's officer sees it: its firms' figures, each number with its rows; a branch sees its windows' too."""

from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from ccezone.background.service import run_next_job
from ccezone.kernel.clock import FixedClock
from ccezone.statistics.goods_export import ExportGoods
from ccezone.statistics.service import GOODS_JOB, recompute_figures
from ccezone.storage import Database
from tests.hub.people import PASSWORD
from tests.web.test_monitor import ZONE, behind, numbers, trade
from tests.web.zone_of_nodes import officer_of
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
_NODES = """
INSERT INTO node (id, code, kind, name, name_en, address, country, document, open_from, created_at, updated_at, parent)
SELECT gen_random_uuid(), code, kind, code, '', '', '', '', '2020-01-01', now(), now(), parent
FROM (VALUES ('BRANCH', 'branch', NULL), ('OTHER', 'branch', NULL)) AS n (code, kind, parent)
"""


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    found = zone_site(database, clock, tmp_path / "keys")
    trade(found)
    found.hub.change(_NODES)
    found.hub.change("UPDATE node SET parent = 'BRANCH' WHERE code = 'NK-1'")
    found.hub.change("UPDATE enterprise SET node = 'OTHER' WHERE node <> 'NK-1'")
    recompute_figures(found.hub.database, found.hub.clock, ZONE)
    return found


def officer(site: ZoneSite, node: str) -> FlaskClient:
    browser = site.app.test_client()
    login = officer_of(site.hub.database, node, site.hub.clock)
    assert browser.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 302
    return browser


def released(browser: FlaskClient) -> int:
    page = browser.get("/office/monitor?span=year&by=flow").text
    return sum(number for address, number, _worth in numbers(page) if "by=flow" in address)


def test_each_node_counts_its_own_and_together_they_are_the_zone(site: ZoneSite) -> None:
    own, above, other, whole = (officer(site, node) for node in ("NK-1", "BRANCH", "OTHER", ""))
    assert released(own) == released(above) > 0
    assert released(other) > 0
    assert released(own) + released(other) == released(whole)


def test_every_number_of_a_node_opens_its_rows(site: ZoneSite) -> None:
    browser = officer(site, "BRANCH")
    pages = [f"/office/monitor?span=year&by={by}" for by in ("mode", "node", "enterprise")] + ["/office/monitor/wall?span=year"]
    found = {number for page in pages for number in numbers(browser.get(page).text)}
    assert len(found) > 10
    for address, number, worth in found:
        rows = behind(browser, address)
        assert rows.rows == number, address
        assert worth is None or rows.yuan == worth, address


def test_an_export_holds_what_its_reader_sees(site: ZoneSite) -> None:
    browser = officer(site, "NK-1")
    asked = browser.post("/office/monitor/goods?since=2026-01-01&until=2026-12-31")
    assert asked.status_code == 303
    hub = site.hub
    assert run_next_job(hub.database, {GOODS_JOB: ExportGoods(hub.database, hub.vault, hub.clock)}, hub.clock) == 1
    address = asked.location
    file = browser.get(f"{address}/file")
    assert file.status_code == 200
    rows = CalamineWorkbook.from_filelike(BytesIO(file.data)).get_sheet_by_name("明细 Rows").to_python()
    assert len(rows) - 1 == released(browser)
    assert officer(site, "OTHER").get(f"{address}/file").status_code == 404
