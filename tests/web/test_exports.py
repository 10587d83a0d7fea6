"""Exports of all a firm's data: asked for on the page, made in the background, complete, its own only, kept for a while."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ccezone.background.service import run_next_job
from ccezone.enterprises.service import remove_product, save_products
from ccezone.kernel.clock import FixedClock
from ccezone.statistics.exporting import ExportData
from ccezone.statistics.service import JOB, KEPT, drop_stale_parts
from ccezone.statistics.sources import SOURCES
from ccezone.storage import Database
from ccezone.storage.copying import fetch, run
from tests.enterprises.conftest import a_chair
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


def work(site: ZoneSite) -> None:
    """Let a worker do what waits."""
    hub = site.hub
    while run_next_job(hub.database, {JOB: ExportData(hub.database, hub.vault, hub.clock)}, hub.clock):
        pass


def exported(site: ZoneSite, browser: FlaskClient, **form: str) -> zipfile.ZipFile:
    """Ask for an export, have it made, download it."""
    asked = browser.post("/firm/jobs", data=form)
    assert asked.status_code == 303, asked.text
    work(site)
    answer = browser.get(f"{asked.location}/file")
    assert answer.status_code == 200, browser.get(asked.location).text
    assert len(answer.data) == int(answer.headers["Content-Length"])
    return zipfile.ZipFile(io.BytesIO(answer.data))


def rows(archive: zipfile.ZipFile, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(archive.read(f"{table}.json"))
    return found


def number(site: ZoneSite, statement: str) -> int:
    with site.hub.database.reading() as connection:
        return int(fetch(connection, statement)[0][0])


def test_a_merchants_export_holds_its_own_data_and_nobody_elses_in_two_forms(site: ZoneSite) -> None:
    site.hub.imports(4)
    merchant = site.hub.party("cosmetics")
    archive = exported(site, site.browser("cosmetics"))
    assert archive.testzip() is None
    own = number(site, f"SELECT count(*) FROM order_version WHERE merchant_id = '{merchant.id}'")  # noqa: S608  # an id
    orders = rows(archive, "orders")
    assert len(orders) == own == 2
    assert {row["merchant_name"] for row in orders} == {merchant.name}
    assert [len(rows(archive, table)) for table in ("payments", "waybills", "lists")] == [2, 2, 2]
    for source in SOURCES:
        read = list(csv.DictReader(io.StringIO(archive.read(f"{source.name}.csv").decode("utf-8-sig"))))
        assert len(read) == len(rows(archive, source.name)), source.name
    dictionary = list(csv.DictReader(io.StringIO(archive.read("dictionary.csv").decode("utf-8-sig"))))
    assert set(orders[0]) <= {row["column"] for row in dictionary}
    assert [row["column"] for row in dictionary if not row["label_zh"] or not row["label_en"]] == []


def test_products_that_were_taken_out_are_exported_with_the_moment(site: ZoneSite, clock: FixedClock) -> None:
    merchant = site.hub.party("cosmetics").id
    with site.hub.database.begin() as uow:
        save_products(uow, merchant, [a_chair(), a_chair(item_no="CHAIR-2")], clock)
        remove_product(uow, merchant, "CHAIR-1", clock)
    found = {row["item_no"]: row["removed_at"] for row in rows(exported(site, site.browser("cosmetics")), "products")}
    assert found["CHAIR-2"] is None
    assert str(found["CHAIR-1"]).startswith(f"{clock.now():%Y-%m-%dT}")


def test_personal_values_are_masked_unless_asked_for_which_is_recorded(site: ZoneSite) -> None:
    site.hub.imports(2)
    browser = site.browser("cosmetics")
    covered = rows(exported(site, browser), "orders")[0]["personal"]
    clear = rows(exported(site, browser, clear="1"), "orders")[0]["personal"]
    assert "*" in str(covered)
    assert "*" not in str(clear)
    assert number(site, "SELECT count(*) FROM audit_entry WHERE action = 'export.requested'") == 2
    assert number(site, "SELECT count(*) FROM audit_entry WHERE action = 'export.download'") == 2


def test_a_second_export_waits_for_the_first_and_a_stopped_one_leaves_nothing(site: ZoneSite) -> None:
    browser = site.browser("cosmetics")
    asked = browser.post("/firm/jobs").location
    assert browser.post("/firm/jobs").status_code == 422
    assert browser.post(f"{asked}/stop").status_code == 303
    work(site)
    assert "已停止" in browser.get(asked).text
    assert browser.get(f"{asked}/file").status_code == 404
    assert number(site, "SELECT count(*) FROM export_part") == 0
    assert "数据导出" in browser.get("/firm/jobs").text


def test_an_export_expires_and_is_dropped(site: ZoneSite, clock: FixedClock) -> None:
    browser = site.browser("cosmetics")
    exported(site, browser)
    place = f"/firm/jobs/{the_job(site)}"
    assert site.browser("furniture").get(f"{place}/file").status_code == 404
    clock.advance(seconds=KEPT.total_seconds() + 1)
    with site.hub.database.begin() as uow:
        assert drop_stale_parts(uow, clock) == 1


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_what_an_export_wrote_before_it_failed_or_was_stopped_is_dropped(site: ZoneSite, clock: FixedClock, state: str) -> None:
    exported(site, site.browser("cosmetics"))
    with site.hub.database.begin() as uow:
        assert drop_stale_parts(uow, clock) == 0
        run(uow.connection, "UPDATE background_job SET state = %(state)s", {"state": state})
        assert drop_stale_parts(uow, clock) == 1


def the_job(site: ZoneSite) -> object:
    with site.hub.database.reading() as connection:
        return fetch(connection, "SELECT id FROM background_job")[0][0]


def test_the_one_who_asked_is_told_and_led_to_the_job(site: ZoneSite) -> None:
    browser = site.browser("cosmetics")
    exported(site, browser)
    page = browser.get("/messages").text
    assert "后台任务已完成：数据导出" in page
