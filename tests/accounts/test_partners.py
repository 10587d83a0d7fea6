"""Partner organisations: kept by one power, their people let in by another, shut out together with their machines."""

from uuid import UUID

import pytest

from ccezone.accounts.queries import authenticate_session, authenticate_token, user
from ccezone.accounts.queries.partners import search_partners
from ccezone.accounts.queries.roles import role_requests
from ccezone.accounts.rules import BANK_CREDENTIAL, FIRM, PERMISSIONS, Permission, Principal, Role
from ccezone.accounts.service import (
    Invitation,
    PartnerEntry,
    accept,
    add_partner,
    ask_role,
    grant_role,
    invite,
    invite_to_partner,
    issue_credential,
    set_partner_active,
    sign_in,
)
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotAllowed, Refused
from ccezone.storage import Database
from tests.hub.people import PASSWORD

pytestmark = pytest.mark.storage
SYSTEM, SECURITY, OFFICER = (
    Principal(role, None, PERMISSIONS[role], user_id=UUID(int=number))
    for number, role in enumerate((Role.ADMIN, Role.SECURITY_ADMIN, Role.ZONE_OFFICER), 1)
)
BANK = PartnerEntry("bank", "BANK-7", "第七银行")


def a_partner(database: Database, clock: FixedClock, entry: PartnerEntry = BANK) -> UUID:
    with database.begin() as uow:
        return add_partner(uow, entry, SYSTEM, clock)


def somebody(database: Database, clock: FixedClock, partner_id: UUID) -> tuple[UUID, UUID]:
    """Somebody who accepted the invitation; their id and the request for their role."""
    with database.begin() as uow:
        link = invite_to_partner(uow, partner_id, "clerk@bank.example", "李信贷", "合作协议", SYSTEM, clock)
        accept(uow, link.token, PASSWORD, clock)
        [asked] = role_requests(uow.connection, ["waiting"])
    return link.user_id, asked.id


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {fault.code for fault in refused.value.faults}


def test_who_is_invited_may_nothing_until_the_security_administrator_grants_the_role(database: Database, clock: FixedClock) -> None:
    bank = a_partner(database, clock)
    person, asked = somebody(database, clock, bank)
    with database.reading() as connection:
        known = user(connection, person)
    assert known is not None
    assert (known.role, known.held, known.partner_id) == ("unassigned", frozenset(), bank)
    with database.begin() as uow:
        grant_role(uow, asked, SECURITY, clock)
    with database.begin() as uow:
        opened = sign_in(uow, "clerk@bank.example", PASSWORD, clock)
        assert opened is not None
    with database.reading() as connection:
        live = authenticate_session(connection, opened.token, clock.now())
    assert live is not None
    assert (live.principal.role, live.principal.partner_id, live.principal.enterprise_id) == (Role.BANK, bank, None)


def test_a_data_provider_has_nobody_to_invite(database: Database, clock: FixedClock) -> None:
    post = a_partner(database, clock, PartnerEntry("data_provider", "POST-1", "邮政"))
    with pytest.raises(Refused) as refused, database.begin() as uow:
        invite_to_partner(uow, post, "clerk@post.example", "李寄件", "合作协议", SYSTEM, clock)
    assert codes(refused) == {"partner_without_people"}


def test_somebody_of_a_bank_is_asked_for_no_role_of_the_office(database: Database, clock: FixedClock) -> None:
    person, asked = somebody(database, clock, a_partner(database, clock))
    with database.begin() as uow:
        grant_role(uow, asked, SECURITY, clock)
    for role in (Role.ZONE_OFFICER, Role.ADMIN, Role.TAX_OFFICER):
        with pytest.raises(Refused) as refused, database.begin() as uow:
            ask_role(uow, person, role, "升任", SYSTEM, clock)
        assert codes(refused) == {"unknown_role"}


def test_nobody_of_the_office_or_a_firm_belongs_to_a_partner(database: Database, clock: FixedClock) -> None:
    bank = a_partner(database, clock)
    for wrong in (Invitation("a@x.example", "甲", Role.ZONE_OFFICER, None, bank), Invitation("b@x.example", "乙", Role.BANK)):
        with pytest.raises(Refused) as refused, database.begin() as uow:
            invite(uow, wrong, None, clock)
        assert codes(refused) == {"partner_for_partners_only"}


def test_only_the_system_administrator_keeps_partners(database: Database, clock: FixedClock) -> None:
    bank = a_partner(database, clock)
    for by in (SECURITY, OFFICER):
        with pytest.raises(NotAllowed), database.begin() as uow:
            add_partner(uow, PartnerEntry("bank", "B-8", "第八银行"), by, clock)
        with pytest.raises(NotAllowed), database.begin() as uow:
            invite_to_partner(uow, bank, "x@bank.example", "某", "协议", by, clock)
        with pytest.raises(NotAllowed), database.begin() as uow:
            set_partner_active(uow, bank, False, by, clock)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (BANK, "partner_known"),
        (PartnerEntry("agency", "space_agency", "航天局"), "inspection_agency_unknown"),
        (PartnerEntry("pub", "P", "酒馆"), "required"),
        (PartnerEntry("bank", "B 9", "第九银行"), "bad_value"),
    ],
)
def test_a_partner_that_cannot_be_is_refused(database: Database, clock: FixedClock, entry: PartnerEntry, code: str) -> None:
    a_partner(database, clock)
    with pytest.raises(Refused) as refused:
        a_partner(database, clock, entry)
    assert code in codes(refused)


def test_a_suspended_bank_is_shut_out_with_people_and_machines_and_comes_back(database: Database, clock: FixedClock) -> None:
    bank = a_partner(database, clock)
    _person, asked = somebody(database, clock, bank)
    with database.begin() as uow:
        grant_role(uow, asked, SECURITY, clock)
        by = Principal(Role.BANK, None, PERMISSIONS[Role.BANK], user_id=UUID(int=9), partner_id=bank)
        token = issue_credential(uow, None, "授信系统", BANK_CREDENTIAL, by, clock, bank_id=bank).token

    def gets_in() -> tuple[bool, bool]:
        with database.begin() as uow:
            opened = sign_in(uow, "clerk@bank.example", PASSWORD, clock)
            return opened is not None, authenticate_token(uow.connection, token, clock.now()) is not None

    assert gets_in() == (True, True)
    with database.begin() as uow:
        set_partner_active(uow, bank, False, SYSTEM, clock)
    assert gets_in() == (False, False)
    with database.begin() as uow:
        set_partner_active(uow, bank, True, SYSTEM, clock)
        assert [each.people for each in search_partners(uow.connection, "bank")] == [1]
    assert gets_in() == (True, True)


def test_a_bank_gives_its_machines_no_permission_of_firms(database: Database, clock: FixedClock) -> None:
    bank = a_partner(database, clock)
    by = Principal(Role.BANK, None, PERMISSIONS[Role.BANK], user_id=UUID(int=9), partner_id=bank)
    for permission in (Permission.BANK_DECIDE, *sorted(FIRM)[:3]):
        with pytest.raises(Refused) as refused, database.begin() as uow:
            issue_credential(uow, None, "ERP", [permission], by, clock, bank_id=bank)
        assert "unknown_permission" in codes(refused)
