"""Which bills belong together: payments that add up, parcels, shared waybills, two merchants on no platform."""

from decimal import Decimal

import pytest

from tests.hub.bills import Bill, export_bills, import_bills, link, order, payment, waybill
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def line_of(sold: Bill, qty: int) -> dict[str, object]:
    """A part of an order's first line."""
    return {"line_no": 1, "qty": qty}


def order_of_four() -> Bill:
    """An order of one line of four pieces."""
    (first, *_) = _lines(order())
    price = Decimal(str(first["price"]))
    lines = [{**first, "qty": Decimal(4), "total_price": price * 4}]
    return order(lines=lines, goods_value=price * 4, freight=Decimal(0))


def test_several_payments_of_one_order_add_up(hub: Hub) -> None:
    total = Decimal(payment()["amount"])
    parts = [payment(amount=total - 10), payment(amount=Decimal(10), payment_no="P-SECOND", guid=payment(2)["guid"])]
    sold, _, sent, linked = export_bills()
    match = hub.matched(sold, *parts, sent, linked)
    assert (match.verdict, len(match.payments)) == ("matched", 2)


def test_a_payment_moved_to_another_order_leaves_the_first_waiting(hub: Hub) -> None:
    first, second, paid = order(1, "I"), order(3, "I"), payment(1, "I")
    hub.post(first, second, paid)
    hub.merge()
    hub.post(paid.changed(order_no=second["order_no"]))
    hub.merge()
    assert "payment" in hub.match(first).waiting
    assert len(hub.match(second).payments) == 1


def test_a_waybill_moved_to_another_order_leaves_the_first_waiting(hub: Hub) -> None:
    first, paid, sent = import_bills(1)
    second, *_ = import_bills(3)
    assert hub.matched(first, paid, sent).verdict == "matched"
    hub.post(second, sent.changed(order_no=second["order_no"]))
    hub.merge()
    assert (hub.match(first).waiting, hub.match(first).waybills) == (["waybill"], [])


def test_two_merchants_with_the_same_number_and_no_platform_never_meet(hub: Hub) -> None:
    rival = hub.party("oranges")
    mine = order(platform_code="无").sent_by("furniture")
    theirs = mine.but(merchant_code=rival.customs_code, merchant_name=rival.name).sent_by("oranges")
    paid = payment(platform_code="无")
    hub.post(mine, theirs, paid)
    hub.merge()
    assert (len(hub.match(mine).payments), len(hub.match(theirs).payments)) == (1, 0)


def test_customs_and_credit_code_of_a_firm_name_the_same_order(hub: Hub) -> None:
    sold, paid, sent, linked = export_bills()
    uscc = hub.party("furniture").uscc
    assert hub.matched(sold, paid.but(merchant_code=uscc), sent, linked.but(merchant_code=uscc)).verdict == "matched"


def test_a_waybill_that_two_orders_agree_with_waits_for_a_link(hub: Hub) -> None:
    sold, paid, sent = import_bills()
    double = sold.but(platform_code=hub.party("cosmetics").customs_code, guid=order(3, "I")["guid"]).sent_by("milk")
    hub.post(sold, double, paid, sent)
    hub.merge()
    assert hub.match(sold).waiting == ["link"]
    hub.post(link(sold, sent))
    hub.merge()
    assert hub.match(sold).verdict == "matched"


def test_a_number_becomes_unambiguous_again_when_the_other_order_goes(hub: Hub) -> None:
    sold, paid, sent = import_bills()
    double = sold.but(platform_code=hub.party("cosmetics").customs_code, guid=order(3, "I")["guid"]).sent_by("milk")
    hub.post(sold, double, paid, sent)
    hub.merge()
    hub.post(double.deleted())
    hub.merge()
    assert hub.match(sold).verdict == "matched"


def test_a_deleted_link_lets_the_waybill_speak_for_itself_again(hub: Hub) -> None:
    sold, paid, sent = import_bills()
    linked = link(sold, sent)
    assert hub.matched(sold, paid, sent, linked).verdict == "matched"
    hub.post(linked.deleted())
    hub.merge()
    assert hub.match(sold).verdict == "matched"


def test_an_order_in_two_parcels_gets_a_list_for_each_when_the_lines_add_up(hub: Hub) -> None:
    sold, first, second = order_of_four(), waybill(1), waybill(5)
    paid = payment(amount=sold.values["goods_value"])
    match = hub.matched(sold, paid, first, second, link(sold, first, [line_of(sold, 3)]), link(sold, second, [line_of(sold, 1)]))
    assert (match.verdict, len(match.waybills)) == ("matched", 2)
    assert sorted(item.content["lines"][0]["qty"] for item in hub.lists()) == ["1", "3"]


def test_parcels_that_do_not_add_up_to_the_order_are_not_filed(hub: Hub) -> None:
    sold, first, second = order_of_four(), waybill(1), waybill(5)
    paid = payment(amount=sold.values["goods_value"])
    match = hub.matched(sold, paid, first, second, link(sold, first, [line_of(sold, 3)]), link(sold, second, [line_of(sold, 2)]))
    assert (match.verdict, match.waiting, match.fileable) == ("waiting", ["link_lines"], False)
    assert hub.lists() == []


def test_two_parcels_without_lines_are_not_filed(hub: Hub) -> None:
    sold, first, second = order_of_four(), waybill(1), waybill(5)
    match = hub.matched(sold, first, second, link(sold, first), link(sold, second))
    assert match.waiting == ["payment", "link_lines"]
    assert not match.fileable


def test_a_link_may_name_a_line_the_order_does_not_have_and_nothing_breaks(hub: Hub) -> None:
    sold, first = order_of_four(), waybill(1)
    match = hub.matched(sold, first, link(sold, first, [{"line_no": 9, "qty": 4}]))
    assert "link_lines" in match.waiting


def test_two_export_orders_may_share_a_waybill_with_a_list_each(hub: Hub) -> None:
    first, second, sent = order(1), order(5), waybill(1)
    hub.post(first, second, sent, link(first, sent), link(second, sent))
    hub.merge()
    assert [hub.match(each).fileable for each in (first, second)] == [True, True]
    assert hub.states() == ["queued", "queued"]


def test_the_zone_may_forbid_exports_that_share_a_waybill(hub: Hub) -> None:
    hub.change("UPDATE parameter SET value = 'false' WHERE key = 'matching.several_orders_per_waybill.E'")
    first, second, sent = order(1), order(5), waybill(1)
    hub.post(first, second, sent, link(first, sent), link(second, sent))
    hub.merge()
    assert [hub.match(each).reasons for each in (first, second)] == [["waybill_shared"], ["waybill_shared"]]


def test_two_import_orders_may_not_share_a_waybill(hub: Hub) -> None:
    first, paid, sent = import_bills(1)
    second = order(3, "I")
    hub.post(first, paid, sent, second, link(first, sent), link(second, sent))
    hub.merge()
    assert "waybill_shared" in hub.match(first).reasons
    assert hub.lists() == []


def _lines(sold: Bill) -> list[dict[str, object]]:
    lines = sold.values["lines"]
    assert isinstance(lines, list)
    return lines


def test_a_waybill_number_used_again_leaves_the_released_order_alone(hub: Hub) -> None:
    bills = export_bills(1)
    hub.matched(*bills)
    hub.dispatch()
    hub.answer(hub.only_list(), 800)
    hub.clock.advance(days=200)
    half_a_year = 200 * 24 * 60
    again = waybill(2, waybill_no=bills[2]["waybill_no"], merchant_code=hub.party("oranges").uscc)
    parcel = again.changed(half_a_year).but(app_type="1")
    sold = order(2).changed(half_a_year).but(app_type="1")
    hub.post(sold, payment(2), parcel, link(sold, parcel))
    hub.merge()
    assert hub.match(bills[0]).verdict == "matched"
    assert hub.match(sold).verdict == "matched"
    assert hub.states() == ["800", "queued"]
