"""Filing, looking ahead, cancelling and changing by API: the same path, the same refusals as by form."""

from collections.abc import Mapping
from typing import Any

import pytest

from schemas.rest.documents import spelled
from tests.api.conftest import Api, problem
from tests.hub.bills import Bill, export_bills, import_bills
from tests.hub.link_json import link_json

pytestmark = pytest.mark.storage
MERCHANT, RIVAL = "furniture", "oranges"


def transaction(bills: list[Bill], *parts: str, **declaration: object) -> dict[str, object]:
    """The body that files these parts of a trade."""
    kinds = {bill.kind.value: bill for bill in bills}
    bodies: dict[str, Mapping[str, object]] = {}
    for part in parts:
        bill = kinds[part]
        bodies[part] = spelled(bill.message_type, bill.values) if bill.message_type else link_json(bill)
    return {"flow": bills[0].flow, **bodies, "declaration": declaration}


def pointers(errors: list[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Where what is wrong."""
    return [(error["pointer"], error["code"]) for error in errors]


def test_a_transaction_is_filed_and_its_list_says_what_was_stated(api: Api) -> None:
    bills = export_bills()
    stated = {"trade_mode": "9610", "declaration_path": "B", "head": {"note": "手工"}}
    answer = api.call("POST", "/declarations", MERCHANT, transaction(bills, "order", "link", **stated))
    assert answer.status_code == 202, answer.text
    api.hub.post(bills[2])
    api.hub.merge()
    made = api.hub.only_list()
    assert (made.content["declaration_path"], made.content["note"], made.state) == ("B", "手工", "queued")


def test_a_wrong_value_is_refused_with_its_place_and_nothing_is_kept(api: Api) -> None:
    body = transaction(export_bills(), "order", trade_mode="9610", head={"voyage_no": "V" * 33})
    errors = problem(api.call("POST", "/declarations", MERCHANT, body), 422)
    assert pointers(errors) == [("/declaration/head/voyage_no", "too_long")]
    body = transaction(export_bills(), "order", "link")
    body["link"] = {**body["link"], "logisticsNo": ""}  # type: ignore[dict-item]  # an object
    errors = problem(api.call("POST", "/declarations", MERCHANT, body), 422)
    assert [place for place, _ in pointers(errors)] == ["/link/logisticsNo"]
    assert api.hub.count("order_version") == 0


def test_another_enterprises_order_is_not_declared(api: Api) -> None:
    errors = problem(api.call("POST", "/declarations", RIVAL, transaction(export_bills(), "order")), 422)
    assert ("/order/ebcCode", "declares_for_another") in pointers(errors)


def test_a_look_ahead_tells_lists_tests_and_tax_and_keeps_nothing(api: Api) -> None:
    body = transaction(import_bills(), "order", "payment", "waybill", trade_mode="1210")
    answer = api.call("POST", "/declarations/preview", "milk", body)
    assert answer.status_code == 200, answer.text
    seen = answer.get_json()
    (shown,) = seen["lists"]
    assert (seen["verdict"], seen["errors"], shown["missing"]) == ("matched", [], [])
    assert float(shown["tax_total"]) > 0
    assert import_bills()[0]["buyer_id_number"] not in answer.text
    assert api.hub.count("order_version") == 0


def test_a_list_is_cancelled_and_changed_and_its_timeline_tells(api: Api) -> None:
    hub = api.hub
    hub.matched(*export_bills())
    hub.dispatch()
    item = hub.only_list()
    hub.answer(item, 120)
    changed = api.call("POST", f"/declarations/{item.id}/change", MERCHANT, {"head": {"note": "更正"}})
    assert (changed.status_code, hub.states()) == (202, ["queued"]), changed.text
    hub.dispatch()
    hub.answer(item, 120)
    answer = api.call("POST", f"/declarations/{item.id}/cancel", MERCHANT, {"reason": "买家取消订单"})
    assert (answer.status_code, answer.get_json()["number"]) == (202, 1)
    errors = problem(api.call("POST", f"/declarations/{item.id}/cancel", MERCHANT, {"reason": "再次"}), 422)
    assert pointers(errors) == [("", "cancellation_pending")]
    steps = api.call("GET", f"/declarations/{item.id}/timeline", MERCHANT).get_json()["timeline"]
    assert ("cancellation", "filed") in {(step["document"], step["kind"]) for step in steps}
    shown = api.call("GET", f"/declarations/{item.id}", MERCHANT).get_json()
    assert [each["reason"] for each in shown["cancellations"]] == ["买家取消订单"]


def test_a_cancelled_list_is_filed_again_as_a_fresh_one(api: Api) -> None:
    hub = api.hub
    hub.matched(*export_bills())
    hub.dispatch()
    item = hub.only_list()
    hub.answer(item, 120, 430)
    answer = api.call("POST", f"/declarations/{item.id}/submit", MERCHANT)
    assert (answer.status_code, hub.states()) == (202, ["430", "queued"]), answer.text
    assert answer.get_json() == {"id": str(hub.list_ids()[-1]), "state": "queued"}
    errors = problem(api.call("POST", f"/declarations/{item.id}/submit", MERCHANT), 422)
    assert pointers(errors) == [("", "declaration_filed_anew")]
    former, fresh = (api.call("GET", f"/declarations/{number}", MERCHANT).get_json() for number in hub.list_ids())
    assert (former["former_id"], former["next_id"]) == (None, fresh["id"])
    assert (fresh["former_id"], fresh["next_id"]) == (former["id"], None)


def test_a_rivals_list_is_neither_cancelled_nor_changed(api: Api) -> None:
    api.hub.matched(*export_bills())
    item = api.hub.only_list()
    for act, body in (("cancel", {"reason": "无"}), ("change", {"head": {"note": "更正"}})):
        problem(api.call("POST", f"/declarations/{item.id}/{act}", RIVAL, body), 404)


def test_a_cancellation_without_a_reason_is_refused(api: Api) -> None:
    api.hub.matched(*export_bills())
    errors = problem(api.call("POST", f"/declarations/{api.hub.only_list().id}/cancel", MERCHANT, {"reason": ""}), 422)
    assert [place for place, _ in pointers(errors)] == ["/reason"]
