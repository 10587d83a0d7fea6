"""Changing lists: freely before they are sent; after that as a change with its own guid, which customs' system may refuse."""

import pytest
from psycopg.types.json import Jsonb

from ccezone.declarations.rules.wishes import Wish
from ccezone.kernel.errors import NotFound, Refused
from tests.declarations.filing import application, cancel, change, filed
from tests.hub.bills import export_bills
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
USED = "SELECT coalesce(sum(CASE kind WHEN 'use' THEN amount ELSE -amount END), 0) FROM quota_entry"


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    """What was refused."""
    return [fault.code for fault in refusal.value.faults]


def test_a_change_is_a_submission_of_its_own_that_names_customs_numbers(hub: Hub) -> None:
    item = filed(hub, 2, 120)
    assert change(hub, item, note="更正备注")
    assert (hub.states(), hub.only_list().submission) == (["queued"], 2)
    hub.dispatch()
    body = hub.window.sent[-1].body.decode()
    for said in ("<ceb:appType>2<", "更正备注", str(item.list_no), str(hub.submission_of(item, 2)).upper()):
        assert said in body
    hub.answer(item, 2, 120)
    assert hub.states() == ["120"]


@pytest.mark.parametrize("code", [2, 3, 120, 100, -621004])
def test_before_review_and_after_a_rejection_a_list_may_be_changed(hub: Hub, code: int) -> None:
    assert change(hub, filed(hub, code), note="更正")


@pytest.mark.parametrize("last", [300, 399, 400, 500, 800, 430])
def test_once_reviewed_it_may_not(hub: Hub, last: int) -> None:
    item = filed(hub, 120, last)
    with pytest.raises(Refused) as refusal:
        change(hub, item, note="更正")
    assert codes(refusal) == ["declaration_not_changeable"]


def test_a_change_waits_for_the_end_of_an_application_to_cancel(hub: Hub) -> None:
    item = filed(hub, 120)
    cancel(hub, item)
    with pytest.raises(Refused) as refusal:
        change(hub, item, note="更正")
    assert codes(refusal) == ["cancellation_pending"]
    assert application(hub)[1] == "queued"


def test_what_says_the_same_is_no_change(hub: Hub) -> None:
    item = filed(hub, 120)
    with pytest.raises(Refused) as refusal:
        change(hub, item, customs_code=item.content["customs_code"])
    assert (codes(refusal), hub.count("declaration_wish")) == (["nothing_changed"], 0)


def test_a_change_that_breaks_a_rule_is_refused_with_the_rule(hub: Hub) -> None:
    item = filed(hub, 120)
    with pytest.raises(Refused) as refusal:
        change(hub, item, net_weight="999")
    assert (codes(refusal), hub.states(), hub.count("submission")) == (["list_rule"], ["120"], 1)


def test_a_change_that_fits_no_message_is_refused_with_its_field(hub: Hub) -> None:
    item = filed(hub, 120)
    with pytest.raises(Refused) as refusal:
        change(hub, item, voyage_no="V" * 33)
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/voyage_no", "too_long")]


def test_a_refused_change_leaves_what_customs_holds(hub: Hub) -> None:
    item = filed(hub, 2, 120, flow="I")
    used = hub.rows(USED)
    change(hub, item, note="更正")
    hub.dispatch()
    hub.answer(item, -621012)
    now = hub.only_list()
    assert (now.state, now.content, hub.rows(USED)) == ("120", item.content, used)
    hub.answer(item, 800, submission=1)
    assert (hub.states(), hub.rows(USED)) == (["800"], used)


def test_receipts_of_the_former_filing_that_come_before_the_refusal_count_once_it_is_there(hub: Hub) -> None:
    item = filed(hub, 2, 120)
    change(hub, item, note="更正")
    hub.dispatch()
    hub.answer(item, 300, submission=1)
    assert hub.states() == ["sent"]
    hub.answer(item, -603001, submission=2)
    assert hub.states() == ["300"]
    hub.answer(item, 399, 400, submission=1)
    assert hub.states() == ["400"]


def test_after_a_refused_change_the_next_filing_has_a_number_of_its_own(hub: Hub) -> None:
    item = filed(hub, 2, 120)
    change(hub, item, note="更正")
    hub.dispatch()
    hub.answer(item, -603001)
    assert change(hub, item, note="再更正")
    assert hub.only_list().submission == 3
    hub.dispatch()
    hub.answer(item, 120)
    assert hub.states() == ["120"]


def test_before_it_is_sent_a_list_is_prepared_again_with_what_was_wished(hub: Hub) -> None:
    hub.change("UPDATE enterprise SET auto_submit = false")
    hub.change("UPDATE parameter SET value = %(no)s WHERE key = 'filing.auto_submit'", no=Jsonb(False))
    hub.matched(*export_bills())
    item = hub.only_list()
    assert not change(hub, item, by="furniture", note="写明", pod="502")
    hub.merge()
    made = hub.only_list()
    assert (made.state, made.content["note"], made.content["pod"]) == ("ready", "写明", "502")
    change(hub, item, note="")
    hub.merge()
    assert "note" not in hub.only_list().content, "an empty text takes back what was stated"
    assert hub.only_list().content["pod"] == "502"


def test_a_rivals_list_looks_like_none(hub: Hub) -> None:
    item = filed(hub, 120)
    with pytest.raises(NotFound):
        change(hub, item, by="oranges", note="更正")


def test_what_a_mode_does_not_state_is_refused(hub: Hub) -> None:
    item = filed(hub, 120)
    with pytest.raises(Refused) as refusal:
        change(hub, item, wish=Wish(head={"assure_code": "4403960X99"}))
    assert codes(refusal) == ["not_stated_in_mode"]
