"""Every comparison of the merge: the one changed value is found, and the difference names rule and both values."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from tests.hub.bills import Bill, export_bills, import_bills, link, order, payment, waybill
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
FEN = Decimal("0.01")


@dataclass(frozen=True)
class Slip:
    """One bill of a clean set that says something else, and what the merge must answer."""

    rule: str
    bill: int
    field: str
    value: object
    left: str | None
    right: str | None

    def __str__(self) -> str:
        return self.rule


ORDER, PAYMENT, WAYBILL = 0, 1, 2
_PAID = Decimal(payment(1, "I")["amount"])
_ACTUALLY = Decimal(order(1, "I")["actual_paid"])
PLAIN = [
    Slip("I02", PAYMENT, "amount", _PAID + FEN, f"{_ACTUALLY.normalize():f}", f"{_PAID + FEN}"),
    Slip("I03", ORDER, "freight", FEN, f"{_ACTUALLY.normalize():f}", f"{_ACTUALLY + FEN}"),
    Slip("I04", PAYMENT, "payment_enterprise_code", "91360700MAYYY01010", "360796Y010", "91360700MAYYY01010"),
    Slip("I05", PAYMENT, "payer_name", "别人", None, None),
    Slip("I05", PAYMENT, "payer_id_number", "110101199003072316", None, None),
    Slip("I09", WAYBILL, "consignee_address", "江西省赣州市别处1号", None, None),
]
LINKED = [
    Slip("I07", WAYBILL, "consignee_name", "别人", None, None),
    Slip("I08", WAYBILL, "consignee_telephone", "13900000000", None, None),
    Slip("I12", WAYBILL, "order_no", "ANOTHER-ORDER", order(1, "I")["order_no"], "ANOTHER-ORDER"),
]


@pytest.mark.parametrize("slip", PLAIN, ids=str)
def test_an_import_difference_blocks_and_names_rule_and_both_values(hub: Hub, slip: Slip) -> None:
    bills = _with_slip(import_bills(), slip)
    _assert_blocked(hub, bills, slip)


@pytest.mark.parametrize("slip", LINKED, ids=str)
def test_a_waybill_joined_by_a_link_is_still_compared_with_its_order(hub: Hub, slip: Slip) -> None:
    bills = _with_slip(import_bills(), slip)
    _assert_blocked(hub, [*bills, link(bills[ORDER], bills[WAYBILL])], slip)


def test_names_agree_after_folding_width_and_white_space(hub: Hub) -> None:
    bills = import_bills()
    bills[PAYMENT] = bills[PAYMENT].but(payer_name=" ".join(bills[PAYMENT]["payer_name"]) + "\u3000")
    assert hub.matched(*bills).verdict == "matched"


def test_coupons_make_an_export_payment_differ_and_that_only_warns(hub: Hub) -> None:
    bills = export_bills()
    bills[PAYMENT] = bills[PAYMENT].but(amount=Decimal(bills[PAYMENT]["amount"]) - 2)
    match = hub.matched(*bills)
    assert (match.verdict, match.rules, match.fileable) == ("matched_with_warnings", ["X01"], True)
    (difference,) = match.differences
    assert Decimal(difference["left"]) - Decimal(difference["right"]) == 2
    assert difference["severity"] == "warn"


def test_one_fen_of_rounding_is_within_the_export_tolerance(hub: Hub) -> None:
    bills = export_bills()
    bills[PAYMENT] = bills[PAYMENT].but(amount=Decimal(bills[PAYMENT]["amount"]) - FEN)
    assert hub.matched(*bills).verdict == "matched"


def test_another_currency_conflicts_but_no_longer_gates_an_export(hub: Hub) -> None:
    bills = export_bills()
    bills[PAYMENT] = bills[PAYMENT].but(currency="300")
    match = hub.matched(*bills)
    assert (match.verdict, match.rules) == ("conflict", ["X02"])
    assert (match.differences[0]["left"], match.differences[0]["right"]) == ("502", "300")
    assert match.fileable, "since 2024-12-15 order and waybill gate an export (GACC 2024 No. 167)"


def test_a_waybill_that_names_another_merchant_blocks(hub: Hub) -> None:
    bills = export_bills()
    rival, own = hub.party("oranges"), hub.party("furniture")
    bills[WAYBILL] = bills[WAYBILL].but(merchant_code=rival.customs_code)
    match = hub.matched(*bills)
    assert (match.verdict, match.rules, match.fileable) == ("conflict", ["X03"], False)
    assert (match.differences[0]["left"], match.differences[0]["right"]) == (own.uscc, rival.uscc)


def test_a_waybill_that_names_the_merchant_by_its_other_code_agrees(hub: Hub) -> None:
    bills = export_bills()
    bills[WAYBILL] = bills[WAYBILL].but(merchant_code=hub.party("furniture").uscc)
    assert hub.matched(*bills).verdict == "matched"


def test_a_difference_names_both_bills(hub: Hub) -> None:
    sold = order(1, "I")
    match = hub.matched(sold, payment(1, "I"), waybill(1, "I", consignee_address="江西省赣州市别处1号"))
    (difference,) = match.differences
    assert difference["bill"] == "waybill"
    assert difference["waybill"] == match.waybills[0]["waybill"]


def _with_slip(bills: list[Bill], slip: Slip) -> list[Bill]:
    return [bill.but(**{slip.field: slip.value}) if place == slip.bill else bill for place, bill in enumerate(bills)]


def _assert_blocked(hub: Hub, bills: list[Bill], slip: Slip) -> None:
    match = hub.matched(*bills)
    assert (match.verdict, match.rules, match.fileable) == ("conflict", [slip.rule], False)
    (difference,) = match.differences
    assert (difference["severity"], difference["left"], difference["right"]) == ("block", slip.left, slip.right)
    assert hub.lists() == []
