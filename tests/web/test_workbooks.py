"""The pages of workbooks: template, upload, progress, what comes back, mended and sent again."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from ccezone.accounts.rules import Permission
from ccezone.background.service import run_next_job
from ccezone.bills.service.workbooks import JOB, TakeWorkbookIn
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import run
from integrations.workbooks import SheetWorkbooks
from tests.web.trading_site import TradingSite, trading_site
from tests.workbooks.sheets import grid, orders, xlsx

pytestmark = pytest.mark.storage
UNIT = "计量单位"


@pytest.fixture
def site(database: Database, clock: FixedClock) -> Iterator[TradingSite]:
    site = trading_site(database, clock)
    yield site
    site.zone.database.close()


def send(browser: FlaskClient, content: bytes, name: str = "orders.xlsx", **more: str) -> TestResponse:
    """Upload a file by the form."""
    data = {"file": (BytesIO(content), name), **more}
    return browser.post("/batches/workbooks", data=data, content_type="multipart/form-data")


def work(site: TradingSite) -> None:
    """Let a worker do what waits."""
    zone = site.zone
    handler = TakeWorkbookIn(zone.database, zone.vault, zone.clock, zone.deliveries, SheetWorkbooks())
    while run_next_job(zone.database, {JOB: handler}, zone.clock):
        pass


def cells(content: bytes) -> list[list[str]]:
    """The first sheet's cells."""
    rows = CalamineWorkbook.from_object(BytesIO(content)).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


def count(site: TradingSite, table: str = "order_version") -> int:
    """Count a table's rows."""
    with site.zone.database.engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608  # a table's name


def test_a_template_is_handed_out_with_the_firms_own_codes(site: TradingSite) -> None:
    browser = site.browser("platform_export")
    answer = browser.get("/batches/workbooks/templates/CEB303Message")
    assert answer.status_code == 200
    header, example = cells(answer.data)[:2]
    row = dict(zip(header, example, strict=True))
    assert row["电商平台代码"] == site.zone.enterprise("platform_export").customs_code


def test_1000_good_rows_and_50_bad_ones_mended_and_sent_again_are_1050_good_and_none_double(site: TradingSite) -> None:
    rows = [row | {"商品序号": 1.0} for number in range(1, 1051) for row in orders(1, number)[:1]]
    spoiled = [row | {UNIT: "999"} if place % 21 == 20 else row for place, row in enumerate(rows)]
    browser = site.browser("platform_export")
    first = send(browser, xlsx(spoiled))
    assert first.status_code == 303
    assert "等待处理" in browser.get(first.location).text
    work(site)
    page = browser.get(first.location).text
    assert "<strong>1,050</strong> 行 = 新收下 1,000 + 重复 0 + 退回 50 + 空行及跳过 0" in page
    assert "下载退回的行（50 行）" in page
    header, *back = cells(browser.get(f"{first.location}/result").data)
    assert (len(back), {row[0] for row in back}) == (50, {"unknown_code"})
    place = header.index(UNIT)
    mended = [header, *([*row[:place], "011", *row[place + 1 :]] for row in back)]
    second = send(browser, grid(mended))
    work(site)
    assert "<strong>50</strong> 行 = 新收下 50 + 重复 0 + 退回 0" in browser.get(second.location).text
    assert count(site) == 1050
    third = send(browser, xlsx([row | {UNIT: "011"} if place % 21 == 20 else row for place, row in enumerate(rows)]))
    work(site)
    assert "<strong>1,050</strong> 行 = 新收下 0 + 重复 1,050 + 退回 0" in browser.get(third.location).text
    assert count(site) == 1050


def test_what_a_workbook_gave_back_stays_closed_to_whoever_may_not_send_bills_by_every_address(site: TradingSite) -> None:
    browser = site.browser("platform_export")
    sent = send(browser, xlsx([row | {UNIT: "999"} for row in orders(1)]))
    work(site)
    number = sent.location.rsplit("/", 1)[1]
    assert browser.get(f"{sent.location}/result").status_code == 200
    with site.zone.database.begin() as uow:
        run(uow.connection, "UPDATE user_account SET permissions = %(few)s", {"few": [Permission.PRODUCTS_READ.value]})
    for address in (f"{sent.location}/result", f"/firm/jobs/{number}/file", f"/firm/jobs/{number}"):
        assert browser.get(address).status_code == 403, address
    assert browser.post(f"/firm/jobs/{number}/stop").status_code == 403
    assert "orders.xlsx" not in browser.get("/firm/jobs").text
