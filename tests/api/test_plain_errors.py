"""Errors that no resource raises itself are problems as well: no such address, wrong method, a crash."""

import json

import pytest

from ccezone.storage import Database
from schemas.rest.documents import spelled
from tests.api.conftest import Api, problem
from tests.hub.bills import order

pytestmark = pytest.mark.storage


def test_an_address_that_does_not_exist(api: Api) -> None:
    errors = problem(api.get("/nowhere", Accept_Language="en"), 404)
    assert errors[0]["code"] == "no_such_resource"
    assert "/api/v1/nowhere" in errors[0]["message"]


def test_a_method_that_is_not_offered(api: Api) -> None:
    answer = api.call("DELETE", "/orders", Accept_Language="en")
    assert problem(answer, 405)[0]["code"] == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]


def test_a_crash_is_a_problem_with_a_number_and_without_its_cause(api: Api) -> None:
    token = api.token()
    gone = Database("postgresql+psycopg://nobody:secret@127.0.0.1:1/nowhere")
    services = api.app.extensions["ccezone_api"]
    api.app.extensions["ccezone_api"] = type(services)(**{**vars(services), "database": gone})
    answer = api.call("GET", "/orders", token=token)
    assert problem(answer, 500)[0]["code"] == "internal_error"
    assert answer.get_json()["request_id"] in answer.text
    assert "secret" not in answer.text
    gone.close()


def test_a_body_of_another_kind(api: Api) -> None:
    answer = api.post("/orders", b"<a/>", media_type="text/xml")
    assert problem(answer, 415)[0]["code"] == "unsupported_media_type"


def test_json_nested_without_end(api: Api) -> None:
    answer = api.post("/orders", b"[" * 100_000, media_type="application/json")
    assert problem(answer, 400)[0]["code"] == "bad_json"


def test_half_a_character(api: Api) -> None:
    answer = api.post("/orders", rb'[{"orderNo": "\ud800"}]', media_type="application/json")
    assert problem(answer, 422)[0]["code"] == "illegal_character"


def test_an_amount_of_nineteen_digits_is_kept(api: Api) -> None:
    body = {**spelled("CEB303Message", order().values), "goodsValue": "1234567890123456789"}
    answer = api.post("/orders?flow=E", json.dumps(body).encode(), media_type="application/json")
    assert (answer.status_code, answer.get_json()["accepted"]) == (202, 1)
    assert api.hub.rows("SELECT trim_scale(goods_value)::text FROM order_version") == [("1234567890123456789",)]
