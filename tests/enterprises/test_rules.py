"""What a registration, a product and declaration defaults must satisfy."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal

import pytest

from ccezone.enterprises.rules import defaults_faults, identity_faults, product_faults
from tests.enterprises.conftest import USCC, direct_export

CHAIR: Mapping[str, object] = {
    "item_no": "CHAIR-1",
    "name": "椅",
    "hs_code": "9401610000",
    "unit": "007",
    "unit1": "001",
    "unit2": None,
    "qty1_per_unit": Decimal(1),
    "qty2_per_unit": None,
    "net_weight": Decimal(1),
}


def codes_of_product(**changes: object) -> list[tuple[str, str]]:
    faults = product_faults(**{**CHAIR, **changes})  # type: ignore[arg-type]  # one dict serves every field
    return [(fault.pointer, fault.code) for fault in faults]


def test_a_complete_product_has_no_fault() -> None:
    assert codes_of_product() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hs_code": "940161000"}, [("/hs_code", "bad_hs_code")]),
        ({"hs_code": "9401610000\n"}, [("/hs_code", "bad_hs_code")]),
        ({"name": "  "}, [("/name", "required")]),
        ({"unit2": "035"}, [("/qty2_per_unit", "second_unit_pair")]),
        ({"net_weight": Decimal(0)}, [("/net_weight", "must_be_positive")]),
        ({"price_low": Decimal(2), "price_high": Decimal(1)}, [("/price_low", "bad_low_high")]),
    ],
)
def test_a_product_is_refused_field_by_field(changes: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert codes_of_product(**changes) == expected


def test_a_wrong_check_digit_is_found() -> None:
    assert [fault.code for fault in identity_faults(USCC[:-1] + "1", None, ["merchant"])] == ["bad_uscc"]


def test_an_enterprise_needs_a_known_role() -> None:
    assert [fault.code for fault in identity_faults(USCC, None, ["king"])] == ["unknown_role"]
    assert [fault.code for fault in identity_faults(USCC, None, [])] == ["role_needed"]


def test_direct_export_asks_for_no_account_book_and_bonded_export_does() -> None:
    values = asdict(direct_export())
    assert defaults_faults(values) == []
    bonded = [fault.pointer for fault in defaults_faults({**values, "trade_mode": "1210"})]
    assert bonded == ["/bonded_enterprise_code", "/bonded_enterprise_name", "/ems_no"]


def test_a_mode_without_lists_is_refused() -> None:
    assert [fault.code for fault in defaults_faults({**asdict(direct_export()), "trade_mode": "1239"})] == ["unknown_mode"]
