"""A firm works on its money on the site: account, receipt, orders, declaration, settlement; mistakes stand beside their fields."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.web.conftest import Cast, SignIn
from tests.web.fx_rivals import received

pytestmark = pytest.mark.storage
_RECEIPT = {
    "account": "36001234567890",
    "bank_reference": "BR1",
    "currency": "502",
    "amount": "1,200.50",
    "value_date": "2026-05-30",
    "kind": "platform",
    "payer": "Demo Platform Inc",
    "settlement_reference": "",
}
_HEAD = "account,currency,sequence,day,opening,closing,bank_reference,amount,value_date,payer,kind,settlement_reference\n"


def _account(browser: FlaskClient) -> None:
    answer = browser.post("/fx/accounts", data={"number": "36001234567890", "bank": "演示银行", "currency": "502"})
    assert answer.status_code == 302


def _version(shown: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', shown)
    assert found is not None
    return found[1]


def test_money_is_told_declared_and_sent_to_the_bank(signed_in: SignIn, database: Database) -> None:
    browser = signed_in("merchant")
    assert "还没有登记账户" in browser.get("/fx/new").text
    _account(browser)
    place = browser.post("/fx/new", data=_RECEIPT).location
    shown = browser.get(place).text
    assert "1,200.50" in shown
    assert "未取得分类" in shown
    assert "先转入待核查账户" in shown
    declared = {"version": _version(shown), "bop_code": "122030", "registration_no": ""}
    assert browser.post(f"{place}/declare", data=declared).status_code == 302
    asked = {"version": _version(browser.get(place).text), "amount": "1200.50"}
    refused = browser.post(f"{place}/settle", data=asked)
    assert refused.status_code == 422
    assert "收汇先进入待核查账户" in refused.text
    assert browser.post(f"{place}/pend", data=asked).status_code == 302
    assert "等待银行答复" in browser.get(place).text
    with database.reading() as connection:
        assert fetch(connection, "SELECT action, amount FROM fx_instruction")[0][0] == "pend"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"amount": "-1"}, "应在 0.01 至"),
        ({"value_date": "2027-01-01"}, "晚于今天"),
        ({"currency": "300"}, "币制与账户币制 502 不同"),
    ],
)
def test_a_wrong_receipt_is_told_beside_its_field(signed_in: SignIn, changes: dict[str, str], told: str) -> None:
    browser = signed_in("merchant")
    _account(browser)
    answer = browser.post("/fx/new", data={**_RECEIPT, **changes})
    assert answer.status_code == 422
    assert told in answer.text


def test_an_order_that_is_not_ones_own_is_refused_beside_the_field(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock
) -> None:
    place = f"/fx/receipts/{received(database, cast.merchant_id, 'Demo', clock)}"
    browser = signed_in("merchant")
    answer = browser.post(f"{place}/match", data={"version": _version(browser.get(place).text), "orders": "E404 12.00"})
    assert answer.status_code == 422
    assert "贵企业没有订单 E404" in answer.text


def test_a_statement_is_handed_in_once_and_a_day_that_is_missing_is_waited_for(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    _account(browser)

    def hand_in(sequence: int, opening: str, closing: str) -> str:
        head = f"36001234567890,USD,{sequence},2026-05-{sequence:02d},{opening},{closing}"
        line = f"{_HEAD}{head},BR{sequence},10.00,2026-05-{sequence:02d},Demo,platform,\n"
        file = {"file": (BytesIO(line.encode()), "day.csv")}
        return browser.post("/fx/upload/statement", data=file, follow_redirects=True).text

    assert "对账单已读入" in hand_in(1, "0.00", "10.00")
    assert "前面缺少对账单" in hand_in(3, "20.00", "30.00")
    assert "没有重复登记" in hand_in(1, "0.00", "10.00")
    assert "同时读入了暂存的 1 份" in hand_in(2, "10.00", "20.00")
    assert browser.get("/fx").text.count("row-link") == 3


def test_a_broken_statement_names_line_and_field(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    broken = f"{_HEAD}36001234567890,USD,1,2026-05-01,0.00,10.00,BR1,ten,2026-05-01,Demo,platform,\n"
    answer = browser.post("/fx/upload/statement", data={"file": (BytesIO(broken.encode()), "day.csv")})
    assert answer.status_code == 422
    assert "第 2 行 amount 的值“ten”不对" in answer.text


def test_receipts_are_handed_out_as_a_workbook(signed_in: SignIn) -> None:
    assert signed_in("merchant").get("/fx/file").data.startswith(b"PK")
