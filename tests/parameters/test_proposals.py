"""Changing a parameter by four eyes: what is refused, who decides, and from which day it holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from ccezone.accounts.queries import audit_of
from ccezone.accounts.rules import PERMISSIONS, Principal, Role
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotAllowed, Refused
from ccezone.parameters import queries, service
from ccezone.parameters.queries.bounding import bounds, group_of, groups
from ccezone.parameters.queries.values import lines, proposal, proposals, values_of
from ccezone.parameters.rules import written
from ccezone.parameters.rules.proposing import Proposed, value_faults
from ccezone.parameters.tables import ParameterProposal
from ccezone.storage import Database, UnitOfWork

pytestmark = pytest.mark.storage

ZONE = "GZ"
LIMIT = "import.single_limit"
RELIEF = "export.return_relief_months"
TODAY, TOMORROW = date(2026, 6, 1), date(2026, 6, 2)


def person(number: int, role: Role = Role.ZONE_OFFICER) -> Principal:
    return Principal(role, None, PERMISSIONS[role], user_id=UUID(int=number), login=f"{number}@zone.example")


PROPOSER, SECOND = person(1), person(2)
GOOD = Proposed(ZONE, LIMIT, "6000", TOMORROW, "综试区公告 2026 第 1 号")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 6, 1, 4, 0, tzinfo=UTC))


@pytest.fixture
def loaded(database: Database, clock: FixedClock) -> Database:
    with database.begin() as uow:
        service.load_defaults(uow, clock)
    return database


def in_force(database: Database, day: date, key: str = LIMIT) -> object:
    with database.reading() as connection:
        return queries.value(connection, ZONE, key, day)


def proposed(database: Database, clock: FixedClock, wanted: Proposed = GOOD) -> UUID:
    with database.begin() as uow:
        return service.propose(uow, ZONE, wanted, PROPOSER, clock)


def decided(database: Database, clock: FixedClock, wanted: Proposed = GOOD) -> UUID:
    number = proposed(database, clock, wanted)
    with database.begin() as uow:
        service.approve_proposal(uow, ZONE, number, SECOND, clock)
    return number


def refusals(uow: UnitOfWork, clock: FixedClock, wanted: Proposed) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        service.propose(uow, ZONE, wanted, PROPOSER, clock)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


def test_a_proposal_changes_nothing_until_somebody_else_approves_and_its_day_comes(loaded: Database, clock: FixedClock) -> None:
    number = proposed(loaded, clock)
    assert in_force(loaded, TOMORROW) == "5000"
    with loaded.begin() as uow:
        service.approve_proposal(uow, ZONE, number, SECOND, clock)
    assert in_force(loaded, TODAY) == "5000"
    assert in_force(loaded, TOMORROW) == "6000"
    with loaded.reading() as connection:
        found = proposal(connection, number)
        newest = values_of(connection, ZONE, LIMIT)[0]
        [line] = lines(connection, ZONE, TODAY, LIMIT)
        told = audit_of(connection, f"parameter:{LIMIT}")[0]
    assert found is not None
    assert (found.state, found.decided_by) == ("approved", SECOND.user_id)
    assert (newest.proposal_id, newest.parameter.document) == (number, GOOD.document)
    assert line.now is not None
    assert line.next is not None
    assert (line.now.value, line.next.value) == ("5000", "6000")
    assert (told.action, told.detail["before"], told.detail["after"]) == ("parameter.approve", "5000", "6000")


def test_nobody_decides_on_their_own_proposal(loaded: Database, clock: FixedClock) -> None:
    number = proposed(loaded, clock)
    with loaded.begin() as uow:
        with pytest.raises(Refused, match="four_eyes"):
            service.approve_proposal(uow, ZONE, number, PROPOSER, clock)
        with pytest.raises(Refused, match="four_eyes"):
            service.refuse_proposal(uow, number, "不妥", PROPOSER, clock)
    assert in_force(loaded, TOMORROW) == "5000"


def test_the_database_itself_holds_the_four_eyes(loaded: Database, clock: FixedClock) -> None:
    number = proposed(loaded, clock)
    with loaded.begin() as uow:
        row = uow.session.get_one(ParameterProposal, number)
        row.state, row.decided_by = "approved", PROPOSER.user_id
        with pytest.raises(Exception, match="parameter_four_eyes"):
            uow.session.flush()
        uow.session.rollback()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.FIRM])
def test_only_officers_propose_and_decide(loaded: Database, clock: FixedClock, role: Role) -> None:
    number, other = proposed(loaded, clock), person(3, role)
    with loaded.begin() as uow:
        with pytest.raises(NotAllowed):
            service.propose(uow, ZONE, replace(GOOD, effective_from=date(2026, 8, 1)), other, clock)
        with pytest.raises(NotAllowed):
            service.approve_proposal(uow, ZONE, number, other, clock)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"key": "import.lucky_number"}, "/key", "unknown_parameter"),
        ({"value": "much"}, "/value", "parameter_kind"),
        ({"value": ""}, "/value", "required"),
        ({"value": "-1"}, "/value", "parameter_too_small"),
        ({"value": "1e12"}, "/value", "parameter_too_large"),
        ({"key": "import.reduced_tax_factor", "value": "1.5"}, "/value", "parameter_too_large"),
        ({"key": "import.return_apply_days", "value": "30.5"}, "/value", "parameter_kind"),
        ({"key": "data.log_months", "value": "5"}, "/value", "parameter_too_small"),
        ({"key": "filing.gating_bills.9610.E.A", "value": "order invoice"}, "/value", "parameter_unknown_word"),
        ({"key": "registration.remind_days", "value": "60 soon"}, "/value", "parameter_bad_form"),
        ({"key": "filing.auto_submit", "value": "maybe"}, "/value", "parameter_kind"),
        ({"effective_from": TODAY}, "/effective_from", "parameter_begins_past"),
        ({"effective_to": date(2026, 6, 1)}, "/effective_to", "ends_before_begin"),
        ({"document": " "}, "/document", "required"),
        ({"zone": "XX"}, "/zone", "parameter_other_zone"),
        ({"status": "confirmed-law"}, "/status", "required"),
        ({"zone": "CN", "effective_to": date(2026, 12, 31)}, "/effective_to", "parameter_leaves_gap"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(
    loaded: Database, clock: FixedClock, change: dict[str, str], pointer: str, code: str
) -> None:
    with loaded.begin() as uow:
        assert refusals(uow, clock, replace(GOOD, **change)) == [(pointer, code)]  # type: ignore[arg-type]  # one dict serves all


def test_all_faults_are_told_at_once(loaded: Database, clock: FixedClock) -> None:
    with loaded.begin() as uow:
        found = refusals(uow, clock, replace(GOOD, value="x", effective_from=TODAY, document=""))
    assert [pointer for pointer, _code in found] == ["/value", "/effective_from", "/document"]


def test_a_value_for_a_time_gives_way_to_the_nations_after_it(loaded: Database, clock: FixedClock) -> None:
    decided(loaded, clock, replace(GOOD, effective_to=date(2026, 8, 31)))
    assert in_force(loaded, date(2026, 8, 31)) == "6000"
    assert in_force(loaded, date(2026, 9, 1)) == "5000"


@pytest.mark.parametrize(
    ("begin", "end", "fault"),
    [
        (date(2026, 8, 1), None, ("/effective_from", "parameter_overlaps")),
        (date(2026, 6, 15), date(2026, 7, 15), ("/effective_to", "parameter_overlaps")),
        (date(2026, 7, 1), None, ("/effective_from", "parameter_begins_already")),
    ],
)
def test_days_of_another_value_are_left_to_it(
    loaded: Database, clock: FixedClock, begin: date, end: date | None, fault: tuple[str, str]
) -> None:
    decided(loaded, clock, replace(GOOD, effective_from=date(2026, 7, 1), effective_to=date(2026, 8, 31)))
    with loaded.begin() as uow:
        assert refusals(uow, clock, replace(GOOD, effective_from=begin, effective_to=end)) == [fault]
        service.propose(uow, ZONE, replace(GOOD, effective_from=date(2026, 9, 1)), PROPOSER, clock)


def test_the_same_day_is_proposed_once(loaded: Database, clock: FixedClock) -> None:
    proposed(loaded, clock)
    with loaded.begin() as uow:
        assert refusals(uow, clock, replace(GOOD, value="7000")) == [("/effective_from", "parameter_proposed_already")]


def test_an_approval_that_comes_after_the_day_is_refused(loaded: Database, clock: FixedClock) -> None:
    number = proposed(loaded, clock)
    clock.advance(days=2)
    with pytest.raises(Refused, match="parameter_begins_past"), loaded.begin() as uow:
        service.approve_proposal(uow, ZONE, number, SECOND, clock)


def test_a_proposal_is_refused_with_a_reason_or_withdrawn_by_its_proposer_and_decided_once(
    loaded: Database, clock: FixedClock
) -> None:
    number = proposed(loaded, clock)
    with loaded.begin() as uow:
        with pytest.raises(Refused, match="required"):
            service.refuse_proposal(uow, number, " ", SECOND, clock)
        with pytest.raises(Refused, match="proposal_not_yours"):
            service.withdraw_proposal(uow, number, SECOND, clock)
        service.refuse_proposal(uow, number, "依据不足", SECOND, clock)
        with pytest.raises(Refused, match="proposal_decided"):
            service.approve_proposal(uow, ZONE, number, SECOND, clock)
        again = service.propose(uow, ZONE, GOOD, PROPOSER, clock)
        service.withdraw_proposal(uow, again, PROPOSER, clock)
    with loaded.reading() as connection:
        states = [row.state for row in proposals(connection, ["refused", "withdrawn"])]
    assert states == ["withdrawn", "refused"]
    assert in_force(loaded, TOMORROW) == "5000"


def test_a_value_to_come_is_taken_back_by_four_eyes_and_can_be_set_anew(loaded: Database, clock: FixedClock) -> None:
    number = decided(loaded, clock, replace(GOOD, effective_from=date(2026, 7, 1)))
    with loaded.begin() as uow:
        cancel = service.propose_cancel(uow, ZONE, number, "金额有误", PROPOSER, clock)
    with pytest.raises(Refused, match="four_eyes"), loaded.begin() as uow:
        service.approve_proposal(uow, ZONE, cancel, PROPOSER, clock)
    with loaded.begin() as uow:
        service.approve_proposal(uow, ZONE, cancel, SECOND, clock)
    assert in_force(loaded, date(2026, 7, 1)) == "5000"
    decided(loaded, clock, replace(GOOD, effective_from=date(2026, 7, 1), value="5500"))
    assert in_force(loaded, date(2026, 7, 1)) == "5500"


def test_a_value_that_has_begun_is_not_taken_back(loaded: Database, clock: FixedClock) -> None:
    number = decided(loaded, clock)
    clock.advance(days=1)
    with pytest.raises(Refused, match="parameter_begun"), loaded.begin() as uow:
        service.propose_cancel(uow, ZONE, number, "金额有误", PROPOSER, clock)


def test_a_book_in_use_learns_of_an_approved_value_within_seconds(loaded: Database, clock: FixedClock) -> None:
    tick = 0.0
    book = queries.CachedBook(ZONE, monotonic=lambda: tick)
    with loaded.reading() as connection:
        assert book.current(connection).decimal(LIMIT, TOMORROW) == 5000
    decided(loaded, clock)
    tick = 6.0
    with loaded.reading() as connection:
        assert book.current(connection).decimal(LIMIT, TOMORROW) == 6000


def test_every_shipped_value_lies_within_its_bounds_and_every_group_has_a_name() -> None:
    for row in queries.defaults():
        key = queries.catalogue()[row.key]
        if written(row.value):
            assert value_faults(key.kind, bounds(key), written(row.value)) == [], row.key
    assert {group_of(key) for key in queries.catalogue()} - {"exchange"} <= set(groups())


def test_no_shipped_value_is_due_to_end_without_one_that_follows_within_a_month() -> None:
    soon = TODAY + timedelta(days=31)
    ending = {row.key for row in queries.defaults() if row.effective_to is not None and TODAY <= row.effective_to <= soon}
    assert ending == set()
