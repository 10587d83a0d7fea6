"""Two deliveries of the same bill at the same time: one row, one answer each."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from ccezone.bills.service import BatchOutcome, BillsTakenIn
from ccezone.storage import UnitOfWork
from tests.hub.bills import Bill, order
from tests.hub.harness import Hub
from tests.hub.waiting import until_a_session_waits

pytestmark = pytest.mark.storage


def deliver_at_once(hub: Hub, *bills: Bill) -> list[BatchOutcome]:
    """Deliver bills; the first to have stored its own commits only once another one has run into it."""
    first = threading.Lock()

    def hold(_: UnitOfWork, __: object) -> None:
        if first.acquire(blocking=False):
            until_a_session_waits(hub.database)

    hub.database.subscriptions = {BillsTakenIn: [*hub.database.subscriptions[BillsTakenIn], hold]}
    with ThreadPoolExecutor(len(bills)) as pool:
        return list(pool.map(hub.post_together, bills))


def test_the_same_bill_delivered_twice_at_once_is_one_row(hub: Hub) -> None:
    outcomes = deliver_at_once(hub, order(), order(), order())
    assert sorted((outcome.replayed, outcome.rejected) for outcome in outcomes) == [(0, 0), (1, 0), (1, 0)]
    assert (hub.count("order_version"), hub.count("outbox_item"), hub.count("intake_batch")) == (1, 1, 3)


def test_two_different_bills_of_one_number_at_once_leave_one_accepted(hub: Hub) -> None:
    outcomes = deliver_at_once(hub, order(), order(freight=Decimal(1)))
    assert sorted([item.fault.code for item in outcome.faults] for outcome in outcomes) == [[], ["already_exists"]]
    assert hub.count("order_version") == 1
