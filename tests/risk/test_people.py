"""Identities, telephones, limits and payers: what is found, and what comes near and is not."""

from datetime import date

from ccezone.risk.rules.traces import Trace
from tests.risk.traces import RIVAL, find, trace


def test_one_identity_in_many_orders_within_a_week_is_one_finding() -> None:
    (found,) = find("identity_reuse", [trace(number, hours=number * 20) for number in range(10)], orders="8", days="7")
    assert found.subjects == frozenset(range(10))
    assert found.measures["orders"] == "10"


def test_as_many_orders_over_a_longer_time_are_a_good_customer() -> None:
    assert find("identity_reuse", [trace(number, hours=number * 30) for number in range(10)], orders="8", days="7") == []


def test_an_order_told_twice_counts_once() -> None:
    assert find("identity_reuse", [trace(1, part=part) for part in range(9)], orders="8") == []


def test_two_stretches_apart_are_two_findings() -> None:
    orders = [trace(number, hours=number) for number in range(8)] + [trace(100 + number, 2000 + number) for number in range(8)]
    assert [len(each.traces) for each in find("identity_reuse", orders, orders="8", days="7")] == [8, 8]


def test_many_identities_at_one_telephone_are_found() -> None:
    shared = [trace(number, buyer=str(number)) for number in range(5)]
    assert [each.measures["identities"] for each in find("shared_contact", shared, identities="5")] == ["5"]


def test_a_family_at_one_telephone_is_not() -> None:
    family = [trace(number, buyer=str(number % 4)) for number in range(40)]
    assert find("shared_contact", family, identities="5") == []


def test_orders_split_under_the_limit_are_found_with_the_limit() -> None:
    split = [trace(number, hours=number, value="1900") for number in range(3)]
    (found,) = find("splitting", split)
    assert (found.measures["value"], found.measures["limit"]) == ("5700.00", "5000")


def test_small_orders_that_stay_under_the_limit_together_are_not_split() -> None:
    assert find("splitting", [trace(number, hours=number, value="1600") for number in range(3)]) == []


def test_orders_with_different_merchants_are_not_split() -> None:
    bought = [trace(1, value="2600"), trace(2, value="2600"), trace(3, value="2600", merchant=RIVAL)]
    assert find("splitting", bought) == []


def test_an_order_above_the_limit_is_no_part_of_a_split() -> None:
    assert find("splitting", [trace(1, value="5200"), trace(2, value="100"), trace(3, value="100")]) == []


def test_a_year_almost_used_is_found_and_the_new_year_begins_anew() -> None:
    december = [trace(number, day=date(2025, 12, 1), value="4800") for number in range(4)]
    january = [trace(10 + number, day=date(2026, 1, 5), value="4800") for number in range(5)]
    (found,) = find("quota", [*december, *january], share="90")
    assert found.subjects == frozenset(range(10, 15))
    assert (found.measures["value"], found.measures["limit"]) == ("24000.00", "26000")


def test_the_year_of_a_list_is_that_of_shanghai() -> None:
    eve = trace(1, hours=13, day=date(2025, 12, 31), value="24000")  # 1 January, 01:00 in Shanghai
    assert len(find("quota", [eve, trace(2, day=date(2026, 1, 5), value="100")])[0].traces) == 2


def paid(subject: int, payer: str, buyer: str, hours: float = 0) -> Trace:
    return trace(subject, hours, kind="payment", payer=payer, buyer=buyer)


def test_one_payer_for_many_buyers_is_found() -> None:
    (found,) = find("circular_payer", [paid(number, "boss", f"b{number}") for number in range(4)], buyers="4")
    assert found.measures["buyers"] == "4"


def test_who_pays_for_the_family_is_not() -> None:
    family = [paid(number, "mother", f"child{number % 3}") for number in range(12)]
    assert find("circular_payer", family, buyers="4") == []


def test_people_who_pay_for_each_other_in_a_ring_are_found_once() -> None:
    ring = [paid(1, "a", "b"), paid(2, "b", "c", 1), paid(3, "c", "d", 2), paid(4, "d", "a", 3), paid(5, "x", "y", 4)]
    (found,) = find("circular_payer", ring, ring="3")
    assert found.subjects == frozenset({1, 2, 3, 4})


def test_a_couple_who_pay_for_each_other_is_no_ring() -> None:
    assert find("circular_payer", [paid(1, "a", "b"), paid(2, "b", "a", 1)], ring="3") == []


def test_a_ring_that_takes_longer_than_the_window_is_none() -> None:
    slow = [paid(1, "a", "b"), paid(2, "b", "c", 500), paid(3, "c", "a", 1000)]
    assert find("circular_payer", slow, days="30") == []
