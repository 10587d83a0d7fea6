"""What a list is made of: modes, lines of a parcel, what is missing; amounts spelled exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.declarations.rules.composition import (
    compose_export,
    compose_import,
    import_mode,
    linked_lines,
)
from ccezone.declarations.rules.facts import Composition, Goods, OrderFacts, OrderLine, WaybillFacts
from ccezone.declarations.rules.modes import MODE, export_mode

TODAY = date(2026, 3, 1)
FULL = {**dict.fromkeys((name for mode in MODE.values() for name in mode.needed), "X"), "trade_mode": "9610"}


@dataclass(frozen=True)
class Chair:
    """A product: one chair is 2.5 kg, and 9.5 kg of wood in the second unit."""

    declared_name: str = "木椅"
    hs_code: str = "9403609990"
    specification: str = "橡木"
    unit1: str = "011"
    unit2: str | None = "035"
    qty1_per_unit: Decimal = Decimal(1)
    qty2_per_unit: Decimal | None = Decimal("9.5")
    net_weight: Decimal = Decimal("2.5")
    barcode: str = ""
    origin_country: str = "142"
    item_record_no: str | None = None


def line(number: int = 1, qty: str = "2", price: str = "10", **changes: str) -> OrderLine:
    """A line of an order."""
    total = Decimal(qty) * Decimal(price)
    return OrderLine(number, changes.pop("item_no", "CHAIR"), "椅子", "011", "502", Decimal(qty), Decimal(price), total, **changes)


def waybill(**changes: object) -> WaybillFacts:
    """A parcel of twenty kilograms."""
    values = {"carrier_code": "C", "carrier_name": "承运", "waybill_no": "W1", "bill_no": "", "freight": Decimal(3)}
    values |= {"insurance": Decimal(0), "currency": "502", "gross_weight": Decimal(20), "packages": 1, **changes}
    return WaybillFacts(**values)  # type: ignore[arg-type]  # one dict serves every field


def order(*lines: OrderLine, flow: str = "E") -> OrderFacts:
    """An order of these lines."""
    return OrderFacts(flow, "O1", flow, "P", "平台", "M", "商家", "502", Decimal(7), lines or (line(),))


def compose(
    *lines: OrderLine, flow: str = "E", defaults: Mapping[str, str] = FULL, goods: Goods | None = None, **parcel: object
) -> Composition:
    """Compose a list of an order's lines."""
    made = order(*lines, flow=flow)
    composer = compose_export if flow == "E" else compose_import
    known = goods or Chair()
    return composer(made, waybill(**parcel), made.lines, lambda item: known if item == "CHAIR" else None, defaults, TODAY)


@pytest.mark.parametrize(
    ("order_type", "known", "wished", "mode"),
    [
        ("E", (), "", "9610"),
        ("E", ("1210",), "", "1210"),
        ("E", ("9610", "1210"), "", "9610"),
        ("E", ("9610",), "1210", "1210"),
        ("E", (), "9710", "9610"),
        ("B", ("9610",), "", "9710"),
        ("W", (), "", "9810"),
        ("?", (), "9610", None),
    ],
)
def test_an_export_order_goes_by_the_mode_of_its_type_that_is_wished_or_prepared_for(
    order_type: str, known: tuple[str, ...], wished: str, mode: str | None
) -> None:
    assert export_mode(order_type, frozenset(known), wished) == mode


@pytest.mark.parametrize(
    ("bill_no", "modes", "mode"),
    [("", {"1210", "9610"}, "1210"), ("AWB", {"1210", "9610"}, "9610"), ("AWB", {"1210"}, "1210"), ("", {"9610"}, "9610")],
)
def test_a_bill_of_lading_tells_direct_purchase_from_bonded_where_a_merchant_does_both(
    bill_no: str, modes: set[str], mode: str
) -> None:
    assert import_mode(waybill(bill_no=bill_no), frozenset(modes)) == mode


def test_a_merchant_without_defaults_is_told_by_the_bill_of_lading() -> None:
    assert (import_mode(waybill(), frozenset()), import_mode(waybill(bill_no="A"), frozenset())) == ("1210", "9610")


def test_quantities_and_net_weight_follow_the_product() -> None:
    composed = compose(line(qty="3"))
    (only,) = composed.lines
    assert (only["qty"], only["qty1"], only["qty2"]) == ("3", "3", "28.5")
    assert composed.head["net_weight"] == "7.5"


@pytest.mark.parametrize("name", MODE["9610", "E"].needed)
def test_each_missing_export_default_is_named(name: str) -> None:
    assert [each.name for each in compose(defaults={**FULL, name: ""}).missing] == [name]


@pytest.mark.parametrize("name", MODE["1210", "I"].needed)
def test_each_missing_default_of_a_bonded_import_is_named(name: str) -> None:
    found = compose(flow="I", defaults={**FULL, "trade_mode": "1210", name: ""}).missing
    assert [each.name for each in found] == [name]


@pytest.mark.parametrize("name", MODE["9610", "I"].needed)
def test_each_missing_default_of_a_direct_purchase_is_named(name: str) -> None:
    found = compose(flow="I", defaults={**FULL, "trade_mode": "9610", name: ""}, bill_no="AWB").missing
    assert [each.name for each in found] == [name]


def test_a_direct_purchase_needs_a_bill_of_lading_from_the_waybill_or_the_defaults() -> None:
    direct = {**FULL, "trade_mode": "9610"}
    assert [each.name for each in compose(flow="I", defaults=direct).missing] == ["bill_no"]
    assert compose(flow="I", defaults={**direct, "bill_no": "B"}).head["bill_no"] == "B"
    assert compose(flow="I", defaults={**direct, "bill_no": "B"}, bill_no="W").head["bill_no"] == "W"


def test_every_unknown_item_is_named_with_its_unit() -> None:
    found = compose(line(1, item_no="A"), line(2), line(3, item_no="B")).missing
    assert [(each.kind, each.name, each.params["unit"]) for each in found] == [("product", "A", "011"), ("product", "B", "011")]


def test_bonded_goods_leave_from_china() -> None:
    assert compose(flow="I", defaults={**FULL, "trade_mode": "1210", "country": "116"}).head["country"] == "142"


def test_an_item_number_too_long_for_a_list_is_left_out() -> None:
    composed = compose_export(order(), waybill(), [line(item_no="I" * 21)], lambda _: Chair(), FULL, TODAY)
    assert "item_no" not in composed.lines[0]


def test_what_is_empty_is_left_out_rather_than_sent_empty() -> None:
    assert "license_no" not in compose(defaults={**FULL, "license_no": ""}).head


@given(st.decimals(0, 10**9, places=5))
def test_amounts_are_spelled_without_exponent_and_read_back_exactly(amount: Decimal) -> None:
    composed = compose(freight=amount)
    assert Decimal(composed.head["freight"]) == amount
    assert "E" not in composed.head["freight"]


@given(st.decimals(0, 10**9, places=8))
def test_amounts_with_more_than_five_decimals_are_rounded_half_up(amount: Decimal) -> None:
    rounded = amount.quantize(Decimal("0.00001"), rounding=ROUND_HALF_UP)
    assert compose(freight=amount).head["freight"] == f"{rounded:f}".rstrip("0").rstrip(".")


@pytest.mark.parametrize(("amount", "spelled"), [("1E+3", "1000"), ("2.50000000", "2.5"), ("0.000005", "0.00001"), ("30", "30")])
def test_an_amount_is_spelled_the_shortest_way(amount: str, spelled: str) -> None:
    assert compose(freight=Decimal(amount)).head["freight"] == spelled


def test_a_parcel_without_named_lines_holds_the_whole_order() -> None:
    assert linked_lines((line(1), line(2)), []) == [line(1), line(2)]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_parcels_that_add_up_to_the_order_add_up_in_money_too(parts: list[int]) -> None:
    ordered = line(1, qty=str(sum(parts)), price="3.33")
    parcels: Sequence[OrderLine] = [part for qty in parts for part in linked_lines([ordered], [{"line_no": 1, "qty": str(qty)}])]
    assert sum(part.total_price for part in parcels) == ordered.total_price
    assert [part.price for part in parcels] == [ordered.price] * len(parts)
