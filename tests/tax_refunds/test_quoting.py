"""``ccezone quote`` reproduces the published refund, exemption and assessed-income-tax examples, and names what is wrong."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccezone.cli_quote import quote

_FOLDER = Path(__file__).parent / "vectors"
_PREFIX = "expected_"
_COUNTS = {"refund": 20, "exemption": 5, "assessed-income-tax": 4}
_EXPORTS = "export_lines (fob|vat_rate|refund_rate;...)"


def _vectors(kind: str) -> list[dict[str, str]]:
    with (_FOLDER / f"{kind.replace('-', '_')}_vectors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ask(kind: str, **values: object) -> tuple[int, dict[str, object]]:
    result = CliRunner().invoke(quote, [kind], input=json.dumps({key: value for key, value in values.items() if value is not None}))
    reply: dict[str, object] = json.loads(result.output)
    return result.exit_code, reply


def _codes(reply: Mapping[str, object]) -> dict[str, str]:
    errors = reply["errors"]
    assert isinstance(errors, list)
    assert all(error["message"] and error["remedy"] and error["message_zh"] for error in errors)
    return {error["key"]: error["code"] for error in errors}


_ALL = [(kind, vector) for kind in _COUNTS for vector in _vectors(kind)]


@pytest.mark.parametrize(("kind", "vector"), _ALL, ids=[vector["vector_id"] for _, vector in _ALL])
def test_a_worked_example_is_reproduced_to_the_digit(kind: str, vector: dict[str, str]) -> None:
    inputs = {key: value for key, value in vector.items() if not key.startswith(_PREFIX)}
    expected = {key.removeprefix(_PREFIX): value or None for key, value in vector.items() if key.startswith(_PREFIX)}
    status, reply = _ask(kind, **inputs)
    assert status == 0
    assert {key: reply[key] for key in expected} == expected
    assert "ignored_keys" not in reply


@pytest.mark.parametrize("kind", _COUNTS)
def test_every_worked_example_is_there(kind: str) -> None:
    assert len(_vectors(kind)) == _COUNTS[kind]


def _manufacturer(**values: object) -> dict[str, object]:
    return {"method": "exempt-credit-refund (manufacturer)", _EXPORTS: "1000|13|9", "input_vat": "100", **values}


def _trading(**values: object) -> dict[str, object]:
    return {"method": "exempt-refund (trading company)", _EXPORTS: "|13|9", "purchase_amount_excl_vat": "1000", **values}


@pytest.mark.parametrize(
    ("values", "key", "code"),
    [
        (_manufacturer(method=None), "method", "required"),
        (_manufacturer(method="guesswork"), "method", "quote_method"),
        (_manufacturer(**{_EXPORTS: None}), _EXPORTS, "required"),
        (_manufacturer(**{_EXPORTS: "1000|13"}), _EXPORTS, "quote_rated"),
        (_manufacturer(**{_EXPORTS: "1000|13|9;-5|13|9"}), _EXPORTS, "quote_rated"),
        (_manufacturer(**{_EXPORTS: "1000|13|14"}), _EXPORTS, "quote_refund_rate"),
        (_manufacturer(**{_EXPORTS: "1000|130|9"}), _EXPORTS, "quote_percent"),
        (_manufacturer(input_vat=None), "input_vat", "required"),
        (_manufacturer(input_vat="1,000"), "input_vat", "quote_amount"),
        (_manufacturer(carried_credit="-1"), "carried_credit", "quote_amount"),
        (_manufacturer(domestic_sales_excl_vat="5"), "domestic_vat_rate_pct", "required"),
        (_trading(purchase_amount_excl_vat=None), "purchase_amount_excl_vat", "required"),
        (_trading(**{_EXPORTS: "|13|9;|13|13"}), _EXPORTS, "quote_one_rate"),
    ],
)
def test_a_bad_value_of_a_refund_is_named_by_its_key(values: dict[str, object], key: str, code: str) -> None:
    status, reply = _ask("refund", **values)
    assert status == 1
    assert _codes(reply) == {key: code}


def test_what_belongs_to_the_other_method_is_answered_with_null() -> None:
    _, trading = _ask("refund", **_trading())
    assert (trading["refund"], trading["cost_transfer"], trading["ecr_cap"]) == ("90.00", "40.00", None)
    _, manufacturer = _ask("refund", **_manufacturer())
    assert (manufacturer["refund"], manufacturer["cost_transfer"]) == ("60.00", None)


def test_all_that_is_wrong_with_an_exemption_is_told_at_once() -> None:
    status, reply = _ask("exemption", regime="2018-09-30..", zone_registered="maybe", zone_recorded="true", refund_cancelled="no")
    assert status == 1
    wanted = {"regime": "quote_exemption_day", "zone_registered": "quote_yes_no", "zone_customs": "required"}
    assert _codes(reply) == wanted


def test_an_exemption_says_which_condition_fails_and_answers_json_in_kind() -> None:
    facts = {"zone_registered": True, "zone_recorded": False, "zone_customs": True, "refund_cancelled": False}
    _, reply = _ask("exemption", **facts)
    assert reply["exempt"] is False
    assert reply["conditions"] == {
        "zone_registered": True,
        "zone_recorded": False,
        "zone_customs": True,
        "not_refund_cancelled": True,
    }
    assert (reply["document"], reply["effective_from"]) == ("Caishui 2018 No.103", "2018-10-01")


def test_relief_ends_one_fen_above_the_line_and_with_its_last_day() -> None:
    asked = {"total_income_cny": "75000000.25", "small_low_profit": "yes", "regime": "2026-01-01"}
    _, above = _ask("assessed-income-tax", **asked)
    assert (above["taxable_income_cny"], above["income_tax_cny"]) == ("3000000.01", "750000.00")
    _, later = _ask("assessed-income-tax", **{**asked, "total_income_cny": "1000000", "regime": "2028-01-01.."})
    assert later["income_tax_cny"] == "10000.00"


def test_the_rate_of_the_day_counts_where_an_example_names_none() -> None:
    _, reply = _ask("assessed-income-tax", total_income_cny=1000000, small_low_profit=False)
    assert (reply["taxable_income_cny"], reply["income_tax_cny"]) == ("40000.00", "10000.00")
    status, early = _ask("assessed-income-tax", total_income_cny="1", small_low_profit="no", regime="2019-12-31..")
    assert (status, _codes(early)) == (1, {"regime": "quote_assessment_day"})


def test_a_key_that_means_nothing_is_told() -> None:
    _, reply = _ask("refund", **_trading(freigth="1"))
    assert reply["ignored_keys"] == ["freigth"]
