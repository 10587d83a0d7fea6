"""Three powers in three pairs of hands: who adds people, who grants roles, who reads the trail."""

from itertools import combinations
from uuid import UUID

import pytest

from ccezone.accounts.queries import user
from ccezone.accounts.queries.roles import role_requests
from ccezone.accounts.rules import GRANTABLE, PERMISSIONS, POWERS, Permission, Principal, Role
from ccezone.accounts.rules.powers import grant_faults
from ccezone.accounts.service import (
    Invitation,
    accept,
    add_officer,
    ask_role,
    enable_officer,
    grant_role,
    invite,
    refuse_role,
    relink_officer,
    remove_role,
    sign_in,
    withdraw_role,
)
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotAllowed, NotFound, Refused
from ccezone.storage import Database
from tests.hub.people import PASSWORD, let_in

pytestmark = pytest.mark.storage


def acting(role: Role, user_id: UUID) -> Principal:
    return Principal(role, None, PERMISSIONS[role], user_id=user_id)


class Office:
    """The three administrators, each with an account."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database, self.clock = database, clock
        names = {Role.ADMIN: "系统员", Role.SECURITY_ADMIN: "安全员", Role.AUDIT_ADMIN: "审计员"}
        with database.begin() as uow:
            added = {each: let_in(uow, Invitation(f"{each}@zone.example", name, each), clock) for each, name in names.items()}
        self.system, self.security, self.audit = (acting(each, number) for each, number in added.items())

    def add(self, name: str = "王新", role: Role = Role.ZONE_OFFICER) -> tuple[UUID, UUID]:
        """Add somebody who accepts the link; return their id and the request's."""
        with self.database.begin() as uow:
            link = add_officer(uow, f"{name}@zone.example", name, role, "新入职", self.system, self.clock)
            accept(uow, link.token, PASSWORD, self.clock)
            [row] = role_requests(uow.connection, ["waiting"], name)
        return link.user_id, row.id

    def grant(self, request_id: UUID, by: Principal | None = None) -> None:
        with self.database.begin() as uow:
            grant_role(uow, request_id, by or self.security, self.clock)

    def role(self, user_id: UUID) -> str:
        with self.database.reading() as connection:
            found = user(connection, user_id)
        assert found is not None
        return found.role


@pytest.fixture
def office(database: Database, clock: FixedClock) -> Office:
    return Office(database, clock)


def test_each_power_belongs_to_one_role_and_no_role_has_two() -> None:
    for first, second in combinations(POWERS, 2):
        assert not PERMISSIONS[first] & PERMISSIONS[second]
    for role, held in PERMISSIONS.items():
        assert len(held & set(POWERS.values())) == (1 if role in POWERS else 0), role


def test_no_administrator_does_the_zones_business_or_sees_personal_data() -> None:
    business = PERMISSIONS[Role.ZONE_OFFICER] | PERMISSIONS[Role.FIRM]
    assert all(not PERMISSIONS[role] & business for role in POWERS)
    assert PERMISSIONS[Role.UNASSIGNED] == frozenset()


def test_somebody_new_may_nothing_until_the_security_administrator_grants_it(office: Office) -> None:
    user_id, request_id = office.add()
    assert office.role(user_id) == Role.UNASSIGNED
    office.grant(request_id)
    assert office.role(user_id) == Role.ZONE_OFFICER


def test_whoever_asks_does_not_grant_and_whoever_grants_does_not_ask(office: Office, clock: FixedClock) -> None:
    user_id, request_id = office.add()
    with pytest.raises(NotAllowed):
        office.grant(request_id, office.system)
    with pytest.raises(NotAllowed):
        office.grant(request_id, office.audit)
    with office.database.begin() as uow:
        with pytest.raises(NotAllowed):
            ask_role(uow, user_id, Role.AUDITOR, "x", office.security, clock)
        with pytest.raises(NotAllowed):
            add_officer(uow, "x@zone.example", "x", Role.AUDITOR, "x", office.security, clock)
        with pytest.raises(NotAllowed):
            remove_role(uow, user_id, office.system, clock)


def test_nobody_grants_a_role_to_themself(office: Office, clock: FixedClock) -> None:
    assert office.security.user_id is not None
    with office.database.begin() as uow:
        number = ask_role(uow, office.security.user_id, Role.ZONE_OFFICER, "调岗", office.system, clock)
    with pytest.raises(Refused, match="four_eyes"):
        office.grant(number)


@pytest.mark.parametrize(("held", "wanted"), [(a, b) for a in POWERS for b in POWERS if a != b])
def test_nobody_gets_a_second_power(held: Role, wanted: Role) -> None:
    assert [fault.code for fault in grant_faults(wanted, held, "王", [])] == ["two_powers"]
    assert [fault.code for fault in grant_faults(wanted, Role.UNASSIGNED, "Wang  Wu", [(held, "wang wu")])] == [
        "two_powers_one_person"
    ]
    assert grant_faults(wanted, Role.UNASSIGNED, "王", [(wanted, "王"), (held, "李")]) == []


def test_a_second_account_does_not_get_one_person_a_second_power(office: Office) -> None:
    _user_id, request_id = office.add("审计员", Role.SECURITY_ADMIN)
    with pytest.raises(Refused, match="two_powers_one_person"):
        office.grant(request_id)


def test_a_power_is_taken_away_before_another_is_granted(office: Office, clock: FixedClock) -> None:
    user_id, request_id = office.add("赵安", Role.SECURITY_ADMIN)
    office.grant(request_id)
    with office.database.begin() as uow:
        number = ask_role(uow, user_id, Role.AUDIT_ADMIN, "调岗", office.system, clock)
    with pytest.raises(Refused, match="two_powers"):
        office.grant(number)
    with office.database.begin() as uow:
        remove_role(uow, user_id, office.security, clock)
    office.grant(number)
    assert office.role(user_id) == Role.AUDIT_ADMIN


def test_the_last_of_a_power_keeps_it(office: Office, clock: FixedClock) -> None:
    assert office.audit.user_id is not None
    with office.database.begin() as uow:
        with pytest.raises(Refused, match="last_administrator"):
            remove_role(uow, office.audit.user_id, office.security, clock)
        with pytest.raises(Refused, match="last_administrator"):
            enable_officer(uow, office.audit.user_id, False, office.system, clock)
        with pytest.raises(Refused, match="last_administrator"):
            relink_officer(uow, office.audit.user_id, office.system, clock)


def test_a_new_link_takes_the_role_away_until_it_is_granted_again(office: Office, clock: FixedClock) -> None:
    """Whoever makes a link sees it, and could sign in as its owner: with a role, they would hold two powers."""
    user_id, request_id = office.add()
    office.grant(request_id)
    with office.database.begin() as uow:
        relink_officer(uow, user_id, office.system, clock)
        [again] = role_requests(uow.connection, ["waiting"])
    assert office.role(user_id) == Role.UNASSIGNED
    assert again.wanted == Role.ZONE_OFFICER
    office.grant(again.id)
    assert office.role(user_id) == Role.ZONE_OFFICER


def test_a_change_of_role_ends_the_sessions(office: Office, clock: FixedClock) -> None:
    user_id, request_id = office.add()
    with office.database.begin() as uow:
        assert sign_in(uow, "王新@zone.example", PASSWORD, clock)
    office.grant(request_id)
    with office.database.begin() as uow:
        rows = uow.session.connection().exec_driver_sql("SELECT count(*) FROM web_session WHERE user_id = %s", (user_id,))
        assert rows.scalar_one() == 0


def test_a_request_is_refused_with_a_reason_or_withdrawn_and_decided_once(office: Office, clock: FixedClock) -> None:
    user_id, request_id = office.add()
    with office.database.begin() as uow:
        with pytest.raises(Refused, match="role_asked_already"):
            ask_role(uow, user_id, Role.AUDITOR, "x", office.system, clock)
        with pytest.raises(Refused, match="required"):
            refuse_role(uow, request_id, "", office.security, clock)
        refuse_role(uow, request_id, "未见任命文件", office.security, clock)
        with pytest.raises(Refused, match="proposal_decided"):
            grant_role(uow, request_id, office.security, clock)
        again = ask_role(uow, user_id, Role.AUDITOR, "已补任命文件", office.system, clock)
        withdraw_role(uow, again, office.system, clock)
    assert office.role(user_id) == Role.UNASSIGNED


def test_an_officer_invites_firms_people_only_and_roles_of_firms_are_not_granted(
    office: Office, mei: UUID, clock: FixedClock
) -> None:
    officer = acting(Role.ZONE_OFFICER, UUID(int=4))
    with office.database.begin() as uow:
        for role in GRANTABLE:
            with pytest.raises(Refused, match="invite_other_power"):
                invite(uow, Invitation("x@zone.example", "x", role), officer, clock)
        with pytest.raises(NotFound):
            ask_role(uow, mei, Role.AUDITOR, "x", office.system, clock)
        with pytest.raises(NotFound):
            remove_role(uow, mei, office.security, clock)


def test_only_the_audit_administrator_reads_the_trail() -> None:
    assert {role for role, held in PERMISSIONS.items() if Permission.AUDIT_READ in held} == {Role.AUDIT_ADMIN}
