"""Text for spreadsheets: what it says stays what it is."""

from decimal import Decimal

import pytest

from ccezone.kernel.csv_text import csv_text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    assert csv_text([[text]], marked=False).decode().strip("\r\n").replace('"', "") == f"'{text}"


def test_amounts_are_exact_numbers_and_nothing_is_empty() -> None:
    assert csv_text([[Decimal("-1E+3"), None, 7, True]], marked=False) == b"-1000,,7,True\r\n"


def test_a_file_begins_with_a_mark_and_its_further_parts_do_not() -> None:
    assert csv_text([["单"]]).decode() == "\ufeff单\r\n"
    assert csv_text([["单"]], marked=False).decode() == "单\r\n"
