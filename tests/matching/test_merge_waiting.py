"""Verdicts on the way: what an order still waits for, whatever comes first."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from tests.hub.bills import Bill, export_bills, import_bills, link, order, payment, waybill
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def test_an_order_alone_waits_for_payment_and_link(hub: Hub) -> None:
    match = hub.matched(order())
    assert (match.verdict, match.waiting, match.fileable) == ("waiting", ["payment", "link"], False)


def test_a_payment_alone_waits_for_its_order(hub: Hub) -> None:
    match = hub.matched(payment())
    assert (match.verdict, match.waiting) == ("waiting", ["order", "link"]) or match.waiting == ["order"]
    assert not match.fileable


def test_an_export_waits_for_the_waybill_its_link_names(hub: Hub) -> None:
    sold, sent = order(), waybill()
    match = hub.matched(sold, payment(), link(sold, sent))
    assert (match.verdict, match.waiting) == ("waiting", ["waybill"])
    hub.post(sent)
    hub.merge()
    assert hub.match(sold).verdict == "matched"


def test_an_export_without_its_payment_is_fileable_and_still_waits(hub: Hub) -> None:
    sold, sent = order(), waybill()
    match = hub.matched(sold, sent, link(sold, sent))
    assert (match.verdict, match.waiting, match.fileable) == ("waiting", ["payment"], True)
    assert hub.states() == ["queued"]


def test_an_import_without_its_payment_is_not_fileable(hub: Hub) -> None:
    match = hub.matched(order(1, "I"), waybill(1, "I"))
    assert (match.waiting, match.fileable, match.reasons) == (["payment"], False, ["payment"])
    assert hub.lists() == []


def test_an_import_waits_for_its_waybill(hub: Hub) -> None:
    match = hub.matched(order(1, "I"), payment(1, "I"))
    assert (match.verdict, match.waiting) == ("waiting", ["waybill"])


def test_an_import_waybill_for_somebody_else_waits_for_a_link(hub: Hub) -> None:
    sold, sent = order(1, "I"), waybill(1, "I", consignee_name="别人")
    match = hub.matched(sold, payment(1, "I"), sent)
    assert (match.verdict, match.waiting, match.waybills) == ("waiting", ["link"], [])


@pytest.mark.parametrize("turn", range(24))
def test_export_bills_end_alike_in_any_order_of_arrival(hub: Hub, turn: int) -> None:
    bills = export_bills()
    _post_one_by_one(hub, list(permutations(bills))[turn])
    assert hub.match(bills[0]).verdict == "matched"
    assert hub.states() == ["queued"]
    assert hub.only_list().submission <= 2, "a late payment changes nothing in what is declared"
    assert hub.count("submission") == 1


@pytest.mark.parametrize("turn", range(6))
def test_import_bills_end_alike_in_any_order_of_arrival(hub: Hub, turn: int) -> None:
    bills = import_bills()
    _post_one_by_one(hub, list(permutations(bills))[turn])
    assert hub.match(bills[0]).verdict == "matched"
    assert hub.states() == ["queued"]
    assert hub.count("submission") == 1


def test_everything_twice_leaves_the_same_rows(hub: Hub) -> None:
    for _ in range(2):
        outcomes = hub.post(*export_bills(), *import_bills())
        hub.merge()
    assert {(outcome.accepted, outcome.replayed) for outcome in outcomes} == {(1, 1)}
    assert [hub.count(table) for table in ("order_version", "payment_version", "waybill_version", "link_version")] == [2, 2, 2, 1]
    assert hub.count("declaration_list") == hub.count("submission") == 2


def _post_one_by_one(hub: Hub, bills: Sequence[Bill]) -> None:
    for bill in bills:
        hub.post(bill)
        hub.merge()
