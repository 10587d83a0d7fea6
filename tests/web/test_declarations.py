"""Lists on pages: everybody sees theirs, a merchant completes, files and follows them, raw messages stay apart."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ccezone.declarations.queries import ListFilter, Scope, list_detail, search_lists
from ccezone.demo.zone import product
from ccezone.enterprises.service import remove_product, save_products
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from schemas.codes import rows
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage

PAGES = ("", "/print", "/complete")
BYSTANDERS = ("furniture", "platform_import", "payment_import", "logistics_import")


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


def own(site: ZoneSite, key: str) -> list[int]:
    """The lists of one merchant."""
    with site.hub.database.reading() as connection:
        found = search_lists(connection, Scope(site.hub.party(key).id), ListFilter())
    return [row.id for row in found]


def state(site: ZoneSite, declaration_id: int) -> str:
    with site.hub.database.reading() as connection:
        found = list_detail(connection, site.hub.vault, Scope(), declaration_id)
    assert found is not None
    return found.row.state


def audited(site: ZoneSite) -> Sequence[str]:
    with site.hub.database.reading() as connection:
        return [row[0] for row in fetch(connection, "SELECT action FROM audit_entry ORDER BY at")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_merchant_and_the_office_see_a_list_in_both_languages(site: ZoneSite, language: str) -> None:
    site.hub.imports(2)
    site.hub.dispatch()
    (wanted,) = own(site, "cosmetics")
    site.hub.answer(wanted, 2, 3, 120, 800, list_no="401720261000000001")
    for who in ("cosmetics", "officer", "agent"):
        browser = site.browser(who)
        browser.set_cookie("ccezone_language", language)
        assert "401720261000000001" in browser.get("/declarations").text
        for page in PAGES:
            assert browser.get(f"/declarations/{wanted}{page}").status_code == 200, (who, page)
        assert ("Released" if language == "en" else "放行") in browser.get(f"/declarations/{wanted}").text


@pytest.mark.parametrize("who", BYSTANDERS)
def test_a_bystander_sees_no_list_and_can_do_nothing_to_it(site: ZoneSite, who: str) -> None:
    (wanted,) = site.hub.imports(1)
    site.hub.dispatch()
    browser = site.browser(who)
    assert f"/declarations/{wanted}" not in browser.get("/declarations").text
    for page in PAGES:
        assert browser.get(f"/declarations/{wanted}{page}").status_code == 404
    for action in ("submit", "recheck", "raw/1", "raw/1/download"):
        assert browser.post(f"/declarations/{wanted}/{action}").status_code == 404, action


def test_nobody_is_sent_to_sign_in(site: ZoneSite) -> None:
    assert site.browser("nobody").get("/declarations/1000001").status_code == 302


def test_the_office_looks_and_does_not_file(site: ZoneSite) -> None:
    (wanted,) = site.hub.imports(1)
    officer = site.browser("officer")
    assert officer.post(f"/declarations/{wanted}/submit").status_code == 403
    assert "/submit" not in officer.get(f"/declarations/{wanted}").text


def test_the_broker_sees_but_does_not_file(site: ZoneSite) -> None:
    (wanted,) = site.hub.imports(1)
    site.hub.dispatch()
    site.hub.answer(wanted, 2, 100)
    broker = site.browser("agent")
    assert "/submit" not in broker.get(f"/declarations/{wanted}").text
    assert broker.post(f"/declarations/{wanted}/submit").status_code == 404


def test_a_rejected_list_is_filed_again_and_its_story_goes_on(site: ZoneSite) -> None:
    site.hub.imports(2)
    site.hub.dispatch()
    (wanted,) = own(site, "cosmetics")
    site.hub.answer(wanted, 2, 100, return_info="金额不一致")
    browser = site.browser("cosmetics")
    page = browser.get(f"/declarations/{wanted}").text
    assert "金额不一致" in page
    assert "重新申报" in page
    assert browser.post(f"/declarations/{wanted}/submit").status_code == 302
    assert state(site, wanted) == "queued"
    page = browser.get(f"/declarations/{wanted}").text
    assert "人工申报（第 2 次）" in page
    assert "重新申报" not in page


def test_a_list_on_its_way_is_not_filed_again(site: ZoneSite) -> None:
    site.hub.imports(2)
    (wanted,) = own(site, "cosmetics")
    answer = site.browser("cosmetics").post(f"/declarations/{wanted}/submit")
    assert answer.status_code == 422
    assert "queued" in answer.text


def test_an_incomplete_list_is_completed_from_one_page(site: ZoneSite) -> None:
    merchant, goods = site.hub.party("cosmetics").id, [row for row in rows("example_goods") if row["merchant"] == "cosmetics"]
    with site.hub.database.begin() as uow:
        for row in goods:
            remove_product(uow, merchant, row["key"].upper(), site.hub.clock)
    site.hub.imports(2)
    (wanted,) = own(site, "cosmetics")
    browser = site.browser("cosmetics")
    assert f"/declarations/{wanted}/complete" in browser.get("/declarations?stage=incomplete").text
    page = browser.get(f"/declarations/{wanted}/complete").text
    (address,) = re.findall(r'href="(/firm/products/new[^"]*)"', page)
    form = browser.get(address.replace("&amp;", "&")).text
    assert re.search(r'name="item_no"[^>]*value="[A-Z]+"', form)
    with site.hub.database.begin() as uow:
        save_products(uow, merchant, [product(row) for row in goods], site.hub.clock)
    assert "已补" in browser.get(f"/declarations/{wanted}/complete").text
    assert browser.post(f"/declarations/{wanted}/recheck").status_code == 302
    site.hub.merge()
    assert state(site, wanted) == "queued"
    assert "不缺资料" in browser.get(f"/declarations/{wanted}/complete").text


def test_saving_the_missing_product_is_enough(site: ZoneSite) -> None:
    merchant, goods = site.hub.party("cosmetics").id, [row for row in rows("example_goods") if row["merchant"] == "cosmetics"]
    with site.hub.database.begin() as uow:
        for row in goods:
            remove_product(uow, merchant, row["key"].upper(), site.hub.clock)
    site.hub.imports(2)
    (wanted,) = own(site, "cosmetics")
    browser = site.browser("cosmetics")
    for row in goods:
        entry = asdict(product(row))
        typed = {name: "" if value is None else str(value) for name, value in entry.items()}
        assert browser.post("/firm/products/new", data=typed).status_code == 302
    site.hub.merge()
    assert state(site, wanted) == "queued"


def test_what_needs_a_merchant_stands_on_its_desk(site: ZoneSite) -> None:
    site.hub.imports(2)
    site.hub.dispatch()
    (wanted,) = own(site, "cosmetics")
    assert "清单被退单" not in site.browser("cosmetics").get("/home").text
    site.hub.answer(wanted, 100)
    desk = site.app.test_client()
    desk.post("/sign-in", data={"login": "cosmetics@example.org", "password": "three-parties-one-list"})
    assert "清单被退单" in desk.get("/home").text


def test_a_raw_message_shows_the_own_document_only_and_is_recorded(site: ZoneSite) -> None:
    site.hub.imports(4)
    site.hub.dispatch()
    wanted, *_others = own(site, "cosmetics")
    page = site.browser("cosmetics").post(f"/declarations/{wanted}/raw/1")
    assert page.status_code == 200
    assert f"GZ{wanted:016d}" in page.text
    others = set(site.hub.list_ids()) - {wanted}
    assert others
    assert not [each for each in others if f"GZ{each:016d}" in page.text]
    assert "list.raw" in audited(site)


def test_a_raw_message_is_not_for_those_who_may_not_see_personal_data(site: ZoneSite) -> None:
    (wanted,) = site.hub.imports(1)
    site.hub.dispatch()
    auditor = site.browser("auditor")
    assert auditor.get(f"/declarations/{wanted}").status_code == 200
    assert auditor.post(f"/declarations/{wanted}/raw/1").status_code == 403


def test_a_downloaded_message_is_a_file(site: ZoneSite) -> None:
    site.hub.imports(2)
    site.hub.dispatch()
    (wanted,) = own(site, "cosmetics")
    browser = site.browser("cosmetics")
    answer = browser.post(f"/declarations/{wanted}/raw/1/download")
    assert answer.mimetype == "application/xml"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert browser.post(f"/declarations/{wanted}/raw/2/download").status_code == 404


def test_personal_values_are_masked_until_revealed(site: ZoneSite) -> None:
    site.hub.imports(2)
    (wanted,) = own(site, "cosmetics")
    browser = site.browser("cosmetics")
    with site.hub.database.reading() as connection:
        found = list_detail(connection, site.hub.vault, Scope(), wanted)
    assert found is not None
    number, page = found.personal["buyer_id_number"], browser.get(f"/declarations/{wanted}").text
    assert number not in page
    (address,) = re.findall(r'action="(/reveal/list/[^"]*/buyer_id_number)"', page)
    assert number in browser.post(address).text
    assert "personal.reveal" in audited(site)
    assert site.browser("furniture").post(address).status_code == 404


@pytest.mark.parametrize("address", ["?stage=nothing", "?day=yesterday", "?after=x", "?after=99999999999999999999"])
def test_an_address_that_makes_no_sense_is_refused(site: ZoneSite, address: str) -> None:
    assert site.browser("officer").get(f"/declarations{address}").status_code == 400


def test_a_long_number_in_the_address_is_no_list(site: ZoneSite) -> None:
    assert site.browser("officer").get(f"/declarations/{10**30}").status_code == 404


def test_pages_of_lists_follow_one_another(site: ZoneSite) -> None:
    site.hub.imports(53)
    officer = site.browser("officer")
    first = officer.get("/declarations").text
    (following,) = re.findall(r'rel="next" href="([^"]*)"', first)
    numbers = set(shown(officer, "/declarations")) | set(shown(officer, following.replace("&amp;", "&")))
    assert numbers == set(site.hub.list_ids())


def shown(browser: FlaskClient, address: str) -> list[int]:
    """The lists a page links to."""
    return [int(number) for number in re.findall(r'class="row-link" href="/declarations/(\d+)"', browser.get(address).text)]
