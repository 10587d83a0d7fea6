"""What a key asks for twice is done once: the claim, the work and the answer stand or fall together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from ccezone.accounts.service import Asked, InFlight, KeptAnswer, OtherRequest, claim, forget_answers, keep
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault
from tests.accounts.conftest import FIRM, RIVAL

pytestmark = pytest.mark.storage
ANSWER = KeptAnswer(202, {"Content-Type": "application/json"}, '{"token": "秘密"}'.encode())


@pytest.fixture
def vault() -> PersonalVault:
    return PersonalVault(bytes(32))


def asked(body: bytes = b"a" * 32, key: str = "k", by: UUID = FIRM) -> Asked:
    """A request of the merchant by one key."""
    return Asked(by, key, body)


@pytest.fixture
def kept(database: Database, vault: PersonalVault, clock: FixedClock) -> None:
    """The answer of that request is kept for a day."""
    with database.begin() as uow:
        assert claim(uow, vault, asked(), clock.now()) is None
        keep(uow, vault, asked(), ANSWER, clock.now(), clock.now() + timedelta(days=1))


@pytest.mark.usefixtures("kept")
def test_the_same_request_finds_its_answer(database: Database, vault: PersonalVault, clock: FixedClock) -> None:
    with database.begin() as uow:
        assert claim(uow, vault, asked(), clock.now()) == ANSWER


@pytest.mark.usefixtures("kept")
def test_another_request_by_the_same_key_is_told_so(database: Database, vault: PersonalVault, clock: FixedClock) -> None:
    with pytest.raises(OtherRequest), database.begin() as uow:
        claim(uow, vault, asked(b"b" * 32), clock.now())


@pytest.mark.usefixtures("kept")
def test_a_rivals_key_is_its_own(database: Database, vault: PersonalVault, clock: FixedClock) -> None:
    with database.begin() as uow:
        assert claim(uow, vault, asked(by=RIVAL), clock.now()) is None


@pytest.mark.usefixtures("kept")
def test_after_its_time_a_key_is_free_again_and_forgotten(database: Database, vault: PersonalVault, clock: FixedClock) -> None:
    clock.advance(days=1)
    with database.begin() as uow:
        assert claim(uow, vault, asked(b"b" * 32), clock.now()) is None
    assert forget_answers(database, clock) == 1
    assert forget_answers(database, clock) == 0


@pytest.mark.usefixtures("kept")
def test_an_answer_is_sealed_at_rest(database: Database) -> None:
    with database.reading() as connection:
        ((body,),) = fetch(connection, "SELECT body FROM idempotent_answer")
    assert "秘密".encode() not in body


def test_while_one_works_another_hears_that_it_is_in_flight(database: Database, vault: PersonalVault, clock: FixedClock) -> None:
    def ask() -> None:
        with database.begin() as uow:
            claim(uow, vault, asked(), clock.now())

    with database.begin() as uow, ThreadPoolExecutor(1) as other:
        assert claim(uow, vault, asked(), clock.now()) is None
        with pytest.raises(InFlight):
            other.submit(ask).result()
    ask()


def break_off(database: Database, vault: PersonalVault, clock: FixedClock) -> None:
    """Claim, keep, and fail before the commit."""
    with database.begin() as uow:
        claim(uow, vault, asked(), clock.now())
        keep(uow, vault, asked(), ANSWER, clock.now(), clock.now() + timedelta(days=1))
        raise ZeroDivisionError


def test_what_broke_off_is_not_remembered(database: Database, vault: PersonalVault, clock: FixedClock) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off(database, vault, clock)
    with database.begin() as uow:
        assert claim(uow, vault, asked(b"b" * 32), clock.now()) is None
