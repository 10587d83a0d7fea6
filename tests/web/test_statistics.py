"""Figures to explore, and figures for everybody: they add up, open what they count, and give no firm away."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from ccezone.bench.return_facts import fill
from ccezone.kernel.clock import FixedClock
from ccezone.statistics.queries import Goods
from ccezone.statistics.queries.contributors import contributors
from ccezone.statistics.queries.explorer import Question, answered
from ccezone.statistics.queries.firm_goods import firm_goods_rows, firm_goods_sum
from ccezone.statistics.queries.open_figures import reduced, totals
from ccezone.statistics.rules.supplements import Source
from ccezone.statistics.service.adding_up import add_up
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.hub.founding import NOW
from tests.statistics.returned import compiled, order, traded
from tests.statistics.returned import told as returned
from tests.statistics.supplying import fed, row
from tests.statistics.test_returns import published
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
OWN_ORDERS = "SELECT order_no FROM declaration_list WHERE merchant_id = %(firm)s"
MERCHANTS = ("furniture", "oranges", "textiles", "electronics", "cosmetics", "milk")
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


@pytest.mark.parametrize(("measure", "form"), [("value", "{:,.2f}"), ("lists", "{:,}")])
def test_cells_of_the_explorer_are_written_and_addressed_as_single_numbers_are(site: ZoneSite, measure: str, form: str) -> None:
    officer, seen = site.browser("officer"), 0
    for asked in EXPLORED:
        page = officer.get(f"/office/explore?{asked}&measure={measure}&since=2026-01-01&until=2026-01-31").text
        found = re.findall(
            r'<td class="number" data-label="([^"]+)"><a class="tap" href="([^"]*)" data-number="([^"]*)">([^<]*)</a></td>', page
        )
        assert len(found) == page.count("data-number="), asked
        for _head, link, number, told in found:
            path, _, query = unescape(link).partition("?")
            assert urlencode(parse_qsl(query)) == query
            assert list(dict(parse_qsl(query)))[-2:] == ["since", "until"] or path == "/office/explore"
            assert told == form.format(Decimal(number))
            seen += 1
    assert seen > 20


def test_a_firm_explores_its_own_goods_alone_and_all_firms_together_are_the_zone(site: ZoneSite) -> None:
    january = "since=2026-01-01&until=2026-01-31"
    firms = {firm for (firm,) in site.hub.rows("SELECT DISTINCT merchant_id FROM list_fact WHERE counted_on IS NOT NULL")}
    browsers = {who: site.browser(who) for who in MERCHANTS if site.hub.party(who).id in firms}
    officer = site.browser("officer")
    assert len(browsers) == len(firms) > 1
    for asked in ("rows=mode", "rows=country&columns=month", "rows=chapter&columns=none&flow=I", "rows=month"):
        file = f"table.csv?{asked}&{january}"
        told = [totals_of(browser.get(f"/firm/explore/{file}")) for browser in browsers.values()]
        assert sum(told) == totals_of(officer.get(f"/office/explore/{file}")) > 0, asked
        for who in ("furniture", "cosmetics"):
            opened(site, who, browsers[who], f"/firm/explore?{asked}&{january}")


def opened(site: ZoneSite, who: str, browser: FlaskClient, address: str) -> None:
    """Open every number of a firm's page: its rows add up to it, and are the firm's alone."""
    mine = {number for (number,) in site.hub.rows(OWN_ORDERS, firm=site.hub.party(who).id)}
    for link, number in re.findall(r'href="([^"]*goods[^"]*)" data-number="([^"]*)"', browser.get(address).text):
        page = browser.get(unescape(link)).text
        assert sum(map(Decimal, re.findall(r'data-yuan="([^"]*)"', page)), Decimal(0)) == Decimal(number), (who, link)
        told = re.findall(r'href="/declarations/\d+">([^<]*)</a>', page)
        assert told
        assert set(told) <= mine


def test_no_address_leads_a_firm_beyond_its_own_goods(site: ZoneSite) -> None:
    january = "since=2026-01-01&until=2026-01-31"
    browser, rival = site.browser("cosmetics"), site.hub.party("furniture").id
    for asked in ("rows=enterprise", "rows=node", "rows=park", "rows=person", "since=2020-01-01", "rows=month&columns=month"):
        assert browser.get(f"/firm/explore?{asked}").status_code == 400, asked
        assert browser.get(f"/firm/explore/table.csv?{asked}").status_code == 400, asked
    for by in ("enterprise", "enterprise_flow", "node", "park_flow", "hour", "destination", "x"):
        assert browser.get(f"/firm/explore/goods?{january}&by={by}&key={rival}").status_code == 400, by
    for more in ("bucket=3", "before=4", "after=x_1"):
        assert browser.get(f"/firm/explore/goods?{january}&{more}").status_code == 400, more
    assert browser.get("/firm/explore/goods?since=2026-01-01&until=2029-01-01").status_code == 400
    assert browser.get("/firm/explore/goods?since=2026-01-01").status_code == 400
    theirs = {number for (number,) in site.hub.rows(OWN_ORDERS, firm=rival)}
    seen = browser.get(f"/firm/explore/goods?{january}&firm={rival}&merchant_id={rival}&enterprise_id={rival}").text
    assert theirs
    assert not [number for number in theirs if number in seen]
    same = browser.get(f"/firm/explore?{january}&firm={rival}&merchant_id={rival}").text
    assert re.findall(r'data-number="([^"]*)"', same) == re.findall(
        r'data-number="([^"]*)"', browser.get(f"/firm/explore?{january}").text
    )
    assert site.browser("officer").get("/firm/explore").status_code == 403
    assert site.browser("nobody").get("/firm/explore").status_code == 302


def test_pages_of_a_firms_goods_follow_one_another_without_a_gap(database: Database) -> None:
    fill(database, 2000, datetime(2026, 11, 22, 7, 30, tzinfo=UTC))
    since, until = date(2026, 1, 1), date(2026, 11, 22)
    with database.reading() as connection:
        firm = fetch(connection, "SELECT merchant_id FROM list_fact GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")[0][0]
        statement = "SELECT id, cny FROM list_fact WHERE merchant_id = %(firm)s AND counted_on BETWEEN %(since)s AND %(until)s"
        own = fetch(connection, statement, {"firm": firm, "since": since, "until": until})
        goods, after, found = Goods(since, until), "", []
        while page := firm_goods_rows(connection, firm, goods, after, 7):
            found += [row.id for row in page]
            after = page[-1].cursor
        whole = firm_goods_sum(connection, firm, goods)
        explored = answered(connection, Question("mode", "none", since, until, "", firm))
    assert len(found) == len(set(found)) > 20
    assert set(found) == {number for number, _yuan in own}
    assert (whole.lists, whole.values["142"]) == (len(own), sum(yuan for _number, yuan in own))
    assert sum(cells[""].value for cells in explored.cells.values()) == whole.values["142"]
    assert explored.before is not None


def totals_of(file: TestResponse) -> Decimal:
    """What the last row of a file says for all of it; nothing where it has no rows."""
    *_others, total = csv.reader(io.StringIO(file.data.decode("utf-8-sig")))
    return Decimal(total[-1]) if total[0] == "合计" else Decimal(0)


def test_what_cannot_be_explored_is_refused_and_firms_do_not_explore_the_zone(site: ZoneSite) -> None:
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
