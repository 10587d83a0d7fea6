"""A preview runs the real matching on bills that are not stored, keeps nothing, and tells nothing about others' bills."""

from collections.abc import Mapping
from typing import Any

import pytest

from schemas.rest.documents import spelled
from tests.api.conftest import Api, problem
from tests.hub.bills import Bill, export_bills, import_bills, order, payment
from tests.hub.link_json import link_json

pytestmark = pytest.mark.storage
MERCHANT, RIVAL = "furniture", "oranges"
KEPT = (
    "order_version",
    "payment_version",
    "waybill_version",
    "link_version",
    "intake_batch",
    "merge_queue",
    "order_match",
    "outbox",
)


def supposed(*bills: Bill) -> dict[str, object]:
    """The body of a preview of an order with its bills."""
    sold, *others = bills
    body: dict[str, list[Mapping[str, object]]] = {"payments": [], "waybills": [], "links": []}
    for bill in others:
        kind = {"payment": "payments", "waybill": "waybills", "link": "links"}[bill.kind.value]
        body[kind].append(spelled(bill.message_type, bill.values) if bill.message_type else link_json(bill))
    return {"flow": sold.flow, "order": spelled(sold.message_type, sold.values), **body}


def previewed(api: Api, *bills: Bill, by: str = MERCHANT) -> dict[str, Any]:
    """What the merge would say of them."""
    answer = api.call("POST", "/matches/preview", by, supposed(*bills))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_whole_trade_would_match(api: Api) -> None:
    found = previewed(api, *export_bills())
    assert (found["verdict"], found["fileable"], found["errors"]) == ("matched", True, [])


def test_nothing_of_it_is_kept(api: Api) -> None:
    previewed(api, *export_bills())
    tables = [row[0] for row in api.hub.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    assert [table for table in KEPT if table in tables and api.hub.count(table)] == []


def test_an_order_alone_says_what_it_would_wait_for(api: Api) -> None:
    found = previewed(api, order())
    assert (found["verdict"], found["waiting"]) == ("waiting", ["payment", "link"])


def test_bills_that_are_stored_count(api: Api) -> None:
    sold, paid, sent, linked = export_bills()
    api.hub.post(paid, sent, linked)
    assert previewed(api, sold)["verdict"] == "matched"


def test_a_difference_is_shown_with_both_values_before_anything_is_sent(api: Api) -> None:
    sold, paid, sent, linked = export_bills()
    found = previewed(api, sold, paid.but(currency="300"), sent, linked)
    assert found["verdict"] == "conflict"
    (difference,) = [each for each in found["differences"] if each["rule"] == "X02"]
    assert (difference["left"], difference["right"]) == (sold["currency"], "300")


def test_an_import_trade_would_match(api: Api) -> None:
    bills = import_bills()
    by = next(key for key in ("cosmetics", "milk") if api.hub.party(key).customs_code == bills[0]["merchant_code"])
    assert previewed(api, *bills, by=by)["verdict"] == "matched"


def test_a_fault_is_named_where_it_stands(api: Api) -> None:
    found = previewed(api, order(), payment().but(currency="12345"))
    assert [each["pointer"] for each in found["errors"]] == ["/payments/0/currency"]
    broken = previewed(api, order().but(order_type="Z"))
    assert (broken["order_id"], broken["verdict"]) == (None, None)
    assert "/order/orderType" in [each["pointer"] for each in broken["errors"]]


def test_an_order_that_is_not_the_callers_is_refused_and_tells_nothing(api: Api) -> None:
    api.hub.post(*export_bills())
    api.hub.merge()
    found = previewed(api, order(), by=RIVAL)
    assert (found["order_id"], found["verdict"], found["differences"]) == (None, None, [])
    assert [each["code"] for each in found["errors"]] == ["sender_not_entitled"]


def test_whether_another_has_sent_a_bill_already_is_not_told(api: Api) -> None:
    sold, paid, sent, linked = export_bills()
    api.hub.post(sent)
    found = previewed(api, sold, paid, sent.but(gross_weight="9.99"), linked)
    assert (found["verdict"], found["errors"]) == ("matched", [])


def test_too_many_bills_are_refused(api: Api) -> None:
    body = {**supposed(order()), "links": [{}] * 21}
    assert problem(api.call("POST", "/matches/preview", MERCHANT, body), 422)[0]["code"] == "preview_too_many"
