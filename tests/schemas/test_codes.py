"""Code lists and the words of faults."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import schemas
from ccezone.kernel.errors import Fault
from schemas.codes import code_list, code_list_names, hs_entry, rows
from schemas.codes.problems import text
from schemas.codes.rules import rule_texts


def test_a_list_knows_its_codes_labels_and_edition() -> None:
    currencies = code_list("currencies")
    assert currencies.contains("142")
    assert not currencies.contains("999")
    assert (currencies.label("142", "zh"), currencies.label("142", "en")) == ("人民币", "Chinese yuan renminbi")
    assert currencies.label("999") == "999"
    assert currencies.edition == "2019-11 snapshot"


@pytest.mark.parametrize("name", code_list_names())
def test_every_list_loads_and_every_entry_names_its_source(name: str) -> None:
    codes = code_list(name)
    assert codes.items()
    assert all(entry.label_zh and entry.source and entry.edition for entry in codes.items())


def test_lists_known_to_have_gaps_are_not_marked_complete() -> None:
    assert not code_list("currencies").complete
    assert not code_list("customs_districts").complete
    assert code_list("units").complete


def test_an_unknown_list_or_table_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        code_list("colours")
    with pytest.raises(KeyError):
        rows("colours")


def test_a_commodity_code_gives_its_legal_units() -> None:
    entry = hs_entry("9403609990")
    assert entry is not None
    assert (entry.unit1, entry.unit2, entry.edition) == ("011", "035", "2019")
    assert hs_entry("0000000000") is None


def test_a_fault_speaks_both_languages() -> None:
    fault = Fault("/orderNo", "too_long", {"max": "60", "actual": "61"})
    assert text(fault, "zh")[0] == "超过最大长度 60(实际 61)"
    assert text(fault, "en") == ("longer than 60 characters (has 61)", "Shorten the value")


def test_a_fault_without_words_shows_its_code_and_one_without_a_value_a_gap() -> None:
    assert text(Fault("", "not_in_the_table")) == ("not_in_the_table", "")
    assert "…" in text(Fault("", "too_long"))[0]


_SAYING = {"Fault": 1, "Flaw": 0, "Spoiled": 0, "refuse": 0, "_refuse": 0, "spoiled": 0}  # where the code stands
_COMPOSED = (
    "missing_",
    "condition_",
    "exemption_zone_",
    "exemption_not_refund_",
)  # codes that end in what is missing, or which condition


def _trees() -> Iterator[ast.AST]:
    """What the product's own modules say."""
    for package in ("ccezone", "integrations", "schemas"):
        root = Path(schemas.__file__).parents[1] / package
        yield from (ast.parse(path.read_text(encoding="utf-8")) for path in root.rglob("*.py"))


def _said(tree: ast.AST) -> Iterator[str]:
    """The codes that are spelled out where a fault is made."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        place = _SAYING.get(name, len(call.args))
        if place < len(call.args):
            yield from _codes_of(call.args[place])


def _codes_of(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from (*_codes_of(value.body), *_codes_of(value.orelse))
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


def test_every_fault_code_that_can_be_said_has_words() -> None:
    said = {code for tree in _trees() for code in _said(tree)}
    known = {row["code"] for row in rows("problems")}
    assert {"too_long", "doctype_forbidden", "no_such_resource", "workbook_macros", "digits_lost"} <= said
    assert said - known == set()


def test_every_problem_that_has_words_can_be_said() -> None:
    spelled = {
        node.value for tree in _trees() for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    known = {row["code"] for row in rows("problems")}
    assert {code for code in known - spelled if not code.startswith(_COMPOSED)} == set()


def test_no_problem_is_worded_twice() -> None:
    codes = [row["code"] for row in rows("problems")]
    assert [code for code in codes if codes.count(code) > 1] == []
    assert all(row[column] for row in rows("problems") for column in row)


def test_rules_are_cited_in_the_language_of_the_reader() -> None:
    [known] = [rule for name, rule in rule_texts().items() if name == "I02"]
    assert known.certainty("zh") == "已核实（规范原文及公开样例）"
    assert known.certainty("en") == "verified (spec text + fixture)"
    assert "第三方公开资料" in known.cited("zh")
    assert known.cited("zh").endswith(" 202205")
    for rule in rule_texts().values():
        assert rule.cited("zh")  # a source or a certainty without Chinese words fails here
        assert bool(rule.certainty("zh")) == bool(rule.confidence)
