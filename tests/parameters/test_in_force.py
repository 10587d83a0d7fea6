"""An approved value really acts, from its day: the hub's own terms change with it, and not before."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from ccezone.accounts.rules import PERMISSIONS, Principal, Role
from ccezone.kernel.clock import FixedClock
from ccezone.parameters.rules.proposing import Proposed
from ccezone.parameters.service import approve_proposal, load_defaults, propose
from ccezone.storage import Database
from ccezone.terms import Terms

pytestmark = pytest.mark.storage
CLOCK = FixedClock(datetime(2026, 6, 1, 4, 0, tzinfo=UTC))
EVE, DAY = date(2026, 6, 30), date(2026, 7, 1)


def officer(number: int) -> Principal:
    return Principal(Role.ZONE_OFFICER, None, PERMISSIONS[Role.ZONE_OFFICER], user_id=UUID(int=number))


def decide(database: Database, key: str, value: str) -> None:
    with database.begin() as uow:
        number = propose(uow, "GZ", Proposed("GZ", key, value, DAY, "综试区公告"), officer(1), CLOCK)
        approve_proposal(uow, "GZ", number, officer(2), CLOCK)


@pytest.fixture
def zone(database: Database) -> Database:
    with database.begin() as uow:
        load_defaults(uow, CLOCK)
    return database


def test_a_parcel_limit_holds_from_its_day(zone: Database) -> None:
    decide(zone, "export.b2b_parcel_limit", "3000")
    with zone.reading() as connection:
        limits = [Terms.of("GZ").listing(connection, day).simple[("9710", "E")].limit for day in (EVE, DAY)]
    assert limits == [5000, 3000]


def test_a_tolerance_holds_from_its_day(zone: Database) -> None:
    decide(zone, "matching.tolerance.I02", "1")
    with zone.reading() as connection:
        tolerances = [Terms.of("GZ").merging(connection, day).tolerances["I02"] for day in (EVE, DAY)]
    assert tolerances == [0, 1]


def test_what_gates_filing_holds_from_its_day(zone: Database) -> None:
    decide(zone, "filing.gating_bills.9610.E.A", "order payment waybill")
    with zone.reading() as connection:
        gates = [Terms.of("GZ").listing(connection, day).gates[("9610", "E", "A")] for day in (EVE, DAY)]
    assert gates == [{"order", "waybill"}, {"order", "payment", "waybill"}]
