"""Every switch of the mock single window, thrown and seen to work."""

import pytest

from tests.integrations.conftest import HUB, Window, codes
from tests.integrations.trades import EXPORT, document, guid, message

pytestmark = pytest.mark.storage

MERCHANT = str(document("CEB603Message")["merchant_code"])


def named(window: Window, order_no: str) -> None:
    """Post an export trade under another order number."""
    window.post_trade(documents={each: document(each, order_no=order_no) for each in EXPORT if each != "CEB505Message"})


def named_import(window: Window, order_no: str) -> None:
    """Post an import trade under another order number."""
    types = ("CEB311Message", "CEB411Message", "CEB511Message", "CEB621Message")
    window.post_import(documents={each: document(each, order_no=order_no) for each in types})


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("REJECT", [2, 3, 100]),
        ("REVIEW", [2, 3, 120, 300, 399, 400, 800, 899]),
        ("INSPECT", [2, 3, 120, 399, 400, 500, 800, 899]),
        ("INSPECT-HOLD", [2, 3, 120, 399, 400, 500]),
        ("REVIEW-HOLD", [2, 3, 120, 300]),
        ("SUSPEND", [2, 3, 120, 600, 399, 400, 800, 899]),
        ("DROP", [2]),
    ],
)
def test_an_order_number_can_ask_for_a_fate(window: Window, pattern: str, expected: list[int]) -> None:
    named(window, f"A-{pattern}-1")
    assert codes(window.work(), "CEB604Message") == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("REJECT", [2, 100]),
        ("REVIEW", [2, 120, 300, 399, 800]),
        ("INSPECT", [2, 120, 500, 800]),
        ("SUSPEND", [2, 120, 600, 800]),
        ("DROP", [2]),
    ],
)
def test_an_import_order_number_can_ask_for_a_fate_too(window: Window, pattern: str, expected: list[int]) -> None:
    named_import(window, f"A-{pattern}-1")
    assert codes(window.work(), "CEB622Message") == expected


def test_a_slow_order_waits_for_seconds_of_the_clock(window: Window) -> None:
    named(window, "A-SLOW-1")
    assert codes(window.work(), "CEB604Message") == [2, 3]
    window.clock.advance(seconds=9)
    assert window.work() == []
    window.clock.advance(seconds=1)
    assert codes(window.work(), "CEB604Message") == [120, 399, 400, 800, 899]


@pytest.mark.parametrize(("outcome", "last"), [("hold", 500), ("fail", 100), ("pass", 899)])
def test_an_inspection_ends_as_it_is_told(window: Window, outcome: str, last: int) -> None:
    window.throw(rules=[{"effect": "inspection", "outcome": outcome}])
    window.post_trade()
    assert codes(window.work(), "CEB604Message")[-1] == last


def test_an_import_inspection_that_fails_sends_the_goods_back(window: Window) -> None:
    window.throw(rules=[{"effect": "inspection", "outcome": "fail"}])
    window.post_import()
    assert codes(window.work(), "CEB622Message") == [2, 120, 500, 700]


def test_a_rule_may_hold_for_one_enterprise_alone(window: Window) -> None:
    window.throw(rules=[{"effect": "reject", "enterprise": "3607000000"}])
    window.post_trade()
    assert codes(window.work(), "CEB604Message")[-1] == 899
    window.throw(rules=[{"effect": "reject", "enterprise": MERCHANT}])
    named(window, "ANOTHER")
    assert codes(window.work(), "CEB604Message")[-1] == 100


def test_a_share_of_lists_is_drawn_from_their_guids(window: Window) -> None:
    window.throw(rules=[{"effect": "reject", "share": 0.5}])
    for number in range(1, 13):
        window.post_trade(number=number)
    ends = [receipt.code for receipt in window.work() if receipt.message_type == "CEB604Message"]
    assert 0 < ends.count(100) < 12
    assert ends.count(100) + ends.count(899) == 12


def test_the_zone_asks_for_an_inspection_share_of_an_enterprise(window: Window) -> None:
    answer = window.http.put(f"/treatments/{MERCHANT}", json={"inspection_share": 1})
    assert answer.get_json() == {"enterprise": MERCHANT, "inspection_share": 1.0}
    window.post_trade()
    assert 500 in codes(window.work(), "CEB604Message")


def test_receipts_come_twice_when_duplicated(window: Window) -> None:
    window.throw(duplicate=1)
    window.post_trade(("CEB303Message",))
    assert codes(window.work(), "CEB304Message") == [2, 2, 3, 3, 120, 120]


def test_receipts_come_shuffled_when_reordered(window: Window) -> None:
    window.throw(reorder=True)
    for number in range(1, 6):
        window.post_trade(number=number)
    receipts = [each for each in window.work() if each.message_type == "CEB604Message"]
    assert receipts != sorted(receipts, key=lambda each: each.returned_at)
    assert sorted(each.code for each in receipts) == sorted(5 * [2, 3, 120, 399, 400, 800, 899])


def test_a_mock_that_is_down_answers_nothing_and_keeps_what_it_had(window: Window) -> None:
    window.post_trade(("CEB303Message",))
    window.service.processor.turn()
    window.throw(down=True)
    assert window.http.post("/dxp/messages", data=b"<x/>").status_code == 503
    assert window.http.get(f"/dxp/mailbox/{HUB}").status_code == 503
    window.throw(down=False)
    assert codes(window.receipts(), "CEB304Message") == [2, 3, 120]


def test_garbage_is_answered_after_the_work_is_done(window: Window) -> None:
    window.throw(garbage=1)
    assert "Bad Gateway" in window.post("CEB303Message", message("CEB303Message"))
    window.throw(garbage=0)
    assert codes(window.work(), "CEB304Message") == [2, 3, 120]


def test_a_slow_mock_takes_its_time(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    window.throw(slow_seconds=7)
    window.receipts()
    assert slept == [7]


def test_an_unregistered_firm_is_refused(window: Window) -> None:
    window.throw(unregistered=[MERCHANT])
    window.post_trade(("CEB303Message",))
    (receipt,) = window.work()
    assert (receipt.code, receipt.info) == (-10102, f"无效企业代码[{MERCHANT}]")


def test_an_entrusted_firm_may_send_for_others(window: Window) -> None:
    stranger = message("CEB311Message", transmitter="3607960099")
    window.post("CEB311Message", stranger)
    assert codes(window.work(), "CEB312Message") == [-10102]
    window.throw(entrusted=["3607960099"])
    window.post("CEB311Message", message("CEB311Message", document("CEB311Message", guid=guid(2)), transmitter="3607960099"))
    assert codes(window.work(), "CEB312Message") == [2, 3, 120]


def test_switches_outlive_the_process(window: Window) -> None:
    window.throw(auto_arrival=False, annual_limit="1000")
    again = type(window.service.switchboard)(window.service.connections).switches
    assert (again.auto_arrival, str(again.annual_limit)) == (False, "1000")
    assert tuple(again.rules) == tuple(window.service.switchboard.switches.rules)


@pytest.mark.parametrize(
    "switches", [{"garbage": 2}, {"unknown": 1}, {"rules": [{"effect": "explode"}]}, {"time_scale": -1}, {"down": "maybe"}]
)
def test_switches_that_make_no_sense_are_refused(window: Window, switches: dict[str, object]) -> None:
    answer = window.http.put("/switches", json=switches)
    assert answer.status_code == 400
    assert next(iter(switches)) in answer.get_json()["errors"]


def test_the_home_page_shows_counts_and_switches_in_both_languages(window: Window) -> None:
    window.post_trade()
    window.work()
    page = window.http.get("/").get_data(as_text=True)
    assert "CEB603Message" in page
    assert "模拟单一窗口" in page
    assert "Mock single window" in page
    assert "auto_arrival" in page
