"""Refund claims over the API: the same services, the same faults; what comes again by its key is done once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ccezone.accounts.rules import READS
from tests.api.conftest import Api, problem
from tests.tax_refunds.claiming import SELLER, Claiming

pytestmark = pytest.mark.storage


@pytest.fixture
def story(api: Api, tmp_path: Path) -> Claiming:
    return Claiming(api.hub, tmp_path)


def body(item: object, **changes: object) -> dict[str, Any]:
    invoice = {
        "invoice_no": "26362000000012345678",
        "seller_uscc": SELLER,
        "issued_on": "2025-12-01",
        "amount": "800.00",
        "vat_pct": "13",
        "vat": "104.00",
    }
    items = [{"item": str(item), "invoices": [{**invoice, **changes}]}]
    return {"method": "exempt-refund", "period": "2025-12", "taxpayer_class": 1, "items": items}


def opened(api: Api, story: Claiming, **headers: str) -> Mapping[str, Any]:
    answer = api.call("POST", "/tax-refunds", "textiles", body(story.export()), **headers)
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.get_json()
    return found


def test_a_claim_is_opened_filed_and_followed(api: Api, story: Claiming) -> None:
    made = opened(api, story)
    assert (made["state"], made["doubts"], len(made["invoices"])) == ("draft", [], 1)
    filed = api.call("POST", f"/tax-refunds/{made['id']}/submit", "textiles", {"version": made["version"]})
    assert filed.status_code == 200, filed.text
    assert (filed.get_json()["state"], filed.get_json()["claimed"]) == ("submitted", "104")
    story.exchange()
    (row,) = api.get("/tax-refunds?tab=paid", "textiles").get_json()["claims"]
    assert (row["reference"], row["paid"], row["due_back"]) == (made["reference"], "104", "0")
    (item,) = api.get("/goods-ledger?standing=claimed", "textiles").get_json()["items"]
    assert item["use"] == "claimed"


def test_what_is_wrong_is_named_where_it_stands_and_nothing_is_opened(api: Api, story: Claiming) -> None:
    item = story.export()
    errors = problem(api.call("POST", "/tax-refunds", "textiles", body(item, invoice_no="12", amount="0")), 422)
    assert {(each["pointer"], each["code"]) for each in errors} == {
        ("/items/0/invoices/0/invoice_no", "refund_invoice_no"),
        ("/items/0/invoices/0/amount", "out_of_range"),
    }
    assert api.hub.count("refund_claim") == 0


def test_an_invoice_used_before_is_refused(api: Api, story: Claiming) -> None:
    opened(api, story)
    errors = problem(api.call("POST", "/tax-refunds", "textiles", body(story.export())), 422)
    assert [each["code"] for each in errors] == ["refund_invoice_used"]


def test_the_same_request_again_opens_one_claim(api: Api, story: Claiming) -> None:
    item, token = story.export(), api.token("textiles")
    answers = [api.call("POST", "/tax-refunds", body=body(item), token=token, Idempotency_Key="one") for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].get_json()["id"] == answers[1].get_json()["id"]
    assert api.hub.count("refund_claim") == 1


def test_a_doubtful_claim_is_not_filed_and_an_old_version_neither(api: Api, story: Claiming) -> None:
    made = api.call("POST", "/tax-refunds", "textiles", body(story.export(), vat="1.00")).get_json()
    assert [(each["code"], each["blocks"]) for each in made["doubts"]] == [("refund_doubt_invoice_vat_differs", True)]
    place = f"/tax-refunds/{made['id']}/submit"
    assert [each["code"] for each in problem(api.call("POST", place, "textiles", {"version": made["version"]}), 422)] == [
        "refund_doubt_invoice_vat_differs"
    ]
    assert problem(api.call("POST", place, "textiles", {"version": made["version"] + 1}), 412)


def test_another_firms_claim_and_goods_look_like_none(api: Api, story: Claiming) -> None:
    made = opened(api, story)
    assert problem(api.get(f"/tax-refunds/{made['id']}", "oranges"), 404)
    words = {"version": made["version"], "text": "x"}
    assert problem(api.call("POST", f"/tax-refunds/{made['id']}/withdraw", "oranges", words), 404)
    assert api.get("/goods-ledger", "oranges").get_json()["items"] == []


def test_who_may_only_read_opens_nothing(api: Api, story: Claiming) -> None:
    token = api.token("textiles", READS)
    assert problem(api.call("POST", "/tax-refunds", body=body(story.export()), token=token), 403)
    assert api.get("/tax-refunds", token=token).status_code == 200
