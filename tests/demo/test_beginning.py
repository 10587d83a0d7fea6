"""The demo's month begins a month back in an empty hub, and never in one that has traffic; releases of the past are found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ccezone.demo import pacing
from ccezone.demo.pacing import START, Pace, begin_month
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.demo_clock import TERM, DemoClock, clock_file
from ccezone.storage.lateness import lateness
from ccezone.tax_refunds.service.ledger import keep_ledger
from tests.declarations.filing import filed
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def test_an_empty_hub_begins_a_month_back_and_takes_releases_of_the_past_into_its_ledger(hub: Hub, tmp_path: Path) -> None:
    keep_ledger(hub.database, FixedClock(datetime(2027, 1, 1, tzinfo=UTC)))
    assert begin_month(hub.database, tmp_path, hub.clock)
    assert DemoClock(clock_file(tmp_path), hub.clock).now() == hub.clock.now() - START
    hub.answer(filed(hub, 120), 800)
    hub.receive()
    assert keep_ledger(hub.database, hub.clock) > 0
    assert keep_ledger(hub.database, hub.clock) == 0


def test_a_hub_with_traffic_keeps_its_time(hub: Hub, tmp_path: Path) -> None:
    filed(hub, 120)
    assert not begin_month(hub.database, tmp_path, hub.clock)
    assert not clock_file(tmp_path).exists()


def test_the_clock_waits_for_transactions_that_may_be_dated_before_its_last_leap(hub: Hub, tmp_path: Path) -> None:
    machine = FixedClock(hub.clock.now())
    begin_month(hub.database, tmp_path, machine)
    pace, begun = Pace(clock_file(tmp_path), machine, lambda seconds: machine.advance(seconds=seconds)), machine.now()
    with hub.database.begin() as uow:
        lateness(uow.connection)
        pace.let_in(hub.database)
    assert machine.now() - begun > timedelta(seconds=5)


@pytest.mark.parametrize(("open_for", "waited"), [(20, 20), (3_600, TERM.total_seconds() / 2)])
def test_the_clock_waits_until_such_a_transaction_is_over_but_not_for_ever(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_for: float, waited: float
) -> None:
    machine = FixedClock(hub.clock.now())
    begun, margin = machine.now(), timedelta(seconds=5)

    def late(_connection: object) -> timedelta:
        gone = machine.now() - begun
        return margin + (gone if gone < timedelta(seconds=open_for) else timedelta(0))

    monkeypatch.setattr(pacing, "lateness", late)
    Pace(clock_file(tmp_path), machine, lambda seconds: machine.advance(seconds=seconds)).let_in(hub.database)
    assert machine.now() - begun == timedelta(seconds=waited)
