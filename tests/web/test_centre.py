"""The message centre and the choices as a person uses them."""

from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from flask import Flask

from ccezone.kernel.clock import FixedClock
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.storage import Database
from tests.web.conftest import Cast, SignIn

pytestmark = pytest.mark.storage
Tell = Callable[..., None]


@pytest.fixture
def tell(database: Database, cast: Cast, clock: FixedClock) -> Tell:
    """Tell the merchant's people something."""

    def told(
        kind: str = "list_rejected",
        subject_kind: str = "list",
        subject: str = "",
        number: int = 1,
        params: Mapping[str, object] | None = None,
    ) -> None:
        with database.begin() as uow:
            tidings = Tidings(kind, clock.now(), subject_kind, subject, params or {}, number)
            assert notify(uow, Audience(enterprise_id=cast.merchant_id), tidings)

    return told


def only_id(database: Database) -> UUID:
    with database.engine.connect() as connection:
        found: UUID = connection.exec_driver_sql("SELECT id FROM notice").scalar_one()
    return found


def test_the_header_counts_what_is_unread_on_every_page(signed_in: SignIn, tell: Tell) -> None:
    browser = signed_in("merchant")
    assert 'class="unread"' not in browser.get("/home").text
    tell()
    tell()
    assert '<span class="unread">2<' in browser.get("/firm/products").text
    assert "条未读" in browser.get("/home").text


def test_a_message_opens_the_list_of_what_it_counts_and_is_read_then(signed_in: SignIn, tell: Tell, database: Database) -> None:
    browser = signed_in("merchant")
    tell(number=5000)
    assert "5,000 份清单被退单" in browser.get("/messages").text
    answer = browser.get(f"/messages/{only_id(database)}")
    assert answer.location == "/declarations?stage=rejected"
    assert browser.get(answer.location).status_code == 200
    assert "没有未读消息" in browser.get("/messages?show=unread").text


@pytest.mark.parametrize(
    ("kind", "subject_kind", "subject", "params", "address"),
    [
        ("list_released", "list", "1000001", {}, "/declarations/1000001"),
        ("list_incomplete", "list", "", {}, "/declarations?stage=incomplete"),
        ("merge_conflict", "order", "-5", {}, "/matches/-5"),
        ("merge_conflict", "order", "", {}, "/matches?verdict=conflict"),
        (
            "job_done",
            "job",
            str(UUID(int=3)),
            {"job": {"list": "job_kinds", "code": "workbook"}},
            f"/batches/workbooks/{UUID(int=3)}",
        ),
        ("job_done", "job", str(UUID(int=3)), {"job": {"list": "job_kinds", "code": "unheard-of"}}, "/messages"),
        ("credential_issued", "credential", "x", {"name": "ERP"}, "/firm/credentials"),
        ("password_changed", "account", "x", {}, "/profile"),
        ("webhook_disabled", "webhook", str(UUID(int=4)), {"url": "https://a.example"}, f"/firm/webhooks/{UUID(int=4)}"),
        ("registration_returned", "application", str(UUID(int=5)), {"name": "甲", "reason": "乙"}, "/firm/registration"),
        ("voucher_certified", "voucher", str(UUID(int=6)), {}, f"/promotion-vouchers/{UUID(int=6)}"),
        ("borrowing_told", "borrowing", str(UUID(int=7)), {}, f"/fx/borrowings/{UUID(int=7)}"),
        (
            "borrowing_noted",
            "own_borrowing",
            f"{UUID(int=8)}/{UUID(int=9)}",
            {},
            f"/bank/{UUID(int=8)}/borrowings/{UUID(int=9)}",
        ),
        ("case_opened", "message", "1", {"subject": {"list": "case_kinds", "code": "late_correction"}}, "/messages"),
    ],
)
def test_every_kind_of_subject_has_its_page(
    signed_in: SignIn,
    tell: Tell,
    database: Database,
    kind: str,
    subject_kind: str,
    subject: str,
    params: dict[str, object],
    address: str,
) -> None:
    browser = signed_in("merchant")
    tell(kind, subject_kind, subject, params=params)
    assert browser.get(f"/messages/{only_id(database)}").location == address


def test_messages_are_searched_in_the_readers_language(signed_in: SignIn, tell: Tell) -> None:
    browser = signed_in("merchant")
    tell("registration_approved", params={"name": "赣南家具"})
    tell()
    browser.set_cookie("ccezone_language", "en")
    page = browser.get("/messages?q=approved").text
    assert "Registration approved: 赣南家具" in page
    assert "Lists rejected" not in page
    assert "No such messages" in browser.get("/messages?q=备案已通过").text


def test_all_are_marked_as_read_but_what_came_meanwhile(signed_in: SignIn, tell: Tell, database: Database) -> None:
    browser = signed_in("merchant")
    tell()
    with database.engine.connect() as connection:
        shown = connection.exec_driver_sql("SELECT place FROM notice").scalar_one()
    tell("list_released")
    answer = browser.post("/messages/read", data={"upto": str(shown), "group": "lists"}, follow_redirects=True)
    assert "1 条消息已标为已读" in answer.text
    assert '<span class="unread">1<' in answer.text
    assert answer.request.query_string == b"group=lists"
    assert browser.post("/messages/read", data={"upto": "x"}).status_code == 400


def test_one_is_marked_as_read_without_opening_it(signed_in: SignIn, tell: Tell, database: Database) -> None:
    browser = signed_in("merchant")
    tell()
    browser.post(f"/messages/{only_id(database)}/read")
    assert 'class="unread"' not in browser.get("/messages").text


def test_choices_are_kept_and_security_has_no_off(signed_in: SignIn, tell: Tell) -> None:
    browser = signed_in("merchant")
    page = browser.get("/profile/notices").text
    select = page[page.index('id="password_changed"') :]
    assert 'value="off"' not in select[: select.index("</select>")]
    answer = browser.post("/profile/notices", data={"list_released": "off", "list_rejected": "digest"}, follow_redirects=True)
    assert "消息接收方式已保存" in answer.text
    select = answer.text[answer.text.index('id="list_rejected"') :]
    assert 'value="digest" selected' in select[: select.index("</select>")]
    refused = browser.post("/profile/notices", data={"password_changed": "off"})
    assert refused.status_code == 422
    assert "安全类消息不能关闭" in refused.text


def test_the_office_is_asked_for_its_own_kinds_only(signed_in: SignIn) -> None:
    page = signed_in("officer").get("/profile/notices").text
    assert "新的备案申请" in page
    assert "清单退单" not in page


def test_a_page_without_a_person_has_no_messages(app: Flask) -> None:
    assert 'href="/messages"' not in app.test_client().get("/").text


def test_an_unknown_group_is_no_page(signed_in: SignIn) -> None:
    assert signed_in("merchant").get("/messages?group=gossip").status_code == 400
