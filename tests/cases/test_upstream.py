"""Upstream systems: judged by what the workers' own calls met; outages announced, ended, withdrawn."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from ccezone.cases.queries import current_outages, past_outages, seen_of
from ccezone.cases.rules.upstream import SOURCES, Bounds, Sight, Standing, standing_of
from ccezone.cases.service import By, OutageEntry, Sightings, drop_old_sightings, end_outage, withdraw_outage, write_outage
from ccezone.clearance.ports import OutgoingMessage, SingleWindowRefused, SingleWindowUnavailable
from ccezone.clearance.service.watching import WatchedWindow
from ccezone.fx.ports import BankInstruction, BankRefused
from ccezone.fx.service.watching import WatchedBank
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database
from ccezone.tax_refunds.ports import BureauMessage, TaxBureauRefused
from ccezone.tax_refunds.service.watching import WatchedBureau
from integrations.mockservers.bank.app import create_app as bank_app
from integrations.mockservers.bank.store import BankStore
from integrations.mockservers.tax_bureau.app import create_app as bureau_app
from integrations.mockservers.tax_bureau.store import BureauStore
from schemas.codes import code_list
from tests.fx.money import BankAtHand
from tests.hub.harness import Hub
from tests.hub.window import FakeSingleWindow
from tests.tax_refunds.claiming import BureauAtHand

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
BOUNDS = Bounds(timedelta(minutes=10), 20, timedelta(minutes=10))
LI = By("user:li", "李")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("sight", "standing"),
    [
        (Sight(None, 0, 0, None), Standing.UNKNOWN),
        (Sight(None, 3, 3, None), Standing.DOWN),
        (Sight(NOW - 10 * MINUTE, 0, 0, None), Standing.GOOD),
        (Sight(NOW - 11 * MINUTE, 0, 0, None), Standing.DOWN),
        (Sight(NOW, 100, 19, None), Standing.GOOD),
        (Sight(NOW, 100, 20, None), Standing.AILING),
        (Sight(NOW, 100, 20, 11 * MINUTE), Standing.AILING),
        (Sight(NOW, 100, 0, 11 * MINUTE), Standing.SLOW),
        (Sight(NOW, 100, 0, 10 * MINUTE), Standing.GOOD),
    ],
)
def test_a_source_stands_as_its_calls_went(sight: Sight, standing: Standing) -> None:
    assert standing_of(sight, BOUNDS, NOW) == standing


def test_every_source_has_a_name() -> None:
    assert set(SOURCES) == set(code_list("upstream_sources").codes)


def message(kind: str = "CEB603Message") -> OutgoingMessage:
    return OutgoingMessage(uuidv7(), kind, b"<x/>")


@pytest.mark.storage
def test_calls_are_counted_as_they_went(database: Database) -> None:
    clock = FixedClock(NOW)
    window, sightings = FakeSingleWindow(down={"CEB605Message"}, refuses={"CEB621Message"}), Sightings(clock)
    watched = WatchedWindow(window, sightings)
    watched.send(message())
    with pytest.raises(SingleWindowUnavailable):
        watched.send(message("CEB605Message"))
    with pytest.raises(SingleWindowRefused):
        watched.send(message("CEB621Message"))
    window.post(b"<y/>")
    watched.acknowledge([each.mailbox_id for each in watched.collect(10)])
    sightings.keep(database)
    with database.reading() as connection:
        sent, received = seen_of(connection, "single_window", NOW)
    assert (sent.direction, sent.calls, sent.failed, sent.refused, sent.documents) == ("send", 3, 1, 1, 2)
    assert (sent.worked_at, sent.failed_at, sent.error, sent.failed_pct) == (NOW, NOW, "no answer", 33)
    assert (received.direction, received.calls, received.documents, received.failed_at) == ("receive", 1, 1, None)


@pytest.mark.storage
def test_tax_bureau_and_bank_are_watched_alike(database: Database, tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    sightings = Sightings(clock)
    bureau = WatchedBureau(BureauAtHand(bureau_app(BureauStore(tmp_path / "bureau.sqlite"), clock).test_client()), sightings)
    bank = WatchedBank(BankAtHand(bank_app(BankStore(tmp_path / "bank.sqlite"), clock).test_client()), sightings)
    assert bureau.notices(0, 10) == []
    assert (list(bank.notices(0, 10)), list(bank.files(0, 10))) == ([], [])
    with pytest.raises(TaxBureauRefused):
        bureau.send(BureauMessage(uuidv7(), "answer", "TR00000001", {}))
    with pytest.raises(BankRefused):
        bank.send(BankInstruction(uuidv7(), "FI1", "no_such_action", "1", "R1", "502", Decimal(1), converts=True, note=""))
    sightings.keep(database)
    with database.reading() as connection:
        found = {(source, each.direction): each for source in ("tax_bureau", "bank") for each in seen_of(connection, source, NOW)}
    assert [(found[name, "receive"].calls, found[name, "receive"].failed) for name in ("tax_bureau", "bank")] == [(1, 0), (2, 0)]
    assert [found[name, "send"].refused for name in ("tax_bureau", "bank")] == [1, 1]


@pytest.mark.storage
def test_many_processes_add_to_one_minute_and_each_writes_now_and_then(database: Database) -> None:
    clock, seconds = FixedClock(NOW), [0.0]
    one, other = Sightings(clock, lambda: seconds[0]), Sightings(clock, lambda: seconds[0])
    for each in (one, other):
        each.worked("single_window", "send", 40)
        each.keep(database)
    one.worked("single_window", "send", 40)
    one.keep(database)
    with database.reading() as connection:
        assert seen_of(connection, "single_window", NOW)[0].calls == 2, "it is not time yet"
    seconds[0] = 5.0
    one.keep(database)
    with database.reading() as connection:
        (sent,) = seen_of(connection, "single_window", NOW)
    assert (sent.calls, sent.mean_milliseconds) == (3, 40)
    clock.advance(hours=24 * 31)
    assert drop_old_sightings(database, clock) == 1


def outage(
    hub: Hub, begins: timedelta = timedelta(0), ends: timedelta | None = None, changes: Mapping[str, str] | None = None
) -> UUID:
    texts = {"title_zh": "系统维护", "title_en": "Maintenance", "text_zh": "暂停收发", "text_en": "No exchange", **(changes or {})}
    now = hub.clock.now()
    with hub.database.begin() as uow:
        entry = OutageEntry(**{"source": "single_window", **texts}, begins_at=now + begins, ends_at=now + ends if ends else None)
        return write_outage(uow, entry, LI, now)


@pytest.mark.storage
def test_an_outage_is_announced_under_way_and_over(hub: Hub) -> None:
    outage(hub, timedelta(hours=1), timedelta(hours=3))
    with hub.database.reading() as connection:
        (announced,) = current_outages(connection, hub.clock.now())
        assert not announced.under_way(hub.clock.now())
        hub.clock.advance(hours=2)
        assert announced.under_way(hub.clock.now())
        hub.clock.advance(hours=1)
        assert list(current_outages(connection, hub.clock.now())) == []
        assert [each.id for each in past_outages(connection, hub.clock.now())] == [announced.id]


@pytest.mark.storage
def test_an_outage_without_an_end_is_ended_by_an_officer(hub: Hub) -> None:
    wanted = outage(hub)
    hub.clock.advance(minutes=5)
    with hub.database.begin() as uow:
        end_outage(uow, wanted, LI, hub.clock.now())
        with pytest.raises(NotFound):
            end_outage(uow, wanted, LI, hub.clock.now())
        assert list(current_outages(uow.connection, hub.clock.now())) == []
        assert len(past_outages(uow.connection, hub.clock.now())) == 1


@pytest.mark.storage
def test_a_withdrawn_notice_is_seen_by_nobody(hub: Hub) -> None:
    wanted = outage(hub)
    with hub.database.begin() as uow:
        withdraw_outage(uow, wanted, LI, hub.clock.now())
        assert list(current_outages(uow.connection, hub.clock.now())) == []
        with pytest.raises(NotFound):
            withdraw_outage(uow, wanted, LI, hub.clock.now())


@pytest.mark.storage
@pytest.mark.parametrize(
    ("changes", "ends", "fault"),
    [
        ({"title_en": " "}, None, "required"),
        ({"source": "moon"}, None, "upstream_source"),
        ({}, timedelta(hours=-1), "ends_before_begin"),
    ],
)
def test_a_notice_says_everything_in_both_languages(hub: Hub, changes: dict[str, str], ends: timedelta | None, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        outage(hub, ends=ends, changes=changes)
