"""The journey of a workbook in a real browser: 1,000 good rows and 50 bad ones, mended, sent again; its pages are accessible."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from ccezone.background.service import run_next_job
from ccezone.bills.service.workbooks import JOB, TakeWorkbookIn
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from integrations.workbooks import SheetWorkbooks
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.trading_site import TradingSite, trading_site
from tests.workbooks.sheets import grid, orders, xlsx

pytestmark = [pytest.mark.browser, pytest.mark.storage]
UNIT = "计量单位"
PLACE = "/batches/workbooks"


@pytest.fixture
def rest() -> Event:
    """Keeps the worker from taking up jobs while it is set."""
    return Event()


@pytest.fixture
def trading(database: Database, clock: FixedClock, rest: Event) -> Iterator[TradingSite]:
    """A zone with a worker at work; the platform may sign in."""
    site = trading_site(database, clock)
    site.user("platform_export")
    stop = Event()
    worker = Thread(target=work, args=(site, stop, rest))
    worker.start()
    yield site
    stop.set()
    worker.join()
    site.zone.database.close()


def work(site: TradingSite, stop: Event, rest: Event) -> None:
    """Do background jobs until told to stop."""
    zone = site.zone
    handler = TakeWorkbookIn(zone.database, zone.vault, zone.clock, zone.deliveries, SheetWorkbooks())
    while not stop.wait(0.05):
        if not rest.is_set():
            run_next_job(zone.database, {JOB: handler}, zone.clock)


@pytest.fixture
def app(trading: TradingSite) -> Flask:
    """What ``site`` serves."""
    return trading.app


def send(page: Page, site: str, path: Path) -> None:
    """Choose a file and upload it."""
    page.goto(site + PLACE)
    page.set_input_files("#file", path)
    page.click("main form .actions .btn-primary")


def test_a_workbook_is_uploaded_mended_and_uploaded_again(trading: TradingSite, site: str, page: Page, tmp_path: Path) -> None:
    rows = [row | {"商品序号": 1.0} for number in range(1, 1051) for row in orders(1, number)[:1]]
    first = tmp_path / "一月订单.xlsx"
    first.write_bytes(xlsx([row | {UNIT: "999"} if place % 21 == 20 else row for place, row in enumerate(rows)]))
    enter(page, site, "platform_export")
    send(page, site, first)
    settled = page.locator(".settled")
    expect(settled).to_have_text("1,050 行 = 新收下 1,000 + 重复 0 + 退回 50 + 空行及跳过 0", timeout=60_000)
    with page.expect_download() as download:
        page.click("#job .btn-primary")
    assert download.value.suggested_filename == "一月订单-待更正.xlsx"
    back = CalamineWorkbook.from_object(BytesIO(download.value.path().read_bytes())).get_sheet_by_index(0).to_python()
    place = back[0].index(UNIT)
    mended = tmp_path / "一月订单-待更正.xlsx"
    mended.write_bytes(grid([back[0], *([*row[:place], "011", *row[place + 1 :]] for row in back[1:])]))
    send(page, site, mended)
    expect(settled).to_have_text("50 行 = 新收下 50 + 重复 0 + 退回 0 + 空行及跳过 0", timeout=60_000)
    page.goto(site + PLACE)
    expect(page.locator("main tbody tr")).to_have_count(2)
    with trading.zone.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*), count(DISTINCT order_key) FROM order_version").one() == (1050, 1050)


def test_waiting_takes_no_button_from_under_the_hand_and_asks_no_more_once_it_is_over(
    rest: Event, site: str, page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(xlsx(orders(2)))
    rest.set()
    enter(page, site, "platform_export")
    send(page, site, path)
    halt = page.locator("#job form button")
    halt.focus()
    first = page.locator("#moving").element_handle()
    page.wait_for_function("first => !document.contains(first)", arg=first)
    expect(halt).to_be_focused()
    rest.clear()
    expect(page.locator("#job .settled")).to_be_visible(timeout=60_000)
    expect(page.locator("#job [hx-get]")).to_have_count(0)
    expect(page.locator("#job")).to_have_count(1)


@SCREENS
def test_pages_of_workbooks_are_accessible_and_fit_the_screen(
    site: str, browser: Browser, language: str, width: int, tmp_path: Path
) -> None:
    path, torn = tmp_path / "orders.xlsx", tmp_path / "torn.csv"
    path.write_bytes(xlsx([row | {UNIT: "999", "运营备忘": "急"} if place % 2 else row for place, row in enumerate(orders(4))]))
    torn.write_text("a,b\n1,2\n")
    with screen(browser, site, language, width) as tab:
        enter(tab, site, "platform_export")
        for file in (path, torn):
            send(tab, site, file)
            tab.wait_for_selector("#job .btn-primary, #job .fault-list")
            assert_accessible(tab, site, [tab.url.removeprefix(site)])
        assert_accessible(tab, site, [PLACE])
