"""Parameters on the site: found by name and mark, proposed, decided by somebody else, in force from their day."""

import re

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.people import PASSWORD, let_in
from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage

LIMIT = "/office/parameters/import.single_limit"
WANTED = {
    "value": "6000",
    "zone": "GZ",
    "effective_from": "2026-07-01",
    "document": "综试区公告 2026 第 1 号",
    "status": "zone decision",
    "note": "试行",
}


@pytest.fixture
def officer(signed_in: SignIn) -> FlaskClient:
    return signed_in("officer")


@pytest.fixture
def second(officer: FlaskClient, database: Database, clock: FixedClock) -> FlaskClient:
    """Another officer."""
    with database.begin() as uow:
        let_in(uow, Invitation("second@example.org", "李复核", Role.ZONE_OFFICER), clock)
    browser = officer.application.test_client()
    browser.post("/sign-in", data={"login": "second@example.org", "password": PASSWORD})
    return browser


def proposed(browser: FlaskClient, **changes: str) -> str:
    """Propose, and return the proposal's address."""
    answer = browser.post(f"{LIMIT}/propose", data={**WANTED, **changes})
    assert answer.status_code == 302, answer.text
    return answer.location


def test_parameters_are_shown_with_unit_document_and_mark(officer: FlaskClient) -> None:
    page = officer.get("/office/parameters").text
    assert "零售进口单次交易限值" in page
    assert "5000 元" in page
    assert "Caiguanshui 2018 No.49" in page
    assert "exchange.customs" not in page
    assert "零售进口单次交易限值" not in officer.get("/office/parameters?group=export").text
    assert "零售进口单次交易限值" in officer.get("/office/parameters?q=SINGLE_limit").text
    unverified = officer.get("/office/parameters?mark=unverified").text
    assert "零售进口单次交易限值" not in unverified
    assert "未核实" in unverified
    assert "没有符合条件的参数" in officer.get("/office/parameters?q=nothing-like-it").text


def test_a_parameter_shows_its_past(officer: FlaskClient) -> None:
    page = officer.get(LIMIT).text
    assert "2000 元" in page
    assert "至 2018-12-31" in page
    assert officer.get("/office/parameters/no.such.key").status_code == 404
    assert officer.get("/office/parameters/exchange.customs.502").status_code == 404


def test_one_officer_proposes_and_another_approves(officer: FlaskClient, second: FlaskClient) -> None:
    address = proposed(officer)
    own = officer.get(address).text
    assert "须由另一名工作人员审批" in own
    assert "approve" not in own
    assert officer.post(f"{address}/approve").status_code == 422
    assert "待审批" in officer.get("/office/parameters?mark=waiting").text
    assert "6000 元" in second.get(address).text
    done = second.post(f"{address}/approve", follow_redirects=True).text
    assert "已批准" in done
    assert "李复核" in done
    page = officer.get(LIMIT).text
    assert ">未生效<" in page
    assert "2026-07-01：6000 元" in page.replace("\n", "")
    assert second.post(f"{address}/refuse", data={"reason": "晚了"}).status_code == 422


def test_a_refusal_needs_a_reason_and_shows_it(officer: FlaskClient, second: FlaskClient) -> None:
    address = proposed(officer)
    assert second.post(f"{address}/refuse").status_code == 422
    assert "依据不足" in second.post(f"{address}/refuse", data={"reason": "依据不足"}, follow_redirects=True).text


def test_a_proposer_withdraws(officer: FlaskClient, second: FlaskClient) -> None:
    address = proposed(officer)
    assert second.post(f"{address}/withdraw").status_code == 422
    assert "提议已撤回" in officer.post(f"{address}/withdraw", follow_redirects=True).text


def test_a_value_to_come_is_taken_back_by_two(officer: FlaskClient, second: FlaskClient) -> None:
    address = proposed(officer)
    second.post(f"{address}/approve")
    assert officer.post(f"{address}/cancel").status_code == 422
    cancel = officer.post(f"{address}/cancel", data={"reason": "金额有误"}).location
    assert "撤回未生效的值" in second.get(cancel).text
    second.post(f"{cancel}/approve")
    assert ">未生效<" not in officer.get(LIMIT).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": "-5"}, "value"),
        ({"value": ""}, "value"),
        ({"effective_from": "tomorrow"}, "effective_from"),
        ({"effective_from": "2026-06-01"}, "effective_from"),
        ({"effective_from": ""}, "effective_from"),
        ({"effective_to": "2026-06-30"}, "effective_to"),
        ({"document": ""}, "document"),
    ],
)
def test_what_cannot_be_meant_is_told_at_its_field(officer: FlaskClient, change: dict[str, str], field: str) -> None:
    answer = officer.post(f"{LIMIT}/propose", data={**WANTED, **change})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert re.search(rf'id="{field}-error"', answer.text)


def test_an_auditor_reads_and_proposes_nothing(signed_in: SignIn) -> None:
    auditor = signed_in("auditor")
    assert "提出新值" not in auditor.get(LIMIT).text
    assert auditor.post(f"{LIMIT}/propose", data=WANTED).status_code == 403
    assert signed_in("merchant").get("/office/parameters").status_code == 403
