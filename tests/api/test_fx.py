"""Money over the API: told together, matched, declared, settled, by the services of the pages; nothing twice, nothing of others."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ccezone.accounts.rules import READS
from tests.api.conftest import Api, problem
from tests.fx.money import ACCOUNT, Zone

pytestmark = pytest.mark.storage


@pytest.fixture
def zone(api: Api, tmp_path: Path) -> Zone:
    return Zone(api.hub, tmp_path)


def money(zone: Zone, reference: str = "BR1", **changes: object) -> dict[str, Any]:
    told = {"account": ACCOUNT, "bank_reference": reference, "currency": "502", "amount": "100.00", "kind": "platform"}
    return {**told, "payer": "EXAMPLE MARKETPLACE LTD", "value_date": zone.today.isoformat(), **changes}


def told(api: Api, *bodies: object) -> Mapping[str, Any]:
    answer = api.call("POST", "/fx-receipts", body=list(bodies))
    assert answer.status_code == 200, answer.text
    found: Mapping[str, Any] = answer.get_json()
    return found


def test_a_batch_is_judged_receipt_by_receipt_and_the_same_again_does_no_harm(api: Api, zone: Zone) -> None:
    bad = money(zone, "BR3", amount="1.005", account="999999999")
    first = told(api, money(zone), money(zone, "BR2"), bad, {"account": ACCOUNT})
    assert (first["accepted"], first["replayed"], first["rejected"]) == (2, 0, 2)
    assert {(each["position"], each["pointer"], each["code"]) for each in first["errors"]} >= {
        (2, "/amount", "fx_cents"),
        (2, "/account", "fx_account_unknown"),
        (3, "/payer", "required"),
    }
    again = told(api, money(zone), money(zone, "BR2", amount="7.00"))
    assert (again["accepted"], again["replayed"], again["rejected"]) == (1, 1, 1)
    assert again["receipts"][0]["id"] == first["receipts"][0]["id"]
    assert [each["code"] for each in again["errors"]] == ["fx_reference_known"]
    assert api.hub.count("fx_receipt") == 2


def test_money_is_matched_declared_and_settled_and_the_ledgers_say_so(api: Api, zone: Zone) -> None:
    order = zone.sell(value="101.00")
    place = f"/fx-receipts/{told(api, money(zone))['receipts'][0]['id']}"
    matched = api.call("POST", f"{place}/match", body={"orders": [{"order_no": order}], "nettings": {"platform_fee": "1"}})
    assert matched.status_code == 200, matched.text
    view = matched.get_json()
    assert (view["state"], view["unmatched"], view["orders"][0]["nettings"]) == ("matched", "0", {"platform_fee": "1"})
    pend = {"receipt": view["id"], "version": view["version"], "action": "settle", "amount": "100.00"}
    codes = [each["code"] for each in problem(api.call("POST", "/fx-settlements", body=pend), 422)]
    assert "fx_undeclared" in codes
    assert "fx_class_pends" in codes, "a firm without a class goes to the pending-check account"
    declared = api.call("POST", f"{place}/declare", body={"bop_code": "122030", "version": view["version"]}).get_json()
    assert problem(api.call("POST", f"{place}/declare", body={"bop_code": "122030", "version": 1}), 412)
    pend |= {"action": "pend", "version": declared["version"]}
    assert problem(api.call("POST", "/fx-settlements", "textiles", pend), 404)
    token = api.token("furniture")
    asked = [api.call("POST", "/fx-settlements", body=pend, token=token, Idempotency_Key="one") for _ in range(2)]
    assert [each.status_code for each in asked] == [201, 201], asked[0].text
    assert asked[0].get_json() == asked[1].get_json()
    zone.exchange()
    one = api.get(f"/fx-settlements/{asked[0].get_json()['id']}").get_json()
    assert (one["outcome"], one["action"], one["amount"]) == ("confirmed", "pend", "100")
    (row,) = api.get("/fx-receipts?tab=pending").get_json()["receipts"]
    assert (row["pending"], row["open"], row["amount"]) == ("100", "0", "100")
    (line,) = api.get(f"/fx-orders?text={order}").get_json()["orders"]
    assert (line["received"], line["netted"], line["open"], line["settled"]) == ("100", "1", "0", "0")


def test_what_is_wrong_is_pointed_at_and_changes_nothing(api: Api, zone: Zone) -> None:
    order, place = zone.sell(), f"/fx-receipts/{told(api, money(zone))['receipts'][0]['id']}"
    wrong = {"orders": [{"order_no": order, "amount": "500"}, {"order_no": "nowhere"}]}
    assert [(each["pointer"], each["code"]) for each in problem(api.call("POST", f"{place}/match", body=wrong), 422)] == [
        ("/orders/1", "fx_order_unknown")
    ]
    negative = {"orders": [{"order_no": order}], "nettings": {"storage": "-1"}}
    assert [each["pointer"] for each in problem(api.call("POST", f"{place}/match", body=negative), 422)] == ["/nettings/storage"]
    assert problem(api.call("POST", f"{place}/unmatch", body={"order_id": "1"}), 404)
    assert api.hub.count("fx_match") == 0


def test_another_firms_money_looks_like_none_and_readers_change_nothing(api: Api, zone: Zone) -> None:
    number = told(api, money(zone))["receipts"][0]["id"]
    assert problem(api.get(f"/fx-receipts/{number}", "textiles"), 404)
    assert api.get("/fx-receipts", "textiles").get_json()["receipts"] == []
    assert problem(api.call("POST", "/fx-receipts", body=[money(zone)], token=api.token("furniture", READS)), 403)
