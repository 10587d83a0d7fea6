"""What a spreadsheet does to values: put right where one meaning is possible, refused where more are, left alone where it is none.

Every rule stands here with its counter-tests.
"""

from datetime import date, datetime, time

import pytest

from integrations.workbooks.cells import Mended, Spoiled, reader
from integrations.workbooks.cells.outcome import Read, Repair
from integrations.workbooks.grid import Broken, Cell
from schemas.codes import rows
from schemas.derive.workbook import Column, sheet

ERA_1900, ERA_1904 = date(1899, 12, 30), date(1904, 1, 1)


def column(name: str, message_type: str = "CEB303Message") -> Column:
    """A column by its element name; of two, the head's."""
    return next(each for each in sheet(message_type).columns if each.name == name)


def read(name: str, cell: Cell, message_type: str = "CEB303Message", era: date | None = ERA_1900, comma: bool = False) -> Read:
    """Read one cell of a column."""
    return reader(column(name, message_type), era, comma).read(cell)


def spoken(found: Read) -> str:
    """Spell what was read: the text, the text and its repair, or the problem."""
    if isinstance(found, Mended):
        return f"{found.text} ({found.kind})"
    return f"!{found.code}" if isinstance(found, Spoiled) else found


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("DD2026000000000001", "DD2026000000000001"),
        (123456789012345.0, "123456789012345 (number_as_text)"),  # fifteen digits: all of them are there
        (1234567890123456.0, "1234567890123456 (number_as_text)"),  # a sixteenth that is no nought was never cut
        (1234567890123450.0, "!digits_lost"),  # a sixteenth that is nought may have been anything
        (9007199254740993.0, "!digits_lost"),  # beyond 2^53
        (1.23456789012345e17, "!digits_lost"),
        ("1.23457E+17", "!digits_lost"),
        ("1.23E17", "1.23E17"),  # no spreadsheet writes that: it may be a number of its own
        ("E-1234", "E-1234"),
        (12.5, "!number_for_text"),
        (True, "!cell_boolean"),
        (Broken("#N/A"), "!cell_formula_error"),
        (Broken("#REF!"), "!cell_formula_error"),
        (date(2026, 1, 5), "!cell_became_date"),
        (time(9, 30), "!cell_became_date"),
        ("　DD1\u00a0", "DD1 (spaces)"),
        ("D\u200bD1\ufeff", "DD1 (spaces)"),
        ("DD 1", "DD 1"),  # a space inside may belong there
        ("ＤＤ１２３", "DD123 (full_width)"),
        ("'0012345", "0012345 (apostrophe)"),
        ("\u20190012345", "0012345 (apostrophe)"),
        ("'无'", "'无'"),  # quoted, not marked
    ],
)
def test_numbers_of_orders(cell: Cell, expected: str) -> None:
    assert spoken(read("orderNo", cell)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("实木（胡桃色）", "实木（胡桃色）"),  # wide brackets are good Chinese
        (" 床头柜\n", "床头柜 (spaces)"),
        ("'t Hart", "'t Hart"),  # a name, not a mark
        (2.5, "2.5 (number_as_text)"),
        (7.0, "7 (number_as_text)"),
        (1e16, "!digits_lost"),
        (False, "!cell_boolean"),
    ],
)
def test_free_text(cell: Cell, expected: str) -> None:
    assert spoken(read("itemName", cell)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (12.5, "12.5"),
        (12.0, "12"),
        ("12.50", "12.50"),
        (0.1 + 0.2, "0.3 (binary_noise)"),
        (0.123456789012345, "0.123456789012345"),  # fifteen digits are what was entered
        (1e15, "!digits_lost"),
        ("1,234.50", "1234.50 (thousands)"),
        ("1 234 567", "1234567 (thousands)"),
        ("1,234", "1234 (thousands)"),
        ("12,34", "!number_unclear"),
        ("1.234,50", "!number_unclear"),
        ("(12.50)", "!number_unclear"),
        ("5%", "!number_unclear"),
        ("¥1,234.50", "1234.50 (thousands)"),
        ("￥12", "12 (currency_sign)"),
        ("12元", "12 (currency_sign)"),
        ("USD 12.5", "12.5 (currency_sign)"),
        ("１２．５", "12.5 (full_width)"),
        (" 12.5 ", "12.5 (spaces)"),
        ("1.5E+3", "!digits_lost"),
        ("dozen", "dozen"),  # for the schema to refuse, as everywhere
        (date(2026, 1, 5), "!cell_became_date"),
        (True, "!cell_boolean"),
        (Broken("#DIV/0!"), "!cell_formula_error"),
    ],
)
def test_amounts(cell: Cell, expected: str) -> None:
    assert spoken(read("goodsValue", cell)) == expected


def test_one_comma_in_a_file_with_semicolons_may_be_a_decimal_point() -> None:
    assert spoken(read("goodsValue", "1,234", comma=True)) == "!number_unclear"
    assert spoken(read("goodsValue", "1,234,567", comma=True)) == "1234567 (thousands)"


@pytest.mark.parametrize(("cell", "expected"), [(2.0, "2"), ("2.0", "2 (whole)"), ("2.5", "2.5"), (2.5, "2.5"), ("2", "2")])
def test_whole_numbers(cell: Cell, expected: str) -> None:
    assert spoken(read("gnum", cell)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("20260105090000", "20260105090000"),
        (20260105090000.0, "20260105090000 (number_as_text)"),
        (datetime.fromisoformat("2026-01-05T09:00:00"), "20260105090000"),
        (datetime.fromisoformat("2026-01-05T08:59:59.999"), "20260105090000"),
        (date(2026, 1, 5), "!time_missing"),
        (46027.375, "20260105090000 (date_serial)"),
        (46027.0, "!time_missing"),
        (375.0, "!date_unclear"),
        (time(9, 0), "!date_unclear"),
        ("2026-01-05 09:00:00", "20260105090000 (date_written)"),
        ("2026/1/5 9:00", "20260105090000 (date_written)"),
        ("2026年1月5日 9时00分", "20260105090000 (date_written)"),
        ("2026-01-05T01:00:00Z", "20260105090000 (date_written)"),
        ("2026-01-05T09:00:00+08:00", "20260105090000 (date_written)"),
        ("2026-01-05", "!time_missing"),
        ("1/5/2026 9:00", "!date_unclear"),
        ("05.01.2026", "!date_unclear"),
        ("2026-13-05 09:00:00", "2026-13-05 09:00:00"),  # for the schema to refuse, as everywhere
        ("soon", "soon"),
    ],
)
def test_moments(cell: Cell, expected: str) -> None:
    assert spoken(read("payTime", cell, "CEB411Message")) == expected


def test_serials_count_from_the_day_the_file_says() -> None:
    assert spoken(read("payTime", 44565.375, "CEB411Message", ERA_1904)) == "20260105090000 (date_serial)"
    assert spoken(read("payTime", 46027.375, "CEB411Message", None)) == "!date_unclear"


@pytest.mark.parametrize(
    ("name", "cell", "expected"),
    [
        ("unit", "035", "035"),
        ("unit", 35.0, "035 (leading_zeros)"),
        ("unit", "35", "035 (leading_zeros)"),
        ("unit", 7.0, "007 (leading_zeros)"),
        ("unit", 999.0, "999"),  # no such unit: the schema says so
        ("unit", "千克", "035 (label_to_code)"),
        ("unit", "035 千克", "035"),  # as our own drop-down offers it
        ("unit", "035-千克", "035 (label_to_code)"),
        ("unit", "千克(035)", "035 (label_to_code)"),
        ("unit", "035 台", "!code_label_differ"),
        ("unit", "pcs", "pcs"),
        ("unit", True, "!cell_boolean"),
        ("unit", 3.5, "!number_for_text"),
        ("currency", "美元", "502 (label_to_code)"),
        ("currency", "USD", "502 (label_to_code)"),
        ("currency", "US dollar", "502 (label_to_code)"),
        ("currency", 502.0, "502 (number_as_text)"),
        ("currency", "５０２", "502 (full_width)"),
        ("currency", "XYZ", "XYZ"),
        ("orderType", "e", "E (letter_case)"),
        ("orderType", "B2C出口订单", "E (label_to_code)"),
        ("appType", "新增", "1 (label_to_code)"),
    ],
)
def test_codes(name: str, cell: Cell, expected: str) -> None:
    assert spoken(read(name, cell)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("美国", "502 (label_to_code)"),
        ("502 美国", "502"),
        ("502美国", "502 (label_to_code)"),
        ("US", "502 (label_to_code)"),
        ("502 英国", "!code_label_differ"),
    ],
)
def test_countries(cell: Cell, expected: str) -> None:
    assert spoken(read("country", cell, "CEB311Message")) == expected


def test_a_number_that_must_have_one_length_is_not_filled_up_without_a_list() -> None:
    assert spoken(read("consigneeDistrict", 360700.0, "CEB311Message")) == "360700 (number_as_text)"
    assert spoken(read("consigneeDistrict", 10700.0, "CEB311Message")) == "!leading_zeros_lost"


def test_a_truth_value_is_not_taken_for_a_number_seen_before() -> None:
    amounts = reader(column("goodsValue"), ERA_1900)
    assert (spoken(amounts.read(1.0)), spoken(amounts.read(True))) == ("1", "!cell_boolean")


def test_every_kind_of_repair_has_its_words() -> None:
    assert {repair.value for repair in Repair} <= {row["code"] for row in rows("sheet_words")}
