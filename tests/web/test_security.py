"""Headers, forgery protection, cookies, limits, error pages, request ids."""

import re

import pytest
from flask import Flask

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.web.shell.security import BODY_LIMIT
from tests.hub.people import PASSWORD
from tests.web.conftest import SignIn, a_site

pytestmark = pytest.mark.storage


@pytest.fixture
def strict(database: Database, clock: FixedClock) -> Flask:
    """The site as in production."""
    return a_site(database, clock, production=True)


def test_pages_forbid_inline_scripts_framing_and_sniffing(app: Flask) -> None:
    headers = app.test_client().get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_no_page_carries_a_script_or_style_inside(signed_in: SignIn) -> None:
    for who, address in [("nobody", "/"), ("merchant", "/firm/products/new"), ("officer", "/office/users")]:
        page = signed_in(who).get(address).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page), address


def test_a_form_without_its_token_is_refused(strict: Flask) -> None:
    answer = strict.test_client().post("/sign-in", data={"login": "a@b.cn", "password": PASSWORD})
    assert answer.status_code == 400
    assert "页面已过期" in answer.text


def test_cookies_of_production_are_secure_and_closed_to_scripts(strict: Flask) -> None:
    strict.config["WTF_CSRF_ENABLED"] = False
    answer = strict.test_client().post("/language", data={"language": "en"}, base_url="https://hub.example")
    cookie = answer.headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(app: Flask) -> None:
    answer = app.test_client().post("/sign-in", content_length=BODY_LIMIT + 1, content_type="application/octet-stream")
    assert answer.status_code == 413
    assert "50 MB" in answer.text


def test_guessing_passwords_is_slowed_down(database: Database, clock: FixedClock) -> None:
    app = a_site(database, clock)
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    answers = [browser.post("/reset", data={"login": "a@b.cn"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize(("language", "words"), [("zh", "页面不存在"), ("en", "Not found")])
def test_error_pages_speak_the_readers_language(app: Flask, language: str, words: str) -> None:
    browser = app.test_client()
    browser.set_cookie("ccezone_language", language)
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert words in answer.text


def test_under_api_an_error_is_a_problem_document(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == 404


def test_a_request_id_is_kept_when_it_is_one_and_replaced_when_it_is_not(app: Flask) -> None:
    browser = app.test_client()
    assert browser.get("/help", headers={"X-Request-Id": "trace-0001"}).headers["X-Request-Id"] == "trace-0001"
    assert browser.get("/help", headers={"X-Request-Id": "<script>"}).headers["X-Request-Id"] != "<script>"


def test_a_crash_gives_a_page_with_the_request_number_and_no_details(database: Database, clock: FixedClock) -> None:
    unreachable = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    app = a_site(database, clock, store=unreachable)
    browser = app.test_client()
    browser.set_cookie("ccezone_session", "anything")
    answer = browser.get("/home", headers={"X-Request-Id": "trace-0002"})
    unreachable.close()
    assert answer.status_code == 500
    assert "trace-0002" in answer.text
    assert "psycopg" not in answer.text


def test_health_tells_life_from_readiness(app: Flask, database: Database, clock: FixedClock) -> None:
    browser = app.test_client()
    assert browser.get("/health/live").get_json() == {"status": "ok"}
    assert browser.get("/health/ready").status_code == 200
    unreachable = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    lost = a_site(database, clock, store=unreachable).test_client()
    assert lost.get("/health/live").status_code == 200
    assert lost.get("/health/ready").status_code == 503
    unreachable.close()


def test_metrics_count_requests_by_endpoint(app: Flask) -> None:
    browser = app.test_client()
    browser.get("/help")
    assert 'ccezone_http_requests_total{endpoint="guide.main",method="GET",status="200"} 1.0' in browser.get("/metrics").text
