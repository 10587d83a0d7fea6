"""Journeys through the pages of bills: list, look, type, mend, take back; and who gets nothing."""

import html
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.queries import audit_of
from ccezone.bills import queries
from ccezone.bills.queries import Scope, Wanted
from ccezone.bills.rules import BillKind
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import copy_rows
from schemas.derive.form import form
from tests.web.trading_site import TradingSite, trading_site

pytestmark = pytest.mark.storage
ORDER = "I20260105000000002"


@pytest.fixture
def site(database: Database, clock: FixedClock) -> Iterator[TradingSite]:
    site = trading_site(database, clock)
    yield site
    site.zone.database.close()


def rows(site: TradingSite, kind: BillKind) -> list[queries.BillRow]:
    with site.zone.database.reading() as connection:
        return queries.search_bills(connection, kind, Scope.ALL, None, Wanted())


def address(site: TradingSite, kind: BillKind) -> str:
    return f"/bills/{kind}/{rows(site, kind)[0].key}"


def filled_in(page: str) -> dict[str, str]:
    """Read a form as a browser would send it back."""
    values = dict(re.findall(r'<input class="form-control"[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in values.items() if not name.startswith("q")}


TYPED = {
    "orderNo": "TYPED-1", "goodsValue": "100.00", "freight": "0", "discount": "0", "taxTotal": "9.10", "acturalPaid": "109.10",
    "ebpCode": "360796Y008", "ebpName": "赣州优淘进口商城有限公司", "buyerRegNo": "U1", "buyerName": "李雨桐",
    "buyerTelephone": "13800000001", "buyerIdType": "1", "buyerIdNumber": "360702199001011234", "consignee": "李雨桐",
    "consigneeTelephone": "13800000001", "consigneeAddress": "江西省赣州市章贡区红旗大道1号", "lines-0-itemNo": "LOTION",
    "lines-0-itemName": "舒缓乳液", "lines-0-gmodel": "100ml", "lines-0-unit": "011", "lines-0-qty": "1", "lines-0-price": "100",
    "lines-0-totalPrice": "100", "lines-0-country": "133",
}  # fmt: skip


def type_order(browser: FlaskClient, **changes: str) -> dict[str, str]:
    """Open the form of an import order and fill it in."""
    return {**filled_in(browser.get("/bills/order/new/I").text), **TYPED, **changes}


def test_a_form_asks_for_every_field_of_the_message_and_knows_who_is_typing(site: TradingSite) -> None:
    page = site.browser("cosmetics").get("/bills/order/new/I").text
    values = filled_in(page)
    shape = form("CEB311Message")
    assert {field.name for field in shape.head} | {f"lines-0-{field.name}" for field in shape.line} == values.keys()
    assert values["ebcCode"] == site.zone.enterprise("cosmetics").customs_code
    assert (values["orderType"], values["currency"], values["lines-0-gnum"]) == ("I", "142", "1")
    assert "maxlength" in page


def test_a_typed_order_is_stored_and_shown(site: TradingSite) -> None:
    browser = site.browser("cosmetics")
    answer = browser.post("/bills/order/new/I", data=type_order(browser), follow_redirects=True)
    assert answer.status_code == 200, answer.text
    (row,) = rows(site, BillKind.ORDER)
    assert row.number == "TYPED-1"
    assert answer.request.path == f"/bills/order/{row.key}"
    assert "TYPED-1" in answer.text
    assert "360702199001011234" not in answer.text
    assert "TYPED-1" in browser.get("/bills/orders").text


def test_a_mistake_keeps_what_was_typed_and_leads_to_the_field(site: TradingSite) -> None:
    browser = site.browser("cosmetics")
    answer = browser.post("/bills/order/new/I", data=type_order(browser, **{"lines-0-qty": "many", "orderNo": ""}))
    assert answer.status_code == 422
    assert 'href="#orderNo"' in answer.text
    assert 'href="#lines-0-qty"' in answer.text
    values = filled_in(answer.text)
    assert (values["lines-0-qty"], values["buyerName"]) == ("many", "李雨桐")
    assert rows(site, BillKind.ORDER) == []


def test_lines_are_added_and_removed_without_scripts_and_nothing_is_lost(site: TradingSite) -> None:
    browser = site.browser("cosmetics")
    typed = type_order(browser)
    two = browser.post("/bills/order/new/I", data={**typed, "add_line": "1"})
    values = filled_in(two.text)
    assert (two.status_code, values["lines-1-gnum"], values["lines-1-currency"]) == (200, "2", "142")
    assert values["lines-0-itemName"] == "舒缓乳液"
    second = {**values, "lines-1-itemName": "面霜"}
    one = filled_in(browser.post("/bills/order/new/I", data={**second, "remove_line": "0"}).text)
    assert one["lines-0-itemName"] == "面霜"
    assert "lines-1-itemName" not in one
    assert rows(site, BillKind.ORDER) == []


def test_a_blank_line_is_no_line(site: TradingSite) -> None:
    browser = site.browser("cosmetics")
    two = filled_in(browser.post("/bills/order/new/I", data={**type_order(browser), "add_line": "1"}).text)
    assert browser.post("/bills/order/new/I", data=two).status_code == 302
    (row,) = rows(site, BillKind.ORDER)
    with site.zone.database.reading() as connection:
        values = queries.clear_values(connection, site.zone.vault, site.zone.deliveries, BillKind.ORDER, row.key)
    assert isinstance(values["lines"], list)
    assert len(values["lines"]) == 1


def test_whoever_may_not_send_a_bill_is_told_so(site: TradingSite) -> None:
    browser = site.browser("milk")
    typed = type_order(browser, ebcCode=site.zone.enterprise("cosmetics").uscc)
    answer = browser.post("/bills/order/new/I", data=typed)
    assert answer.status_code == 422
    assert "无权报送" in answer.text


def test_a_change_keeps_covered_personal_values_and_shows_what_changed(site: TradingSite, clock: FixedClock) -> None:
    site.zone.send("CEB311Message", first=2)
    clock.advance(days=1)
    browser, place = site.browser("cosmetics"), address(site, BillKind.ORDER)
    before = browser.get(f"{place}/change").text
    values = filled_in(before)
    assert values["buyerIdNumber"] == ""
    assert browser.post(f"{place}/change", data={**values, "note": "改地址"}).status_code == 302
    page = browser.get(place).text
    assert "<ins>改地址</ins>" in page
    (row,) = rows(site, BillKind.ORDER)
    with site.zone.database.reading() as connection:
        clear = queries.clear_values(connection, site.zone.vault, site.zone.deliveries, BillKind.ORDER, row.key)
    assert len(str(clear["buyer_id_number"])) == 18
    assert row.version == 2


def test_a_change_never_speaks_of_another_bill(site: TradingSite, clock: FixedClock) -> None:
    site.zone.send("CEB311Message", first=2, documents=1)
    site.zone.send("CEB311Message", first=4, documents=1)
    clock.advance(days=1)
    browser = site.browser("cosmetics")
    second, first = rows(site, BillKind.ORDER)
    place = f"/bills/order/{first.key}/change"
    typed = filled_in(browser.get(place).text)
    assert browser.post(place, data={**typed, "orderNo": second.number, "note": "x"}).status_code == 302
    assert {row.number: row.version for row in rows(site, BillKind.ORDER)} == {first.number: 2, second.number: 1}


def test_a_bill_is_taken_back_and_stays_to_be_seen(site: TradingSite, clock: FixedClock) -> None:
    site.zone.send("CEB411Message", first=2)
    clock.advance(days=1)
    browser, place = site.browser("payment_import"), address(site, BillKind.PAYMENT)
    assert browser.post(f"{place}/delete").status_code == 302
    assert "报送方已删除" in browser.get(place).text
    assert browser.get(f"{place}/change").status_code == 404


def test_only_a_sender_of_such_a_bill_may_change_it(site: TradingSite) -> None:
    site.zone.trade("I", first=2)
    place = address(site, BillKind.PAYMENT)
    merchant = site.browser("cosmetics")
    assert merchant.get(place).status_code == 200
    assert merchant.get(f"{place}/change").status_code == 404
    assert merchant.post(f"{place}/delete").status_code == 404


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("cosmetics", {"order", "payment", "waybill"}),
        ("milk", set()),
        ("platform_import", {"order"}),
        ("payment_import", {"payment"}),
        ("logistics_import", {"waybill"}),
        ("agent", set()),
        ("officer", {"order", "payment", "waybill"}),
        ("auditor", {"order", "payment", "waybill"}),
    ],
)
def test_everybody_sees_their_own_and_gets_404_for_the_rest(site: TradingSite, who: str, seen: set[str]) -> None:
    site.zone.trade("I", first=2)
    browser = site.browser(who)
    for kind in (BillKind.ORDER, BillKind.PAYMENT, BillKind.WAYBILL):
        (row,) = rows(site, kind)
        listed = browser.get(f"/bills/{kind}s").text
        assert (row.number in listed) == (kind in seen), kind
        assert browser.get(f"/bills/{kind}/{row.key}").status_code == (200 if kind in seen else 404), kind


def test_nobody_is_sent_to_sign_in(site: TradingSite) -> None:
    answer = site.browser("nobody").get("/bills/orders")
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in")


def test_a_personal_value_is_shown_on_request_and_the_look_is_recorded(site: TradingSite) -> None:
    site.zone.send("CEB311Message", first=2)
    browser = site.browser("cosmetics")
    page = browser.get(address(site, BillKind.ORDER)).text
    (place,) = re.findall(r'action="(/reveal/order/[^"]+/buyer_id_number)"', page)
    answer = browser.post(place)
    assert re.search(r"\b\d{17}[\dX]\b", answer.text)
    with site.zone.database.reading() as connection:
        (entry,) = audit_of(connection, f"order:{place.split('/')[3]}")
    assert (entry.action, entry.detail["field"]) == ("personal.reveal", "buyer_id_number")
    assert site.browser("milk").post(place).status_code == 404


def test_a_link_starts_from_what_its_order_says(site: TradingSite) -> None:
    site.zone.send("CEB303Message", first=1)
    (row,) = rows(site, BillKind.ORDER)
    browser = site.browser("platform_export")
    values = filled_in(browser.get(f"/bills/link/new/E?like=order.{row.key}").text)
    assert values["orderNo"] == row.number
    assert values["ebcCode"]
    data = {**values, "logisticsCode": "360796Y011", "logisticsNo": "W-1"}
    assert browser.post("/bills/link/new/E", data=data).status_code == 302
    assert [found.number for found in rows(site, BillKind.LINK)] == ["W-1"]


def test_a_list_says_when_nothing_fits_and_when_nothing_is_there(site: TradingSite) -> None:
    browser = site.browser("cosmetics")
    assert "还没有单证" in browser.get("/bills/orders").text
    site.zone.send("CEB311Message", first=2)
    assert "没有符合条件的单证" in browser.get("/bills/orders?q=nothing-like-it").text
    assert ORDER in browser.get("/bills/orders?q=0000002&flow=I&from=2026-06-01&to=2026-06-01").text
    assert ORDER not in browser.get("/bills/orders?to=2026-05-31").text
    assert browser.get("/bills/orders?after=nonsense").status_code == 400


def test_every_form_opens_in_both_languages(site: TradingSite) -> None:
    browser = site.browser("cosmetics")
    for language in ("zh", "en"):
        browser.set_cookie("ccezone_language", language)
        for kind in BillKind:
            for flow in ("E", "I"):
                page = html.unescape(browser.get(f"/bills/{kind}/new/{flow}").text)
                first = form(site.zone.deliveries.message_type(kind, flow)).head[0]
                assert (first.label_zh if language == "zh" else first.label_en) in page, (kind, flow)


def test_receipts_tell_the_story_of_a_bill(site: TradingSite) -> None:
    site.zone.send("CEB311Message", first=2)
    (row,) = rows(site, BillKind.ORDER)
    columns = ("kind", "subject", "digest", "submission", "code", "returned_at", "received_at", "info")
    now = site.zone.clock.now()
    with site.zone.database.begin() as uow:
        said = [(312, row.key, 1, 0, 120, now, now, "[Code:2600;Desc:逻辑校验通过]"), (412, row.key, 2, 0, 2, now, now, "别单")]
        copy_rows(uow.connection, "receipt", columns, said)
    page = site.browser("cosmetics").get(address(site, BillKind.ORDER)).text
    assert "逻辑校验通过" in page
    assert '<span class="step-code">120</span>' in page
    assert "别单" not in page
