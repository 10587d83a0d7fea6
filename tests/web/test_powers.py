"""Separate powers and the one work list on the site: who adds, who grants, who decides, and who sees what waits."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.people import PASSWORD
from tests.web.applying import Applicant, begun
from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage
NEW = {"login": "wang@zone.example", "name": "王新", "role": "zone_officer", "reason": "任命文件 2026 第 3 号"}
PROPOSED = {
    "value": "6000",
    "zone": "GZ",
    "effective_from": "2026-07-01",
    "document": "综试区公告",
    "status": "zone decision",
}


@pytest.fixture
def system(signed_in: SignIn) -> FlaskClient:
    return signed_in("system")


@pytest.fixture
def security(signed_in: SignIn) -> FlaskClient:
    return signed_in("security")


def added(app: Flask, system: FlaskClient) -> FlaskClient:
    """Add somebody, who accepts the link; return their browser."""
    shown = system.post("/office/users/new", data=NEW).text
    link = re.search(r"/link/([\w-]+)", shown)
    assert link is not None, shown
    browser = app.test_client()
    browser.post(f"/link/{link[1]}", data={"password": PASSWORD, "repeated": PASSWORD})
    return entered(browser)


def entered(browser: FlaskClient) -> FlaskClient:
    assert browser.post("/sign-in", data={"login": NEW["login"], "password": PASSWORD}).status_code == 302
    return browser


def request_of(browser: FlaskClient) -> str:
    """The address of the one role that is asked for."""
    found = re.search(r"/office/users/requests/[0-9a-f-]{36}", browser.get("/office/approvals?kind=role").text)
    assert found is not None
    return found[0]


def test_somebody_is_added_by_one_and_empowered_by_another(app: Flask, system: FlaskClient, security: FlaskClient) -> None:
    wang = added(app, system)
    assert wang.get("/home").status_code == 200
    assert wang.get("/office/enterprises").status_code == 403
    address = request_of(security)
    assert "任命文件" in security.get(address).text
    assert system.post(f"{address}/grant").status_code == 403
    assert "已授权" in security.post(f"{address}/grant", follow_redirects=True).text
    assert wang.get("/home").status_code == 302
    assert entered(wang).get("/office/enterprises").status_code == 200
    assert security.post(f"{address}/refuse", data={"note": "晚了"}).status_code == 422


def test_a_role_is_refused_with_a_reason_and_taken_away_at_once(app: Flask, system: FlaskClient, security: FlaskClient) -> None:
    added(app, system)
    address = request_of(security)
    assert security.post(f"{address}/refuse").status_code == 422
    security.post(f"{address}/refuse", data={"note": "未见文件"})
    assert "未见文件" in system.get(address).text
    page = system.get("/office/users?q=wang").text
    role = re.search(r"/office/users/([0-9a-f-]{36})/role", page)
    assert role is not None
    assert system.get(role[0]).status_code == 200
    assert system.post(role[0], data={"role": "auditor"}).status_code == 422
    assert system.post(role[0], data={"role": "auditor", "reason": "已补"}).status_code == 302
    security.post(f"{request_of(security)}/grant")
    assert "审计人员" in security.get("/office/users?q=wang").text
    security.post(f"/office/users/{role[1]}/role/remove")
    assert "未授权" in security.get("/office/users?q=wang").text


def test_each_keeper_sees_and_touches_their_own_people(signed_in: SignIn, system: FlaskClient, security: FlaskClient) -> None:
    officer = signed_in("officer")
    signed_in("merchant")
    assert "merchant@example.org" in officer.get("/office/users").text
    assert "security@example.org" not in officer.get("/office/users").text
    assert "merchant@example.org" not in system.get("/office/users").text
    page = system.get("/office/users?q=officer").text
    theirs = re.search(r"/office/users/([0-9a-f-]{36})/link", page)
    assert theirs is not None
    assert officer.post(theirs[0]).status_code == 404
    assert security.post(theirs[0]).status_code == 403
    assert officer.post("/office/users/new", data=NEW).status_code == 422
    assert security.get("/office/users/new").status_code == 403


def test_a_new_link_for_an_officer_takes_the_role_until_it_is_granted_again(
    signed_in: SignIn, system: FlaskClient, security: FlaskClient
) -> None:
    officer = signed_in("officer")
    theirs = re.search(r"/office/users/([0-9a-f-]{36})/link", system.get("/office/users?q=officer").text)
    assert theirs is not None
    assert "/link/" in system.post(theirs[0]).text
    assert officer.get("/home").status_code == 302
    assert "综试区管理人员" in security.get(request_of(security)).text


def test_the_last_security_administrator_stays(system: FlaskClient, security: FlaskClient) -> None:
    assert security.get("/home").status_code == 200
    theirs = re.search(r"/office/users/([0-9a-f-]{36})/enabled", system.get("/office/users?q=security").text)
    assert theirs is not None
    answer = system.post(theirs[0], data={"enabled": "0"})
    assert answer.status_code == 422
    assert "最后一名" in answer.text


def test_one_list_shows_everything_that_waits_to_whom_it_concerns(
    app: Flask, signed_in: SignIn, system: FlaskClient, security: FlaskClient, database: Database, clock: FixedClock
) -> None:
    applicant: Applicant = begun(app, database, clock)
    applicant.fill_in()
    applicant.submit()
    officer = signed_in("officer")
    officer.post("/office/parameters/import.single_limit/propose", data=PROPOSED)
    added(app, system)
    page = officer.get("/office/approvals").text
    assert applicant.reference in page
    assert "零售进口单次交易限值" in page
    assert "须由他人审批" in page
    assert "王新" not in page
    assert applicant.reference not in officer.get("/office/approvals?kind=parameter").text
    assert "零售进口单次交易限值" not in officer.get(f"/office/approvals?q={applicant.reference}").text
    assert "王新" in security.get("/office/approvals").text
    assert applicant.reference not in security.get("/office/approvals").text
    assert officer.get("/office/approvals?tab=nonsense").status_code == 404
    assert 'href="/office/approvals"><strong>1</strong>' in officer.get("/home").text


@pytest.mark.parametrize("who", ["system", "security", "audit", "newcomer"])
def test_menus_of_administrators_lead_to_pages_that_open(signed_in: SignIn, who: str) -> None:
    browser = signed_in(who)
    home = browser.get("/home").text
    for address in set(re.findall(r'href="(/(?!static)[a-z][^"#?]*)"', home)):
        assert browser.get(address).status_code == 200, address


BUSINESS = ("/bills/orders", "/matches", "/declarations", "/batches", "/office/enterprises", "/office/parameters", "/office/today")


@pytest.mark.parametrize("who", ["system", "security", "audit", "newcomer"])
def test_whoever_has_a_power_or_no_role_sees_nothing_of_the_zones_business(signed_in: SignIn, who: str) -> None:
    browser = signed_in(who)
    for address in BUSINESS:
        assert browser.get(address).status_code == 403, address
    assert browser.post("/reveal/order/00000000-0000-0000-0000-000000000001/buyer_name").status_code == 403
