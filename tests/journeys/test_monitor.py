"""How soon the monitor of a running system shows a release, measured from its commit, through every process."""

import re
import time

import pytest

from tests.hub.bills import import_bills
from tests.hub.waiting import until
from tests.journeys.desk import Desk
from tests.journeys.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.storage, pytest.mark.timeout(420)]
PROMISED = 5.0
"""Seconds from the commit of a release to its number on the monitor."""


def released_today(desk: Desk) -> int:
    """The number of today's tile."""
    found = re.search(r'monitor-number">\s*<(?:a[^>]*data-count="(\d+)"|span)', desk.page("/office/monitor?span=today"))
    assert found is not None
    return int(found[1] or 0)


def test_the_monitor_shows_a_release_within_five_seconds_of_its_commit(system: Running) -> None:
    office = Desk(system, "zone")
    system.post(*import_bills(500))
    system.wait_for(import_bills(500)[0], "800", seconds=30.0)
    until(lambda: released_today(office) > 0, 30.0, what="the first figures")
    for number in range(501, 504):
        before, bills = released_today(office), import_bills(number)
        system.post(*bills)
        system.wait_for(bills[0], "800", seconds=30.0)
        committed = time.monotonic()
        until(lambda before=before: released_today(office) > before, 30.0, what="the release on the monitor")  # type: ignore[misc]
        assert time.monotonic() - committed <= PROMISED
