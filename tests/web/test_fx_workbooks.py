"""Receipts of money by workbook: good rows are kept once, bad ones come back with their reasons and are mended."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ccezone.background.service import run_next_job
from ccezone.fx.service.workbooks import JOB, TakeReceiptsIn
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.web.hub import EXTENSION, Hub
from integrations.workbooks import ReceiptSheets
from schemas.derive.workbook import RECEIPTS
from tests.web.conftest import SignIn
from tests.web.test_product_sheets import cells
from tests.workbooks.sheets import grid

pytestmark = pytest.mark.storage
HEADINGS = [column.label_zh for column in RECEIPTS.columns]
GOOD = {
    "account": "36001234567890",
    "bank_reference": "BR1",
    "currency": "502",
    "amount": "1200.50",
    "value_date": "2026-05-30",
    "kind": "platform",
    "payer": "Demo Platform Inc",
    "settlement_reference": "",
}


def sheet_of(*receipts: dict[str, str]) -> bytes:
    """A workbook of receipts, each said by what differs from the good one."""
    return grid([HEADINGS, *([{**GOOD, **said}[column.name] for column in RECEIPTS.columns] for said in receipts)], name="收汇")


def send(browser: FlaskClient, app: Flask, content: bytes) -> str:
    """Upload a workbook and let a worker take it in; return its page's address."""
    parts = '--b\r\nContent-Disposition: form-data; name="file"; filename="money.xlsx"\r\n\r\n'
    body = parts.encode() + content + b"\r\n--b--\r\n"
    answer = browser.post("/fx/workbooks", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 303, answer.text
    site: Hub = app.extensions[EXTENSION]
    while run_next_job(site.database, {JOB: TakeReceiptsIn(site.database, site.vault, site.clock, ReceiptSheets())}, site.clock):
        pass
    return str(answer.location)


def account(browser: FlaskClient) -> None:
    """Register the account of the workbook."""
    said = {"number": GOOD["account"], "bank": "演示银行", "currency": "502"}
    assert browser.post("/fx/accounts", data=said).status_code == 302


def kept(database: Database) -> list[tuple[str, str]]:
    """Bank references and where they come from."""
    with database.reading() as connection:
        return [(row[0], row[1]) for row in fetch(connection, "SELECT bank_reference, origin FROM fx_receipt ORDER BY 1")]


def test_good_rows_are_kept_and_bad_ones_come_back_to_be_mended_and_sent_again(
    signed_in: SignIn, app: Flask, database: Database
) -> None:
    browser = signed_in("merchant")
    account(browser)
    wrong = ({"bank_reference": "BR2", "value_date": "2031-01-01"}, {"bank_reference": "BR3", "account": "36009999999999"})
    place = send(browser, app, sheet_of({}, *wrong, {"bank_reference": "BR4", "amount": "-1"}))
    assert "<strong>4</strong> 行 = 新收下 1 + 重复 0 + 退回 3" in browser.get(place).text
    answer = browser.get(f"{place}/result")
    assert "money-%E5%BE%85%E6%9B%B4%E6%AD%A3.xlsx" in answer.headers["Content-Disposition"]
    header, *back = cells(answer.data)
    assert [row[header.index("银行业务编号")] for row in back] == ["BR2", "BR3", "BR4"]
    assert ["晚于今天" in back[0][1], "不是贵企业登记的账户" in back[1][1], "0.01" in back[2][1]] == [True, True, True]
    assert all(row[2] for row in back), "a remedy each"
    for row in back:
        for name, value in (("入账账户", GOOD["account"]), ("收汇日期", "2026-05-29"), ("金额", "7.25")):
            row[header.index(name)] = value
    place = send(browser, app, grid([header, *back], name="收汇"))
    assert "新收下 3 + 重复 0 + 退回 0" in browser.get(place).text
    assert kept(database) == [(f"BR{number}", "workbook") for number in range(1, 5)]


def test_a_workbook_sent_twice_doubles_nothing_and_changes_nothing_on_record(
    signed_in: SignIn, app: Flask, database: Database
) -> None:
    browser = signed_in("merchant")
    account(browser)
    send(browser, app, sheet_of({}))
    assert "新收下 0 + 重复 2 + 退回 0" in browser.get(send(browser, app, sheet_of({}, {}))).text
    place = send(browser, app, sheet_of({"amount": "99.00"}))
    assert "新收下 0 + 重复 0 + 退回 1" in browser.get(place).text
    assert "已登记为 1200.50" in cells(browser.get(f"{place}/result").data)[1][1]
    with database.reading() as connection:
        assert fetch(connection, "SELECT count(*), sum(amount) FROM fx_receipt") == [(1, 1200.5)]


def test_the_template_is_taken_as_it_is_and_its_example_is_no_receipt(signed_in: SignIn, app: Flask, database: Database) -> None:
    browser = signed_in("merchant")
    assert "还没有登记账户" in browser.get("/fx/workbooks").text
    account(browser)
    headings, example = cells(browser.get("/fx/workbooks/template").data)[:2]
    assert headings == HEADINGS
    place = send(browser, app, grid([headings, example, [example[0], "OWN-1", *example[2:]]], name="收汇"))
    assert "新收下 1 + 重复 0 + 退回 0" in browser.get(place).text
    assert kept(database) == [("OWN-1", "workbook")]


def test_a_file_that_is_no_table_and_one_of_something_else_are_refused_with_a_reason(signed_in: SignIn, app: Flask) -> None:
    browser = signed_in("merchant")
    account(browser)
    assert browser.post("/fx/workbooks", data={}).status_code == 422
    place = send(browser, app, grid([["货号", "名称"], ["A", "B"]], name="商品"))
    assert "无法使用" in browser.get(place).text
