"""Which rows are what: headings anywhere and in any words, orders in any order, totals, examples, merged and hidden rows."""

from io import BytesIO

import pytest
import xlsxwriter

from ccezone.kernel.errors import Refused
from integrations.workbooks import open_table
from schemas.derive.workbook import MESSAGE_TYPES, PRODUCTS, sheet, template, template_of
from tests.hub.bills import order, payment
from tests.workbooks.sheets import Rows, csv_text, grid, opened, orders, rows_of, write, xlsx

NUMBER, VALUE, NAME, UNIT = "电商订单/海外仓订仓单编号", "商品金额", "企业商品名称", "计量单位"
TWO = [row for number in range(1, 40) for row in rows_of(order(number)) if len(rows_of(order(number))) == 2][:2]
"""One order of two lines."""


def refused(content: bytes, message_type: str | None = None) -> list[str]:
    """The codes a file is refused for as a whole."""
    with pytest.raises(Refused) as error:
        opened(content, message_type)
    return [fault.code for fault in error.value.faults]


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_template_is_known_by_its_headings_and_its_example_is_passed_over(message_type: str, locale: str) -> None:
    content = template(message_type, "zh" if locale == "zh" else "en")
    assert refused(content) == ["workbook_no_rows"]


def test_headings_may_be_chinese_english_or_element_names_in_any_order() -> None:
    rows = orders(2)
    zh = [each.body for each in opened(xlsx(rows)).read()]
    english = {column.label_zh: f" *{column.label_en.upper()} " for column in sheet("CEB303Message").columns}
    other = opened(xlsx([{english[name]: value for name, value in reversed(row.items())} for row in rows]))
    assert [each.body for each in other.read()] == zh
    elements: Rows = [[column.name for column in sheet("CEB303Message").columns], *(list(row.values()) for row in rows)]
    assert [each.body for each in opened(grid(elements)).read()] == zh, "of two that are called alike, the first is the head's"


def test_headings_may_stand_below_a_title() -> None:
    rows = orders(1)
    titled: Rows = [["一月订单"], [], list(rows[0]), *(list(row.values()) for row in rows)]
    book = opened(grid(titled))
    assert (book.rows, next(book.read()).rows[0]) == (len(rows), 4)


def test_what_another_bill_calls_a_thing_is_understood() -> None:
    rows = [{("订单编号" if name == NUMBER else name): value for name, value in row.items()} for row in orders(1)]
    assert opened(xlsx(rows)).documents == 1


def test_the_lines_of_an_order_are_found_wherever_they_stand() -> None:
    first, second = rows_of(order(1)), rows_of(order(2))
    mixed = [row for pair in zip(first * 2, second * 2, strict=False) for row in pair]
    documents = list(opened(xlsx(mixed)).read())
    assert len(documents) == 2
    assert all(len(set(document.rows)) == len(document.rows) > 1 for document in documents)


def test_one_number_of_two_merchants_is_two_orders() -> None:
    (row, *_) = orders(1)
    other = row | {"电商企业代码": "91360700MA35CAM999"}
    assert opened(xlsx([row, other])).documents == 2


def test_parties_left_blank_in_further_rows_are_those_of_the_order() -> None:
    first, second = TWO
    assert opened(xlsx([first, second | {"电商企业代码": "", "电商平台代码": ""}])).documents == 1


def test_the_head_may_stand_in_the_first_row_only() -> None:
    first, second = TWO
    heads = {column.label_zh for column in sheet("CEB303Message").columns if column.part == "head"}
    document = next(opened(xlsx([first, {name: "" if name in heads else value for name, value in second.items()}])).read())
    assert (len(document.rows), document.faults) == (2, [])
    assert document.body == next(opened(xlsx(TWO)).read()).body


def test_a_head_that_differs_between_rows_is_refused_where_it_differs() -> None:
    first, second = TWO
    document = next(opened(xlsx([first, second | {VALUE: 1.0}])).read())
    assert [(each.row, each.fault.code) for each in document.faults] == [(3, "head_differs")]


def test_lines_are_numbered_and_take_the_currency_of_their_order_when_they_say_none() -> None:
    rows = [row | {"商品序号": "", "商品币制": ""} for row in TWO]
    body = next(opened(xlsx(rows)).read()).body
    lines = body["lines"]
    assert isinstance(lines, list)
    assert [(line["gnum"], line["currency"]) for line in lines] == [("1", body["currency"]), ("2", body["currency"])]


def test_blank_rows_totals_and_headings_once_more_are_passed_over_and_counted() -> None:
    rows = [list(row.values()) for row in orders(2)]
    heading = list(orders(1)[0])
    blank = ["" for _ in heading]
    total = ["合计", *blank[1:7], 240.0, *blank[8:]]
    book = opened(grid([heading, *rows[:1], blank, heading, *rows[1:], total]))
    assert (book.rows, book.blank, book.documents) == (len(rows) + 3, 3, 2)
    assert [notice.code for notice in book.notices] == ["rows_totals", "rows_headings"]


def test_an_item_called_total_is_no_row_of_totals() -> None:
    book = opened(xlsx([row | {NAME: "合计"} for row in orders(1)]))
    assert (book.blank, book.documents) == (0, 1)


def test_surplus_columns_are_told_and_ignored() -> None:
    book = opened(xlsx([{**row, "运营备忘": "加急"} for row in orders(1)]))
    assert [(notice.code, notice.params["columns"]) for notice in book.notices] == [("columns_surplus", "运营备忘")]
    assert "运营备忘" not in next(book.read()).body


def test_missing_mandatory_columns_are_named() -> None:
    rows = [{name: value for name, value in row.items() if name not in (UNIT, VALUE)} for row in orders(1)]
    with pytest.raises(Refused) as error:
        opened(xlsx(rows))
    (fault,) = error.value.faults
    assert (fault.code, fault.params["columns_zh"]) == ("columns_missing", f"{VALUE}、{UNIT}")


def test_a_column_that_stands_there_twice_is_refused() -> None:
    (row, *_) = orders(1)
    assert refused(grid([[*row, NUMBER], [*row.values(), "DD2"]])) == ["heading_twice"]


def test_two_sheets_of_data_are_refused_and_empty_ones_are_not() -> None:
    rows = orders(1)
    cells: Rows = [list(rows[0]), *(list(row.values()) for row in rows)]
    assert refused(two_sheets(cells, cells)) == ["workbook_several_sheets"]
    assert opened(two_sheets(cells, [["说明"]])).documents == 1


def two_sheets(first: Rows, second: Rows) -> bytes:
    """A workbook of two sheets."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        write(made.add_worksheet("甲"), first)
        write(made.add_worksheet("乙"), second)
    return target.getvalue()


def test_rows_nobody_sees_are_refused() -> None:
    target = BytesIO()
    rows = [row | {"商品序号": 1.0} for number in (1, 2) for row in orders(1, number)[:1]]
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        worksheet = made.add_worksheet()
        write(worksheet, [list(rows[0]), *(list(row.values()) for row in rows)])
        worksheet.set_row(2, None, None, {"hidden": True})
    seen, hidden = opened(target.getvalue()).read()
    assert (seen.faults, [each.fault.code for each in hidden.faults]) == ([], ["row_hidden"])


def test_a_value_merged_over_the_rows_of_an_order_holds_for_each_and_one_across_columns_for_none() -> None:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        worksheet = made.add_worksheet()
        write(worksheet, [list(TWO[0]), *(list(row.values()) for row in TWO)])
        place = list(TWO[0]).index(NUMBER)
        worksheet.merge_range(1, place, 2, place, TWO[0][NUMBER])
        described = list(TWO[0]).index("企业商品描述")
        worksheet.merge_range(2, described, 2, described + 1, "无")
    (document,) = opened(target.getvalue()).read()
    assert len(document.rows) == 2
    assert [repair.kind for repair in document.repairs] == ["merged"]
    assert "cells_merged" in {each.fault.code for each in document.faults}


def test_formula_errors_and_truth_values_are_seen_in_a_file() -> None:
    target = BytesIO()
    (row, *_) = orders(1)
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        worksheet = made.add_worksheet()
        write(worksheet, [list(row), list(row.values())])
        worksheet.write_formula(1, list(row).index(VALUE), "=NA()", None, "#N/A")
        worksheet.write_boolean(1, list(row).index(UNIT), True)
    (document,) = opened(target.getvalue()).read()
    assert {each.fault.pointer: each.fault.code for each in document.faults} == {
        "/goodsValue": "cell_formula_error",
        "/lines/0/unit": "cell_boolean",
    }


def test_a_date_counts_from_the_day_the_workbook_says() -> None:
    rows = rows_of(payment(1, "I"))
    cells: Rows = [list(rows[0]), [44565.375 if name == "支付时间" else value for name, value in rows[0].items()]]
    body = next(opened(grid(cells, date_1904=True)).read()).body
    assert body["payTime"] == "20260105090000"


def test_a_sign_must_be_that_of_the_currency() -> None:
    (row, *_) = orders(1)  # paid in US dollars
    good, bad = (next(opened(xlsx([row | {VALUE: f"{sign}12"}])).read()) for sign in ("$", "€"))
    assert good.faults == []
    assert [each.fault.code for each in bad.faults] == ["currency_sign_differs"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_any_spelling_says_the_same(encoding: str, separator: str) -> None:
    rows = orders(2)
    spelled = opened(csv_text(rows, separator).encode(encoding))
    assert [each.body["orderNo"] for each in spelled.read()] == [order(1)["order_no"], order(2)["order_no"]]


def test_csv_keeps_zeros_by_a_formula_and_shows_errors() -> None:
    (row, *_) = orders(1)
    content = csv_text([row | {NUMBER: '="00123"', VALUE: "#REF!"}]).encode()
    document = next(opened(content).read())
    assert document.body["orderNo"] == "00123"
    assert [each.fault.code for each in document.faults] == ["cell_formula_error"]


def test_csv_that_is_no_text_or_never_ends_its_quotes_is_refused() -> None:
    assert refused(b"\xff\xff\xff,\n") == ["csv_encoding"]
    assert refused(csv_text(orders(1)).encode() + b'"open') == ["csv_unreadable"]


def test_headings_of_nothing_we_know_are_refused() -> None:
    assert refused(grid([["甲", "乙", "丙"], ["1", "2", "3"]])) == ["workbook_no_heading"]


def test_a_sheet_of_something_else_is_read_and_mended_alike() -> None:
    example = dict.fromkeys((column.label_zh for column in PRODUCTS.columns), "")
    row = example | {"企业商品货号": "A1", "企业商品名称": "椅子", "商品编码": "9401610090", "规格型号": "木", "计量单位": 11.0}
    numbers = {"每申报单位的法定数量": 1.0, "每申报单位净重（千克）": "2 元"}
    table = open_table(xlsx([row | numbers]), PRODUCTS)
    (document,) = table.read()
    assert document.body["item_no"] == "A1"
    assert {repair.kind for repair in document.repairs} == {"leading_zeros", "currency_sign"}
    assert refused_table(template_of(PRODUCTS, "en")) == ["workbook_no_rows"]


def refused_table(content: bytes) -> list[str]:
    """The codes a file of products is refused for."""
    with pytest.raises(Refused) as error:
        open_table(content, PRODUCTS)
    return [fault.code for fault in error.value.faults]
