"""The officer's day: every number opens exactly the rows that make it."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ccezone.clearance.ports import Receipt
from ccezone.clearance.service.receiving import take_receipts
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database
from ccezone.storage.copying import copy_rows, fetch, run
from tests.hub.harness import SAMPLES
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage

PAGES = ("today", "today/find", "messages", "receipts/parked", "receipts/unreadable", "cases")


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


def a_busy_day(site: ZoneSite) -> None:
    """More orders than fit on one page, lists in many states, and something of every exception."""
    hub = site.hub
    for message_type in SAMPLES["E"]:
        hub.post_sample(message_type, 3)
    ids = hub.imports(60)
    hub.dispatch()
    hub.answer(ids[0], 2, 3, 120, 800)
    hub.answer(ids[1], 2, 100)
    hub.answer(ids[2], 2, -621003)
    hub.answer(ids[3], 2, 120, 300)
    hub.answer(ids[4], 2, 120, 800, 899)
    hub.park("A-GUID")
    with hub.database.begin() as uow:
        run(uow.connection, "UPDATE declaration_state SET state = 'held' WHERE id = %(id)s", {"id": ids[5]})
        run(uow.connection, "UPDATE outgoing_message SET sent_at = NULL WHERE message_type = 'CEB303Message'")
        refused = "UPDATE outgoing_message SET sent_at = NULL, refused_code = '1' WHERE message_type = 'CEB403Message'"
        run(uow.connection, refused)
        columns = ("id", "mailbox_id", "message_type", "body", "error", "received_at")
        copy_rows(uow.connection, "unreadable_message", columns, [(uuidv7(), "M1", "", b"<a>", "no receipt", hub.clock.now())])
        other = Receipt("CEB622Message", str(_guid(site, ids[4])).upper(), 430, hub.clock.now(), "")
        take_receipts(uow, [other], hub.clock.now())  # closed and cancelled at once: a contradiction, so a case


def _guid(site: ZoneSite, declaration_id: int) -> object:
    with site.hub.database.reading() as connection:
        return fetch(connection, "SELECT id FROM submission WHERE declaration_id = %(id)s", {"id": declaration_id})[0][0]


def numbers(page: str) -> list[tuple[str, int]]:
    """Every number of the page, and what it opens."""
    return [(unescape(address), int(number)) for address, number in re.findall(r'<a href="([^"]*)" data-count="(\d+)"', page)]


def rows_behind(browser: FlaskClient, address: str) -> int:
    """How many rows an address shows on all its pages."""
    count = 0
    following: str | None = address
    while following:
        page = browser.get(following)
        assert page.status_code == 200, following
        count += sum(int(number) for number in re.findall(r'data-rows="(\d+)"', page.text))
        links = re.findall(r'rel="next" href="([^"]*)"', page.text)
        following = unescape(links[0]) if links else None
    return count


def test_every_number_opens_exactly_its_rows(site: ZoneSite) -> None:
    a_busy_day(site)
    officer = site.browser("officer")
    found = numbers(officer.get("/office/today").text)
    assert len(found) > 25
    assert max(number for _address, number in found) > 50
    for address, number in found:
        assert rows_behind(officer, address) == number, address


def test_the_stages_of_lists_add_up_to_all_lists(site: ZoneSite) -> None:
    a_busy_day(site)
    found = numbers(site.browser("officer").get("/office/today").text)
    totals = [number for address, number in found if address.startswith("/declarations?") and "mode=" not in address]
    assert sum(totals) == len(site.hub.list_ids())


def test_another_day_has_its_own_numbers(site: ZoneSite) -> None:
    site.hub.imports(2)
    site.hub.clock.advance(days=1)
    officer = site.browser("officer")
    today = numbers(officer.get("/office/today").text)
    yesterday = numbers(officer.get("/office/today?day=2026-06-01").text)
    assert not [address for address, number in today if number and "/today/" in address]
    assert [number for address, number in yesterday if "kind=order" in address] == [2, 2]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_offices_pages_open_full_and_empty(site: ZoneSite, language: str) -> None:
    officer = site.browser("officer")
    officer.set_cookie("ccezone_language", language)
    assert {officer.get(f"/office/{page}").status_code for page in PAGES} == {200}
    a_busy_day(site)
    assert {officer.get(f"/office/{page}").status_code for page in PAGES} == {200}


@pytest.mark.parametrize("page", PAGES)
def test_firms_do_not_enter_the_office(site: ZoneSite, page: str) -> None:
    assert site.browser("cosmetics").get(f"/office/{page}").status_code == 403


def test_an_auditor_reads_and_changes_nothing(site: ZoneSite) -> None:
    a_busy_day(site)
    auditor = site.browser("auditor")
    for page in PAGES:
        assert auditor.get(f"/office/{page}").status_code == 200
    (message,) = [address for address in _links(auditor, "/office/messages?standing=refused") if "/messages/" in address]
    assert auditor.get(message).status_code == 200
    assert auditor.post(f"{message}/raw").status_code == 403


def test_any_number_leads_to_its_rows(site: ZoneSite) -> None:
    site.hub.imports(1)
    officer = site.browser("officer")
    with site.hub.database.reading() as connection:
        order_no, waybill_no = fetch(connection, "SELECT order_no, waybill_no FROM declaration_list")[0]
    for number in (order_no, waybill_no):
        links = _links(officer, f"/office/today/find?q={number}")
        assert len(links) == 2
        for link in links:
            assert officer.get(link).status_code == 200, link
    assert "没有找到" in officer.get("/office/today/find?q=nothing").text


def test_a_message_is_shown_with_what_it_carries_and_its_body_on_record(site: ZoneSite) -> None:
    site.hub.imports(2)
    site.hub.dispatch()
    officer = site.browser("officer")
    (address,) = [link for link in _links(officer, f"/office/messages?q={site.hub.list_ids()[0]}") if "/messages/" in link]
    page = officer.get(address).text
    for declaration_id in site.hub.list_ids():
        assert f"/declarations/{declaration_id}" in page
    assert "InventoryHead" in officer.post(f"{address}/raw").text
    assert officer.post(f"{address}/download").mimetype == "application/xml"
    with site.hub.database.reading() as connection:
        actions = [row[0] for row in fetch(connection, "SELECT action FROM audit_entry")]
    assert {"message.raw", "message.raw.download"} <= set(actions)


def test_an_unreadable_message_is_shown_as_it_came(site: ZoneSite) -> None:
    a_busy_day(site)
    officer = site.browser("officer")
    (action,) = re.findall(r'action="(/office/receipts/unreadable/[^"]*)"', officer.get("/office/receipts/unreadable").text)
    assert "&lt;a&gt;" in officer.post(action).text


@pytest.mark.parametrize(
    "address",
    ["today?day=x", "today/bills?kind=x", "today/bills?kind=order&after=x", "messages?standing=x", "receipts/parked?after=x"],
)
def test_an_address_that_makes_no_sense_is_refused(site: ZoneSite, address: str) -> None:
    assert site.browser("officer").get(f"/office/{address}").status_code == 400


def _links(browser: FlaskClient, address: str) -> list[str]:
    """What the table of a page links to."""
    table = browser.get(address).text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [unescape(link) for link in re.findall(r'<a[^>]*href="([^"]*)"', table)]
