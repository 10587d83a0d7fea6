"""How tests are shared out among processes: journeys together, the long ones first."""

import pytest

from tests.sharing_out import longest_first, unit_of


def test_journeys_are_done_together_and_all_else_by_file() -> None:
    assert unit_of("tests/journeys/test_kills.py::test_a") == unit_of("tests/journeys/test_cases.py::test_b[x::y]")
    assert unit_of("tests/web/test_bills.py::test_a[x::y]") == "tests/web/test_bills.py"


def test_journeys_and_browsers_go_first_and_the_rest_keeps_its_order(request: pytest.FixtureRequest) -> None:
    marks = [None, "browser", None, "journey", "browser"]
    items = [pytest.Function.from_parent(request.node.parent, name=f"test_{at}", callobj=lambda: None) for at in range(len(marks))]
    for item, mark in zip(items, marks, strict=True):
        if mark:
            item.add_marker(mark)
    assert [item.name for item in longest_first(items)] == ["test_3", "test_1", "test_4", "test_0", "test_2"]
