"""Filing by hand: what is ready or was rejected, whose bills agree, and only one's own."""

import pytest
from psycopg.types.json import Jsonb

from ccezone.declarations.service import submit_list
from ccezone.kernel.errors import NotFound, Refused
from tests.hub.bills import export_bills, import_bills
from tests.hub.harness import Hub, ListRow

pytestmark = pytest.mark.storage


def a_ready_list(hub: Hub, flow: str = "E") -> ListRow:
    """A list that nobody files automatically."""
    hub.change("UPDATE enterprise SET auto_submit = false")
    hub.change("UPDATE parameter SET value = %(no)s WHERE key = 'filing.auto_submit'", no=Jsonb(False))
    hub.matched(*(export_bills() if flow == "E" else import_bills()))
    item = hub.only_list()
    assert item.state == "ready"
    return item


def submit(hub: Hub, item: ListRow, by: str | None = None) -> None:
    """File a list in the name of one of the cast, or of the office."""
    merchant = hub.party(by).id if by else None
    submit_list(hub.database, hub.vault, hub.clock, item.id, merchant, "clerk")


def test_a_ready_list_is_filed_by_hand_and_the_log_says_by_whom(hub: Hub) -> None:
    item = a_ready_list(hub)
    submit(hub, item, "furniture")
    assert hub.states() == ["queued"]
    assert hub.rows("SELECT kind, actor FROM event_log") == [("submitted_by_hand", "clerk")]
    hub.dispatch()
    assert hub.states() == ["sent"]


def test_an_import_filed_by_hand_counts_and_names_its_buyer(hub: Hub) -> None:
    item = a_ready_list(hub, "I")
    submit(hub, item, "milk")
    hub.dispatch()
    assert hub.count("quota_entry") == 1
    assert import_bills()[0]["buyer_id_number"].encode() in hub.window.sent_of("CEB621Message").body


def test_a_rivals_list_looks_like_none(hub: Hub) -> None:
    item = a_ready_list(hub)
    with pytest.raises(NotFound):
        submit(hub, item, "oranges")
    assert hub.states() == ["ready"]


@pytest.mark.parametrize("state", ["held", "incomplete", "queued", "sent", "120", "800"])
def test_a_list_in_another_state_is_not_filed(hub: Hub, state: str) -> None:
    item = a_ready_list(hub)
    hub.change("UPDATE declaration_state SET state = %(state)s", state=state)
    with pytest.raises(Refused) as refusal:
        submit(hub, item)
    assert [fault.code for fault in refusal.value.faults] == ["declaration_not_submittable"]
    assert hub.count("submission") == 0


def test_a_rejected_list_is_filed_again_as_a_new_submission_of_its_own_guid(hub: Hub) -> None:
    item = a_ready_list(hub)
    submit(hub, item)
    hub.dispatch()
    hub.answer(item, -10102)
    submit(hub, item)
    assert hub.only_list().submission == 2
    assert hub.submission_of(item, 1) != hub.submission_of(item, 2)


def test_a_rejected_list_whose_bills_disagree_is_not_filed_again(hub: Hub) -> None:
    bills = import_bills()
    hub.matched(*bills)
    hub.dispatch()
    item = hub.only_list()
    hub.answer(item, 100)
    hub.post(bills[1].changed(amount=bills[0].values["tax_total"]))
    hub.merge()
    with pytest.raises(Refused) as refusal:
        submit(hub, item)
    assert [fault.code for fault in refusal.value.faults] == ["bills_not_fileable"]
    assert hub.states() == ["100"]
