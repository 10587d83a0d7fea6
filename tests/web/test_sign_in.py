"""Signing in through the pages, links, language, and one's own account."""

import re

import pytest
from flask import Flask

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation, create_user
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.people import PASSWORD
from tests.web.conftest import Cast, SignIn, a_site

pytestmark = pytest.mark.storage
NEW = "four-parties-one-list"


def test_the_wanted_page_opens_after_signing_in(app: Flask, cast: Cast, database: Database, clock: FixedClock) -> None:
    with database.begin() as uow:
        create_user(uow, Invitation("mei@example.org", "梅", Role.FIRM, cast.merchant_id), PASSWORD, clock)
    browser = app.test_client()
    asked = browser.get("/firm/products?q=chair")
    assert asked.location == "/sign-in?next=/firm/products?q%3Dchair"
    form = {"login": "mei@example.org", "password": PASSWORD, "next": "/firm/products?q=chair"}
    assert browser.post("/sign-in", data=form).location == "/firm/products?q=chair"


@pytest.mark.parametrize(
    ("sent_to", "page"), [("/firm/products/new?name=chair", "/firm/products/new?name%3Dchair"), ("/declare/new/9610/E", "")]
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(app: Flask, sent_to: str, page: str) -> None:
    assert app.test_client().post(sent_to).location == ("/sign-in?next=" + page if page else "/sign-in")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_no_link_leads_away_from_the_site(app: Flask, elsewhere: str) -> None:
    answer = app.test_client().post("/language", data={"language": "en", "next": elsewhere})
    assert answer.location == "/"


def test_unknown_login_and_wrong_password_give_the_same_page(signed_in: SignIn) -> None:
    signed_in("merchant")
    browser = signed_in("nobody")
    pages = []
    for login in ("merchant@example.org", "stranger@example.org"):
        answer = browser.post("/sign-in", data={"login": login, "password": "wrong-wrong-wrong"})
        assert answer.status_code == 401
        pages.append(re.sub(r'content="[^"]+"|value="[^"]+"|nonce', "", answer.text).replace(login, ""))
    assert pages[0] == pages[1]


def test_signing_out_ends_the_session_on_the_server(signed_in: SignIn, app: Flask) -> None:
    browser = signed_in("merchant")
    stolen = browser.get_cookie("ccezone_session")
    assert stolen is not None
    browser.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("ccezone_session", stolen.value)
    assert thief.get("/home").status_code == 302


def test_a_session_left_alone_for_two_hours_is_over(signed_in: SignIn, clock: FixedClock) -> None:
    browser = signed_in("merchant")
    clock.advance(hours=2, minutes=1)
    assert browser.get("/home").status_code == 302


def test_an_officer_invites_and_the_user_signs_in_by_the_link(signed_in: SignIn, cast: Cast) -> None:
    officer, guest = signed_in("officer"), signed_in("nobody")
    form = {"login": "new@example.org", "name": "新", "role": "firm", "enterprise": "91360700MA35CAM01"}
    assert "没有代码为" in officer.post("/office/users/new", data=form).text
    form["enterprise"] = "91360700MA35CAM01" + _check_character(officer.get(f"/office/enterprises/{cast.merchant_id}").text)
    shown = officer.post("/office/users/new", data=form).text
    found = re.search(r"http://hub\.example(/link/[\w-]+)", shown)
    assert found is not None
    assert "new@example.org" in guest.get(found[1]).text
    differing = guest.post(found[1], data={"password": NEW, "repeated": NEW + "!"})
    assert differing.status_code == 422
    assert guest.post(found[1], data={"password": NEW, "repeated": NEW}).status_code == 302
    assert guest.post("/sign-in", data={"login": "new@example.org", "password": NEW}).location == "/home"
    assert guest.get(found[1]).status_code == 410


def _check_character(page: str) -> str:
    found = re.search(r"91360700MA35CAM01(\w)", page)
    assert found is not None
    return found[1]


def test_an_officer_cannot_make_an_administrator(signed_in: SignIn) -> None:
    form = {"login": "root@example.org", "name": "新", "role": "admin", "enterprise": ""}
    assert signed_in("officer").post("/office/users/new", data=form).status_code == 422


def test_a_reset_is_mailed_when_mail_is_set_up_and_says_the_same_for_strangers(
    database: Database, clock: FixedClock, cast: Cast
) -> None:
    with database.begin() as uow:
        create_user(uow, Invitation("mei@example.org", "梅", Role.FIRM, cast.merchant_id), PASSWORD, clock)
    app = a_site(database, clock, mail_url="smtp://127.0.0.1?from=hub@example.org")
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    browser = app.test_client()
    known = browser.post("/reset", data={"login": "mei@example.org"})
    stranger = browser.post("/reset", data={"login": "stranger@example.org"})
    assert "如果该登录名存在" in known.text
    assert "如果该登录名存在" in stranger.text
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM mail_message").scalar_one() == 1


def test_without_mail_the_reset_page_sends_people_to_an_officer(app: Flask) -> None:
    assert "请联系综试区管理人员" in app.test_client().get("/reset").text


def test_changing_the_password_signs_other_browsers_out(signed_in: SignIn, app: Flask) -> None:
    here = signed_in("merchant")
    there = app.test_client()
    there.post("/sign-in", data={"login": "merchant@example.org", "password": PASSWORD})
    form = {"current_password": PASSWORD, "password": NEW, "repeated": NEW}
    assert here.post("/profile/password", data=form).status_code == 302
    assert here.get("/home").status_code == 200
    assert there.get("/home").status_code == 302


def test_the_chosen_language_follows_the_user_to_another_browser(signed_in: SignIn, app: Flask) -> None:
    signed_in("merchant").post("/language", data={"language": "en", "next": "/home"})
    elsewhere = app.test_client()
    elsewhere.post("/sign-in", data={"login": "merchant@example.org", "password": PASSWORD})
    assert "My desk" in elsewhere.get("/home").text
