"""Prices, bursts, waybills, times and weights: what is found, and what comes near and is not."""

from dataclasses import replace
from datetime import timedelta

from ccezone.risk.rules.kinds import KINDS, in_scope, limits_of, read_thresholds
from ccezone.risk.rules.traces import Trace, alike
from tests.risk.traces import NOON, RIVAL, find, trace


def usual_prices(count: int = 30) -> list[Trace]:
    return [trace(number, hours=number, price=str(90 + number % 20)) for number in range(count)]


def test_a_price_far_below_or_above_its_like_is_found_with_the_median() -> None:
    odd = [trace(100, 31, price="20"), trace(101, 32, price="900")]
    found = find("price_band", [*usual_prices(), *odd])
    assert [(each.measures["price"], each.measures["median"]) for each in found] == [("20.00", "97.00"), ("900.00", "97.00")]


def test_a_dear_good_within_the_band_is_not() -> None:
    assert find("price_band", [*usual_prices(), trace(100, 31, price="250")]) == []


def test_nothing_is_said_before_enough_is_known() -> None:
    assert find("price_band", [*usual_prices(19), trace(100, 31, price="9000")], samples="20") == []


def test_prices_older_than_the_window_do_not_count() -> None:
    assert find("price_band", [*usual_prices(), trace(100, 24 * 100, price="9000")], days="90") == []


def test_fixed_bounds_hold_without_any_sample() -> None:
    found = find("price_band", [trace(1, price="4"), trace(2, price="6")], floor="5", ceiling="100")
    assert [each.subjects for each in found] == [frozenset({1})]


def test_lines_of_one_list_are_one_finding() -> None:
    odd = [trace(100, 31, part=part, price="20") for part in (1, 2)]
    assert [len(each.traces) for each in find("price_band", [*usual_prices(), *odd])] == [2]


def hours(*counts: int) -> list[Trace]:
    return [trace(number, hours=number, count=str(count)) for number, count in enumerate(counts) if count]


def test_an_hour_far_above_the_usual_is_a_burst_and_hours_that_follow_belong_to_it() -> None:
    (found,) = find("burst", hours(8, 9, 7, 10, 8, 90, 120, 9), orders="60", factor="6", history="5")
    assert found.measures == {"orders": "210", "hours": "2"}


def test_a_large_merchant_that_is_always_busy_has_no_burst() -> None:
    assert find("burst", hours(80, 90, 70, 200, 150, 90), orders="60", factor="6", history="1") == []


def test_nothing_is_a_burst_before_the_usual_is_known() -> None:
    assert find("burst", hours(8, 9, 7, 90), history="12") == []


def test_a_merchant_that_grows_for_good_bursts_for_a_day_only() -> None:
    (found,) = find("burst", hours(*[5] * 24, *[90] * 72), orders="60", factor="6")
    assert int(found.measures["hours"]) < 30


def test_a_small_merchant_on_a_good_day_has_no_burst() -> None:
    assert find("burst", hours(1, 1, 2, 1, 40), orders="60", factor="6", history="1") == []


def test_waybills_whose_numbers_read_alike_are_found() -> None:
    twins = [trace(1, kind="waybill", carrier="A"), trace(2, 48, kind="waybill", carrier="B")]
    assert [each.measures for each in find("repeated_waybill", twins)] == [{"waybills": "2"}]
    assert alike("SD-2606O1 l7") == alike("sd26060117")
    assert alike("SD260601A") != alike("SD260601C")


def test_a_number_given_again_after_half_a_year_is_not() -> None:
    again = [trace(1, kind="waybill"), trace(2, 24 * 190, kind="waybill")]
    assert find("repeated_waybill", again, days="180") == []


def test_one_waybill_under_many_orders_is_found() -> None:
    shared = [trace(number, parcel="5") for number in range(4)]
    assert [each.measures for each in find("repeated_waybill", shared, orders="4")] == [{"orders": "4"}]
    assert find("repeated_waybill", shared[:3], orders="4") == []


def timed(ordered: float = 0, paid: float = 0, parcel: float = 0, flow: str = "I", ahead: str = "0") -> Trace:
    """An order whose bills are dated so many hours from noon."""
    moments = {"order": ordered, "paid_first": paid, "paid_last": paid, "waybill": parcel}
    said = {name: (NOON + timedelta(hours=hours)).isoformat() for name, hours in moments.items()}
    return replace(trace(1, flow=flow), values={**said, "ahead": ahead})


def test_a_parcel_long_before_its_order_is_found() -> None:
    assert find("impossible_times", [timed(ordered=30)])[0].measures == {"parcel_ahead": "30.0"}
    assert find("impossible_times", [timed(ordered=20)]) == []


def test_an_import_paid_long_after_it_was_sent_is_found_and_an_export_is_not() -> None:
    assert find("impossible_times", [timed(paid=60)])[0].measures == {"payment_behind": "60.0"}
    assert find("impossible_times", [timed(paid=60, flow="E")]) == []


def test_a_bill_from_the_future_is_found() -> None:
    assert find("impossible_times", [timed(ahead="26.50")])[0].measures == {"future": "26.5"}


def test_an_order_without_payment_and_parcel_is_passed_over() -> None:
    assert find("impossible_times", [trace(1, order=NOON.isoformat())]) == []


def weighed(*nets: str, gross: str) -> list[Trace]:
    return [trace(number, net=net, gross=gross) for number, net in enumerate(nets)]


def test_a_parcel_much_heavier_than_declared_is_found() -> None:
    (found,) = find("weight", weighed("2", gross="9"))
    assert found.measures == {"net": "2.000", "gross": "9.000", "share": "450"}


def test_a_light_good_in_a_heavy_box_is_not() -> None:
    assert find("weight", weighed("0.2", gross="1.1")) == []


def test_lists_of_one_parcel_are_weighed_together() -> None:
    assert find("weight", weighed("2", "6", gross="9")) == []


def test_a_parcel_is_weighed_once_all_its_orders_have_lists() -> None:
    first, second = (trace(number, net="2", gross="9", orders="2") for number in (1, 2))
    assert find("weight", [first]) == []
    assert find("weight", [replace(first, values={**first.values, "orders": "1"})])
    assert find("weight", [first, second]) == []


def test_a_list_of_unknown_weight_is_passed_over() -> None:
    assert find("weight", weighed("0", gross="9")) == []


def test_a_parcel_lighter_than_its_goods_is_found() -> None:
    assert len(find("weight", weighed("10", gross="8.5"))) == 1


def test_a_rule_looks_only_where_its_scope_is() -> None:
    line = trace(1, hs_code="3304990099", country="133")
    assert in_scope(line, {})
    assert in_scope(line, {"hs_code": "3304", "country": "133", "flow": "I"})
    assert not in_scope(line, {"hs_code": "8518"})
    assert not in_scope(line, {"country": "502"})
    assert not in_scope(line, {"flow": "E"})
    assert not in_scope(trace(2, merchant=RIVAL), {"hs_code": "3304"})


def test_thresholds_are_judged_field_by_field() -> None:
    typed = {"low": "-1", "high": "many", "days": "1.5", "samples": "", "floor": "0", "ceiling": "1,000"}
    limits, faults = read_thresholds(KINDS["price_band"], typed)
    assert [(fault.pointer, fault.code) for fault in faults] == [
        ("/low", "risk_threshold_bounds"),
        ("/high", "not_a_number"),
        ("/days", "risk_threshold_whole"),
        ("/samples", "required"),
    ]
    assert limits["ceiling"] == "1000"


def test_every_usual_threshold_is_within_its_own_bounds() -> None:
    for kind in KINDS.values():
        _, faults = read_thresholds(kind, {each.name: each.usual for each in kind.thresholds})
        assert not faults, kind.name
        assert kind.days(limits_of(kind, {})) >= 0
