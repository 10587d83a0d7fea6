"""The outbox: work is written with what decided it, and read back in order."""

from datetime import timedelta

import pytest

from ccezone.kernel.ids import uuidv7
from ccezone.outbox.queries import events_of, waiting_to_be_packed
from ccezone.outbox.service import enqueue_batch, enqueue_submissions, record_event
from ccezone.storage import UnitOfWork
from tests.hub.bills import order
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def test_work_is_queued_with_the_transaction_that_decided_it_or_not_at_all(hub: Hub) -> None:
    def decide(uow: UnitOfWork) -> None:
        enqueue_submissions(uow, "CEB603Message", "360796Y013", [uuidv7()], hub.clock.now())
        raise RuntimeError("the reason goes away")

    with pytest.raises(RuntimeError), hub.database.begin() as uow:
        decide(uow)
    assert hub.count("outbox_item") == 0


def test_a_whole_batch_and_a_part_of_one_are_told_apart(hub: Hub) -> None:
    with hub.database.begin() as uow:
        enqueue_batch(uow, "CEB303Message", "360796Y007", uuidv7(), None, hub.clock.now())
        enqueue_batch(uow, "CEB303Message", "360796Y007", uuidv7(), [0, 2], hub.clock.now())
    assert hub.rows("SELECT positions FROM outbox_item ORDER BY id") == [(None,), ([0, 2],)]


def test_how_much_waits_and_since_when(hub: Hub) -> None:
    with hub.database.reading() as connection:
        assert (waiting_to_be_packed(connection).number, waiting_to_be_packed(connection).since) == (0, None)
    since = hub.clock.now()
    hub.post(order(1))
    hub.clock.advance(minutes=5)
    hub.post(order(5))
    with hub.database.reading() as connection:
        waiting = waiting_to_be_packed(connection)
    assert (waiting.number, waiting.since) == (2, since)


def test_work_that_is_not_due_yet_waits(hub: Hub) -> None:
    hub.post(order())
    hub.change("UPDATE outbox_item SET available_at = available_at + interval '1 minute'")
    assert hub.pack() == 0
    hub.clock.advance(minutes=1)
    assert hub.pack() == 1


def test_events_of_a_document_are_told_in_order_and_of_no_other(hub: Hub) -> None:
    at = hub.clock.now()
    with hub.database.begin() as uow:
        record_event(uow, "list", 1, at + timedelta(minutes=1), "second", "clerk", {"why": "因为"})
        record_event(uow, "list", 1, at, "first")
        record_event(uow, "list", 2, at, "elsewhere")
        record_event(uow, "order", 1, at, "another kind")
    with hub.database.reading() as connection:
        found = events_of(connection, "list", 1)
    assert [(event.kind, event.actor, event.detail) for event in found] == [("first", "", {}), ("second", "clerk", {"why": "因为"})]
