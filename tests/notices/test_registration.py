"""What happens to applications and licences is told: to the office, and to firms that have an account."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from ccezone.accounts.rules import Principal, Role
from ccezone.announcing import Announcer
from ccezone.enterprises.service import Registration, refuse, register, send_back, start_amendment
from ccezone.enterprises.service.reminding import remind_of_licences
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database
from ccezone.storage.copying import run
from ccezone.storage.personal import PersonalVault
from tests.notices.people import People

pytestmark = pytest.mark.storage
OFFICER = Principal(Role.ZONE_OFFICER, None, frozenset(), user_id=UUID(int=7))
_LICENCE = """
INSERT INTO licence (id, enterprise_id, kind, number, issued_by, expires_on, created_at)
VALUES (%(id)s, %(firm)s, 'business_licence', 'L-1', '', %(expires)s, %(at)s)
"""
_MANY = """
INSERT INTO licence (id, enterprise_id, kind, number, issued_by, expires_on, created_at)
SELECT gen_random_uuid(), %(firm)s, 'other', n::text, '', %(expires)s, now()
FROM generate_series(1, %(number)s) AS n
"""


@pytest.fixture
def watchful(database: Database) -> Iterator[Database]:
    """The database as the hub opens it, with everybody listening."""
    found = Database(database.url, Announcer().subscriptions())
    yield found
    found.close()


@pytest.fixture
def firm(watchful: Database, people: People, clock: FixedClock) -> UUID:
    """A registered firm whose person is Mei."""
    with watchful.begin() as uow:
        firm = register(uow, Registration(complete_uscc("91360700MA35CAM01"), "赣南家具", ["merchant"]), clock)
        run(
            uow.connection, "UPDATE user_account SET enterprise_id = %(firm)s WHERE id = %(mei)s", {"firm": firm, "mei": people.mei}
        )
    return firm


def amendment(database: Database, vault: PersonalVault, firm: UUID, clock: FixedClock) -> UUID:
    """An amendment that waits for its decision."""
    with database.begin() as uow:
        number = start_amendment(uow, vault, firm, OFFICER, clock)
        uow.session.flush()
        run(uow.connection, "UPDATE application SET state = 'submitted' WHERE id = %(id)s", {"id": number})
    return number


def test_a_firm_is_told_why_its_application_came_back(
    watchful: Database, people: People, vault: PersonalVault, firm: UUID, clock: FixedClock
) -> None:
    number = amendment(watchful, vault, firm, clock)
    with watchful.begin() as uow:
        send_back(uow, vault, number, {}, "请上传新执照", OFFICER, clock)
    (message,) = people.messages(people.mei)
    assert (message.kind, message.subject_kind, message.subject) == ("registration_returned", "application", str(number))
    assert "请上传新执照" in message.text("zh")
    assert people.titles(people.tom) == []


def test_a_refusal_is_told_with_its_reason(
    watchful: Database, people: People, vault: PersonalVault, firm: UUID, clock: FixedClock
) -> None:
    number = amendment(watchful, vault, firm, clock)
    with watchful.begin() as uow:
        refuse(uow, vault, number, "资料不实", OFFICER, clock)
    (message,) = people.messages(people.mei)
    assert message.text("en") == "Reason: 资料不实. Contact the zone office if you disagree."


def test_a_licence_is_reminded_of_once_at_each_distance(watchful: Database, people: People, firm: UUID, clock: FixedClock) -> None:
    expires = date(2026, 6, 1) + timedelta(days=61)
    with watchful.begin() as uow:
        run(uow.connection, _LICENCE, {"id": uuidv7(), "firm": firm, "expires": expires, "at": clock.now()})
    told = []
    for _ in range(70):
        told.append(remind_of_licences(watchful, "GZ", clock))
        clock.advance(days=1)
    assert [day for day, number in enumerate(told) if number] == [1, 31, 54], "60, 30 and 7 days before"
    assert len(people.messages(people.mei)) == 3
    assert "2026-08-01" in people.titles(people.mei)[0]


def test_those_reminded_already_keep_nobody_from_being_reminded(watchful: Database, firm: UUID, clock: FixedClock) -> None:
    soon, later = clock.now().date() + timedelta(days=3), clock.now().date() + timedelta(days=9)
    with watchful.begin() as uow:
        run(uow.connection, _MANY, {"firm": firm, "expires": soon, "number": 1_201})
    assert remind_of_licences(watchful, "GZ", clock) == 1_201
    with watchful.begin() as uow:
        run(uow.connection, _MANY, {"firm": firm, "expires": later, "number": 1})
    assert remind_of_licences(watchful, "GZ", clock) == 1
