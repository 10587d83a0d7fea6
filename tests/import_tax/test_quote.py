"""``ccezone quote import-tax`` reproduces the worked examples to the fen, and says what is wrong with a bad line."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccezone.cli_quote import quote

_VECTORS = Path(__file__).parent / "vectors" / "import_tax_vectors.csv"
_PREFIX = "expected_"


def _vectors() -> list[dict[str, str]]:
    with _VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ask(*lines: str) -> tuple[int, list[dict[str, object]]]:
    result = CliRunner().invoke(quote, ["import-tax"], input="\n".join(lines))
    return result.exit_code, [json.loads(line) for line in result.output.splitlines()]


def _line(**values: object) -> str:
    ordinary = {"order_items": "1", "retail_price_cny": "1000", "vat_rate_pct": "13"}
    return json.dumps({key: value for key, value in {**ordinary, **values}.items() if value is not None})


def _codes(reply: Mapping[str, object]) -> dict[str, str]:
    errors = reply["errors"]
    assert isinstance(errors, list)
    assert all(error["message"] and error["remedy"] and error["message_zh"] for error in errors)
    return {error["key"]: error["code"] for error in errors}


@pytest.mark.parametrize("vector", _vectors(), ids=lambda vector: vector["vector_id"])
def test_a_worked_example_is_reproduced_to_the_digit(vector: dict[str, str]) -> None:
    inputs = {key: value for key, value in vector.items() if not key.startswith(_PREFIX)}
    expected = {key.removeprefix(_PREFIX): value or None for key, value in vector.items() if key.startswith(_PREFIX)}
    status, (reply,) = _ask(json.dumps(inputs))
    assert status == 0
    assert reply == {"vector_id": vector["vector_id"], **expected}


def test_every_worked_example_is_there() -> None:
    assert len(_vectors()) == 38


def test_good_lines_are_answered_between_bad_ones_and_the_exit_status_tells() -> None:
    status, replies = _ask(_line(), "{not json", "", "[]", _line(vector_id="X1", vat_rate_pct="13%"), _line())
    assert status == 1
    assert [reply.get("total_tax_cny") for reply in replies] == ["91.00", None, None, None, "91.00"]
    assert (replies[1]["line"], _codes(replies[1])) == (2, {"": "quote_not_json"})
    assert (replies[3]["line"], replies[3]["vector_id"]) == (5, "X1")
    assert _codes(replies[3]) == {"vat_rate_pct": "quote_amount"}


def test_all_that_is_wrong_with_a_line_is_told_at_once() -> None:
    _, (reply,) = _ask('{"retail_price_cny": "-1", "effective_regime": "2010-01-01..", "reduction_factor": "7"}')
    assert _codes(reply) == {
        "retail_price_cny": "quote_amount",
        "effective_regime": "quote_regime",
        "reduction_factor": "quote_factor",
        "order_items": "required",
        "vat_rate_pct": "required",
    }


@pytest.mark.parametrize(
    ("values", "key", "code"),
    [
        ({"retail_price_cny": None}, "retail_price_cny", "required"),
        ({"retail_price_cny": True}, "retail_price_cny", "quote_amount"),
        ({"retail_price_cny": "1,000"}, "retail_price_cny", "quote_amount"),
        ({"retail_price_cny": "1e3"}, "retail_price_cny", "quote_amount"),
        ({"retail_price_cny": "１"}, "retail_price_cny", "quote_amount"),
        ({"retail_price_cny": ["1"]}, "retail_price_cny", "quote_amount"),
        ({"order_items": "0"}, "order_items", "quote_count"),
        ({"order_items": "1.5"}, "order_items", "quote_count"),
        ({"ct_advalorem_pct": "100"}, "ct_advalorem_pct", "quote_percent"),
        ({"dutiable_price_cny": "999"}, "dutiable_price_cny", "quote_sum"),
        ({"effective_regime": "since 2019"}, "effective_regime", "quote_regime"),
        ({"effective_regime": "2019-02-30.."}, "effective_regime", "quote_regime"),
        ({"ct_specific_cny_per_unit": "0.912"}, "statutory_qty", "quote_quantity_needed"),
        ({"retail_price_cny": "6000"}, "tariff_rate_pct", "quote_tariff_needed"),
    ],
)
def test_a_bad_value_is_named_by_its_key(values: dict[str, object], key: str, code: str) -> None:
    status, (reply,) = _ask(_line(**values))
    assert status == 1
    assert _codes(reply) == {key: code}


def test_json_numbers_are_taken_exactly() -> None:
    _, (reply,) = _ask('{"order_items": 1, "retail_price_cny": 128.80, "vat_rate_pct": 13, "freight_cny": 0}')
    assert (reply["total_tax_cny"], reply["annual_used_after_cny"]) == ("11.72", "128.80")


def test_the_dutiable_price_alone_is_enough_and_a_factor_may_be_supposed() -> None:
    _, (reply,) = _ask(_line(retail_price_cny=None, dutiable_price_cny="1000", reduction_factor="1"))
    assert reply["total_tax_cny"] == "130.00"


def test_keys_that_mean_nothing_are_told() -> None:
    _, (reply,) = _ask(_line(freigth_cny="10", expected_route="whatever"))
    assert reply["ignored_keys"] == ["freigth_cny"]


def test_bytes_that_are_no_text_spoil_their_line_only() -> None:
    result = CliRunner().invoke(quote, ["import-tax"], input=b"\xff\xfe\n" + _line().encode() + b'\n{"a": NaN}\n')
    assert result.exit_code == 1
    assert [("errors" in json.loads(line)) for line in result.output.splitlines()] == [True, False, True]
