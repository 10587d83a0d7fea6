"""Goods returns: within their windows, never more than went over all returns, quota given back, answers in any order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from ccezone.declarations.queries.returns import returned_goods
from ccezone.declarations.service.returns import change_return, drop_return
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import NotFound, Refused
from integrations.signatures.xmldsig import verify
from schemas.messages.ceb.codec import decode
from schemas.messages.checking import check
from tests.declarations.returning import answer, arrived, desk, file, opened, owner, released, sent_back, view, wish
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
USED = "SELECT coalesce(sum(CASE kind WHEN 'use' THEN amount ELSE -amount END), 0) FROM quota_entry"
MESSAGES = {"E": "CEB213Message", "I": "CEB625Message"}


@pytest.mark.parametrize("flow", ["E", "I"])
def test_a_return_travels_signed_in_the_message_of_its_flow_and_can_be_read(hub: Hub, flow: str) -> None:
    item = released(hub, flow)
    number = sent_back(hub, item)
    body = hub.window.sent_of(MESSAGES[flow]).body
    assert not check(body).errors
    (document,) = decode(body).documents
    assert not document.faults
    assert document.values is not None
    assert (document.values["list_no"], document.values["reason"]) == (item.list_no, "买家退货")
    assert document.values.get("trade_mode") == ("9661" if flow == "E" else None)
    assert verify(body, {}, believe_certificate=True).valid
    assert view(hub, number).state == "sent"


@pytest.mark.parametrize(("flow", "codes", "days"), [("E", (2, 3, 120, 800), 365), ("I", (2, 3, 120, 399), 30)])
def test_a_granted_return_is_a_dated_fact(hub: Hub, flow: str, codes: tuple[int, ...], days: int) -> None:
    item = released(hub, flow)
    number = sent_back(hub, item)
    answer(hub, number, *codes)
    today = hub.clock.now().astimezone(SHANGHAI).date()
    with hub.database.reading() as connection:
        (fact,) = returned_goods(connection, today, today)
    assert (view(hub, number).tab, fact.declaration_id, fact.line_no, fact.quantity) == ("granted", item.id, 1, Decimal(1))
    hub.clock.advance(hours=24 * (days + 1))
    with pytest.raises(Refused) as refused:
        opened(hub, item)
    assert "return_window_over" in [fault.code for fault in refused.value.faults]


@pytest.mark.parametrize("order", list(permutations((3, 120, 399))))
def test_an_imports_share_is_given_back_to_the_buyers_year_once(hub: Hub, order: tuple[int, ...]) -> None:
    item = released(hub, "I")
    before = hub.rows(USED)[0][0]
    qty = Decimal(item.content["lines"][0]["qty"])
    number = sent_back(hub, item, wish(str(qty)))
    answer(hub, number, *order, *order)
    whole = sum(Decimal(line["total_price"]) for line in item.content["lines"])
    returned = before * Decimal(item.content["lines"][0]["total_price"]) / whole
    assert abs(hub.rows(USED)[0][0] - (before - returned)) < Decimal("0.0001")


def test_all_returns_of_a_line_together_never_exceed_what_went(hub: Hub) -> None:
    item = released(hub)
    whole = Decimal(item.content["lines"][1]["qty"])
    first = opened(hub, item, wish("2", line=2))
    with pytest.raises(Refused) as refused:
        opened(hub, item, wish(str(whole - 1), line=2))
    assert refused.value.faults[0].code == "return_above_declared"
    with hub.database.begin() as uow:
        change_return(uow, desk(hub), owner(hub, item), first, wish("1", line=2), "clerk")
    opened(hub, item, wish(str(whole - 1), line=2))
    with hub.database.begin() as uow:
        drop_return(uow, owner(hub, item), first, "clerk", hub.clock)
    assert hub.rows("SELECT returned FROM returned_quantity") == [(whole - 1,)]


def test_two_who_return_the_same_goods_at_once_do_not_both_succeed(hub: Hub) -> None:
    item = released(hub)
    whole = item.content["lines"][1]["qty"]

    def attempt(_: int) -> str:
        try:
            opened(hub, item, wish(whole, line=2))
        except Refused as refused:
            return refused.faults[0].code
        return "opened"

    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(attempt, range(2))) == ["opened", "return_above_declared"]


def test_relief_is_for_six_months_and_waits_for_a_refund_to_be_repaid(hub: Hub) -> None:
    item = released(hub)
    number = opened(hub, item, wish(relief=True))
    hub.change("UPDATE goods_return SET repayment = 'due'")
    with pytest.raises(Refused) as refused:
        file(hub, item, number)
    assert refused.value.faults[0].code == "return_relief_needs_repayment"
    hub.change("UPDATE goods_return SET repayment = 'settled'")
    hub.clock.advance(hours=24 * 190)
    with pytest.raises(Refused) as refused:
        file(hub, item, number)
    assert refused.value.faults[0].code == "return_relief_over"
    with hub.database.begin() as uow:
        change_return(uow, desk(hub), owner(hub, item), number, wish(relief=False), "clerk")
    file(hub, item, number)
    assert view(hub, number).state == "sent"


def test_goods_of_an_import_are_back_within_45_days(hub: Hub) -> None:
    item = released(hub, "I")
    number = sent_back(hub, item)
    day = hub.clock.now().astimezone(SHANGHAI).date()
    hub.clock.advance(hours=24 * 50)
    with pytest.raises(Refused):
        arrived(hub, item, number, day + timedelta(days=46))
    arrived(hub, item, number, day + timedelta(days=45))
    assert view(hub, number).arrived_on == day + timedelta(days=45)


def test_a_refused_return_keeps_its_goods_until_it_is_mended_or_given_up(hub: Hub) -> None:
    item = released(hub)
    number = sent_back(hub, item)
    answer(hub, number, 2, 3, 100)
    assert view(hub, number).tab == "rejected"
    file(hub, item, number)
    answer(hub, number, 120, 800)
    assert (view(hub, number).tab, view(hub, number).submission) == ("granted", 2)


def test_only_released_lists_of_ones_own_come_back_in_lines_they_have(hub: Hub) -> None:
    item = released(hub)
    for asked, code in ((wish("0"), "return_quantity"), (wish(line=9), "return_line_unknown"), (wish(reason=" "), "required")):
        with pytest.raises(Refused) as refused:
            opened(hub, item, asked)
        assert code in [fault.code for fault in refused.value.faults]
    hub.change("UPDATE declaration_list SET merchant_id = %(id)s", id=hub.party("textiles").id)
    number = opened(hub, item)
    with pytest.raises(NotFound), hub.database.begin() as uow:
        drop_return(uow, hub.party("furniture").id, number, "clerk", hub.clock)
    hub.change("UPDATE declaration_state SET state = '400'")
    with pytest.raises(Refused) as refused:
        opened(hub, item)
    assert refused.value.faults[0].code == "return_not_released"
