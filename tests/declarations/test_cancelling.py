"""Cancelling filed lists: an application of its own with its own receipts; the list ends, the buyer's year gets its use back."""

from itertools import permutations

import pytest

from ccezone.clearance.queries import timeline
from ccezone.declarations.queries import list_detail, scope_of
from ccezone.kernel.errors import NotFound, Refused
from tests.declarations.filing import ANSWERS, answer_application, application, cancel, filed
from tests.hub.harness import Hub
from tests.hub.window import receipt

pytestmark = pytest.mark.storage
USED = "SELECT coalesce(sum(CASE kind WHEN 'use' THEN amount ELSE -amount END), 0) FROM quota_entry"


@pytest.mark.parametrize(("flow", "message"), [("E", "CEB605Message"), ("I", "CEB623Message")])
def test_an_application_travels_in_the_message_of_its_flow_with_the_lists_numbers_and_the_reason(
    hub: Hub, flow: str, message: str
) -> None:
    item = filed(hub, 2, 120, flow=flow)
    assert cancel(hub, item, "发错货 <换单>") == 1
    hub.dispatch()
    body = hub.window.sent_of(message).body.decode()
    for said in (str(item.list_no), "发错货 &lt;换单&gt;", str(application(hub)[0]).upper(), "<ceb:appType>1<"):
        assert said in body
    assert application(hub)[1] == "sent"


@pytest.mark.parametrize("flow", ["E", "I"])
def test_an_approved_application_ends_the_list_and_gives_the_buyers_year_back(hub: Hub, flow: str) -> None:
    item = filed(hub, 2, 120, flow=flow)
    cancel(hub, item)
    hub.dispatch()
    answer_application(hub, 2, 3, 399, flow=flow)
    assert (hub.states(), application(hub)[1]) == (["430"], "399")
    assert hub.rows(USED) == [(0,)]
    hub.answer(item, 430)
    assert (hub.states(), hub.rows(USED), hub.cases()) == (["430"], [(0,)], [])


def test_a_refused_application_leaves_the_list_and_another_may_follow(hub: Hub) -> None:
    item = filed(hub, 2, 120, flow="I")
    before = hub.rows(USED)
    cancel(hub, item)
    hub.dispatch()
    answer_application(hub, 100, flow="I")
    assert (hub.states(), hub.rows(USED)) == (["120"], before)
    assert cancel(hub, item) == 2


@pytest.mark.parametrize("order", list(permutations((2, 3, 399, 430))))
def test_receipts_of_list_and_application_twice_and_shuffled_end_the_same(hub: Hub, order: tuple[int, ...]) -> None:
    item = filed(hub, 2, 120)
    cancel(hub, item)
    hub.dispatch()
    for code in (*order, *order):
        if code == 430:
            hub.answer(item, 430)
        else:
            answer_application(hub, code)
    assert (hub.states(), application(hub)[1], hub.cases()) == (["430"], "399", [])


def test_a_receipt_twice_is_one_row(hub: Hub) -> None:
    cancel(hub, filed(hub, 2, 120))
    hub.dispatch()
    body = receipt(ANSWERS["E"], 2, hub.clock.now(), guid=str(application(hub)[0]).upper())
    for _ in range(2):
        hub.window.post(body, ANSWERS["E"])
        hub.receive()
    assert hub.rows("SELECT count(*) FROM receipt WHERE kind = 606") == [(1,)]


@pytest.mark.parametrize("code", [120, 300, 399, 400])
def test_a_list_in_customs_hands_before_release_may_be_cancelled(hub: Hub, code: int) -> None:
    assert cancel(hub, filed(hub, 2, 120, code)) == 1


@pytest.mark.parametrize("codes", [(2,), (2, 100), (120, 500), (120, 600), (120, 800), (120, 430), (120, 800, 899)])
def test_in_any_other_state_it_may_not(hub: Hub, codes: tuple[int, ...]) -> None:
    item = filed(hub, *codes)
    with pytest.raises(Refused) as refusal:
        cancel(hub, item)
    assert [fault.code for fault in refusal.value.faults] == ["declaration_not_cancellable"]
    assert hub.count("cancellation") == 0


@pytest.mark.parametrize(("reason", "code"), [("", "required"), ("  ", "required"), ("长" * 1001, "too_long")])
def test_a_reason_is_mandatory_and_fits_its_message(hub: Hub, reason: str, code: str) -> None:
    item = filed(hub, 120)
    with pytest.raises(Refused) as refusal:
        cancel(hub, item, reason)
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/reason", code)]


def test_one_application_at_a_time(hub: Hub) -> None:
    item = filed(hub, 120)
    cancel(hub, item)
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            cancel(hub, item)
        assert [fault.code for fault in refusal.value.faults] == ["cancellation_pending"]
        hub.dispatch()


def test_a_rivals_list_looks_like_none(hub: Hub) -> None:
    item = filed(hub, 120)
    with pytest.raises(NotFound):
        cancel(hub, item, by="oranges")
    assert cancel(hub, item, by="furniture") == 1


def test_an_application_whose_message_is_refused_for_good_may_be_made_again(hub: Hub) -> None:
    item = filed(hub, 120)
    hub.window.refuses = {"CEB605Message"}
    cancel(hub, item)
    hub.dispatch()
    assert (application(hub)[1], hub.cases()) == ("refused", ["message_refused"])
    assert cancel(hub, item) == 2


def test_a_release_that_crosses_the_approval_opens_a_case(hub: Hub) -> None:
    item = filed(hub, 120)
    cancel(hub, item)
    hub.dispatch()
    hub.answer(item, 800)
    answer_application(hub, 399)
    assert hub.cases() == ["contradictory_receipts"]


def test_the_timeline_tells_the_application_among_the_lists_steps(hub: Hub) -> None:
    item = filed(hub, 2, 120)
    hub.clock.advance(minutes=1)
    cancel(hub, item)
    hub.clock.advance(minutes=1)
    hub.dispatch()
    answer_application(hub, 2, 3, 399)
    with hub.database.reading() as connection:
        steps = timeline(connection, item.id)
        found = list_detail(connection, hub.vault, scope_of(connection, None), item.id)
    told = [(step.kind, step.code) for step in steps if step.document == "cancellation"]
    assert told == [("filed", None), ("sent", None), ("receipt", 2), ("receipt", 3), ("receipt", 399)]
    assert all(step.expected for step in steps if step.kind == "receipt" and step.document == "cancellation")
    assert found is not None
    assert [(each.state, each.reason, each.pending) for each in found.cancellations] == [("399", "买家取消订单", False)]
    assert not found.cancel.allowed
