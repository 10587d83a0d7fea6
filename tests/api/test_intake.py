"""Good input at the API: official XML bare, enveloped and packed; the same bills as JSON; what becomes of each."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from schemas.messages import dxp
from schemas.messages.dxp import DxpMessage
from tests.api.conftest import Api
from tests.hub.bills import export_bills, import_bills, link, message, order, waybill
from tests.hub.link_json import link_json

pytestmark = pytest.mark.storage
GOOD = message(order())


def enveloped(body: bytes) -> bytes:
    """The message in a transport envelope."""
    at = datetime(2026, 1, 5, tzinfo=UTC)
    return dxp.encode(DxpMessage("A" * 36, "DXPENTGZ00000007", ("DXPEDCCEB0000003",), at, "CEB303Message", body))


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(GOOD, "identity"), (enveloped(GOOD), "identity"), (gzip.compress(GOOD), "gzip"), (gzip.compress(enveloped(GOOD)), "gzip")],
    ids=["bare", "enveloped", "packed", "enveloped and packed"],
)
def test_an_official_message_is_taken_in_however_it_is_wrapped(api: Api, body: bytes, encoding: str) -> None:
    answer = api.message(body, Content_Encoding=encoding)
    assert answer.status_code == 202, answer.text
    found = answer.get_json()
    assert {name: found[name] for name in ("accepted", "replayed", "rejected", "errors")} == {
        "accepted": 1,
        "replayed": 0,
        "rejected": 0,
        "errors": [],
    }
    assert api.hub.rows("SELECT order_no FROM order_version") == [(order()["order_no"],)]
    assert api.hub.rows("SELECT id::text FROM intake_batch") == [(found["batch"],)]


def test_what_the_api_took_in_goes_on_byte_for_byte(api: Api) -> None:
    api.message(enveloped(GOOD))
    api.hub.dispatch()
    assert [sent.body for sent in api.hub.window.sent] == [GOOD]


def test_a_message_twice_is_a_replay(api: Api) -> None:
    api.message(GOOD)
    assert api.message(GOOD).get_json()["replayed"] == 1
    assert api.hub.count("order_version") == 1


def test_the_whole_trade_may_come_over_the_api(api: Api) -> None:
    sold, paid, sent, linked = export_bills()
    for bill in (sold, paid, sent):
        assert api.message(message(bill), bill.sender).status_code == 202
    body = json.dumps(link_json(linked)).encode()
    assert api.post("/shipping-links?flow=E", body, linked.sender, "application/json").get_json()["accepted"] == 1
    api.hub.merge()
    assert api.hub.match(sold).verdict == "matched"
    for bill in (trade := import_bills()):
        assert api.message(message(bill), bill.sender).status_code == 202
    api.hub.merge()
    assert api.hub.match(trade[0]).verdict == "matched"


def test_a_link_names_its_fault_by_the_senders_own_word(api: Api) -> None:
    body = link_json(link(order(), waybill()))
    body["lines"] = [{"gnum": 1, "qty": "many"}]
    answer = api.post("/shipping-links?flow=E", json.dumps(body).encode(), media_type="application/json")
    (error,) = answer.get_json()["errors"]
    assert (error["pointer"], error["code"]) == ("/0/lines/0/qty", "not_a_number")
