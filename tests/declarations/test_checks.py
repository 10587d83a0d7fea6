"""The rules of lists: a good list breaks none, and each rule finds its own breach with the values that break it."""

from typing import Any

import pytest

from ccezone.declarations.rules.checks import broken_rules
from ccezone.declarations.rules.facts import Composition

LINE = {"line_no": "1", "qty": "2", "price": "10", "total_price": "20", "unit": "011", "unit1": "011", "qty1": "2"}
HEAD = {
    "net_weight": "5", "gross_weight": "5.2", "packages": "1", "trade_mode": "1210", "country": "142",
    "platform_code": "P", "merchant_code": "M", "carrier_code": "C", "agent_code": "A", "assure_code": "M",
}  # fmt: skip


def broken(flow: str = "I", head: dict[str, str] | None = None, line: dict[str, str] | None = None) -> dict[str, Any]:
    """Rules a list breaks when it says these things."""
    composition = Composition({**HEAD, **(head or {})}, [{**LINE, **(line or {})}], [], total_value=20)  # type: ignore[arg-type]  # unread here
    return {each.name: dict(each.params) for each in broken_rules(flow, composition)}


@pytest.mark.parametrize("flow", ["E", "I"])
def test_a_good_list_breaks_no_rule(flow: str) -> None:
    assert broken(flow) == {}


@pytest.mark.parametrize(
    ("rule", "head", "line", "params"),
    [
        ("E05", {}, {"total_price": "20.01"}, {"line": "1", "product": "20", "total_price": "20.01"}),
        ("E06", {"net_weight": "5.3"}, {}, {"net_weight": "5.3", "gross_weight": "5.2"}),
        ("E07", {}, {"qty1": "3"}, {"line": "1", "qty": "2", "qty1": "3"}),
        ("E08", {}, {"unit2": "035"}, {"line": "1", "unit2": "035", "qty2": ""}),
        ("E08", {}, {"qty2": "1"}, {"line": "1", "unit2": "", "qty2": "1"}),
        ("I20", {"packages": "2"}, {}, {"packages": "2"}),
        ("I21", {"assure_code": "X"}, {}, {"assure_code": "X"}),
        ("I27", {"country": "116"}, {}, {"country": "116"}),
    ],
)
def test_each_rule_finds_its_breach(rule: str, head: dict[str, str], line: dict[str, str], params: dict[str, str]) -> None:
    assert broken("I", head, line) == {rule: params}


@pytest.mark.parametrize("head", [{"packages": "2"}, {"assure_code": "X"}, {"country": "116"}])
def test_import_rules_do_not_judge_exports(head: dict[str, str]) -> None:
    assert broken("E", head) == {}


def test_another_first_unit_may_have_another_quantity() -> None:
    assert broken(line={"unit1": "035", "qty1": "19"}) == {}


def test_totals_within_half_a_fen_agree() -> None:
    assert broken(line={"qty": "3", "qty1": "3", "price": "3.3333", "total_price": "10"}) == {}


def test_a_direct_purchase_may_come_from_abroad() -> None:
    assert broken(head={"trade_mode": "9610", "country": "116"}) == {}
