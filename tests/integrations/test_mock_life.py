"""What becomes of documents at the mock single window, from envelope to last receipt."""

from datetime import timedelta
from pathlib import Path

import pytest

from ccezone.kernel.demo_clock import TERM, DemoClock, write_lag
from integrations.mockservers.single_window.processing import Processor
from tests.integrations.conftest import NOON, Window, codes
from tests.integrations.trades import EXPORT, IMPORT, document, guid, message

pytestmark = pytest.mark.storage

EXPORT_ORDER = str(document("CEB603Message")["order_no"])
IMPORT_ORDER = str(document("CEB621Message")["order_no"])


def test_bills_of_an_export_are_stored_by_customs(window: Window) -> None:
    window.post_trade(EXPORT[:3])
    receipts = window.work()
    for receipt_type in ("CEB304Message", "CEB404Message", "CEB506Message"):
        assert codes(receipts, receipt_type) == [2, 3, 120]


def test_an_export_list_goes_all_the_way_when_goods_arrive_by_themselves(window: Window) -> None:
    window.post_trade()
    assert codes(window.work(), "CEB604Message") == [2, 3, 120, 399, 400, 800, 899]


def test_a_receipt_names_its_submission_and_the_numbers_given_to_it(window: Window) -> None:
    window.post_trade()
    receipt = next(each for each in window.work() if each.message_type == "CEB604Message")
    filed = document("CEB603Message")
    assert receipt.guid == filed["guid"]
    assert receipt.keys["cop_no"] == filed["cop_no"]
    assert receipt.keys["eport_no"] == "B20261111000000004"
    assert receipt.keys["list_no"] == "40032026E000000004"
    assert receipt.info == f"新增申报成功[{filed['guid']}]"


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (3, 0, 2, 1), (1, 3, 0, 2)])
def test_messages_in_any_order_come_to_the_same_end(window: Window, order: tuple[int, ...]) -> None:
    for place in order:
        window.post_trade((IMPORT[place],))
        window.work()
    assert window.statuses(IMPORT_ORDER) == {
        "CEB311Message": 120,
        "CEB411Message": 120,
        "CEB511Message": 120,
        "CEB621Message": 800,
    }


def test_an_import_list_is_released_and_billed(window: Window) -> None:
    window.post_import()
    receipts = window.work()
    assert codes(receipts, "CEB622Message") == [2, 120, 800]
    (bill,) = [each for each in receipts if each.message_type == "CEB816Message"]
    assert bill.keys["list_no"] == "40172026I000000004"
    assert (str(bill.content["value_added_tax"]), str(bill.content["consumption_tax"])) == ("16.11", "0.00")
    assert str(document("CEB311Message")["tax_total"]) == "16.11"


def test_a_list_waits_for_its_bills_and_is_judged_when_they_come(window: Window) -> None:
    window.post_trade(("CEB603Message",))
    assert codes(window.work(), "CEB604Message") == [2, 3]
    window.post_trade(("CEB303Message", "CEB403Message"))
    assert codes(window.work(), "CEB604Message") == []
    window.post_trade(("CEB505Message",))
    assert codes(window.work(), "CEB604Message") == [120, 399, 400, 800, 899]


def test_a_list_whose_bills_never_come_is_refused_naming_them(window: Window) -> None:
    window.post_trade(("CEB303Message", "CEB603Message"))
    window.work()
    window.clock.advance(seconds=31)
    (refusal,) = window.work()
    assert (refusal.message_type, refusal.code) == ("CEB604Message", 100)
    assert "E02" in refusal.info
    assert "E01" not in refusal.info


def test_a_list_refused_by_customs_may_be_mended_and_filed_again(window: Window) -> None:
    wrong = document("CEB603Message", net_weight=99)
    window.post_trade(documents={"CEB603Message": wrong})
    assert codes(window.work(), "CEB604Message") == [2, 3, 100]
    window.post_trade(("CEB603Message",), documents={"CEB603Message": document("CEB603Message", guid=guid("second"))})
    assert codes(window.work(), "CEB604Message") == [2, 3, 120, 399, 400, 800, 899]


def test_without_automatic_arrival_a_list_rests_until_its_goods_arrive(window: Window) -> None:
    window.throw(auto_arrival=False)
    window.post_trade()
    assert codes(window.work(), "CEB604Message")[-1] == 400
    window.post("CEB507Message", message("CEB507Message"))
    receipts = window.work()
    assert codes(receipts, "CEB508Message") == [2, 3, 399]
    assert codes(receipts, "CEB604Message") == [800]
    window.post("CEB509Message", message("CEB509Message"))
    assert codes(window.work(), "CEB604Message") == [899]


def test_goods_that_arrived_before_their_list_are_remembered(window: Window) -> None:
    window.throw(auto_arrival=False)
    window.post("CEB507Message", message("CEB507Message"))
    window.work()
    window.post_trade()
    assert codes(window.work(), "CEB604Message")[-1] == 800


def test_an_officer_of_the_test_bench_can_let_goods_arrive(window: Window) -> None:
    window.throw(auto_arrival=False)
    window.post_trade()
    window.work()
    answer = window.http.post("/arrivals", json={"order_nos": [EXPORT_ORDER], "departed": True})
    assert answer.get_json() == {"moved": 1}
    assert codes(window.receipts(), "CEB604Message") == [800, 899]


def test_time_passes_between_receipts_when_it_is_told_to(window: Window) -> None:
    window.throw(time_scale=1)
    window.post_import()
    assert codes(window.work(), "CEB622Message") == [2]
    window.clock.advance(seconds=3)
    assert codes(window.work(), "CEB622Message") == [120]
    window.clock.advance(seconds=1)
    assert codes(window.work(), "CEB622Message") == [800]


def test_a_list_is_cancelled_before_its_release(window: Window) -> None:
    window.throw(auto_arrival=False)
    window.post_trade()
    window.work()
    window.post("CEB605Message", message("CEB605Message", document("CEB605Message", list_no="40032026E000000004")))
    receipts = window.work()
    assert codes(receipts, "CEB606Message") == [2, 3, 399]
    assert codes(receipts, "CEB604Message") == [430]


def test_in_place_of_a_cancelled_list_a_fresh_one_is_taken_under_new_numbers(window: Window) -> None:
    window.throw(auto_arrival=False)
    window.post_trade()
    window.work()
    window.post("CEB605Message", message("CEB605Message", document("CEB605Message", list_no="40032026E000000004")))
    window.work()
    fresh = document("CEB603Message", guid=guid("fresh"), cop_no="GZ0000000000000002")
    window.post("CEB603Message", message("CEB603Message", fresh))
    receipts = [receipt for receipt in window.work() if receipt.message_type == "CEB604Message"]
    assert codes(receipts, "CEB604Message") == [2, 3, 120, 399, 400]
    assert {receipt.keys["list_no"] for receipt in receipts} == {"40032026E000000006"}


def test_a_released_list_is_not_cancelled(window: Window) -> None:
    window.post_trade()
    window.work()
    window.post("CEB605Message", message("CEB605Message", document("CEB605Message", list_no="40032026E000000004")))
    receipts = window.work()
    assert codes(receipts, "CEB606Message") == [2, 3, 100]
    assert codes(receipts, "CEB604Message") == []


def test_other_applications_are_simply_closed_and_a_summary_of_unknown_lists_is_turned_down(window: Window) -> None:
    window.post("CEB607Message", message("CEB607Message"))
    window.post("CEB701Message", message("CEB701Message"))
    receipts = window.work()
    assert codes(receipts, "CEB608Message") == [2, 3, 399]
    assert codes(receipts, "CEB702Message") == [2, 3, -703001]


def test_a_deleted_bill_no_longer_answers_for_a_list(window: Window) -> None:
    window.post_trade(EXPORT[:3])
    deletion = document("CEB505Message", app_type="3", app_time="20260105090002", guid=guid("deletion"))
    window.post_trade(("CEB505Message",), documents={"CEB505Message": deletion})
    window.post_trade(("CEB603Message",))
    assert codes(window.work(), "CEB604Message") == [2, 3]


def test_a_draft_is_kept_and_nothing_more(window: Window) -> None:
    window.post_trade(("CEB303Message",), documents={"CEB303Message": document("CEB303Message", app_status="1")})
    assert codes(window.work(), "CEB304Message") == [1]
    window.post_trade(("CEB303Message",))
    assert codes(window.work(), "CEB304Message") == [2, 3, 120]


def test_a_cancellation_may_be_asked_to_fail_by_the_orders_number(window: Window) -> None:
    window.throw(auto_arrival=False, rules=[{"effect": "reject", "message_types": ["CEB605Message"]}])
    window.post_trade()
    window.work()
    window.post("CEB605Message", message("CEB605Message", document("CEB605Message", list_no="40032026E000000004")))
    receipts = window.work()
    assert codes(receipts, "CEB606Message") == [2, 3, 100]
    assert codes(receipts, "CEB604Message") == []


def test_the_same_cancellation_twice_is_a_repetition(window: Window) -> None:
    window.throw(auto_arrival=False)
    window.post_trade()
    window.work()
    once = document("CEB605Message", list_no="40032026E000000004")
    window.post("CEB605Message", message("CEB605Message", once))
    window.work()
    window.post("CEB605Message", message("CEB605Message", {**once, "guid": guid("again")}))
    assert codes(window.work(), "CEB606Message") == [-607001]


def test_a_list_under_inspection_is_not_cancelled(window: Window) -> None:
    window.throw(auto_arrival=True, rules=[{"effect": "inspection", "outcome": "hold"}])
    window.post_trade()
    window.work()
    window.post("CEB605Message", message("CEB605Message", document("CEB605Message", list_no="40032026E000000004")))
    assert codes(window.work(), "CEB606Message") == [2, 3, 100]


def test_a_demos_month_passes_as_in_life_and_its_end_is_not_waited_for(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    clock, service = DemoClock(path, window.clock), window.service
    service.processor = Processor(service.connections, service.switchboard, service.trusted, clock)
    write_lag(path, timedelta(days=20), NOON + TERM)
    window.post_trade()
    window.work()
    write_lag(path, timedelta(days=20) - timedelta(hours=5), NOON + TERM)
    receipts = [*window.work(), *window.received]
    released = next(each for each in receipts if each.message_type == "CEB604Message" and each.code == 800)
    assert released.returned_at.date() == (NOON - timedelta(days=20)).date()
    assert window.statuses(EXPORT_ORDER)["CEB603Message"] == 800, "it leaves the country a day later"
    path.unlink()
    assert codes(window.work(), "CEB604Message") == [899]
