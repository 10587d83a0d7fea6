"""The demo's reporting chain: every state there is, one park's report accepted, somebody late."""

from datetime import UTC, datetime

import pytest

from ccezone.demo.reporting import found_reports
from ccezone.demo.zone import found_zone
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault
from ccezone.subscribing import subscriptions
from ccezone.terms import Terms

pytestmark = pytest.mark.storage
CLOCK = FixedClock(datetime(2026, 5, 20, 2, 0, tzinfo=UTC))


def test_the_demo_shows_reports_in_every_state_and_doubles_nothing(database: Database) -> None:
    database.subscriptions = subscriptions(PersonalVault(bytes(32)), Terms.of("GZ"))
    found_zone(database, CLOCK)
    found_reports(database, "GZ", CLOCK)
    found_reports(database, "GZ", CLOCK)
    with database.reading() as connection:
        states = fetch(connection, "SELECT level, state, count(*) FROM filed_report GROUP BY 1, 2 ORDER BY 1, 2")
        late = fetch(connection, "SELECT count(*) FROM report_lateness WHERE enterprise_id IS NOT NULL")[0][0]
        doubts = fetch(connection, "SELECT count(*) FROM filed_report WHERE jsonb_array_length(variances) > 0")[0][0]
    assert states == [
        ("firm", "accepted", 6),
        ("firm", "sent_back", 1),
        ("firm", "submitted", 1),
        ("park", "accepted", 1),
    ]
    assert late
    assert doubts
