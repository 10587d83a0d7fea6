"""Exception cases are closed with a cause, by officers, on record."""

from pathlib import Path
from uuid import UUID

import pytest

from ccezone.cases.queries import CaseFilter, case, cases_of, count_cases, count_open, search_cases
from ccezone.cases.service import open_case
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.ids import key8, uuidv7
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


def a_case(site: ZoneSite, kind: str = "late_correction", subject_kind: str = "order", subject: int = 1, **detail: str) -> UUID:
    with site.hub.database.begin() as uow:
        opened = open_case(uow, kind, subject_kind, subject, None, site.hub.clock.now(), detail)
    assert opened is not None
    return opened


def test_an_officer_closes_a_case_with_its_cause(site: ZoneSite) -> None:
    wanted = a_case(site, order_no="N1")
    officer = site.browser("officer")
    site.hub.clock.advance(minutes=90)
    page = officer.get(f"/office/cases/{wanted}").text
    assert "N1" in page
    assert "1 小时 30 分" in page
    assert officer.post(f"/office/cases/{wanted}", data={"code": "explained", "cause": "已与海关核实"}).status_code == 302
    with site.hub.database.reading() as connection:
        closed = case(connection, wanted)
        assert closed is not None
        assert (closed.open, closed.closing_cause) == (False, "已与海关核实")
        assert count_open(connection) == 0
        assert count_cases(connection, only_open=False) == {"late_correction": 1}
        assert [row[0] for row in fetch(connection, "SELECT action FROM audit_entry WHERE subject LIKE 'case:%%'")] == [
            "case.close"
        ]
    assert "已与海关核实" in officer.get("/office/cases?standing=closed").text


def test_a_case_names_the_kind_of_bill_in_words(site: ZoneSite) -> None:
    shown = site.browser("officer").get(f"/office/cases/{a_case(site, bill='payment', order_no='E-1')}").text
    assert "<dd>支付单</dd>" in shown
    assert "<dd>E-1</dd>" in shown


def test_a_case_is_not_closed_without_a_cause(site: ZoneSite) -> None:
    wanted = a_case(site)
    answer = site.browser("officer").post(f"/office/cases/{wanted}", data={"code": "other", "cause": "  "})
    assert answer.status_code == 422
    assert 'id="errors"' in answer.text


def test_a_closed_case_is_not_closed_again(site: ZoneSite) -> None:
    wanted = a_case(site)
    officer = site.browser("officer")
    officer.post(f"/office/cases/{wanted}", data={"code": "other", "cause": "一"})
    assert officer.post(f"/office/cases/{wanted}", data={"code": "other", "cause": "二"}).status_code == 422


def test_only_officers_close_cases(site: ZoneSite) -> None:
    wanted = a_case(site)
    assert site.browser("auditor").post(f"/office/cases/{wanted}", data={"code": "other", "cause": "一"}).status_code == 403
    assert site.browser("cosmetics").get(f"/office/cases/{wanted}").status_code == 403


def test_a_case_leads_to_what_it_is_about(site: ZoneSite) -> None:
    (only,) = site.hub.imports(1)
    message = uuidv7()
    lists = a_case(site, "contradictory_receipts", "list", only)
    messages = a_case(site, "message_refused", "message", key8("M", str(message)), message=str(message))
    officer = site.browser("officer")
    assert f"/declarations/{only}" in officer.get(f"/office/cases/{lists}").text
    assert f"/office/messages/{message}" in officer.get(f"/office/cases/{messages}").text
    assert f"/office/cases/{lists}" in officer.get(f"/declarations/{only}").text
    with site.hub.database.reading() as connection:
        assert [each.id for each in cases_of(connection, "list", only)] == [lists]


def test_open_cases_stand_on_the_officers_desk(site: ZoneSite) -> None:
    a_case(site)
    assert "待处理的异常工单" in site.browser("officer").get("/home").text


def test_an_unknown_case_is_not_there(site: ZoneSite) -> None:
    assert site.browser("officer").get(f"/office/cases/{uuidv7()}").status_code == 404


def test_cases_come_in_pages(site: ZoneSite) -> None:
    for subject in range(3):
        a_case(site, subject=subject)
    with site.hub.database.reading() as connection:
        first = search_cases(connection, limit=2)
        rest = search_cases(connection, after=first[-1].id)
        assert len({each.subject for each in (*first, *rest)}) == 3
        assert search_cases(connection, CaseFilter(kind="message_refused")) == []


def test_whoever_reads_cases_prints_them(site: ZoneSite) -> None:
    wanted = a_case(site, order_no="N1")
    for who, status in (("officer", 200), ("auditor", 200), ("cosmetics", 403)):
        assert site.browser(who).post(f"/office/cases/{wanted}/paper").status_code == status
