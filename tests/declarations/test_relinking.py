"""A parcel that its order no longer names: what was prepared for it is not filed, and nothing more is filed for it."""

import pytest

from ccezone.declarations.service import submit_list
from ccezone.kernel.errors import Refused
from tests.declarations.filing import change, filed
from tests.hub.bills import Bill, export_bills, link
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def relink(hub: Hub, bills: list[Bill]) -> Bill:
    """Let the order travel in another waybill than the one its list was made for; return the new link."""
    sold, _, sent, linked = bills
    other = sent.but(waybill_no="WE20260105999999999")
    hub.clock.advance(minutes=5)
    hub.post(linked.deleted(), other, relinked := link(sold, other))
    hub.merge()
    assert hub.match(sold).fileable
    return relinked


def parcels(hub: Hub) -> dict[str, str]:
    """The states of the lists by their waybill."""
    return {each.waybill_no: each.state for each in hub.lists()}


def test_a_list_not_sent_yet_is_held_and_the_parcels_own_list_is_filed(hub: Hub) -> None:
    bills = export_bills()
    hub.matched(*bills)
    relink(hub, bills)
    assert parcels(hub) == {bills[2]["waybill_no"]: "held", "WE20260105999999999": "queued"}
    hub.dispatch()
    assert parcels(hub) == {bills[2]["waybill_no"]: "held", "WE20260105999999999": "sent"}


def test_a_parcel_that_is_named_again_has_its_list_filed_again(hub: Hub) -> None:
    bills = export_bills()
    hub.matched(*bills)
    relinked = relink(hub, bills)
    hub.clock.advance(minutes=5)
    hub.post(relinked.deleted(), bills[3].changed(minutes=2).but(app_type="1"))
    hub.merge()
    assert parcels(hub) == {bills[2]["waybill_no"]: "queued", "WE20260105999999999": "held"}


@pytest.mark.parametrize("code", [100, 120])
def test_neither_a_change_nor_another_filing_goes_out_for_it(hub: Hub, code: int) -> None:
    bills = export_bills()
    item = filed(hub, code, bills=bills)
    relink(hub, bills)
    with pytest.raises(Refused) as refusal:
        change(hub, item, note="更正")
    assert [fault.code for fault in refusal.value.faults] == ["bills_not_fileable"]
    if code == 100:
        with pytest.raises(Refused) as refusal:
            submit_list(hub.database, hub.vault, hub.clock, item.id, None, "clerk")
        assert [fault.code for fault in refusal.value.faults] == ["bills_not_fileable"]
    assert parcels(hub)[item.waybill_no] == str(code)
