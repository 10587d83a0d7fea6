"""The party book through its pages: kept, found, removed and put back; people masked; another firm sees nothing."""

import re

import pytest
from flask.testing import FlaskClient

from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage

CARRIER = {"kind": "carrier", "short_name": "顺达", "name": "赣州顺达国际物流有限公司", "code": "3607960001"}
BUYER = {
    "kind": "buyer",
    "short_name": "柏林老客户",
    "name": "Erika Mustermann",
    "telephone": "+49 30 901820",
    "address": "Unter den Linden 1",
}


def add(browser: FlaskClient, **values: str) -> int:
    """Add a party by the form."""
    return browser.post("/firm/parties/new", data=values).status_code


def address_of(browser: FlaskClient, name: str) -> str:
    """The page of a party that the list shows."""
    found = re.search(rf'href="(/firm/parties/[0-9a-f-]{{36}})">{name}', browser.get("/firm/parties").text)
    assert found is not None
    return found[1]


def test_a_party_is_kept_found_by_any_of_its_marks_and_changed(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    assert add(browser, **CARRIER) == 302
    for query in ("q=顺达", "q=3607960001", "kind=carrier"):
        assert "赣州顺达国际物流有限公司" in browser.get(f"/firm/parties?{query}").text
    assert "没有符合条件" in browser.get("/firm/parties?kind=payment").text
    page = address_of(browser, "顺达")
    assert browser.post(page, data={**CARRIER, "code": "3607960002"}).status_code == 302
    assert "3607960002" in browser.get(page).text


def test_a_person_is_sealed_at_rest_and_masked_in_the_list(signed_in: SignIn, database: Database) -> None:
    browser = signed_in("merchant")
    assert add(browser, **BUYER) == 302
    assert "Mustermann" not in browser.get("/firm/parties").text
    with database.reading() as connection:
        row = repr(fetch(connection, "SELECT * FROM party_book_entry"))
    assert "Mustermann" not in row
    assert "Linden" not in row


def test_a_short_name_is_taken_once_for_each_kind(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    assert add(browser, **CARRIER) == 302
    assert add(browser, **CARRIER) == 422
    assert add(browser, **{**CARRIER, "kind": "payment"}) == 302


@pytest.mark.parametrize("lacking", ["kind", "short_name", "name", "code"])
def test_what_a_carrier_must_say_is_asked_for(signed_in: SignIn, lacking: str) -> None:
    assert add(signed_in("merchant"), **{**CARRIER, lacking: ""}) == 422


def test_a_removed_party_is_gone_and_comes_back(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    add(browser, **CARRIER)
    page = address_of(browser, "顺达")
    assert browser.post(f"{page}/remove").status_code == 302
    assert browser.get(page).status_code == 404
    assert browser.post(f"{page}/restore").status_code == 302
    assert browser.get(page).status_code == 200


def test_another_firm_sees_no_party_of_mine(signed_in: SignIn) -> None:
    mine = signed_in("merchant")
    add(mine, **CARRIER)
    page = address_of(mine, "顺达")
    other = signed_in("rival")
    assert other.get(page).status_code == 404
    assert other.post(f"{page}/remove").status_code == 404
    assert "顺达" not in other.get("/firm/parties").text
