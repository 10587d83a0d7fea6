"""Receipts nobody knows yet: parked, tried again with growing patience, applied once their document is there."""

from uuid import uuid4

import pytest

from tests.hub.bills import export_bills, order
from tests.hub.harness import Hub
from tests.hub.window import list_receipt, receipt

pytestmark = pytest.mark.storage


def test_an_unknown_receipt_is_parked_once_and_never_dropped(hub: Hub) -> None:
    body = list_receipt(uuid4(), 2, hub.clock.now())
    for _ in range(2):
        hub.window.post(body)
        hub.receive()
    assert (hub.count("parked_receipt"), hub.count("receipt"), hub.window.mailbox) == (1, 0, {})
    for _ in range(20):
        hub.clock.advance(hours=2)
        assert hub.retry_parked() == 0
    assert hub.rows("SELECT tries FROM parked_receipt") == [(20,)]


def test_a_parked_receipt_is_applied_once_its_bill_arrives(hub: Hub) -> None:
    sold = order()
    named = {name: sold.values[name] for name in ("order_no", "platform_code", "merchant_code")}
    hub.window.post(receipt("CEB304Message", 120, hub.clock.now(), **named), "CEB304Message")
    hub.receive()
    assert hub.count("parked_receipt") == 1
    hub.post(sold)
    hub.clock.advance(seconds=5)
    assert hub.retry_parked() == 1
    assert (hub.count("parked_receipt"), hub.count("receipt")) == (0, 1)


def test_a_receipt_that_overtakes_its_own_submission_is_applied_later(hub: Hub) -> None:
    hub.matched(*export_bills())
    hub.dispatch()
    item = hub.only_list()
    guid = hub.submission_of(item)
    hidden = uuid4()
    hub.change("UPDATE submission SET id = %(hidden)s WHERE id = %(guid)s", hidden=hidden, guid=guid)
    hub.window.post(list_receipt(guid, 800, hub.clock.now()))
    hub.receive()
    assert hub.states() == ["sent"]
    hub.change("UPDATE submission SET id = %(guid)s WHERE id = %(hidden)s", hidden=hidden, guid=guid)
    hub.clock.advance(seconds=5)
    hub.retry_parked()
    assert hub.states() == ["800"]


def test_what_is_not_due_waits(hub: Hub) -> None:
    hub.window.post(list_receipt(uuid4(), 2, hub.clock.now()))
    hub.receive()
    assert hub.retry_parked() == 0
    assert hub.rows("SELECT tries FROM parked_receipt") == [(0,)]


def test_patience_grows_to_an_hour(hub: Hub) -> None:
    hub.window.post(list_receipt(uuid4(), 2, hub.clock.now()))
    hub.receive()
    waits = []
    for _ in range(14):
        (due,) = hub.rows("SELECT next_try_at FROM parked_receipt")[0]
        waits.append((due - hub.clock.now()).total_seconds())
        hub.clock.moment = due
        hub.retry_parked()
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == 3600


def test_a_receipt_without_a_guid_of_ours_is_parked_rather_than_lost(hub: Hub) -> None:
    hub.window.post(list_receipt(uuid4(), 2, hub.clock.now(), guid="SOMEBODY-ELSES-GUID-OF-36-CHARACTERS"))
    hub.receive()
    assert hub.count("parked_receipt") == 1
