"""Products, their sheets and their history on a telephone and on a desk."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.conftest import SignIn
from tests.web.test_master_data import CHAIR, saved_chair
from tests.web.test_product_sheets import send, sheet_of, work

pytestmark = [pytest.mark.storage, pytest.mark.browser]


@SCREENS
def test_products_and_their_sheets_are_accessible(
    site: str, app: Flask, signed_in: SignIn, browser: Browser, language: str, width: int
) -> None:
    merchant = signed_in("merchant")
    saved_chair(merchant)
    product = re.search(r"/firm/products/[0-9a-f-]{36}", merchant.get("/firm/products").text)
    assert product is not None
    waiting = send(merchant, sheet_of({"item_no": "A"}, {"item_no": "B", "hs_code": "12"})).location
    with screen(browser, site, language, width) as tab:
        enter(tab, site, "merchant")
        assert_accessible(tab, site, [waiting])
        work(app)
        assert_accessible(
            tab, site, [waiting, "/firm/products", "/firm/products?gap=elements", "/firm/products/sheets", product[0]]
        )


def test_products_are_removed_and_put_back_with_two_presses(site: str, signed_in: SignIn, browser: Browser) -> None:
    merchant = signed_in("merchant")
    for number in range(3):
        saved_chair(merchant, item_no=f"CHAIR-{number}")
    with screen(browser, site, "en", 1440) as tab:
        enter(tab, site, "merchant")
        tab.goto(f"{site}/firm/products")
        tab.check("input[value=CHAIR-0]")
        tab.check("input[value=CHAIR-2]")
        tab.get_by_role("button", name="Remove the ticked products").click()
        expect(tab.locator("main table")).not_to_contain_text("CHAIR-2")
        assert_accessible(tab, "", [tab.url])
        tab.get_by_role("button", name="Undo").click()
        expect(tab.locator("main table tbody tr")).to_have_count(3)
        expect(tab.locator("main table")).to_contain_text(CHAIR["name"])
