"""What the mock single window refuses at its door, and what customs refuses behind it."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.integrations.conftest import Window, codes
from tests.integrations.trades import EXPORT, IMPORT, document, guid, message

pytestmark = pytest.mark.storage

LATER = "20260105090005"


def lines(message_type: str, number: int = 1, **changes: object) -> list[dict[str, object]]:
    """Return a document's lines with the first one changed."""
    found: Any = document(message_type, number)["lines"]
    return [{**found[0], **changes}, *found[1:]]


def test_a_message_that_fails_the_schema_is_sent_back_whole(window: Window) -> None:
    body = message("CEB303Message").replace(b"ebcName>", b"ebcNome>")
    window.post("CEB303Message", body)
    (receipt,) = window.work()
    assert (receipt.message_type, receipt.code) == ("CEB900Message", -999999)
    assert "ebcNome" in receipt.info
    assert receipt.content["ori_message_type"] == "CEB303Message"
    assert receipt.keys["message_id"]


@pytest.mark.parametrize(
    "body",
    [
        b"no xml",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><ceb:CEB303Message xmlns:ceb="http://www.chinaport.gov.cn/ceb">&b;</ceb:CEB303Message>',
        b'<CEB304Message xmlns="http://www.chinaport.gov.cn/ceb"/>',
    ],
)
def test_what_is_no_upstream_message_is_sent_back(window: Window, body: bytes) -> None:
    window.post("CEB303Message", body)
    assert codes(window.work(), "CEB900Message") == [-999999]


def test_an_unsigned_import_list_fails_the_schema(window: Window) -> None:
    window.post("CEB621Message", message("CEB621Message"))
    assert codes(window.work(), "CEB900Message") == [-999999]


def test_a_changed_signed_list_is_refused(window: Window) -> None:
    signed = message("CEB621Message", keys=window.keys)
    window.post("CEB621Message", signed.replace(b"<ceb:price>59", b"<ceb:price>58"))
    (receipt,) = window.work()
    assert (receipt.code, receipt.info) == (-621029, "验签失败！")


def test_a_list_signed_by_somebody_else_is_refused_where_keys_are_registered(window: Window) -> None:
    window.throw(trust="registered")
    signed = message("CEB621Message", keys=window.keys)
    other = window.keys.pair("3607960099")
    foreign = re.sub(rb"<ds:KeyName>[^<]*", b"<ds:KeyName>" + other.name.encode(), signed)
    window.post("CEB621Message", foreign)
    assert codes(window.work(), "CEB622Message") == [-621029]


def test_an_optional_signature_must_be_good_when_it_is_there(window: Window) -> None:
    signed = message("CEB303Message", keys=window.keys)
    window.post("CEB303Message", signed)
    assert codes(window.work(), "CEB304Message") == [2, 3, 120]
    window.post("CEB303Message", message("CEB303Message", number=2, keys=window.keys).replace(b"<ceb:price>", b"<ceb:price>1"))
    assert codes(window.work(), "CEB304Message") == [-301020]


@pytest.mark.parametrize("message_type", EXPORT + IMPORT)
def test_a_rival_cannot_send_for_another_firm(window: Window, message_type: str) -> None:
    window.post(message_type, message(message_type, transmitter="3607960098", keys=window.keys))
    (receipt,) = window.work()
    assert receipt.code == (-621016 if message_type == "CEB621Message" else -10102)


@pytest.mark.parametrize(
    ("message_type", "code"),
    [
        ("CEB303Message", -301010),
        ("CEB403Message", -304001),
        ("CEB505Message", -504015),
        ("CEB311Message", -301010),
        ("CEB411Message", -401007),
        ("CEB511Message", -504015),
        ("CEB603Message", -304001),
        ("CEB621Message", -621004),
    ],
)
def test_the_same_business_key_under_another_guid_is_a_repetition(window: Window, message_type: str, code: int) -> None:
    window.post(message_type, message(message_type, keys=window.keys))
    first = window.work()
    window.post(message_type, message(message_type, document(message_type, guid=guid("again")), keys=window.keys))
    (refusal,) = window.work()
    assert refusal.code == code
    assert window.json("/counts")["documents"][message_type] == {str(first[-1].code): 1}


def test_a_change_must_be_younger_than_what_it_changes(window: Window) -> None:
    window.post_trade(("CEB303Message",))
    old = document("CEB303Message", app_type="2", app_time="20260105080000", guid=guid("old"))
    window.post_trade(("CEB303Message",), documents={"CEB303Message": old})
    assert codes(window.work(), "CEB304Message")[-1] == -301014
    young = document("CEB303Message", app_type="2", app_time=LATER, guid=guid("young"))
    window.post_trade(("CEB303Message",), documents={"CEB303Message": young})
    assert codes(window.work(), "CEB304Message") == [2, 3, 120]


def test_a_change_needs_something_to_change(window: Window) -> None:
    window.post_trade(("CEB303Message",), documents={"CEB303Message": document("CEB303Message", app_type="2")})
    assert codes(window.work(), "CEB304Message") == [-301009]


@pytest.mark.parametrize(("message_type", "code"), [("CEB303Message", -301011), ("CEB505Message", -504016)])
def test_bills_of_a_filed_list_are_not_changed(window: Window, message_type: str, code: int) -> None:
    window.post_trade()
    window.work()
    change = document(message_type, app_type="2", app_time=LATER, guid=guid("late"))
    window.post_trade((message_type,), documents={message_type: change})
    (receipt,) = window.work()
    assert receipt.code == code


def test_a_list_in_the_hands_of_customs_is_not_changed(window: Window) -> None:
    window.post_trade()
    window.work()
    window.post_trade(
        ("CEB603Message",), documents={"CEB603Message": document("CEB603Message", app_type="2", app_time=LATER, guid=guid("late"))}
    )
    assert codes(window.work(), "CEB604Message") == [-603001]


FLAWS: list[tuple[str, str, dict[str, object]]] = [
    ("1332", "CEB411Message", {"amount": Decimal("1.00")}),
    ("13035", "CEB411Message", {"payment_enterprise_code": "3607960097"}),
    ("1327", "CEB411Message", {"payer_name": "他人"}),
    ("I07", "CEB511Message", {"consignee_name": "他人"}),
    ("I08", "CEB511Message", {"consignee_telephone": "13900000000"}),
    ("I09", "CEB511Message", {"consignee_address": "别处"}),
    ("I12", "CEB511Message", {"order_no": "OTHER"}),
    ("13127", "CEB621Message", {"buyer_name": "他人"}),
    ("130126", "CEB621Message", {"buyer_telephone": "13900000000"}),
    ("1320", "CEB621Message", {"lines": [*lines("CEB621Message"), *lines("CEB621Message", line_no=2)]}),
    ("I20", "CEB621Message", {"packages": 2}),
    ("I21", "CEB621Message", {"assure_code": "3607960096"}),
    ("I25", "CEB621Message", {"ems_no": ""}),
    ("I26", "CEB621Message", {"trade_mode": "9610"}),
    ("I27", "CEB621Message", {"country": "502"}),
]


@pytest.mark.parametrize(("rule", "message_type", "change"), FLAWS, ids=[flaw[0] for flaw in FLAWS])
def test_customs_compares_import_bills_and_list(window: Window, rule: str, message_type: str, change: dict[str, object]) -> None:
    window.throw(entrusted=[str(document("CEB411Message")["payment_enterprise_code"])])
    window.post_import(documents={message_type: document(message_type, **change)})
    receipts = [each for each in window.work() if each.message_type == "CEB622Message"]
    assert receipts[-1].code == 100
    assert re.search(rf"\b{rule}\b", receipts[-1].info), receipts[-1].info


EXPORT_FLAWS: list[tuple[str, str, dict[str, object]]] = [
    ("E04", "CEB603Message", {"lines": [*lines("CEB603Message"), *lines("CEB603Message", line_no=9)[:1]]}),
    ("E06", "CEB603Message", {"net_weight": Decimal(99)}),
    ("E07", "CEB603Message", {"lines": lines("CEB603Message", qty1=Decimal(2))}),
    ("E08", "CEB603Message", {"lines": lines("CEB603Message", qty2=Decimal(0))}),
]


@pytest.mark.parametrize(("rule", "message_type", "change"), EXPORT_FLAWS, ids=[flaw[0] for flaw in EXPORT_FLAWS])
def test_customs_compares_export_bills_and_list(window: Window, rule: str, message_type: str, change: dict[str, object]) -> None:
    window.post_trade(documents={message_type: document(message_type, **change)})
    receipts = [each for each in window.work() if each.message_type == "CEB604Message"]
    assert receipts[-1].code == 100
    assert f"[{rule}]" in receipts[-1].info


def test_an_order_whose_line_totals_are_wrong_is_refused(window: Window) -> None:
    window.post_trade(
        ("CEB303Message",), documents={"CEB303Message": document("CEB303Message", lines=lines("CEB303Message", qty=Decimal(7)))}
    )
    receipts = window.work()
    assert codes(receipts, "CEB304Message") == [2, 3, 100]
    assert "[E05]" in receipts[-1].info


def dear(message_type: str, number: int, price: str, qty: int) -> dict[str, object]:
    """Return a document of a trade with one line of that price."""
    total = Decimal(price) * qty
    if message_type == "CEB411Message":
        return document(message_type, number, amount=total)
    line = lines(message_type, number, qty=Decimal(qty), price=Decimal(price), total_price=total)[:1]
    paid = {"actual_paid": total} if message_type == "CEB311Message" else {}
    return document(message_type, number, lines=line, **paid)


def buy(window: Window, number: int, price: str, qty: int = 1) -> list[int]:
    """Post an import trade of one line; return the codes its list draws."""
    person = {"buyer_name": "赵一", "buyer_id_number": "360702199001011234", "buyer_telephone": "13811112222"}
    payer = {"payer_name": person["buyer_name"], "payer_id_number": person["buyer_id_number"]}
    who = {"CEB311Message": person, "CEB411Message": payer, "CEB621Message": person}
    window.post_import(number, {each: {**dear(each, number, price, qty), **names} for each, names in who.items()})
    return codes(window.work(), "CEB622Message")


def test_the_single_limit_binds_unless_the_goods_are_one_piece(window: Window) -> None:
    assert buy(window, 1, "3000", qty=2) == [-621005]
    assert buy(window, 2, "6000") == [2, 120, 800]


def test_the_annual_limit_binds_and_a_cancelled_list_gives_its_part_back(window: Window) -> None:
    window.throw(annual_limit="9000", rules=[{"effect": "manual_review", "outcome": "hold"}])
    assert buy(window, 1, "4000") == [2, 120, 300]
    assert buy(window, 2, "4000") == [2, 120, 300]
    assert buy(window, 3, "4000") == [2, 100]
    assert "Code:1313" in window.received[-1].info
    held = window.json(f"/documents?order_no={document('CEB621Message', 1)['order_no']}")["documents"][-1]
    window.post(
        "CEB623Message",
        message("CEB623Message", document("CEB623Message", list_no=held["list_no"]), keys=window.keys),
    )
    receipts = window.work()
    assert codes(receipts, "CEB624Message") == [2, 3, 120, 399]
    assert codes(receipts, "CEB622Message") == [430]
    assert buy(window, 4, "4000") == [2, 120, 300]


def test_the_eport_may_mind_the_annual_limit_itself(window: Window) -> None:
    window.throw(annual_limit="1000", quota_stage="eport")
    assert buy(window, 1, "1001") == [-621018]


def test_cancelling_an_unknown_import_list_is_refused(window: Window) -> None:
    window.post("CEB623Message", message("CEB623Message", keys=window.keys))
    assert codes(window.work(), "CEB624Message") == [-623003]
