"""The tests of the simplified paths, at their boundaries; what nobody knows is never guessed."""

from decimal import Decimal

import pytest

from ccezone.declarations.rules.conditions import (
    Declared,
    Outcome,
    Rate,
    SimpleTerms,
    digits_allowed,
    obstacles,
    plainly_fits,
    run_tests,
)
from ccezone.declarations.rules.modes import MODE, Condition

LIMIT = SimpleTerms(Decimal(5000), 4, "a document")
STATED = {"no_export_duty": "yes", "no_licence": "yes"}


def declared(value: str = "100", currency: str = "142", licence: str = "", codes: tuple[str, ...] = (), **said: str) -> Declared:
    """Goods of this value whose firm has said everything."""
    return Declared(Decimal(value), currency, licence, {**STATED, **said}, codes)


def outcomes(goods: Declared, mode: str = "9610", path: str = "A", rate: Rate | None = None) -> dict[str, str]:
    """What each test says."""
    return {each.condition.value: each.outcome.value for each in run_tests(MODE[mode, "E"], path, goods, LIMIT, rate)}


@pytest.mark.parametrize(
    ("value", "currency", "rate", "outcome"),
    [
        ("5000", "142", None, "passed"),
        ("5000.01", "142", None, "failed"),
        ("700", "502", Rate(Decimal("7.14285714")), "passed"),
        ("700", "502", Rate(Decimal("7.1429")), "failed"),
        ("700", "502", None, "unknown"),
    ],
)
def test_a_parcel_is_worth_the_limit_or_less(value: str, currency: str, rate: Rate | None, outcome: str) -> None:
    assert outcomes(declared(value, currency), rate=rate)["parcel_value"] == outcome


def test_a_provisional_rate_says_so() -> None:
    (*_, value) = run_tests(MODE["9610", "E"], "A", declared("1", "502"), LIMIT, Rate(Decimal(7), provisional=True))
    assert (value.outcome, value.ground) == (Outcome.PASSED, "provisional_rate")


@pytest.mark.parametrize(
    ("said", "outcome"), [({}, "unknown"), ({"no_export_duty": "yes"}, "passed"), ({"no_export_duty": "no"}, "failed")]
)
def test_whether_export_duty_is_due_only_the_firm_can_say(said: dict[str, str], outcome: str) -> None:
    goods = Declared(Decimal(1), "142", "", said, ())
    assert outcomes(goods)["no_export_duty"] == outcome


def test_a_licence_number_says_that_there_is_a_licence() -> None:
    assert outcomes(declared(licence="26-JZ-123456"))["no_licence"] == "failed"


def test_path_a_wants_no_refund_unless_the_firm_says_so() -> None:
    assert outcomes(declared())["no_refund"] == "passed"
    assert outcomes(declared(no_refund="no"))["no_refund"] == "failed"


@pytest.mark.parametrize(
    ("mode", "path", "conditions"),
    [
        ("9610", "A", set(Condition)),
        ("9610", "B", set()),
        ("1210", "A", set(Condition)),
        ("9710", "A", set(Condition) - {Condition.NO_REFUND}),
        ("9810", "A", set(Condition) - {Condition.NO_REFUND}),
    ],
)
def test_each_mode_and_path_has_its_own_tests(mode: str, path: str, conditions: set[Condition]) -> None:
    assert set(outcomes(declared(), mode, path)) == {each.value for each in conditions}


@pytest.mark.parametrize(("said", "least"), [({}, 4), ({"no_licence": ""}, 10), ({"no_licence": "no"}, 10)])
def test_a_heading_suffices_only_when_every_test_is_passed(said: dict[str, str], least: int) -> None:
    mode, goods = MODE["9610", "E"], declared(codes=("9403",), **said)
    results = run_tests(mode, "A", goods, LIMIT, None)
    assert digits_allowed(mode, "A", results, LIMIT) == least
    short = [each.kind for each in obstacles(mode, "A", goods, LIMIT, results) if each.kind == "hs_digits"]
    assert short == ([] if least == 4 else ["hs_digits"])


def test_on_path_b_a_code_is_full() -> None:
    mode, goods = MODE["9610", "E"], declared(codes=("9403609990", "9403"))
    found = obstacles(mode, "B", goods, LIMIT, [])
    assert [(each.name, each.params["least"]) for each in found] == [("lines/1/hs_code", "10")]


@pytest.mark.parametrize(("mode", "kept"), [("9610", []), ("9710", ["parcel_value"])])
def test_a_value_nobody_can_tell_stops_only_what_is_for_small_parcels(mode: str, kept: list[str]) -> None:
    goods = declared("1", "502")
    results = run_tests(MODE[mode, "E"], "A", goods, LIMIT, None)
    assert [each.name for each in obstacles(MODE[mode, "E"], "A", goods, LIMIT, results)] == kept


@pytest.mark.parametrize("mode", ["9610", "9710"])
@pytest.mark.parametrize("path", ["A", "B"])
@pytest.mark.parametrize("value", ["1", "5000", "5000.01"])
@pytest.mark.parametrize("rate", [None, Rate(Decimal(1)), Rate(Decimal(2))])
@pytest.mark.parametrize("currency", ["142", "502"])
@pytest.mark.parametrize("said", [{}, STATED, {"no_refund": "no"}])
@pytest.mark.parametrize("codes", [("9403609990",), ("9403",)])
def test_the_short_way_lets_through_only_what_the_long_way_does(
    mode: str, path: str, value: str, rate: Rate | None, currency: str, said: dict[str, str], codes: tuple[str, ...]
) -> None:
    goods, of = Declared(Decimal(value), currency, "", said, codes), MODE[mode, "E"]
    found = obstacles(of, path, goods, LIMIT, run_tests(of, path, goods, LIMIT, rate))
    assert not (plainly_fits(of, path, goods, LIMIT, rate) and found)
