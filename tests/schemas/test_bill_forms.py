"""Bills as JSON and as web forms: the same rules as the message."""

from decimal import Decimal

import pytest

from schemas.derive.data_standard import standards
from schemas.derive.form import form, read_form
from schemas.messages.ceb import MESSAGE_TYPES, definition
from schemas.rest.bills import HUB_FILLED, load_json

HUB = {"guid": "A" * 36, "appType": "1", "appTime": "20260105090000", "appStatus": "2"}


def _payment(**changes: object) -> dict[str, object]:
    payment: dict[str, object] = {
        "ebpCode": "P1",
        "ebpName": "平台",
        "ebcCode": "M1",
        "ebcName": "商户",
        "orderNo": "O1",
        "payName": "支付",
        "charge": "12.50",
        "currency": "502",
        "accountingDate": "20260105090000",
    }
    return payment | changes


def _order(**line_changes: object) -> dict[str, object]:
    line: dict[str, object] = {
        "gnum": 1,
        "itemNo": "A",
        "itemName": "床头柜",
        "unit": "011",
        "currency": "502",
        "qty": "2",
        "price": 6.25,
        "totalPrice": "12.5",
    }
    return {
        "orderType": "E",
        "orderNo": "O1",
        "ebpCode": "P1",
        "ebpName": "平台",
        "ebcCode": "M1",
        "ebcName": "商户",
        "goodsValue": Decimal("12.5"),
        "freight": 0,
        "currency": "502",
        "lines": [line | line_changes],
    }


def test_json_loads_into_the_values_a_message_gives() -> None:
    document = load_json("CEB303Message", _order(), HUB, position=4)
    assert document.values is not None
    assert document.values["goods_value"] == Decimal("12.5")
    assert document.values["lines"] == [
        {
            "line_no": 1,
            "item_no": "A",
            "item_name": "床头柜",
            "unit": "011",
            "currency": "502",
            "qty": Decimal(2),
            "price": Decimal("6.25"),
            "total_price": Decimal("12.5"),
        }
    ]
    assert (document.position, document.values["guid"]) == (4, "A" * 36)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (_payment(charge="12a"), "/charge", "not_a_number"),
        (_payment(charge=True), "/charge", "not_text"),
        (_payment(charge=float("inf")), "/charge", "not_a_number"),
        (_payment(orderNo=None), "/orderNo", "required"),
        (_payment(colour="red"), "/colour", "unknown_element"),
        (_payment(accountingDate="20261305090000"), "/accountingDate", "bad_time"),
        (_payment(lines=[]), "/lines", "unknown_element"),
        ("nonsense", "", "not_an_object"),
    ],
)
def test_a_bad_payment_names_the_element(body: object, pointer: str, code: str) -> None:
    document = load_json("CEB403Message", body, HUB)
    assert document.values is None
    assert [(fault.pointer, fault.code) for fault in document.faults] == [(pointer, code)]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (_order(qty="1e3"), "/lines/0/qty", "not_a_number"),
        (_order(unit="zzz"), "/lines/0/unit", "unknown_code"),
        (_order() | {"lines": []}, "/lines", "required"),
        (_order() | {"lines": "x"}, "/lines", "not_an_object"),
        (_order() | {"lines": ["x"]}, "/lines/0", "not_an_object"),
        (_order() | {"lines": [{}] * 101}, "/lines", "too_many_lines"),
    ],
)
def test_a_bad_line_is_named_by_its_place(body: object, pointer: str, code: str) -> None:
    document = load_json("CEB303Message", body, HUB)
    assert [(fault.pointer, fault.code) for fault in document.faults] == [(pointer, code)]


def test_a_form_asks_everything_but_what_the_hub_fills_in() -> None:
    asked = {field.name: field for field in form("CEB403Message").head}
    assert set(asked).isdisjoint(HUB_FILLED)
    assert asked["accountingDate"].kind == "datetime"
    assert asked["charge"].kind == "decimal"
    assert (asked["orderNo"].required, asked["note"].required) == (True, False)


def test_an_incomplete_list_suggests_and_a_complete_one_decides() -> None:
    asked = {field.name: field for field in form("CEB303Message").line}
    assert (asked["unit"].kind, len(asked["unit"].options)) == ("select", 123)
    assert (asked["currency"].kind, len(asked["currency"].options)) == ("text", 33)


def test_a_posted_form_becomes_the_json_shape() -> None:
    posted = {
        "orderNo": " O1 ",
        "note": "",
        "lines-1-qty": "4",
        "lines-0-qty": "2",
        "lines-7-qty": " ",
        "alien": "x",
    }
    assert read_form("CEB303Message", posted) == {"orderNo": "O1", "alien": "x", "lines": [{"qty": "2"}, {"qty": "4"}]}
    assert read_form("CEB403Message", {"accountingDate": "2026-01-05T09:00"}) == {"accountingDate": "20260105090000"}


def test_the_published_standard_lists_every_element_in_official_order() -> None:
    assert [each.message.type for each in standards()] == list(MESSAGE_TYPES)
    order = next(each for each in standards() if each.message.type == "CEB303Message")
    heads = [row.element for row in order.rows if row.part == "head"]
    assert heads == [field.element for field in definition("CEB303Message").fields()]
    value = next(row for row in order.rows if row.element == "goodsValue")
    assert (value.length, value.required, value.kind_label("zh"), value.label("en")) == ("19,5", "M", "数值", value.label_en)
