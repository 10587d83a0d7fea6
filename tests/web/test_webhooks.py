"""Webhooks as a firm sets them up: secret once, log, test, replay, switch off, and whoever may not."""

import re
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ccezone.kernel.clock import FixedClock
from ccezone.notices.ports import Answer
from ccezone.notices.service.webhooks import Deliverer
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from tests.hub.people import PASSWORD
from tests.notices.receivers import DEAD, Receivers
from tests.web.conftest import SignIn, a_site

pytestmark = pytest.mark.storage
URL = "https://erp.example.com/hooks"
FORM = {"url": URL, "note": "ERP 系统", "kinds": ["list.state_changed", "batch.finished"]}


@dataclass
class Desk:
    """A signed-in merchant with one endpoint, and the worker that delivers."""

    browser: FlaskClient
    receivers: Receivers
    deliverer: Deliverer
    secret: str = ""
    place: str = ""

    def add(self) -> None:
        page = self.browser.post("/firm/webhooks", data=FORM).text
        self.secret = page.split('id="secret" readonly value="')[1].split('"')[0]
        (self.place,) = re.findall(r'href="(/firm/webhooks/[0-9a-f-]{36})"', page)

    def work(self) -> None:
        for ailing in (False, True):
            for claim in self.deliverer.claim(9, ailing=ailing):
                self.deliverer.turn(claim)

    def test(self) -> str:
        """Press the test button; return the delivery's address."""
        return str(self.browser.post(f"{self.place}/test").location)


@pytest.fixture
def desk(signed_in: SignIn, database: Database, clock: FixedClock) -> Desk:
    receivers = Receivers()
    deliverer = Deliverer(database, PersonalVault(bytes(32)), receivers, clock, lambda: 0.0)
    found = Desk(signed_in("merchant"), receivers, deliverer)
    found.add()
    return found


def test_a_new_endpoint_shows_its_secret_once(desk: Desk) -> None:
    assert desk.secret.startswith("whsec_")
    assert desk.secret not in desk.browser.get(desk.place).text
    page = desk.browser.get("/firm/webhooks").text
    assert "ERP 系统" in page
    assert "正常" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"url": "http://erp.example.com/"}, "推送地址须为完整的 https 网址"),
        ({"url": "https://192.168.0.1/"}, "192.168.0.1 不是公网地址"),
        ({"url": ""}, "推送地址"),
        ({"kinds": []}, "推送哪些事件"),
        ({"kinds": ["gossip"]}, "没有事件类型“gossip”"),
    ],
)
def test_what_is_wrong_with_an_endpoint_is_said_at_its_field(desk: Desk, typed: dict[str, object], words: str) -> None:
    answer = desk.browser.post("/firm/webhooks", data={**FORM, **typed})
    assert answer.status_code == 422
    assert words in answer.text[answer.text.index('id="errors"') :]


def test_a_test_event_shows_what_was_sent_and_answered(desk: Desk) -> None:
    desk.receivers.moods[URL] = lambda _: Answer(200, excerpt="<b>OK</b>", milliseconds=42)
    place = desk.test()
    assert "尚未推送" in desk.browser.get(place).text
    desk.work()
    page = desk.browser.get(place).text
    assert "HTTP 200" in page
    assert "&lt;b&gt;OK" in page
    assert "test.sent" in page
    assert "hx-trigger" not in page, "there is nothing to wait for any more"
    part = desk.browser.get(place, headers={"HX-Request": "true"}).text
    assert part.strip().startswith("<section")


def test_a_failed_attempt_says_why_and_when_next(desk: Desk) -> None:
    desk.receivers.moods[URL] = lambda _: DEAD
    place = desk.test()
    desk.work()
    assert "对方拒绝连接" in desk.browser.get(place).text
    page = desk.browser.get(desk.place).text
    assert "连续失败 1 次" in page
    assert "2026-06-01 12:00:05" in page


def test_one_event_is_sent_again(desk: Desk) -> None:
    place = desk.test()
    desk.work()
    assert "将重新推送" in desk.browser.post(f"{place}/replay", follow_redirects=True).text
    desk.work()
    first, second = desk.receivers.calls
    assert first.event_id == second.event_id


def test_what_failed_since_a_day_is_sent_again(desk: Desk, clock: FixedClock) -> None:
    desk.receivers.moods[URL] = lambda _: Answer(410)
    desk.test()
    desk.work()
    assert "对方答复不再接收（410）" in desk.browser.get(desk.place).text
    refused = desk.browser.post(f"{desk.place}/replay", data={"since": "2026-06-01"})
    assert refused.status_code == 422
    desk.browser.post(f"{desk.place}/enabled", data={"enabled": "1"})
    assert "0 个事件" in desk.browser.post(f"{desk.place}/replay", data={"since": "2026-06-02"}, follow_redirects=True).text
    assert "1 个事件" in desk.browser.post(f"{desk.place}/replay", data={"since": "2026-06-01"}, follow_redirects=True).text
    assert desk.browser.post(f"{desk.place}/replay", data={"since": "yesterday"}).status_code == 422


def test_an_endpoint_is_changed_switched_and_removed(desk: Desk) -> None:
    desk.browser.post(desk.place, data={**FORM, "note": "仓库", "version": "1"})
    assert "仓库" in desk.browser.get("/firm/webhooks").text
    stale = desk.browser.post(desk.place, data={**FORM, "note": "旧窗口", "version": "1"})
    assert stale.status_code == 422
    assert "已被他人修改" in stale.text
    assert "推送地址已停用" in desk.browser.post(f"{desk.place}/enabled", data={"enabled": "0"}, follow_redirects=True).text
    assert desk.browser.post(f"{desk.place}/test").status_code == 422
    desk.browser.post(f"{desk.place}/remove")
    assert desk.browser.get(desk.place).status_code == 404


def test_a_changed_secret_is_shown_once_and_both_sign(desk: Desk) -> None:
    page = desk.browser.post(f"{desk.place}/secret").text
    assert "whsec_" in page
    assert desk.secret not in page
    assert "密钥更换中" in desk.browser.get(desk.place).text
    desk.test()
    desk.work()
    assert list(desk.receivers.calls[0].secrets)[1] == desk.secret


def test_the_log_is_filtered_by_state(desk: Desk) -> None:
    desk.test()
    desk.work()
    assert "没有推送记录" in desk.browser.get(f"{desk.place}?state=failed").text
    assert "测试事件" in desk.browser.get(f"{desk.place}?state=delivered").text
    assert desk.browser.get(f"{desk.place}?state=lost").status_code == 400
    assert desk.browser.get(f"{desk.place}/{UUID(int=1)}").status_code == 404


def test_whoever_lacks_the_permission_sees_no_webhooks(desk: Desk, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE user_account SET permissions = '{bills:read}'")
    for method, address in (("GET", "/firm/webhooks"), ("GET", desk.place), ("POST", f"{desk.place}/test")):
        assert desk.browser.open(address, method=method).status_code == 403


def test_a_demonstration_may_call_this_machine(database: Database, clock: FixedClock, signed_in: SignIn) -> None:
    signed_in("merchant")
    app: Flask = a_site(database, clock, webhooks_private=True)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    browser = app.test_client()
    assert browser.post("/sign-in", data={"login": "merchant@example.org", "password": PASSWORD}).status_code == 302
    assert browser.post("/firm/webhooks", data={**FORM, "url": "http://127.0.0.1:9000/"}).status_code == 200
