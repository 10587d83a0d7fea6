"""Forms: their bills go in as any bill does, what they say beyond them waits for the match; a look ahead keeps nothing."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from ccezone.declarations.queries import wish_of
from ccezone.declarations.rules.wishes import Filing, Wish
from ccezone.declarations.service import Filed, Form, FormPreview, file_form, preview_form
from ccezone.demo.zone import export_defaults
from ccezone.enterprises.service import save_defaults
from ccezone.kernel.errors import NotFound
from schemas.messages.ceb.trades import party
from schemas.rest.documents import spelled
from tests.declarations.filing import desk
from tests.hub.bills import Bill, export_bills, import_bills
from tests.hub.harness import Hub
from tests.hub.link_json import link_json

pytestmark = pytest.mark.storage


def body(bill: Bill) -> Mapping[str, object]:
    """A bill as a form states it."""
    return spelled(bill.message_type, bill.values) if bill.message_type else link_json(bill)


def form(bills: list[Bill], wish: Wish = Wish("9610", "A"), parts: tuple[str, ...] = ("order", "link")) -> Form:  # noqa: B008  # frozen
    """A form of these parts of a trade."""
    kinds = {bill.kind.value: bill for bill in bills}
    return Form(bills[0].flow, wish, {part: body(kinds[part]) for part in parts})


def file(hub: Hub, made: Form, by: str = "furniture") -> Filed:
    """File a form in the name of one of the cast."""
    return file_form(desk(hub), hub.party(by), made, "clerk")


def arrived(hub: Hub, sent: Bill) -> None:
    """The waybill comes in, and its order is matched."""
    hub.post(sent)
    hub.merge()


def look(hub: Hub, made: Form, by: str = "furniture") -> FormPreview:
    """Look ahead in the name of one of the cast."""
    return preview_form(desk(hub), hub.party(by), made)


def retyped(bills: list[Bill], order_type: str) -> list[Bill]:
    """The trade, its order of another type and in yuan, as firms trade."""
    sold, *rest = bills
    lines = [{**line, "currency": "142"} for line in sold.values["lines"]]  # type: ignore[attr-defined]  # a list of lines
    return [sold.but(order_type=order_type, currency="142", lines=lines), *rest]


def test_a_form_waits_for_its_waybill_and_then_says_what_it_said(hub: Hub) -> None:
    bills = export_bills()
    wish = Wish("9610", "B", head={"voyage_no": "X9999", "note": "手工"}, lines={1: {"specification": "橡木|手工"}})
    filed = file(hub, form(bills, wish))
    assert filed.faults == []
    hub.merge()
    assert hub.lists() == []
    arrived(hub, bills[2])
    made = hub.only_list()
    assert (made.content["declaration_path"], made.content["voyage_no"], made.content["note"]) == ("B", "X9999", "手工")
    assert (made.content["lines"][0]["specification"], made.state) == ("橡木|手工", "queued")
    with hub.database.reading() as connection:
        assert filed.order_key is not None
        assert wish_of(connection, filed.order_key) == wish


def test_what_is_held_is_composed_and_rests_what_is_wanted_at_once_is_filed(hub: Hub) -> None:
    hub.change("UPDATE enterprise SET auto_submit = false")
    held, urgent = export_bills(1), export_bills(5)
    file(hub, form(held, Wish("9610", "A", Filing.HOLD)))
    file(hub, form(urgent, Wish("9610", "A", Filing.AT_ONCE)))
    hub.post(held[2], urgent[2])
    hub.merge()
    assert sorted(hub.states()) == ["queued", "ready"]


def test_a_fault_in_one_part_keeps_all_of_it_out(hub: Hub) -> None:
    bills = export_bills()
    made = form(bills)
    broken = Form("E", made.wish, {**made.bodies, "link": {**made.bodies["link"], "logisticsNo": ""}})
    filed = file(hub, broken)
    assert [fault.part for fault in filed.faults] == ["link"]
    assert (hub.count("order_version"), hub.count("declaration_wish"), hub.count("intake_batch")) == (0, 0, 0)


def test_a_payment_in_anothers_name_is_refused_with_the_whole_form(hub: Hub) -> None:
    filed = file(hub, form(import_bills(), Wish("1210"), ("order", "payment")), "milk")
    assert [(fault.part, fault.fault.code) for fault in filed.faults] == [("payment", "sender_not_entitled")]
    assert hub.count("order_version") == 0


def test_a_form_declares_its_own_firms_orders_only(hub: Hub) -> None:
    filed = file(hub, form(export_bills()), "oranges")
    assert ("order", "/ebcCode", "declares_for_another") in [
        (each.part, each.fault.pointer, each.fault.code) for each in filed.faults
    ]
    assert hub.count("order_version") == 0


def test_an_order_that_is_there_gets_a_wish_and_a_strangers_order_looks_like_none(hub: Hub) -> None:
    bills = export_bills()
    hub.post(bills[0])
    (key,) = hub.rows("SELECT order_key FROM order_version")[0]
    assert file(hub, Form("E", Wish("9610", "B"), {}, key)).faults == []
    with pytest.raises(NotFound):
        file(hub, Form("E", Wish("9610", "B"), {}, key), "oranges")
    hub.post(*bills[2:])
    hub.merge()
    assert hub.only_list().content["declaration_path"] == "B"


def test_a_mode_that_is_not_the_orders_is_refused(hub: Hub) -> None:
    filed = file(hub, form(export_bills(), Wish("9710")))
    assert [(fault.part, fault.fault.code) for fault in filed.faults] == [("declaration", "mode_not_for_order")]


def test_a_form_may_tell_all_of_an_item_the_products_do_not_know(hub: Hub) -> None:
    bills = export_bills()
    hub.change("DELETE FROM product")
    lines = bills[0].values["lines"]
    assert isinstance(lines, list)
    line = {"hs_code": "9403609990", "goods_name": "木椅", "specification": "橡木", "unit1": "011", "qty1": str(lines[0]["qty"])}
    told = {number: dict(line, unit1=str(each["unit"]), qty1=str(each["qty"])) for number, each in enumerate(lines, 1)}
    file(hub, form(bills, Wish("9610", "A", head={"net_weight": "0.5"}, lines=told)))
    arrived(hub, bills[2])
    made = hub.only_list()
    assert (made.state, made.lacks) == ("queued", [])
    assert (made.content["net_weight"], made.content["lines"][0]["goods_name"]) == ("0.5", "木椅")


@pytest.mark.parametrize(("order_type", "mode"), [("B", "9710"), ("W", "9810")])
@pytest.mark.parametrize(("price", "state"), [(5000, "queued"), (5001, "incomplete")])
def test_trade_between_firms_is_listed_up_to_the_parcel_limit_by_a_six_digit_code(
    hub: Hub, order_type: str, mode: str, price: int, state: str
) -> None:
    _prepared(hub, mode)
    sold, _, sent, linked = retyped(export_bills(), order_type)
    line = {**_first(sold), "qty": Decimal(1), "price": Decimal(price), "total_price": Decimal(price)}
    sold = sold.but(lines=[line], goods_value=Decimal(price))
    statements = {"no_export_duty": "yes", "no_licence": "yes"}
    wish = Wish(mode, lines={1: {"hs_code": "940360"}}, statements=statements)
    assert file(hub, form([sold, linked], wish)).faults == []
    arrived(hub, sent)
    made = hub.only_list()
    assert (made.trade_mode, made.state) == (mode, state)
    if state == "incomplete":
        assert made.lacks == ["parcel_value", "lines/0/hs_code"]


def test_a_short_code_needs_every_test_passed(hub: Hub) -> None:
    _, _, sent, linked = bills = retyped(export_bills(), "E")
    wish = Wish("9610", "A", lines={1: {"hs_code": "9403"}}, statements={"no_export_duty": "yes"})
    file(hub, form([bills[0], linked], wish))
    arrived(hub, sent)
    assert hub.only_list().lacks == ["lines/0/hs_code"]
    known = Wish("9610", "A", lines={1: {"hs_code": "9403"}}, statements={"no_export_duty": "yes", "no_licence": "yes"})
    (key,) = hub.rows("SELECT order_key FROM order_version")[0]
    file(hub, Form("E", known, {}, key))
    hub.merge()
    assert (hub.only_list().lacks, hub.states()) == ([], ["queued"])


def test_an_export_from_a_special_area_names_its_book_and_its_items(hub: Hub) -> None:
    _prepared(hub, "1210", bonded_enterprise_code="4017960B01", bonded_enterprise_name="仓储", ems_no="T4017W000001")
    bills = export_bills()
    lines = bills[0].values["lines"]
    assert isinstance(lines, list)
    file(hub, form(bills, Wish("1210", "B")))
    arrived(hub, bills[2])
    assert set(hub.only_list().lacks) == {f"lines/{place}/item_record_no" for place in range(len(lines))}
    (key,) = hub.rows("SELECT order_key FROM order_version")[0]
    named = {number: {"item_record_no": f"R{number}"} for number in range(1, len(lines) + 1)}
    file(hub, Form("E", Wish("1210", "B", lines=named), {}, key))
    hub.merge()
    made = hub.only_list()
    assert (made.trade_mode, made.state, made.content["ems_no"]) == ("1210", "queued", "T4017W000001")


def test_a_look_ahead_tells_of_merge_tests_tax_and_list_and_keeps_nothing(hub: Hub) -> None:
    bills = import_bills()
    made = form(bills, Wish("1210"), ("order", "payment", "waybill"))
    seen = look(hub, made, "milk")
    assert (seen.faults, seen.match and seen.match.verdict.value) == ([], "matched")
    (shown,) = seen.lists
    assert (shown.trade_mode, shown.missing, shown.expected) == ("1210", [], False)
    assert shown.tax is not None
    assert shown.tax.total > shown.used_before == Decimal(0)
    for table in ("order_version", "declaration_wish", "declaration_list", "intake_batch", "order_match", "merge_queue"):
        assert hub.count(table) == 0, table


def test_a_look_ahead_judges_a_form_whose_waybill_is_still_to_come(hub: Hub) -> None:
    seen = look(hub, form(export_bills(), parts=("order",)))
    (shown,) = seen.lists
    assert (shown.expected, [each.name for each in shown.missing]) == (True, [])
    assert {each.condition: each.outcome for each in shown.tests} == {
        "no_export_duty": "unknown",
        "no_refund": "passed",
        "no_licence": "unknown",
        "parcel_value": "unknown",
    }


def test_a_look_ahead_tells_a_value_that_no_message_can_hold(hub: Hub) -> None:
    bills = export_bills()
    hub.post(bills[2])
    seen = look(hub, form(bills, Wish("9610", "A", head={"voyage_no": "V" * 33})))
    (shown,) = seen.lists
    assert [(each.kind, each.name, each.params["pointer"]) for each in shown.missing] == [("schema", "too_long", "/voyage_no")]


def _first(sold: Bill) -> Mapping[str, object]:
    lines = sold.values["lines"]
    assert isinstance(lines, list)
    return lines[0]  # type: ignore[no-any-return]  # the first line's values


def _prepared(hub: Hub, mode: str, **more: str) -> None:
    """Give the merchant defaults for a mode, as for its retail exports."""
    with hub.database.begin() as uow:
        entry = replace(export_defaults(party("furniture")), trade_mode=mode, **more)
        save_defaults(uow, hub.party("furniture").id, entry, hub.clock)
