"""Printing documents: everybody prints what they may see, the code leads to what was printed and says whether it holds."""

import io
import re
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from ccezone.background.queries import JobView, job
from ccezone.background.service import run_next_job
from ccezone.declarations.queries import ListFilter, Scope, search_lists
from ccezone.kernel.clock import FixedClock
from ccezone.printing.bundles import JOB, PrintLists
from ccezone.printing.papers import Letter
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}")


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


def text_of(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def code_of(answer: TestResponse) -> str:
    found = CODE.search(answer.headers["Content-Disposition"])
    assert found is not None
    return found[0]


def one(site: ZoneSite, statement: str) -> tuple[object, ...]:
    with site.hub.database.reading() as connection:
        return fetch(connection, statement)[0]


def audited(site: ZoneSite) -> int:
    number = one(site, "SELECT count(*) FROM audit_entry WHERE action = 'personal.print'")[0]
    assert isinstance(number, int)
    return number


def filed(site: ZoneSite) -> int:
    site.hub.imports(2)
    with site.hub.database.reading() as connection:
        (wanted,) = [row.id for row in search_lists(connection, Scope(site.hub.party("cosmetics").id), ListFilter())]
    site.hub.dispatch()
    site.hub.answer(wanted, 2, 120, list_no="401720261000000001")
    return wanted


def print_list(browser: FlaskClient, wanted: int, **form: str) -> TestResponse:
    return browser.post(f"/declarations/{wanted}/paper", data=form)


def test_a_list_printed_twice_has_the_same_code_and_bytes_and_after_a_receipt_others(site: ZoneSite) -> None:
    wanted, browser = filed(site), site.browser("cosmetics")
    first, again = print_list(browser, wanted), print_list(browser, wanted)
    assert first.data == again.data
    assert "401720261000000001" in text_of(first)
    nobody = site.browser("nobody")
    assert "内容与平台当前记录一致" in nobody.get(f"/verify/{code_of(first)}").text
    site.hub.answer(wanted, 800)
    page = nobody.get(f"/verify/{code_of(first)}").text
    assert "打印后记录已有变化" in page
    assert "800 " in page
    later = print_list(browser, wanted)
    assert code_of(later) != code_of(first)


def test_a_printed_list_masks_the_buyer_unless_asked_for_and_that_is_recorded(site: ZoneSite) -> None:
    wanted, browser = filed(site), site.browser("cosmetics")
    covered = text_of(print_list(browser, wanted))
    assert "***" in covered
    assert audited(site) == 0
    assert text_of(print_list(browser, wanted, clear="1")) != covered
    assert audited(site) == 1
    assert print_list(site.browser("auditor"), wanted, clear="1").status_code == 403


def test_nobody_prints_what_they_may_not_see(site: ZoneSite) -> None:
    wanted = filed(site)
    order_key, batch = one(site, "SELECT order_key, batch_id FROM order_version LIMIT 1")
    browser = site.browser("furniture")
    addresses = (f"declarations/{wanted}", f"matches/{order_key}", f"bills/order/{order_key}", f"batches/{batch}")
    assert {browser.post(f"/{address}/paper").status_code for address in addresses} == {404}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_bills_merges_and_deliveries_print_in_both_languages_and_verify(site: ZoneSite, language: str) -> None:
    filed(site)
    order_key, batch = one(site, "SELECT order_key, batch_id FROM order_version LIMIT 1")
    payment, waybill = one(site, "SELECT payment_key, waybill_key FROM payment_version, waybill_version LIMIT 1")
    browser = site.browser("officer")
    browser.set_cookie("ccezone_language", language)
    places = (
        (f"matches/{order_key}", f"bills/payment/{payment}")
        if language == "en"
        else (f"bills/waybill/{waybill}", f"batches/{batch}")
    )
    for place in places:
        answer = browser.post(f"/{place}/paper")
        assert code_of(answer) in text_of(answer), place
        page = browser.get(f"/verify/{code_of(answer)}")
        assert ("内容与平台当前记录一致" if language == "zh" else "agree") in page.text, place


def test_many_lists_are_printed_together_in_the_background(site: ZoneSite) -> None:
    site.hub.imports(4)
    browser = site.browser("cosmetics")
    place = browser.post("/papers/lists").location
    assert "等待处理" in browser.get(place).text
    handler = PrintLists(
        site.hub.database, site.hub.vault, site.hub.deliveries, site.hub.clock, lambda locale: Letter("综试区", locale, str)
    )
    assert run_next_job(site.hub.database, {JOB: handler}, site.hub.clock) == 1
    known = the_job(site, place)
    assert (known.state, known.faults) == ("done", [])
    assert f'href="{place}/file"' in browser.get(place).text
    assert text_of(browser.get(f"{place}/file")).count("核验码") == known.result["documents"] == 2
    assert site.browser("furniture").get(f"{place}/file").status_code == 404


def the_job(site: ZoneSite, place: str) -> JobView:
    with site.hub.database.reading() as connection:
        found = job(connection, UUID(place.rsplit("/", 1)[1]))
    assert found is not None
    return found
