"""The demo's refunds upon leaving: one of its firm's consignments is settled in part, one must be repaid; a second time nothing."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ccezone.bootstrap import LEDGERS
from ccezone.demo.leaving import found_prerefunds
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.tax_refunds.queries.leave import search_prerefunds
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def test_the_demo_holds_a_pre_refund_in_its_window_and_one_that_lapsed(hub: Hub) -> None:
    clock = FixedClock(datetime(2026, 11, 22, 4, tzinfo=UTC))
    assert found_prerefunds(hub.database, "GZ", clock) == 2
    assert found_prerefunds(hub.database, "GZ", clock) == 0
    today = clock.now().astimezone(SHANGHAI).date()
    with hub.database.reading() as connection:
        rows = search_prerefunds(connection, None, today)
        found = [each for ledger in LEDGERS for each in ledger(connection, today) if each.ledger == "prerefunds"]
    told = sorted((each.state, int(each.settled), int(each.uncounted)) for each in rows)
    assert told == [("open", 400, 80), ("recovered", 0, 300)]
    assert all(each.quantity in (Decimal(1800), Decimal(720)) for each in rows)
    assert [each for each in found if not each.stands] == []
