"""Figures to explore, and figures for everybody: they add up, open what they count, and give no firm away."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from ccezone.kernel.clock import FixedClock
from ccezone.statistics.queries.contributors import contributors
from ccezone.statistics.queries.open_figures import reduced, totals
from ccezone.statistics.rules.supplements import Source
from ccezone.statistics.service.adding_up import add_up
from ccezone.storage import Database
from tests.hub.founding import NOW
from tests.statistics.returned import compiled, order, traded
from tests.statistics.returned import told as returned
from tests.statistics.supplying import fed, row
from tests.statistics.test_returns import published
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
EXPLORED = (
    "rows=mode",
    "rows=country&columns=month",
    "rows=country&columns=none&flow=I",
    "rows=month",
    "rows=enterprise",
    "rows=park",
)


@pytest.fixture
def site(database: Database, tmp_path: Path) -> ZoneSite:
    found = zone_site(database, FixedClock(NOW), tmp_path / "keys")
    traded(found.hub)
    return found


def test_every_number_of_the_explorer_opens_the_rows_it_adds_up_and_files_say_the_same(site: ZoneSite) -> None:
    officer = site.browser("officer")
    opened = 0
    for asked in EXPLORED:
        page = officer.get(f"/office/explore?{asked}&since=2026-01-01&until=2026-01-31").text
        numbers = re.findall(r'href="([^"]*goods[^"]*)" data-number="([^"]*)"', page)
        for link, number in numbers:
            rows = re.findall(r'data-yuan="([^"]*)"', officer.get(unescape(link)).text)
            assert sum(map(Decimal, rows), Decimal(0)) == Decimal(number), (asked, link)
            opened += 1
        told = officer.get(f"/office/explore/table.csv?{asked}&since=2026-01-01&until=2026-01-31").data.decode("utf-8-sig")
        heads, *lines, total = csv.reader(io.StringIO(told))
        for at in range(1, len(heads)):
            assert sum((Decimal(line[at] or 0) for line in lines), Decimal(0)) == Decimal(total[at]), (asked, heads[at])
        assert f'data-number="{total[-1]}"' in page
        book = officer.get(f"/office/explore/table.xlsx?{asked}&since=2026-01-01&until=2026-01-31").data
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
        assert sheet[-1][-1] == float(total[-1])
    assert opened > 20


def test_what_cannot_be_explored_is_refused_and_firms_do_not_explore(site: ZoneSite) -> None:
    officer = site.browser("officer")
    for asked in ("rows=person", "columns=x", "rows=month&columns=month", "since=2020-01-01", "since=x", "measure=x", "flow=X"):
        assert officer.get(f"/office/explore?{asked}").status_code == 400, asked
    assert site.browser("cosmetics").get("/office/explore").status_code == 403


def test_everybody_sees_a_published_month_without_a_figure_that_rests_on_few_firms(site: ZoneSite) -> None:
    anybody = site.browser("nobody")
    assert "还没有发布的统计月报" in anybody.get("/statistics").text
    published(site.hub, compiled(site.hub))
    firm = site.hub.party("furniture").id
    site.hub.change("UPDATE list_fact SET merchant_id = %(firm)s WHERE flow = 'E'", firm=firm)
    site.hub.change("UPDATE list_fact SET merchant_id = gen_random_uuid() WHERE flow = 'I'")  # each of its own firm
    recompute_totals(site)
    compiled_again(site)
    page = anybody.get("/statistics?lang=en").text
    row = site.hub.rows("SELECT sum(cny) FROM list_fact WHERE flow = 'I' AND counted_on IS NOT NULL")[0][0]
    exported = site.hub.rows("SELECT sum(cny) FROM list_fact WHERE flow = 'E' AND counted_on IS NOT NULL")[0][0]
    assert f"{row:,.2f}" in page
    assert f"{exported:,.2f}" not in page
    assert f"{row + exported:,.2f}" not in page
    assert "Withheld" in page
    for name in ("months", "modes", "national_totals"):
        assert anybody.get(f"/statistics/data/{name}").status_code == 200
    national = anybody.get("/statistics/national?month=2019-10").text
    assert "212,916,095" in national
    assert "-0.9%" in national
    assert re.search(r"2024H1.*?初步数.*?1\.22", national, re.S)
    assert anybody.get("/statistics/national?month=2019-11").status_code == 404
    assert anybody.get("/statistics?month=2030-01").status_code == 404


def test_firms_that_feeds_name_count_and_parcels_of_nobody_known_do_not(site: ZoneSite) -> None:
    parties = [site.hub.party(key) for key in ("furniture", "cosmetics", "milk")]
    firms = [party.uscc for party in parties]
    listed = {each for (each,) in site.hub.rows("SELECT merchant_id FROM list_fact WHERE flow = 'E' AND trade_mode = '9610'")}
    fed(site.hub, *(row(f"RR{n}", trade_mode="9610", enterprise_code=code) for n, code in enumerate(firms)))
    fed(site.hub, *(row(f"EX{n}", country="601") for n in range(9)), source=Source.EXPRESS)
    fed(site.hub, row("RR9", country="116", enterprise_code=firms[0]), row("RR10", country="116", enterprise_code=firms[1]))
    with site.hub.database.reading() as connection:
        found = contributors(connection, date(2026, 1, 1), date(2026, 1, 31))
    assert found["mode"]["9610"]["export"] == len(listed | {party.id for party in parties}) > len(listed)
    assert "express" not in found["mode"]
    assert "601" not in found["country"]
    assert found["country"]["116"]["export"] == 2
    told = reduced(returned(site.hub, compiled(site.hub)), 3)
    countries = {each.key: each.cells["export"] for each in told.tables["country"]}
    assert (countries["601"], countries["116"]) == (None, None)
    alone = {"name": "enterprise", "rows": [{"key": key, "cells": told_cells(1)} for key in ("", "a", "b")]}
    total = {"name": "mode", "total": {"cells": told_cells(3)}, "rows": []}
    assert totals({"tables": [total, alone]}, {}, 3) == {"export": None, "import": None}  # nobody's parcels are no third firm


def told_cells(lists: int) -> dict[str, dict[str, object]]:
    return {flow: {"lists": lists, "value": "1.00", "growth": None} for flow in ("export", "import")}


def recompute_totals(site: ZoneSite) -> None:
    """Add the totals up from the facts as they are."""
    add_up(site.hub.database)


def compiled_again(site: ZoneSite) -> None:
    """Publish a corrected edition."""
    second = compiled(site.hub, order(reason="更正"))
    published(site.hub, second)
