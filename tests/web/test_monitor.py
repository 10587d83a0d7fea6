"""The zone's monitor: every number opens exactly the rows it counts, and they add up to what it says they are worth."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from ccezone.background.service import run_next_job
from ccezone.kernel.clock import FixedClock
from ccezone.parameters.service import MonthlyRates, set_exchange_rates
from ccezone.statistics.goods_export import ExportGoods
from ccezone.statistics.queries import counted, goods_so_far
from ccezone.statistics.service import GOODS_JOB, recompute_figures, refresh_figures
from ccezone.storage import Database
from tests.hub.bills import export_bills
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
ZONE, DOLLAR = "GZ", "502"
_WINDOW = """
INSERT INTO node (id, code, kind, name, name_en, address, country, document, open_from, created_at, updated_at)
VALUES (gen_random_uuid(), 'NK-1', 'window', '南康', '', '', '', '', '2020-01-01', now(), now())
"""
CRITERIA = ("mode", "flow", "country", "chapter", "node", "park", "enterprise")


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


@dataclass(frozen=True)
class Behind:
    """What the rows of an address come to, over all its pages."""

    rows: int
    yuan: Decimal


def trade(site: ZoneSite, imports: int = 10) -> None:
    """Two weeks of imports and exports in many states; one firm in a park."""
    hub = site.hub
    hub.change("UPDATE enterprise SET node = 'NK-1' WHERE id = %(id)s", id=hub.party("cosmetics").id)
    hub.change(_WINDOW)
    first = hub.imports(4)
    hub.dispatch()
    for number, each in enumerate(first):
        hub.clock.advance(seconds=45 * number)
        hub.answer(each, 2, 120, 800)
    hub.clock.advance(days=7)
    for number in range(1, 6):
        hub.post(*export_bills(number))
    hub.imports(imports)
    hub.dispatch()
    refresh_figures(hub.database, hub.clock, ZONE)
    fresh = dict(hub.rows("SELECT id, flow FROM declaration_list WHERE NOT id = ANY(%(ids)s) ORDER BY id", ids=first))
    imported, exported = ([number for number, flow in fresh.items() if flow == each] for each in "IE")
    hub.answer(imported[0], 100)
    for each in imported[1:-1]:
        hub.answer(each, 120, 800)
    hub.answer(exported[0], 120, 399, 400, 800)
    for each in exported[1:4]:
        hub.answer(each, 120, 399, 400, 800, 899)
    hub.clock.advance(hours=1)
    refresh_figures(hub.database, hub.clock, ZONE)
    with hub.database.begin() as uow:
        rates = MonthlyRates(date(2026, 6, 1), {DOLLAR: "7.1234"}, "test")
        set_exchange_rates(uow, hub.clock, entered=rates, created_by="test")


def numbers(page: str) -> list[tuple[str, int, Decimal | None]]:
    """Every number of the page with what it opens, and what it says the rows are worth."""
    found = re.findall(r'<a class="tap" href="([^"]*)" data-count="(\d+)"(?: data-sum="([^"]*)")?', page)
    return [(unescape(address), int(number), Decimal(worth) if worth else None) for address, number, worth in found]


def behind(browser: FlaskClient, address: str) -> Behind:
    """Count the rows an address shows on all its pages, and add them up."""
    count, yuan = 0, Decimal(0)
    following: str | None = address
    while following:
        page = browser.get(following)
        assert page.status_code == 200, following
        count += sum(int(number) for number in re.findall(r'data-rows="(\d+)"', page.text))
        yuan += sum((Decimal(each) for each in re.findall(r'data-yuan="([^"]*)"', page.text)), Decimal(0))
        links = re.findall(r'rel="next" href="([^"]*)"', page.text)
        following = unescape(links[0]) if links else None
    return Behind(count, yuan)


def test_every_number_opens_its_rows_and_equals_their_count_and_sum(site: ZoneSite) -> None:
    trade(site, imports=60)
    refresh_figures(site.hub.database, site.hub.clock, ZONE)
    officer = site.browser("officer")
    pages = [f"?span={span}" for span in ("today", "week", "month", "year")] + [f"?span=year&by={by}" for by in CRITERIA]
    pages = [*pages, "/wall", "/wall?span=year"]
    found = {number for page in pages for number in numbers(officer.get(f"/office/monitor{page}").text)}
    opened = {address: behind(officer, address) for address, _number, _worth in found}
    assert len(found) > 40
    assert max(number for _address, number, _worth in found) > 50
    for address, number, worth in found:
        assert opened[address].rows == number, address
        if worth is not None:
            assert opened[address].yuan == worth, address
            assert worth > 0, address


def test_totals_read_up_to_any_day_count_nothing_of_the_days_after_it(site: ZoneSite) -> None:
    trade(site)
    days = [day for (day,) in site.hub.rows("SELECT DISTINCT counted_on FROM list_fact WHERE counted_on IS NOT NULL ORDER BY 1")]
    assert len(days) > 1
    with site.hub.database.reading() as connection:
        for until in (day + timedelta(days=more) for day in days for more in (-1, 0, 1)):
            (expected,) = site.hub.rows("SELECT count(*) FROM list_fact WHERE counted_on <= %(until)s", until=until)[0]
            found = counted(connection, date(2026, 1, 1), goods_so_far(connection, until))
            assert sum(each.lists for each in found) == expected


def test_the_page_says_how_old_its_figures_are_and_when_they_stand_still(site: ZoneSite) -> None:
    trade(site)
    officer = site.browser("officer")
    assert "数字已停止更新" not in officer.get("/office/monitor").text
    site.hub.clock.advance(seconds=59)
    assert 'data-age="59"' in officer.get("/office/monitor").text
    assert "59 秒前" in officer.get("/office/monitor/wall").text
    site.hub.clock.advance(minutes=10)
    page = officer.get("/office/monitor").text
    assert "数字已停止更新" in page
    assert "10 分钟前" in page


def test_every_kind_of_number_is_on_the_page(site: ZoneSite) -> None:
    trade(site)
    officer = site.browser("officer")
    text = "".join(officer.get(f"/office/monitor?span=year&by={by}").text for by in CRITERIA)
    found = {address for address, _number, _worth in numbers(text)}
    for part in (
        *(f"by={by}&" for by in (*CRITERIA, "hour", "destination")),
        "bucket=",
        "before=",
        "step=released",
        "step=arrived",
    ):
        assert any(part in address for address in found), part


def test_increments_equal_a_recomputation(site: ZoneSite) -> None:
    trade(site)
    refresh_figures(site.hub.database, site.hub.clock, ZONE)
    officer = site.browser("officer")
    pages = [f"/office/monitor?span=year&by={by}" for by in CRITERIA]
    before = [numbers(officer.get(page).text) for page in pages]
    recompute_figures(site.hub.database, site.hub.clock, ZONE)
    assert [numbers(officer.get(page).text) for page in pages] == before


def test_exports_count_when_completed_and_imports_when_released(site: ZoneSite) -> None:
    trade(site)
    page = site.browser("officer").get("/office/monitor?span=year&by=flow").text
    counted = {address[-1]: number for address, number, _worth in numbers(page) if "by=flow" in address}
    assert counted == {"E": 3, "I": 8}


def test_a_rate_that_is_entered_late_prices_what_was_counted_before(site: ZoneSite) -> None:
    trade(site)
    officer = site.browser("officer")
    (before,) = _exports(officer)
    assert before == (3, Decimal(0))
    assert refresh_figures(site.hub.database, site.hub.clock, ZONE) == 3
    ((number, yuan),) = _exports(officer)
    worth = site.hub.rows("SELECT sum(round(worth * 7.1234, 2)) FROM list_fact WHERE flow = 'E' AND counted_on IS NOT NULL")
    assert (number, yuan) == (3, worth[0][0])
    assert refresh_figures(site.hub.database, site.hub.clock, ZONE) == 0


def _exports(officer: FlaskClient) -> list[tuple[int, Decimal | None]]:
    page = officer.get("/office/monitor?span=year&by=flow").text
    return [(number, worth) for address, number, worth in numbers(page) if address.endswith("by=flow&key=E")]


def test_the_funnel_never_widens(site: ZoneSite) -> None:
    trade(site)
    page = site.browser("officer").get("/office/monitor?span=year").text
    steps = [
        next(number for address, number, _worth in numbers(page) if f"step={step}" in address and "flow" not in address)
        for step in ("arrived", "matched", "filed", "released")
    ]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] > steps[-1] > 0


def test_an_empty_zone_shows_noughts(site: ZoneSite) -> None:
    officer = site.browser("officer")
    for page in ("", "/wall", "?span=today&by=enterprise", "?all=1"):
        answer = officer.get(f"/office/monitor{page}")
        assert answer.status_code == 200
        assert numbers(answer.text) == []


@pytest.mark.parametrize(
    "address",
    [
        *("?span=moon", "?by=moon", "/wall?span=x", "/goods", "/goods?since=2026-06-02&until=2026-06-01", "/orders?since=x"),
        *(f"/goods?since=2026-06-01&until=2026-06-01&{more}" for more in ("by=moon", "bucket=99", "before=3&by=flow", "after=x")),
        *(f"/orders?since=2026-06-01&until=2026-06-01&{more}" for more in ("step=moon", "flow=X", "after=x")),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(site: ZoneSite, address: str) -> None:
    assert site.browser("officer").get(f"/office/monitor{address}").status_code == 400


def test_firms_do_not_see_the_monitor(site: ZoneSite) -> None:
    firm = site.browser("cosmetics")
    for page in ("", "/wall", "/goods", "/orders"):
        assert firm.get(f"/office/monitor{page}").status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_auditor_reads_it_in_both_languages(site: ZoneSite, language: str) -> None:
    trade(site)
    auditor = site.browser("auditor")
    auditor.set_cookie("ccezone_language", language)
    for page in ("", "/wall", "?span=year&by=enterprise"):
        assert auditor.get(f"/office/monitor{page}").status_code == 200


def test_released_goods_are_taken_away_as_a_workbook(site: ZoneSite) -> None:
    trade(site)
    hub, officer = site.hub, site.browser("officer")
    today = "since=2026-01-01&until=2026-12-31"
    asked = officer.post(f"/office/monitor/goods?{today}&by=flow&key=I")
    assert asked.status_code == 303
    assert officer.post(f"/office/monitor/goods?{today}").status_code == 422
    assert officer.get(asked.location).status_code == 200
    assert run_next_job(hub.database, {GOODS_JOB: ExportGoods(hub.database, hub.vault, hub.clock)}, hub.clock) == 1
    page = officer.get(asked.location).text
    (file,) = re.findall(r'href="(/office/monitor/exports/[^"]*/file)"', page)
    book = CalamineWorkbook.from_filelike(BytesIO(officer.get(file).data))
    totals, rows = (book.get_sheet_by_index(number).to_python()[1:] for number in (0, 1))
    assert len(rows) == 8
    assert {row[4] for row in rows} == {"I"}
    assert {row[1]: row[3] for row in totals if row[0] == "flow"} == {"E": 3, "I": 8}
    assert site.browser("auditor").get(file).status_code == 403
