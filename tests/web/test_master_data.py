"""Products, declaration defaults, registrations and users through their pages."""

import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.queries import audit_of, authenticate_token
from ccezone.enterprises.queries import defaults_of, directory, product
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.web.conftest import Cast, SignIn

pytestmark = pytest.mark.storage

CHAIR = {
    "item_no": "CHAIR-1",
    "name": "实木餐椅",
    "hs_code": "9401610000",
    "specification": "橡木",
    "unit": "007",
    "unit1": "001",
    "qty1_per_unit": "1",
    "net_weight": "1,006.50",
}
ENTERPRISE = {"uscc": complete_uscc("91360700MA35CAM09"), "name": "新企业", "roles": ["merchant", "agent"]}


def saved_chair(browser: FlaskClient, **changes: str) -> int:
    return browser.post("/firm/products/new", data={**CHAIR, **changes}).status_code


def test_a_product_is_saved_listed_and_changed(signed_in: SignIn, database: Database, cast: Cast) -> None:
    browser = signed_in("merchant")
    assert saved_chair(browser) == 302
    page = browser.get("/firm/products?q=餐椅").text
    assert "CHAIR-1" in page
    assert "1,006.5" in page
    found = re.search(r"/firm/products/([0-9a-f-]{36})", page)
    assert found is not None
    shown = browser.get(found[0]).text
    assert 'value="1006.5"' in shown
    assert browser.post(found[0], data={**CHAIR, "name": "藤椅", "item_no": "OTHER"}).status_code == 302
    with database.reading() as connection:
        changed = product(connection, cast.merchant_id, "CHAIR-1")
        assert product(connection, cast.merchant_id, "OTHER") is None
    assert changed is not None
    assert changed.name == "藤椅"


def test_legal_units_are_filled_in_from_the_tariff(signed_in: SignIn, database: Database, cast: Cast) -> None:
    assert saved_chair(signed_in("merchant"), hs_code="9401611000", unit1="") == 302
    with database.reading() as connection:
        found = product(connection, cast.merchant_id, "CHAIR-1")
    assert found is not None
    assert found.unit1 == "007"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hs_code": "12"}, "hs_code"),
        ({"net_weight": "heavy"}, "net_weight"),
        ({"net_weight": "NaN"}, "net_weight"),
        ({"qty1_per_unit": "1e3"}, "qty1_per_unit"),
        ({"unit": "zzz"}, "unit"),
        ({"item_no": "X" * 21}, "item_no"),
        ({"unit2": "035"}, "qty2_per_unit"),
    ],
)
def test_a_mistake_is_named_on_top_and_beside_its_field(signed_in: SignIn, changes: dict[str, str], field: str) -> None:
    answer = signed_in("merchant").post("/firm/products/new", data={**CHAIR, **changes})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "实木餐椅" in answer.text


def test_a_number_taken_already_is_not_overwritten_by_new(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    saved_chair(browser)
    assert saved_chair(browser, name="另一把") == 422


def test_a_product_is_removed(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    saved_chair(browser)
    assert browser.post("/firm/products/remove", data={"item_no": "CHAIR-1"}).status_code == 302
    assert "还没有商品" in browser.get("/firm/products").text


def test_pages_of_products_are_walked_by_the_next_link(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    for number in range(51):
        saved_chair(browser, item_no=f"CHAIR-{number:02}")
    browser.get("/home")
    first = browser.get("/firm/products").text
    found = re.search(r'rel="next" href="([^"]+)"', first)
    assert found is not None
    second = browser.get(found[1]).text
    assert "CHAIR-49" in first
    assert "CHAIR-50" not in first
    assert "CHAIR-50" in second
    assert 'rel="next"' not in second


def test_hostile_text_is_shown_as_text(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    saved_chair(browser, name="<script>alert(1)</script>")
    assert "<script>alert" not in browser.get("/firm/products").text


def test_defaults_name_what_their_mode_needs_and_keep_the_rest(signed_in: SignIn, database: Database, cast: Cast) -> None:
    browser = signed_in("merchant")
    form = {
        "customs_code": "4015",
        "port_code": "4015",
        "agent_code": "A",
        "agent_name": "代理",
        "transport_mode": "4",
        "owner_code": "NO",
        "owner_name": "工厂",
        "pod": "502",
        "wrap_type": "2",
    }
    assert browser.post("/firm/defaults/9610/E", data={**form, "pod": ""}).status_code == 422
    assert browser.post("/firm/defaults/9610/E", data=form).status_code == 302
    with database.reading() as connection:
        kept = defaults_of(connection, [cast.merchant_id])[cast.merchant_id, "9610", "E"]
    assert (kept.pod, kept.declaration_path, kept.freight_flag) == ("502", "A", "3")
    assert 'value="代理"' in browser.get("/firm/defaults/1210/I").text
    assert browser.get("/firm/defaults/1239/E").status_code == 404


def test_an_officer_registers_changes_and_suspends_and_the_trail_says_so(signed_in: SignIn, database: Database) -> None:
    browser = signed_in("officer")
    place = browser.post("/office/enterprises/new", data=ENTERPRISE).location
    enterprise_id = UUID(place.rsplit("/", 1)[-1])
    assert browser.post(f"{place}/edit", data={**ENTERPRISE, "name": "改名企业", "auto_submit": "1"}).status_code == 302
    assert browser.post(f"{place}/status", data={"status": "suspended"}).status_code == 302
    assert browser.post(f"{place}/status", data={"status": "abolished"}).status_code == 400
    with database.reading() as connection:
        found = directory(connection).by_id[enterprise_id]
        actions = [entry.action for entry in audit_of(connection, f"enterprise:{enterprise_id}")]
    assert (found.name, found.auto_submit, found.active) == ("改名企业", True, False)
    assert actions == ["enterprise.suspended", "enterprise.amend", "enterprise.register"]


def test_a_wrong_check_digit_is_told_in_the_readers_language(signed_in: SignIn) -> None:
    browser = signed_in("officer")
    browser.set_cookie("ccezone_language", "en")
    answer = browser.post("/office/enterprises/new", data={**ENTERPRISE, "uscc": "913607000000000001"})
    assert answer.status_code == 422
    assert "is not a valid unified social credit code" in answer.text


def test_a_suspended_firm_is_told_on_its_desk(signed_in: SignIn, cast: Cast) -> None:
    signed_in("officer").post(f"/office/enterprises/{cast.merchant_id}/status", data={"status": "suspended"})
    assert "贵企业当前已暂停" in signed_in("merchant").get("/home").text


def test_a_disabled_user_is_signed_out(signed_in: SignIn) -> None:
    firm, officer = signed_in("merchant"), signed_in("officer")
    page = officer.get("/office/users?q=merchant").text
    found = re.search(r"/office/users/([0-9a-f-]{36})/enabled", page)
    assert found is not None
    assert officer.post(found[0], data={"enabled": "0"}).status_code == 302
    assert firm.get("/home").status_code == 302


def test_a_bad_cursor_is_refused(signed_in: SignIn) -> None:
    assert signed_in("officer").get("/office/users?after=nonsense").status_code == 400


def test_a_firm_issues_a_token_sees_it_once_and_revokes_it(signed_in: SignIn, database: Database, clock: FixedClock) -> None:
    browser = signed_in("merchant")
    page = browser.post("/firm/credentials", data={"name": "ERP", "permissions": ["bills:write"]}).text
    found = re.search(r'value="(ccez_[\w-]+)"', page)
    assert found is not None
    with database.reading() as connection:
        assert authenticate_token(connection, found[1], clock.now())
    listed = browser.get("/firm/credentials").text
    assert found[1] not in listed
    place = re.search(r"/firm/credentials/[0-9a-f-]{36}/revoke", listed)
    assert place is not None
    assert browser.post(place[0]).status_code == 302
    with database.reading() as connection:
        assert authenticate_token(connection, found[1], clock.now()) is None
    assert "已吊销" in browser.get("/firm/credentials").text


def test_a_firm_cannot_grant_what_only_the_office_may(signed_in: SignIn) -> None:
    form = {"name": "ERP", "permissions": ["bills:read", "users:write"]}
    assert signed_in("merchant").post("/firm/credentials", data=form).status_code == 422


def test_commodity_codes_are_found_by_words_and_shown_with_elements_and_rates(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    page = browser.get("/codes/hs?q=草莓").text
    assert "/codes/hs/0810100000" in page
    shown = browser.get("/codes/hs/0810100000").text
    assert "品牌类型" in shown
    assert "14%" in shown
    assert browser.get("/codes/hs/9999999999").status_code == 404
    assert "没有找到" in browser.get("/codes/hs?q=㊙㊙㊙").text


def test_a_word_typed_in_the_form_offers_codes_and_a_whole_code_its_name(signed_in: SignIn) -> None:
    browser = signed_in("merchant")
    assert 'data-value="0810100000"' in browser.get("/codes/hs/pick?hs_code=鲜草莓").text
    assert "鲜草莓" in browser.get("/codes/hs/pick?hs_code=0810100000").text


def test_elements_are_asked_one_by_one_and_joined_in_their_order(signed_in: SignIn, database: Database, cast: Cast) -> None:
    browser = signed_in("merchant")
    asked = browser.get("/codes/hs/elements?hs_code=0810100000").text
    assert asked.index('name="element-0"') < asked.index('name="element-1"')
    typed = {
        "specification": "",
        "hs_code": "0810100000",
        "unit": "035",
        "unit1": "035",
        "element-0": "境内自主品牌",
        "element-2": "鲜",
    }
    assert saved_chair(browser, **typed) == 302
    with database.reading() as connection:
        found = product(connection, cast.merchant_id, "CHAIR-1")
    assert found is not None
    assert found.specification.startswith("境内自主品牌||鲜")
    again = browser.get(f"/firm/products/{found.id}").text
    assert 'name="element-0" value="境内自主品牌"' in again


def test_a_specification_written_otherwise_is_not_taken_for_elements(signed_in: SignIn) -> None:
    asked = signed_in("merchant").get("/codes/hs/elements?hs_code=0810100000&specification=松木|无品牌|80*30cm").text
    assert 'name="element-0" value=""' in asked
    assert "松木" not in asked


def test_a_product_without_specification_and_elements_is_refused(signed_in: SignIn) -> None:
    assert saved_chair(signed_in("merchant"), specification="") == 422
