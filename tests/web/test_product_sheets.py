"""Products by the sheet: template, download, upload, what goes back, mended and sent again; and undoing a removal."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from ccezone.background.service import run_next_job
from ccezone.declarations.service import recheck_lists
from ccezone.enterprises.queries import products_of
from ccezone.enterprises.service.product_sheets import JOB, MOST_ROWS, TakeProductsIn
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.web.hub import EXTENSION, Hub
from integrations.workbooks import ProductTables
from schemas.derive.workbook import PRODUCTS
from tests.web.conftest import Cast, SignIn
from tests.web.test_master_data import CHAIR, saved_chair
from tests.workbooks.sheets import grid

pytestmark = pytest.mark.storage
HEADINGS = [column.label_zh for column in PRODUCTS.columns]


def sheet_of(*products: dict[str, str]) -> bytes:
    """A sheet of products, each said by what differs from a chair."""
    rows = [[{**CHAIR, **said}.get(column.attribute, "") for column in PRODUCTS.columns] for said in products]
    return grid([HEADINGS, *rows], name="商品资料")


def send(browser: FlaskClient, content: bytes, name: str = "goods.xlsx") -> TestResponse:
    """Upload a sheet by the form."""
    data = {"file": (BytesIO(content), name)}
    return browser.post("/firm/products/sheets", data=data, content_type="multipart/form-data")


def work(app: Flask) -> None:
    """Let a worker do what waits."""
    site: Hub = app.extensions[EXTENSION]
    handler = TakeProductsIn(site.database, site.vault, site.clock, ProductTables(), recheck_lists)
    while run_next_job(site.database, {JOB: handler}, site.clock):
        pass


def names_of(database: Database, cast: Cast) -> dict[str, str]:
    """The merchant's products by number."""
    with database.reading() as connection:
        return {item_no: known.name for (_owner, item_no), known in products_of(connection, [cast.merchant_id]).items()}


def cells(content: bytes) -> list[list[str]]:
    """The first sheet's cells."""
    rows = CalamineWorkbook.from_object(BytesIO(content)).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


def test_the_template_holds_every_field_and_its_example_is_no_product(
    signed_in: SignIn, app: Flask, database: Database, cast: Cast
) -> None:
    browser = signed_in("merchant")
    headings, example = cells(browser.get("/firm/products/sheets/template").data)[:2]
    assert headings == HEADINGS
    place = send(browser, grid([headings, example, [example[0] and "OWN-1", *example[1:]]], name="商品资料")).location
    work(app)
    assert "<strong>2</strong> 行 = 新收下 1 + 重复 0 + 退回 0 + 空行及跳过 1" in browser.get(place).text
    assert set(names_of(database, cast)) == {"OWN-1"}


def test_good_rows_are_saved_and_bad_ones_come_back_to_be_mended_and_sent_again(
    signed_in: SignIn, app: Flask, database: Database, cast: Cast
) -> None:
    browser = signed_in("merchant")
    place = send(browser, sheet_of({"item_no": "A"}, {"item_no": "B", "hs_code": "12"}, {"item_no": "C", "unit": "zzz"})).location
    assert "等待处理" in browser.get(place).text
    work(app)
    assert "<strong>3</strong> 行 = 新收下 1 + 重复 0 + 退回 2 + 空行及跳过 0" in browser.get(place).text
    header, *back = cells(browser.get(f"{place}/result").data)
    assert {row[header.index("企业商品货号")] for row in back} == {"B", "C"}
    assert all(row[2] for row in back), "a remedy each"
    for row in back:
        row[header.index("商品编码")], row[header.index("计量单位")] = CHAIR["hs_code"], CHAIR["unit"]
    again = send(browser, grid([header, *back], name="商品资料")).location
    work(app)
    assert "新收下 2 + 重复 0 + 退回 0" in browser.get(again).text
    assert set(names_of(database, cast)) == {"A", "B", "C"}


def test_what_is_downloaded_and_uploaded_again_changes_nothing(
    signed_in: SignIn, app: Flask, database: Database, cast: Cast
) -> None:
    browser = signed_in("merchant")
    for number in range(3):
        saved_chair(browser, item_no=f"CHAIR-{number}", price_low="99.5", unit2="035", qty2_per_unit="6.25")
    kept = browser.get("/firm/products/sheets/export")
    assert [row[0] for row in cells(kept.data)[1:]] == ["CHAIR-0", "CHAIR-1", "CHAIR-2"]
    with database.reading() as connection:
        before = products_of(connection, [cast.merchant_id])
    place = send(browser, kept.data).location
    work(app)
    assert "新收下 0 + 重复 3 + 退回 0" in browser.get(place).text
    with database.reading() as connection:
        assert products_of(connection, [cast.merchant_id]) == before


WRONG: list[dict[str, str]] = [
    {"item_no": "X" * 21},
    {"name": ""},
    {"hs_code": "12"},
    {"specification": ""},
    {"unit": "zzz"},
    {"qty1_per_unit": "0"},
    {"qty2_per_unit": "1"},
    {"net_weight": "heavy"},
    {"origin_country": "ZZ"},
    {"price_low": "2", "price_high": "1"},
]


def test_every_wrong_value_has_one_message_and_remedy_in_form_and_sheet(signed_in: SignIn, app: Flask) -> None:
    browser = signed_in("merchant")
    rows = [{"item_no": f"N{number}", **wrong} for number, wrong in enumerate(WRONG)]
    place = send(browser, sheet_of(*rows)).location
    work(app)
    back = cells(browser.get(f"{place}/result").data)[1:]
    assert len(back) == len(rows)
    for row, (_codes, messages, remedies, *_rest) in zip(rows, back, strict=True):
        formed = browser.post("/firm/products/new", data={**CHAIR, **row})
        assert formed.status_code == 422, row
        assert messages.partition(": ")[2].rstrip("…") in unescape(formed.text), row
        assert remedies in unescape(formed.text), row


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_table_is_refused_with_a_reason(signed_in: SignIn, app: Flask, content: bytes) -> None:
    browser = signed_in("merchant")
    answer = send(browser, content)
    if answer.status_code == 303:
        work(app)
        assert "无法使用" in browser.get(answer.location).text
    else:
        assert answer.status_code == 422
        assert 'href="#file"' in answer.text


def test_more_rows_than_one_transaction_takes_are_refused_whole(
    signed_in: SignIn, app: Flask, database: Database, cast: Cast
) -> None:
    browser = signed_in("merchant")
    place = send(browser, sheet_of(*({"item_no": f"N{number}"} for number in range(MOST_ROWS + 1)))).location
    work(app)
    assert "工作表超过 5000 行" in browser.get(place).text
    assert names_of(database, cast) == {}


def test_a_rival_sees_neither_a_sheet_nor_what_came_back(signed_in: SignIn, app: Flask) -> None:
    place = send(signed_in("merchant"), sheet_of({"item_no": "A", "hs_code": "12"})).location
    work(app)
    rival = signed_in("rival")
    assert rival.get(place).status_code == 404
    assert rival.get(f"{place}/result").status_code == 404


def test_products_removed_together_are_put_back_together_but_not_over_newer_ones(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    browser = signed_in("merchant")
    for item_no in ("A", "B", "C"):
        saved_chair(browser, item_no=item_no)
    shown = browser.post("/firm/products/remove", data={"item_no": ["A", "B"]}, follow_redirects=True).text
    moment = re.search(r'name="removed" value="([^"]+)"', shown)
    assert moment is not None
    assert set(names_of(database, cast)) == {"C"}
    saved_chair(browser, item_no="B", name="新的 B")
    back = browser.post("/firm/products/restore", data={"removed": moment[1]}, follow_redirects=True).text
    assert "已恢复 1 个商品" in back
    assert names_of(database, cast) == {"A": CHAIR["name"], "B": "新的 B", "C": CHAIR["name"]}


def test_a_rival_puts_back_nothing_of_a_merchant(signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock) -> None:
    browser = signed_in("merchant")
    saved_chair(browser)
    browser.post("/firm/products/remove", data={"item_no": CHAIR["item_no"]})
    rival = signed_in("rival")
    assert rival.post("/firm/products/restore", data={"removed": clock.now().isoformat()}).status_code == 302
    assert names_of(database, cast) == {}
    assert rival.post("/firm/products/restore", data={"removed": "yesterday"}).status_code == 400


def test_a_products_page_tells_who_changed_what(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    saved_chair(browser)
    place = re.search(r"/firm/products/[0-9a-f-]{36}", browser.get("/firm/products").text)
    assert place is not None
    browser.post(place[0], data={**CHAIR, "name": "藤椅"})
    history = browser.get(place[0]).text.partition('id="history"')[2]
    assert "实木餐椅 → 藤椅" in history
    assert history.index("修改") < history.index("新增")
    assert "merchant" in history


def test_products_that_lack_something_are_listed_apart(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    elements = {"hs_code": "0810100000", "unit": "035", "unit1": "035"}
    saved_chair(browser, item_no="WHOLE", specification="无品牌|不适用|鲜|一级||", item_record_no="R1", **elements)
    saved_chair(browser, item_no="LACKS", specification="无品牌||鲜|一级||", **elements)
    lacking, unbooked = browser.get("/firm/products?gap=elements").text, browser.get("/firm/products?gap=record").text
    assert ">LACKS<" in lacking
    assert ">WHOLE<" not in lacking
    assert ">LACKS<" in unbooked
    assert ">WHOLE<" not in unbooked


def test_a_form_that_has_not_seen_a_newer_version_overwrites_nothing(signed_in: SignIn, database: Database, cast: Cast) -> None:
    browser = signed_in("merchant")
    saved_chair(browser)
    place = re.search(r"/firm/products/[0-9a-f-]{36}", browser.get("/firm/products").text)
    assert place is not None
    seen = re.search(r'name="version" value="([^"]+)"', browser.get(place[0]).text)
    assert seen is not None
    browser.post(place[0], data={**CHAIR, "name": "藤椅", "version": seen[1]})
    told = browser.post(place[0], data={**CHAIR, "name": "竹椅", "version": seen[1]})
    assert told.status_code == 422
    assert "已保存：藤椅" in told.text
    assert "您填写的：竹椅" in told.text
    assert names_of(database, cast) == {CHAIR["item_no"]: "藤椅"}
    known = re.search(r'name="version" value="([^"]+)"', told.text)
    assert known is not None
    assert browser.post(place[0], data={**CHAIR, "name": "竹椅", "version": known[1]}).status_code == 302
    assert names_of(database, cast) == {CHAIR["item_no"]: "竹椅"}
