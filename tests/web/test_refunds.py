"""A firm claims a refund on the site, from the ledger to the file; mistakes stand beside what they are about."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ccezone.import_tax.service import load_rates
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.tax_refunds.claiming import SELLER
from tests.web.conftest import Cast, SignIn
from tests.web.refund_rivals import exported_item

pytestmark = pytest.mark.storage
_INVOICE = {
    "invoice_no": "26362000000012345678",
    "seller_uscc": SELLER,
    "issued_on": "2026-05-20",
    "amount": "500",
    "vat_pct": "13",
    "vat": "65.00",
}


@pytest.fixture
def item(database: Database, cast: Cast, clock: FixedClock, app: Flask) -> str:
    with database.begin() as uow:
        load_rates(uow)
    return str(exported_item(database, cast.merchant_id, "棉制T恤", clock))


def _opened(browser: FlaskClient) -> str:
    answer = browser.post("/tax-refunds/new", data={"method": "exempt-refund", "period": "2026-05", "taxpayer_class": "2"})
    assert answer.status_code == 302
    return answer.location


def _version(database: Database) -> str:
    with database.reading() as connection:
        return str(fetch(connection, "SELECT version FROM refund_claim")[0][0])


def test_a_claim_is_put_together_checked_and_filed(signed_in: SignIn, database: Database, item: str) -> None:
    browser = signed_in("merchant")
    place = _opened(browser)
    assert "棉制T恤" in browser.get(place).text
    browser.post(f"{place}/items", data={"item": item})
    assert "没有增值税专用发票" in browser.get(place).text
    browser.post(f"{place}/invoices", data={**_INVOICE, "item_id": item})
    assert "65.00" in browser.get(place).text
    assert browser.post(f"{place}/check").status_code == 302
    assert "自检通过" in browser.get(place).text
    assert browser.post(f"{place}/submit", data={"version": _version(database)}).status_code == 302
    shown = browser.get(place).text
    assert "已申报，待受理" in shown
    assert "可申报的商品" not in shown
    assert "已申报退税" in browser.get("/goods-ledger").text
    with database.reading() as connection:
        assert fetch(connection, "SELECT kind, body ->> 'amount' FROM refund_message") == [("submit", "65.00")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"invoice_no": "1"}, "应为20位数电票号码"),
        ({"seller_uscc": "91360700MA35CAM018"}, "不是有效的统一社会信用代码"),
        ({"issued_on": "2026-02-30"}, "不是日期"),
        ({"amount": "五百"}, "不是有效数值"),
        ({"item_id": ""}, "缺少必填项"),
    ],
)
def test_a_wrong_invoice_is_told_beside_its_field(signed_in: SignIn, item: str, changes: dict[str, str], told: str) -> None:
    browser = signed_in("merchant")
    place = _opened(browser)
    browser.post(f"{place}/items", data={"item": item})
    answer = browser.post(f"{place}/invoices", data={**_INVOICE, "item_id": item, **changes})
    assert answer.status_code == 422
    assert told in answer.text


def test_a_period_to_come_is_refused(signed_in: SignIn, app: Flask) -> None:
    answer = signed_in("merchant").post(
        "/tax-refunds/new", data={"method": "exempt-refund", "period": "2026-07", "taxpayer_class": "2"}
    )
    assert answer.status_code == 422
    assert "应为已开始的月份" in answer.text


def test_the_ledger_is_handed_out_as_a_workbook(signed_in: SignIn, item: str, tmp_path: Path) -> None:
    answer = signed_in("merchant").get("/goods-ledger/file")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")


def test_an_item_shows_each_condition_of_its_exemption(signed_in: SignIn, item: str) -> None:
    shown = signed_in("merchant").get(f"/goods-ledger/{item}").text
    assert "符合，可以免税" in shown
    assert "财税〔2018〕103号" in shown


def test_a_calculator_answers_and_names_what_is_wrong(signed_in: SignIn, app: Flask) -> None:
    browser = signed_in("merchant")
    good = browser.get("/tax-calculators/manufacturer?exports=1200000|13|10&input_vat=91000")
    assert "55,000.00" in good.text
    bad = browser.get("/tax-calculators/manufacturer?exports=1200000|13&input_vat=91000")
    assert bad.status_code == 422
    assert "不是“金额|征税率|退税率”" in bad.text


def test_a_manufacturer_states_its_figures_anew_and_wrong_ones_are_named(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    opening = {"method": "exempt-credit-refund", "period": "2026-05", "taxpayer_class": "2", "input_vat": "100"}
    place = browser.post("/tax-refunds/new", data=opening).location
    stated = {"domestic_sales": "1000", "domestic_vat_pct": "13", "input_vat": "250.50", "carried_credit": "0"}
    wrong = browser.post(f"{place}/figures", data={**stated, "input_vat": "-1", "domestic_vat_pct": "113"})
    assert wrong.status_code == 422
    assert wrong.text.count("应在 0 至") == 2 * 2, "in the summary and beside each of the two fields"
    assert browser.post(f"{place}/figures", data=stated).status_code == 302
    assert "250.50" in browser.get(place).text


def test_an_invoice_whose_amounts_cannot_be_says_which(signed_in: SignIn, item: str) -> None:
    browser = signed_in("merchant")
    place = _opened(browser)
    browser.post(f"{place}/items", data={"item": item})
    answer = browser.post(f"{place}/invoices", data={**_INVOICE, "item_id": item, "amount": "0", "vat_pct": "130"})
    assert answer.status_code == 422
    assert "应在 0.01 至" in answer.text
    assert "应在 0 至 99.99 之间" in answer.text
