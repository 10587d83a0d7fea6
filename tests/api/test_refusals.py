"""Bad input at the API: always a problem that names document, field and remedy; nothing is lost, nothing stored by halves."""

import gzip
import json
from io import RawIOBase
from typing import Any

import pytest

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service.credentials import issue_credential, revoke_credential
from ccezone.enterprises.rules import Status
from ccezone.enterprises.service import set_status
from ccezone.web.shell.security import BODY_LIMIT
from tests.api.conftest import Api, problem
from tests.hub.bills import message, order

pytestmark = pytest.mark.storage
GOOD = message(order())
BOMB = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "x">' + b"".join(
    b'<!ENTITY a%d "%s">' % (number, b"&a;" * 10) for number in range(9)
) + b"]><b>&a8;</b>"  # fmt: skip
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]><b>&x;</b>'

WHOLE = [
    ("cut off", GOOD[: len(GOOD) // 2], "not_well_formed"),
    ("no XML", b"hello", "not_well_formed"),
    ("empty", b"", "not_well_formed"),
    ("bomb", BOMB, "doctype_forbidden"),
    ("external entity", EXTERNAL, "doctype_forbidden"),
    ("GBK", GOOD.decode().replace("UTF-8", "GBK").encode("gbk"), "wrong_encoding"),
    ("GBK that claims UTF-8", GOOD.decode().encode("gbk"), "wrong_encoding"),
    ("another root", GOOD.replace(b"CEB303Message", b"CEB999Message"), "wrong_root"),
    ("another namespace", b"<order/>", "wrong_namespace"),
    ("a receipt", GOOD.replace(b"CEB303Message", b"CEB304Message"), None),
]


@pytest.mark.parametrize(("body", "code"), [each[1:] for each in WHOLE], ids=[each[0] for each in WHOLE])
def test_a_message_that_is_none_is_refused_as_a_whole(api: Api, body: bytes, code: str | None) -> None:
    errors = problem(api.message(body), 422)
    assert code is None or errors[0]["code"] == code, errors
    assert b"root:" not in json.dumps(errors).encode(), "no external entity is ever read"
    assert api.hub.count("intake_batch") == 0


def test_a_hundred_and_one_documents_are_too_many(api: Api) -> None:
    one = GOOD[GOOD.index(b"<ceb:Order>") : GOOD.index(b"</ceb:Order>") + len(b"</ceb:Order>")]
    errors = problem(api.message(GOOD.replace(one, one * 101)), 422)
    assert [error["code"] for error in errors] == ["too_many_documents"]
    assert api.hub.count("intake_batch") == 0


SPOILT = [
    (b"<ceb:orderType>E<", b"<ceb:orderType>Z<", "/0/OrderHead/orderType", "unknown_code"),
    (b"<ceb:goodsValue>", b"<ceb:goodsValue>x", "/0/OrderHead/goodsValue", "not_a_number"),
    (b"<ceb:appTime>2026", b"<ceb:appTime>2O26", "/0/OrderHead/appTime", "bad_time"),
]


@pytest.mark.parametrize(("old", "new", "pointer", "code"), SPOILT, ids=[each[3] for each in SPOILT])
def test_a_wrong_value_is_named_and_the_good_documents_are_kept(api: Api, old: bytes, new: bytes, pointer: str, code: str) -> None:
    body = message(order(5), order(9)).replace(old, new, 1)
    answer = api.message(body)
    assert answer.status_code == 202, answer.text
    found = answer.get_json()
    assert (found["accepted"], found["rejected"]) == (1, 1)
    (error,) = found["errors"]
    assert (error["position"], error["code"]) == (0, code)
    assert error["pointer"].startswith("/0/")
    assert error["pointer"].rsplit("/", 1)[1] == pointer.rsplit("/", 1)[1]
    assert error["message"]
    assert error["remedy"]
    assert api.hub.count("order_version") == 1


def test_errors_speak_the_callers_language_and_keep_their_codes(api: Api) -> None:
    chinese = problem(api.message(b"hello"), 422)[0]
    english = problem(api.message(b"hello", Accept_Language="en-GB,en;q=0.9"), 422)[0]
    assert chinese["code"] == english["code"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese["remedy"])
    assert english["remedy"].isascii()


def test_a_sender_filing_for_another_firm_is_refused(api: Api) -> None:
    errors = problem(api.message(GOOD, "oranges"), 403)
    assert [(error["code"], error["pointer"]) for error in errors] == [("sender_mismatch", "/BaseTransfer/copCode")]


def test_a_document_that_is_not_the_senders_own_is_refused_though_the_envelope_is(api: Api) -> None:
    code = api.hub.party("oranges").customs_code
    answer = api.message(message(order(), transmitter=code), "oranges")
    assert [error["code"] for error in answer.get_json()["errors"]] == ["sender_not_entitled"]
    assert api.hub.count("order_version") == 0


class Unread(RawIOBase):
    """A body that fails the test when somebody reads it."""

    def readinto(self, buffer: object) -> int:
        raise AssertionError("a body over the limit must not be read")


class Endless(RawIOBase):
    """A body of unknown length that goes on and on, and counts what was read of it."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # all that werkzeug hands us
        self.taken += len(buffer)
        return len(buffer)


@pytest.mark.parametrize(("path", "media_type"), [("/messages", "application/xml"), ("/orders", "application/json")])
def test_a_body_of_two_hundred_megabytes_is_refused_unread(api: Api, path: str, media_type: str) -> None:
    answer = api.client.post(
        f"/api/v1{path}",
        headers={"Authorization": f"Bearer {api.token()}", "Content-Type": media_type},
        environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024), "wsgi.input": Unread()},
    )
    (error,) = problem(answer, 413)
    assert (error["code"], str(BODY_LIMIT) in error["message"]) == ("body_too_large", True)


def test_a_body_of_unknown_length_is_read_up_to_the_limit_and_refused(api: Api) -> None:
    body = Endless()
    answer = api.client.post(
        "/api/v1/messages",
        headers={"Authorization": f"Bearer {api.token()}", "Content-Type": "application/xml", "Transfer-Encoding": "chunked"},
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input": body, "wsgi.input_terminated": True},
    )
    assert problem(answer, 413)[0]["code"] in ("body_too_large", "too_large")
    assert body.taken <= BODY_LIMIT + 1024 * 1024


def test_a_gzip_bomb_is_refused(api: Api) -> None:
    errors = problem(api.message(gzip.compress(b" " * (64 * 1024 * 1024)), Content_Encoding="gzip"), 413)
    assert errors[0]["code"] == "body_too_large"


def test_gzip_that_is_none_is_refused(api: Api) -> None:
    assert problem(api.message(GOOD, Content_Encoding="gzip"), 400)[0]["code"] == "not_gzip"


def test_gzip_that_was_cut_off_is_refused(api: Api) -> None:
    packed = gzip.compress(GOOD)
    for cut in (packed[: len(packed) // 2], packed[:-1]):
        assert problem(api.message(cut, Content_Encoding="gzip"), 400)[0]["code"] == "not_gzip"
    assert api.hub.count("intake_batch") == 0


def test_nothing_behind_the_end_of_gzip_is_passed_over(api: Api) -> None:
    packed = gzip.compress(GOOD)
    assert problem(api.message(packed + packed, Content_Encoding="gzip"), 400)[0]["code"] == "not_gzip"
    assert api.hub.count("intake_batch") == 0


def test_another_media_type_is_refused_with_those_that_are_taken(api: Api) -> None:
    errors = problem(api.post("/messages", GOOD, media_type="text/plain"), 415)
    assert errors[0]["code"] == "unsupported_media_type"
    assert "application/xml" in errors[0]["remedy"]


def test_no_route_answers_the_anonymous(api: Api) -> None:
    refused = 0
    for rule in api.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or rule.rule.startswith("/api/v1/open-data"):
            continue  # open data is everybody's
        path = rule.rule.replace("<int:", "<").replace("<uuid:", "<")
        path = "".join(part if not part.startswith("<") else "1" for part in _parts(path))
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE", "PATCH"}:
            for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
                answer = api.client.open(path, method=method, headers=headers, json=[])
                assert answer.status_code in (401, 404), f"{method} {path}: {answer.status_code}"
                refused += answer.status_code == 401
    assert refused >= 15


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}])
def test_a_caller_without_a_token_is_told_what_to_do(api: Api, headers: dict[str, str]) -> None:
    answer = api.client.post("/api/v1/messages", data=GOOD, headers=headers, content_type="application/xml")
    assert problem(answer, 401)[0]["code"] == "unauthenticated"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_stops_working(api: Api) -> None:
    sender = api.hub.party("platform_export").id
    with api.hub.database.begin() as uow:
        issued = issue_credential(uow, sender, "test", {Permission.BILLS_WRITE}, None, api.hub.clock)
    headers = {"Authorization": f"Bearer {issued.token}"}
    assert api.client.post("/api/v1/messages", data=GOOD, headers=headers, content_type="application/xml").status_code == 202
    with api.hub.database.begin() as uow:
        revoke_credential(uow, sender, issued.id, Principal(Role.ZONE_OFFICER, None, frozenset()), api.hub.clock)
    problem(api.client.post("/api/v1/messages", data=GOOD, headers=headers, content_type="application/xml"), 401)


def test_a_suspended_enterprise_is_shut_out(api: Api) -> None:
    token = api.token()
    with api.hub.database.begin() as uow:
        set_status(uow, api.hub.party("platform_export").id, Status.SUSPENDED, api.hub.clock)
    headers = {"Authorization": f"Bearer {token}"}
    problem(api.client.post("/api/v1/messages", data=GOOD, headers=headers, content_type="application/xml"), 401)


def test_a_token_without_the_permission_is_refused(api: Api) -> None:
    token = api.token(permissions=frozenset({Permission.BILLS_READ}))
    headers = {"Authorization": f"Bearer {token}"}
    answer = api.client.post("/api/v1/messages", data=GOOD, headers=headers, content_type="application/xml")
    assert problem(answer, 403)[0]["code"] == "not_permitted"


JSON: list[tuple[str, Any, int, str]] = [
    ("no JSON", b"{", 400, "bad_json"),
    ("nothing", [], 422, "no_documents"),
    ("too many", [{}] * 10_001, 413, "too_many_documents"),
]


@pytest.mark.parametrize(("body", "status", "code"), [each[1:] for each in JSON], ids=[each[0] for each in JSON])
def test_json_that_is_none_is_refused_as_a_whole(api: Api, body: Any, status: int, code: str) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    assert problem(api.post("/orders", raw, media_type="application/json"), status)[0]["code"] == code


@pytest.mark.parametrize("body", [[1], ["x"], [None], [[]], [{"lines": 3}], [{"orderNo": {"a": 1}}], [{"goodsValue": "NaN"}]])
def test_json_of_another_shape_is_refused_document_by_document(api: Api, body: list[object]) -> None:
    answer = api.post("/orders?flow=E", json.dumps(body).encode(), media_type="application/json")
    assert answer.status_code == 202, answer.text
    assert (answer.get_json()["accepted"], answer.get_json()["rejected"]) == (0, 1)


def test_another_flow_is_refused(api: Api) -> None:
    answer = api.post("/orders?flow=X", b"[{}]", media_type="application/json")
    assert problem(answer, 422)[0]["code"] == "not_a_choice"


@pytest.mark.parametrize("path", ["/shipping-links?flow=E", "/shipping-links"])
def test_an_object_of_another_flow_than_its_delivery_is_not_taken_for_one_of_it(api: Api, path: str) -> None:
    body = json.dumps([{"flow": "E"}, {"flow": "I"}]).encode()
    (error,) = problem(api.post(path, body, media_type="application/json"), 422)
    assert (error["code"], error["pointer"]) == ("flow_differs", "/1/flow")
    assert api.hub.count("intake_batch") == 0


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/messages", 405), ("GET", "/nowhere", 404)])
def test_even_a_wrong_address_is_answered_as_a_problem(api: Api, method: str, path: str, status: int) -> None:
    answer = api.client.open(f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {api.token()}"})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def _parts(path: str) -> list[str]:
    found, rest = [], path
    while "<" in rest:
        before, rest = rest.split("<", 1)
        _, rest = rest.split(">", 1)
        found += [before, "<"]
    return [*found, rest]
