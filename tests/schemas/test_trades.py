"""Our own samples: valid in every type, and telling one coherent trade across types."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from ccezone.kernel.check_digits import check_customs_registration_code, check_resident_id, check_uscc
from schemas.codes import hs_entry, rows
from schemas.messages.ceb import MESSAGE_TYPES, definition
from schemas.messages.ceb.codec import decode
from schemas.messages.ceb.samples import Mode, sample, sample_values
from schemas.messages.checking import check

Values = Mapping[str, object]


def _documents(message_type: str, mode: Mode = "1210") -> Sequence[Values]:
    return list(sample_values(message_type, 20, mode=mode))


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
@pytest.mark.parametrize("mode", ["1210", "9610"])
def test_a_sample_of_every_type_passes_intake(message_type: str, mode: Mode) -> None:
    count = 1 if definition(message_type).max_documents == 1 else 3
    data = sample(message_type, count, mode=mode)
    assert [document.faults for document in decode(data, unsigned=True).documents] == [[]] * count
    result = check(data)
    assert {finding.fault.code for finding in result.errors} <= {"signature_required"}
    assert result.warnings == ()


def test_equal_numbers_and_seed_give_equal_bytes() -> None:
    assert sample("CEB603Message", 5, seed=7, first=3) == sample("CEB603Message", 5, seed=7, first=3)
    assert sample("CEB603Message", 5, seed=7) != sample("CEB603Message", 5, seed=8)


@pytest.mark.parametrize(
    ("left", "right", "names"),
    [
        ("CEB303Message", "CEB403Message", "order_no platform_code merchant_code currency"),
        ("CEB303Message", "CEB603Message", "order_no platform_code merchant_code freight"),
        ("CEB505Message", "CEB603Message", "carrier_code waybill_no gross_weight packages"),
        ("CEB311Message", "CEB411Message", "order_no platform_code payment_enterprise_code payment_no"),
        ("CEB311Message", "CEB511Message", "order_no consignee_name consignee_telephone consignee_address freight"),
        ("CEB311Message", "CEB621Message", "order_no platform_code merchant_code buyer_name buyer_telephone buyer_id_number"),
        ("CEB511Message", "CEB621Message", "carrier_code waybill_no consignee_address freight insurance packages"),
        ("CEB604Message", "CEB603Message", "order_no cop_no merchant_code agent_code"),
    ],
)
def test_the_documents_of_one_number_tell_one_trade(left: str, right: str, names: str) -> None:
    for first, second in zip(_documents(left), _documents(right), strict=True):
        assert [first[name] for name in names.split()] == [second[name] for name in names.split()]


def test_money_adds_up() -> None:
    for order, payment in zip(_documents("CEB303Message"), _documents("CEB403Message"), strict=True):
        assert payment["amount"] == _sum(order, "goods_value", "freight")
        assert order["goods_value"] == _total(order)
    for order, payment in zip(_documents("CEB311Message"), _documents("CEB411Message"), strict=True):
        assert order["actual_paid"] == payment["amount"] == _sum(order, "goods_value", "freight", "tax_total")
        assert order["goods_value"] == _total(order)
        assert _sum(order, "actual_paid") < 5000


def _sum(values: Values, *names: str) -> Decimal:
    return sum((Decimal(str(values[name])) for name in names), Decimal(0))


def _lines(values: Values) -> Sequence[Values]:
    lines = values["lines"]
    assert isinstance(lines, list)
    return lines


def _total(values: Values) -> Decimal:
    for line in _lines(values):
        assert Decimal(str(line["qty"])) * Decimal(str(line["price"])) == line["total_price"]
    return sum((_sum(line, "total_price") for line in _lines(values)), Decimal(0))


@pytest.mark.parametrize("message_type", ["CEB603Message", "CEB621Message"])
def test_list_lines_agree_with_the_order_and_the_tariff(message_type: str) -> None:
    order_type = "CEB303Message" if message_type == "CEB603Message" else "CEB311Message"
    for listed, order in zip(_documents(message_type), _documents(order_type), strict=True):
        assert _sum(listed, "net_weight") <= _sum(listed, "gross_weight")
        for line, ordered in zip(_lines(listed), _lines(order), strict=True):
            entry = hs_entry(str(line["hs_code"]))
            assert entry is not None
            assert (line["unit1"], line.get("unit2", "")) == (entry.unit1, entry.unit2)
            assert [line[name] for name in ("line_no", "qty", "price")] == [ordered[name] for name in ("line_no", "qty", "price")]
            assert line["unit"] != line["unit1"] or line["qty"] == line["qty1"]


def test_bonded_and_direct_imports_name_what_their_mode_demands() -> None:
    for bonded in _documents("CEB621Message"):
        assert bonded["country"] == "142"
        assert bonded["ems_no"]
        assert "voyage_no" not in bonded
    for direct in _documents("CEB621Message", "9610"):
        assert direct["bill_no"]
        assert direct["voyage_no"]
        assert "ems_no" not in direct


def test_buyers_are_many_and_their_identity_numbers_are_well_formed() -> None:
    numbers = [str(values["buyer_id_number"]) for values in sample_values("CEB311Message", 200)]
    assert len(set(numbers)) == 200
    assert all(check_resident_id(number) for number in numbers)


def test_the_cast_has_well_formed_codes_and_every_role() -> None:
    cast = rows("example_parties")
    assert all(check_uscc(row["uscc"]) for row in cast)
    assert all(check_customs_registration_code(row["customs_code"]) for row in cast)
    assert {row["uscc"][2:6] for row in cast} == {"3607"}
    roles = {role for row in cast for role in row["roles"].split(";")}
    assert roles == {"merchant", "platform", "payment", "logistics", "agent", "bonded", "site_operator"}
    assert len({row["customs_code"] for row in cast}) == len(cast)
