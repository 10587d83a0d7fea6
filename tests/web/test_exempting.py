"""A firm takes goods as exempt on the site, takes them back, declares a month, prints its year."""

import pytest
from flask import Flask

from ccezone.import_tax.service import load_rates
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import run
from tests.web.conftest import Cast, SignIn
from tests.web.refund_rivals import exported_item

pytestmark = pytest.mark.storage


@pytest.fixture
def item(database: Database, cast: Cast, clock: FixedClock, app: Flask) -> str:
    with database.begin() as uow:
        load_rates(uow)
    return str(exported_item(database, cast.merchant_id, "棉制T恤", clock))


def test_goods_are_ticked_shown_by_month_and_taken_back(signed_in: SignIn, item: str) -> None:
    browser = signed_in("merchant")
    assert "符合，可以免税" in browser.get("/exemption").text
    assert browser.post("/exemption/choose", data={"item": item}).status_code == 302
    assert "棉制T恤" not in browser.get("/exemption").text
    assert "2026-06" in browser.get("/exemption/months").text
    assert "棉制T恤" in browser.get("/exemption/months/2026-06").text
    assert "已选择免税" in browser.get("/goods-ledger?standing=exempt").text
    early = browser.post("/exemption/months/2026-06/file")
    assert early.status_code == 422
    assert "尚未结束" in early.text
    assert browser.post("/exemption/undo", data={"item": item, "month": "2026-06"}).status_code == 302
    assert "棉制T恤" in browser.get("/exemption").text


def test_all_that_certainly_is_exempt_is_taken_by_one_button(signed_in: SignIn, item: str) -> None:
    browser = signed_in("merchant")
    assert browser.post("/exemption/choose", data={"all": "1"}, follow_redirects=True).text.count("已将 1 项商品登记为免税") == 1


def test_what_fails_is_told_by_name_and_stays_ticked(signed_in: SignIn, item: str, database: Database) -> None:
    browser = signed_in("merchant")
    with database.begin() as uow:
        run(uow.connection, "UPDATE goods_ledger_item SET hs_code = '9999999999'", {})
    answer = browser.post("/exemption/choose", data={"item": item})
    assert answer.status_code == 422
    assert "退税率平台未知" in answer.text
    assert f'value="{item}" checked' in answer.text
    assert browser.post("/exemption/choose", data={"item": item, "confirmed": "1"}).status_code == 302


def test_a_declared_month_stays_and_the_year_is_printed(signed_in: SignIn, item: str, database: Database) -> None:
    browser = signed_in("merchant")
    browser.post("/exemption/choose", data={"item": item})
    with database.begin() as uow:
        run(uow.connection, "UPDATE goods_exemption SET month = '2026-05'", {})
    assert browser.post("/exemption/months/2026-05/file").status_code == 302
    stays = browser.post("/exemption/undo", data={"item": item, "month": "2026-05"})
    assert stays.status_code == 422
    assert "不能撤销" in stays.text
    assert "93.60" not in browser.get("/exemption/years/2026").text, "the statement is in yuan"
    printed = browser.post("/exemption/years/2026/paper")
    assert printed.status_code == 200
    assert printed.data.startswith(b"%PDF")
    assert signed_in("rival").post("/exemption/years/2026/paper").status_code == 404
