"""Registering, changing and suspending enterprises; the directory that intake judges senders by."""

from uuid import UUID

import pytest

from ccezone.enterprises.queries import directory, search_enterprises
from ccezone.enterprises.rules import Status
from ccezone.enterprises.service import Registration, amend, register, set_status
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage import Database
from tests.enterprises.conftest import CUSTOMS_CODE, USCC, a_merchant

pytestmark = pytest.mark.storage

OTHER = complete_uscc("91360700MA35CAM01")


def registered(database: Database, clock: FixedClock, registration: Registration) -> UUID:
    with database.begin() as uow:
        return register(uow, registration, clock)


def test_directory_finds_an_enterprise_by_either_code(database: Database, clock: FixedClock) -> None:
    registered(database, clock, a_merchant(customs_code=CUSTOMS_CODE))
    with database.reading() as connection:
        known = directory(connection)
    assert known.find(USCC) is known.find(CUSTOMS_CODE)
    assert known.find(OTHER) is None


def test_directory_shows_a_suspension_by_this_process_at_once(database: Database, clock: FixedClock) -> None:
    enterprise_id = registered(database, clock, a_merchant())
    with database.reading() as connection:
        assert directory(connection).by_id[enterprise_id].active
    with database.begin() as uow:
        set_status(uow, enterprise_id, Status.SUSPENDED, clock)
    with database.reading() as connection:
        assert not directory(connection).by_id[enterprise_id].active


def test_directory_forgets_what_was_rolled_back(database: Database, clock: FixedClock) -> None:
    def failing() -> None:
        with database.begin() as uow:
            register(uow, a_merchant(), clock)
            assert directory(uow.connection).find(USCC) is not None
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        failing()
    with database.reading() as connection:
        assert directory(connection).find(USCC) is None


def test_directory_shows_a_change_by_another_process_within_five_seconds(database: Database, clock: FixedClock) -> None:
    other_process = Database(database.url)
    with database.reading() as connection:
        assert directory(connection, monotonic=lambda: 100.0).find(USCC) is None
        registered(other_process, clock, a_merchant())
        assert directory(connection, monotonic=lambda: 104.9).find(USCC) is None
    with database.reading() as connection:
        assert directory(connection, monotonic=lambda: 105.0).find(USCC) is not None
    other_process.close()


def test_a_code_registered_already_is_refused(database: Database, clock: FixedClock) -> None:
    registered(database, clock, a_merchant(customs_code=CUSTOMS_CODE))
    with pytest.raises(Refused) as same_uscc:
        registered(database, clock, a_merchant())
    assert [fault.pointer for fault in same_uscc.value.faults] == ["/uscc"]
    with pytest.raises(Refused) as same_customs_code:
        registered(database, clock, a_merchant(uscc=OTHER, customs_code=CUSTOMS_CODE))
    assert [fault.pointer for fault in same_customs_code.value.faults] == ["/customs_code"]


def test_two_enterprises_without_customs_code_do_not_collide(database: Database, clock: FixedClock) -> None:
    registered(database, clock, a_merchant())
    assert registered(database, clock, a_merchant(uscc=OTHER))


def test_an_enterprise_keeps_its_own_codes_when_amended(database: Database, clock: FixedClock) -> None:
    enterprise_id = registered(database, clock, a_merchant())
    with database.begin() as uow:
        amend(uow, enterprise_id, a_merchant(name="赣南木业", roles=["merchant", "agent"]), clock)
    with database.reading() as connection:
        found = directory(connection).by_id[enterprise_id]
    assert (found.name, found.roles) == ("赣南木业", frozenset({"merchant", "agent"}))


def test_an_unknown_enterprise_cannot_be_amended(database: Database, clock: FixedClock) -> None:
    with pytest.raises(NotFound), database.begin() as uow:
        amend(uow, UUID(int=1), a_merchant(), clock)


def test_search_takes_a_percent_sign_as_it_stands(database: Database, clock: FixedClock) -> None:
    registered(database, clock, a_merchant())
    with database.reading() as connection:
        assert search_enterprises(connection, "家具")
        assert not search_enterprises(connection, "%")
