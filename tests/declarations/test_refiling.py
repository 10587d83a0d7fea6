"""A cancelled list filed again by hand: a fresh list of the same parcel goes out, the cancelled one stays in history."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from ccezone.clearance.queries import timeline
from ccezone.declarations.queries import ListDetail, list_detail, scope_of
from ccezone.declarations.service import file_list
from ccezone.enterprises.service import remove_product
from ccezone.kernel.errors import NotFound, Refused
from tests.declarations.filing import answer_application, application, cancel, desk, filed, lines_of
from tests.hub.bills import Bill, export_bills, import_bills
from tests.hub.harness import Hub, ListRow

pytestmark = pytest.mark.storage
USED = "SELECT coalesce(sum(CASE kind WHEN 'use' THEN amount ELSE -amount END), 0) FROM quota_entry"


def cancelled(hub: Hub, flow: str = "E", bills: list[Bill] | None = None) -> ListRow:
    """A list whose cancellation customs approved."""
    item = filed(hub, 2, 120, flow=flow, bills=bills)
    cancel(hub, item)
    hub.dispatch()
    answer_application(hub, 2, 3, 399, flow=flow)
    return hub.only_list()


def file_again(hub: Hub, item: ListRow, by: str | None = None) -> int:
    """Press the button, in the name of one of the cast or of the office."""
    return file_list(desk(hub), item.id, hub.party(by).id if by else None, "clerk")


def shown(hub: Hub, number: int) -> ListDetail:
    with hub.database.reading() as connection:
        found = list_detail(connection, hub.vault, scope_of(connection, None), number)
    assert found is not None
    return found


def refused(hub: Hub, item: ListRow) -> list[str]:
    """Why filing again is refused."""
    before = hub.count("declaration_list")
    with pytest.raises(Refused) as refusal:
        file_again(hub, item)
    assert hub.count("declaration_list") == before
    return [fault.code for fault in refusal.value.faults]


@pytest.mark.parametrize("flow", ["E", "I"])
def test_a_fresh_list_goes_out_under_its_own_number_and_the_cancelled_one_stays(hub: Hub, flow: str) -> None:
    old = cancelled(hub, flow)
    number = file_again(hub, old)
    hub.merge()
    assert (hub.list_ids(), hub.states()) == ([old.id, number], ["430", "queued"])
    hub.dispatch()
    body = hub.window.sent[-1].body.decode()
    assert f"{number:016d}" in body
    assert "<ceb:appType>1<" in body
    assert str(old.list_no) not in body
    hub.answer(number, 2, 120, 800)
    assert (hub.states(), hub.cases()) == (["430", "800"], [])
    assert shown(hub, old.id).row.list_no == old.list_no != shown(hub, number).row.list_no


def test_an_import_counts_once_in_its_buyers_year(hub: Hub) -> None:
    item = filed(hub, 2, 120, flow="I")
    before = hub.rows(USED)
    cancel(hub, item)
    hub.dispatch()
    answer_application(hub, 399, flow="I")
    assert hub.rows(USED) == [(0,)]
    file_again(hub, item)
    assert hub.rows(USED) == before


def test_both_lists_say_what_became_of_the_other(hub: Hub) -> None:
    old = cancelled(hub)
    assert shown(hub, old.id).may_submit
    number = file_again(hub, old)
    assert (shown(hub, old.id).next_id, shown(hub, number).former_id) == (number, old.id)
    assert not shown(hub, old.id).may_submit
    with hub.database.reading() as connection:
        told = [(step.name, step.actor) for step in timeline(connection, old.id) if step.kind == "event"]
    assert told == [("filed_anew", "clerk")]


def test_pressed_twice_at_once_one_list_goes_out(hub: Hub) -> None:
    old = cancelled(hub)

    def press(_: int) -> str:
        try:
            return str(file_again(hub, old))
        except Refused as refusal:
            return refusal.faults[0].code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, range(2)))
    assert answers == [str(hub.list_ids()[-1]), "declaration_filed_anew"]
    assert (hub.count("declaration_list"), hub.states()) == (2, ["430", "queued"])


def test_a_list_that_is_not_cancelled_goes_out_itself_or_is_refused(hub: Hub) -> None:
    item = filed(hub, 2, 120)
    assert refused(hub, item) == ["declaration_not_submittable"]
    hub.answer(item, 100)
    assert (file_again(hub, item), hub.states()) == (item.id, ["queued"])


def test_the_fresh_list_says_what_the_corrected_bills_say(hub: Hub) -> None:
    bills = export_bills()
    old = cancelled(hub, bills=bills)
    hub.post(bills[2].changed(gross_weight=Decimal("999.9")))
    hub.merge()
    number = file_again(hub, old)
    weights = {each.id: Decimal(each.content["gross_weight"]) for each in hub.lists()}
    assert weights == {old.id: Decimal(old.content["gross_weight"]), number: Decimal("999.9")}


def test_bills_that_change_before_the_fresh_list_is_sent_change_it_and_not_the_old_one(hub: Hub) -> None:
    bills = export_bills()
    old = cancelled(hub, bills=bills)
    number = file_again(hub, old)
    hub.post(bills[2].changed(gross_weight=Decimal("999.9")))
    hub.merge()
    rows = {each.id: each for each in hub.lists()}
    assert rows[old.id].content == old.content
    assert Decimal(rows[number].content["gross_weight"]) == Decimal("999.9")
    assert hub.states() == ["430", "queued"]


def test_what_the_fresh_list_lacks_is_told_and_nothing_is_kept(hub: Hub) -> None:
    bills = export_bills()
    old = cancelled(hub, bills=bills)
    with hub.database.begin() as uow:
        remove_product(uow, hub.party("furniture").id, str(lines_of(bills[0])[0]["item_no"]), hub.clock)
    assert refused(hub, old) == ["missing_product"]
    assert hub.count("outbox_item") == 0


def test_bills_that_disagree_hold_it_back(hub: Hub) -> None:
    bills = import_bills()
    old = cancelled(hub, "I", bills)
    hub.post(bills[1].changed(amount=Decimal("99.5")))
    hub.merge()
    assert refused(hub, old) == ["bills_not_fileable"]


def test_late_receipts_of_the_cancelled_list_leave_the_fresh_one_alone(hub: Hub) -> None:
    old = cancelled(hub)
    number = file_again(hub, old)
    hub.dispatch()
    hub.answer(number, 2)
    hub.answer(old, 3, 430)
    assert (hub.states(), application(hub)[1]) == (["430", "2"], "399")


def test_a_fresh_list_that_is_cancelled_too_may_be_filed_once_more(hub: Hub) -> None:
    old = cancelled(hub)
    second = file_again(hub, old)
    hub.dispatch()
    hub.answer(second, 120, 430)
    third = file_list(desk(hub), second, None, "clerk")
    assert (hub.list_ids(), hub.states()) == ([old.id, second, third], ["430", "430", "queued"])


def test_a_rivals_cancelled_list_looks_like_none(hub: Hub) -> None:
    old = cancelled(hub)
    with pytest.raises(NotFound):
        file_again(hub, old, by="oranges")
    assert file_again(hub, old, by="furniture")
