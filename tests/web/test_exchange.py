"""The interface log adds up to the deliveries behind it; the catalogue names every data set with its columns."""

import re
from pathlib import Path

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.statistics.sources import SOURCES
from ccezone.storage import Database
from tests.hub.bills import export_bills
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


def cells(page: str, label: str) -> list[int]:
    """The numbers of a column."""
    return [int(each.replace(",", "")) for each in re.findall(rf'data-label="{label}" class="number">([\d,]+)<', page)]


def test_the_log_of_partners_adds_up_to_the_deliveries_and_opens_their_days(site: ZoneSite) -> None:
    site.hub.imports(3)
    site.hub.clock.advance(days=2)
    site.hub.post(*export_bills(1))
    officer = site.browser("officer")
    page = officer.get("/office/exchange?days=7").text
    [(documents, deliveries)] = site.hub.rows("SELECT sum(documents), count(*) FROM intake_batch")
    assert sum(cells(page, "份数")) == documents
    assert sum(cells(page, "批次数")) == deliveries
    partners = {address.replace("&amp;", "&") for address in re.findall(r'href="(/office/exchange/of/[^"]*)"', page)}
    assert sum(sum(cells(officer.get(each).text, "份数")) for each in partners) == documents
    today = officer.get("/office/exchange?days=1").text
    assert 0 < sum(cells(today, "份数")) < documents


def test_a_span_nobody_offers_and_a_partner_nobody_knows_are_refused(site: ZoneSite) -> None:
    officer = site.browser("officer")
    assert officer.get("/office/exchange?days=365").status_code == 400
    assert officer.get("/office/exchange/of/00000000-0000-0000-0000-000000000001").status_code == 404


def test_the_catalogue_names_every_data_set_and_marks_those_with_personal_values(site: ZoneSite) -> None:
    page = site.browser("officer").get("/office/exchange/catalogue").text
    assert re.findall(r'data-set="(\w+)"', page) == [source.name for source in SOURCES]
    assert page.count("含个人信息，加密保存") == sum(source.sealed for source in SOURCES)
    assert "<code>waybill_no</code>" in page
