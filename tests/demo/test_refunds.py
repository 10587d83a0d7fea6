"""The demo's refund claims were filed days ago, and the mock bureau is told what to make of the right ones."""

from datetime import UTC, datetime

import pytest

from ccezone.demo.entering import found_special_area
from ccezone.demo.leaving import found_prerefunds
from ccezone.demo.refunds import found_refunds
from ccezone.demo.zone import found_zone
from ccezone.deployment import PLAYED
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from schemas.codes import rows

CLOCK = FixedClock(datetime(2026, 5, 20, 2, 0, tzinfo=UTC))
_CLAIMS = """
SELECT c.number - (SELECT min(number) FROM refund_claim) + 1, e.uscc, c.state, (SELECT created_at FROM refund_message m
    WHERE m.claim_id = c.id AND m.sent_at IS NULL) FROM refund_claim c JOIN enterprise e ON e.id = c.merchant_id ORDER BY c.number
"""
_DAYS = "SELECT paid_at::date - accepted_on FROM refund_claim WHERE state = 'paid'"


@pytest.mark.storage
def test_the_demos_claims_took_days_and_the_bureau_is_told_of_those_that_are_filed(database: Database) -> None:
    found_zone(database, CLOCK)
    found_prerefunds(database, "GZ", CLOCK)
    found_special_area(database, "GZ", CLOCK)
    found_refunds(database, "GZ", CLOCK)
    named = {row["uscc"]: row["key"] for row in rows("example_parties")}
    with database.reading() as connection:
        filed = {
            f"TR{number:08d}": (named[uscc], at) for number, uscc, state, at in fetch(connection, _CLAIMS) if state == "submitted"
        }
        assert fetch(connection, _DAYS) == [(8,), (8,)]
    assert {claim: (firm, (CLOCK.now() - at).days) for claim, (firm, at) in filed.items()} == {
        "TR00000004": ("furniture", 12),
        "TR00000005": ("textiles", 15),
        "TR00000006": ("textiles", 6),
    }
    assert PLAYED == {"TR00000004": "doubt", "TR00000006": "linger"}
