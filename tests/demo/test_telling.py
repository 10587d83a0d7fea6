from collections import Counter
from decimal import Decimal

import pytest

from ccezone.demo.stories import BLOCK, SWITCHES, Story
from ccezone.demo.telling import LINK, MESSAGES, Bill, tell
from ccezone.demo.trading import deal
from ccezone.demo.zone import SHOWN_MERCHANT
from ccezone.kernel.check_digits import check_resident_id
from schemas.messages.ceb.trades import party
from tests.demo.month import SEED, SPAN, deal_of, numbers_of, told

DEALS = [deal(SEED, number, SPAN) for number in range(BLOCK)]


def amount(bill: Bill, name: str) -> Decimal:
    return Decimal(str(bill.values[name]))


def paid(bills: dict[str, list[Bill]], flow: str) -> Decimal:
    return sum((amount(bill, "amount") for bill in bills[MESSAGES["payment", flow]]), Decimal(0))


def test_a_deal_belongs_to_the_merchant_it_names() -> None:
    assert all(each.facts["merchant_code"] == party(each.merchant)["customs_code"] for each in DEALS)
    assert {each.merchant for each in DEALS} == {"furniture", "oranges", "textiles", "electronics", "cosmetics", "milk"}


def test_imports_come_out_of_the_bonded_zone_and_straight_from_abroad() -> None:
    modes = Counter(each.facts["trade_mode"] for each in DEALS if each.flow == "I")
    assert modes["1210"] > modes["9610"] > 20


def test_order_numbers_are_given_once() -> None:
    assert len({each.facts["order_no"] for each in DEALS}) == BLOCK


def test_sums_agree_with_the_lines_and_the_tax_with_the_limits_rate() -> None:
    for each in DEALS:
        value = sum((Decimal(str(line["qty"])) * Decimal(str(line["price"])) for line in each.lines), Decimal(0))
        assert each.amount("goods_value") == value
        if each.flow == "I":
            assert abs(each.amount("tax_total") - value * Decimal("0.091")) <= Decimal("0.01") * len(each.lines)
            assert each.amount("amount") == value + each.amount("tax_total") - each.amount("discount")
        else:
            assert each.amount("amount") == value + each.amount("freight")
        assert each.amount("net_weight") < each.amount("gross_weight")


def test_buyers_have_valid_identity_numbers_and_one_name_each() -> None:
    names: dict[object, set[object]] = {}
    for each in DEALS:
        if each.flow == "I":
            assert check_resident_id(str(each.facts["buyer_id_number"])).valid
            names.setdefault(each.facts["buyer_id_number"], set()).add(each.facts["buyer_name"])
    assert len(names) > 100
    assert all(len(found) == 1 for found in names.values())


@pytest.mark.parametrize("story", SWITCHES)
def test_the_switch_a_story_throws_stands_in_the_order_number(story: Story) -> None:
    for number in numbers_of(story):
        assert SWITCHES[story] in str(deal(SEED, number, SPAN).facts["order_no"])


def test_a_clean_export_is_three_bills_and_a_link_that_agree() -> None:
    bills = told(Story.CLEAN, "E")
    assert {name: len(found) for name, found in bills.items()} == {
        "CEB303Message": 1,
        "CEB403Message": 1,
        "CEB505Message": 1,
        LINK: 1,
    }
    (order,), (link,), (waybill,) = bills["CEB303Message"], bills[LINK], bills["CEB505Message"]
    assert paid(bills, "E") == amount(order, "goods_value") + amount(order, "freight")
    assert (link.values["order_no"], link.values["waybill_no"]) == (order.values["order_no"], waybill.values["waybill_no"])


def test_a_clean_import_needs_no_link() -> None:
    bills = told(Story.CLEAN, "I")
    assert set(bills) == {"CEB311Message", "CEB411Message", "CEB511Message"}
    assert paid(bills, "I") == amount(bills["CEB311Message"][0], "actual_paid")


def test_a_coupon_pays_less_and_instalments_add_up() -> None:
    assert paid(told(Story.COUPON), "E") < deal_of(Story.COUPON).amount("amount")
    bills = told(Story.INSTALMENTS)
    assert len({bill.values["payment_no"] for bill in bills["CEB403Message"]}) == 2
    assert paid(bills, "E") == deal_of(Story.INSTALMENTS).amount("amount")


def test_a_split_order_lies_in_two_parcels_whose_lines_add_up() -> None:
    bills = told(Story.SPLIT)
    ordered = {line["line_no"]: line["qty"] for line in rows(bills["CEB303Message"][0])}
    sent: Counter[object] = Counter()
    for link in bills[LINK]:
        for line in rows(link):
            sent[line["line_no"]] += Decimal(str(line["qty"]))  # type: ignore[assignment]  # counters may count in decimals
    assert sent == ordered
    assert len({bill.values["waybill_no"] for bill in bills["CEB505Message"]}) == 2


def rows(bill: Bill) -> list[dict[str, object]]:
    lines = bill.values["lines"]
    assert isinstance(lines, list)
    return lines


def test_orders_in_one_parcel_are_one_merchants_and_one_waybill() -> None:
    first, second = (deal(SEED, number, SPAN) for number in numbers_of(Story.SHARED)[:2])
    assert first.merchant == second.merchant
    assert told(Story.SHARED)[LINK][0].values["waybill_no"] == first.facts["waybill_no"]
    assert first.moment < second.moment


def test_changes_and_deletions_are_dated_after_what_they_change() -> None:
    for story in (Story.CHANGED, Story.DELETED, Story.LATE_CHANGE, Story.CORRECTED):
        for bills in told(story).values():
            moments = [bill.values["app_time"] for bill in sorted(bills, key=lambda bill: bill.turn)]
            assert moments == sorted(set(moments), key=str)


def test_a_buyer_orders_more_than_the_years_quota_in_orders_that_each_fit() -> None:
    deals = [deal(SEED, number, SPAN) for number in numbers_of(Story.OVER_YEAR)]
    assert len({each.facts["buyer_id_number"] for each in deals}) == 1
    assert all(each.amount("goods_value") <= 5000 for each in deals)
    assert sum(each.amount("goods_value") for each in deals) > 26_000


def test_an_order_above_the_limit_of_one_order_has_more_than_one_piece() -> None:
    order = deal_of(Story.OVER_SINGLE)
    assert order.amount("goods_value") > 5000
    assert Decimal(str(order.lines[0]["qty"])) > 1


@pytest.mark.parametrize(
    ("story", "flow", "lacking"),
    [
        (Story.NO_ORDER, "E", "CEB303Message"),
        (Story.NO_PAYMENT, "I", "CEB411Message"),
        (Story.NO_WAYBILL, "E", "CEB505Message"),
        (Story.NO_LINK, "E", LINK),
    ],
)
def test_a_bill_that_never_comes_is_the_only_one_missing(story: Story, flow: str, lacking: str) -> None:
    whole = set(told(Story.CLEAN, flow))
    assert set(told(story, flow)) == whole - {lacking}


def test_one_merchant_sees_both_flows_with_a_warning_here_and_a_conflict_of_bonded_goods_there() -> None:
    month = [deal(SEED, number, SPAN) for number in range(2000)]
    seen = {(each.story, each.facts["trade_mode"]) for each in month if each.merchant == SHOWN_MERCHANT}
    assert {(Story.COUPON, "9610"), (Story.PAID_DIFFERS, "1210"), (Story.CLEAN, "9610"), (Story.CLEAN, "1210")} <= seen


def test_an_undervalued_order_agrees_with_its_payment_at_a_fraction_of_the_price() -> None:
    bills = told(Story.UNDERVALUED)
    order, payment = bills["CEB311Message"][0].values, bills["CEB411Message"][0].values
    usual = deal_of(Story.UNDERVALUED)
    assert order["actual_paid"] == payment["amount"]
    assert usual.amount("goods_value") > 5 * Decimal(str(order["goods_value"]))


def test_a_stuffed_parcel_weighs_much_more_than_its_goods() -> None:
    bills = told(Story.STUFFED)
    assert Decimal(str(bills["CEB511Message"][0].values["weight"])) > deal_of(Story.STUFFED).amount("weight") + 5


def test_an_article_nobody_entered_is_mended_two_days_later_unless_the_month_ends_first() -> None:
    for number in numbers_of(Story.UNKNOWN_GOODS):
        orders = [bill for bill in tell(SEED, number, SPAN) if bill.message_type in ("CEB303Message", "CEB311Message")]
        first, *mended = sorted(orders, key=lambda bill: bill.moment)
        assert "NEW-" in str(first.values["lines"])
        assert all("NEW-" not in str(bill.values["lines"]) and bill.values["app_type"] == "2" for bill in mended)
        assert [(bill.moment - first.moment).days for bill in mended] == ([2] if (SPAN.end - first.moment).days >= 2 else [])
