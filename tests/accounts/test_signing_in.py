"""Signing in: what opens a session, what closes it, and that refusals look alike."""

from uuid import UUID

import pytest

from ccezone.accounts.queries import authenticate_session, search_users, sessions_of
from ccezone.accounts.service import (
    SignedIn,
    change_password,
    end_other_sessions,
    keep_alive,
    set_enabled,
    sign_in,
    sign_out,
)
from ccezone.accounts.service.secrets import hash_password
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import Refused
from ccezone.storage import Database
from tests.accounts.conftest import FIRM, LOGIN, OFFICER
from tests.hub.people import PASSWORD

pytestmark = pytest.mark.storage


def tried(database: Database, clock: FixedClock, password: str, login: str = LOGIN) -> SignedIn | None:
    with database.begin() as uow:
        return sign_in(uow, login, password, clock)


def opened(database: Database, clock: FixedClock) -> str:
    session = tried(database, clock, PASSWORD)
    assert session is not None
    return session.token


def alive(database: Database, clock: FixedClock, token: str) -> bool:
    with database.reading() as connection:
        return authenticate_session(connection, token, clock.now()) is not None


def test_a_password_is_hashed_at_no_less_cost_than_rfc_9106_recommends() -> None:
    assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.usefixtures("mei")
def test_a_session_stands_for_the_user_and_the_enterprise(database: Database, clock: FixedClock) -> None:
    token = opened(database, clock)
    with database.reading() as connection:
        live = authenticate_session(connection, token, clock.now())
    assert live is not None
    assert (live.principal.login, live.principal.enterprise_id) == (LOGIN, FIRM)


@pytest.mark.usefixtures("mei")
def test_login_ignores_case_and_white_space(database: Database, clock: FixedClock) -> None:
    assert tried(database, clock, PASSWORD, " MEI@Example.org ")


@pytest.mark.usefixtures("mei")
def test_wrong_password_and_unknown_login_give_the_same_nothing(database: Database, clock: FixedClock) -> None:
    assert tried(database, clock, "wrong-wrong-wrong") is None
    assert tried(database, clock, PASSWORD, "nobody@example.org") is None


@pytest.mark.usefixtures("mei")
def test_five_failures_lock_the_right_password_out_for_a_quarter_of_an_hour(database: Database, clock: FixedClock) -> None:
    for _ in range(5):
        tried(database, clock, "wrong-wrong-wrong")
    assert tried(database, clock, PASSWORD) is None
    clock.advance(minutes=16)
    assert tried(database, clock, PASSWORD)


@pytest.mark.usefixtures("mei")
def test_a_success_forgets_earlier_failures(database: Database, clock: FixedClock) -> None:
    for _ in range(4):
        tried(database, clock, "wrong-wrong-wrong")
    assert tried(database, clock, PASSWORD)
    tried(database, clock, "wrong-wrong-wrong")
    assert tried(database, clock, PASSWORD)


@pytest.mark.usefixtures("mei")
def test_an_idle_session_ends_and_a_used_one_goes_on_until_its_life_is_over(database: Database, clock: FixedClock) -> None:
    idle, used = opened(database, clock), opened(database, clock)
    for _ in range(11):
        seen = clock.now()
        clock.advance(minutes=65)
        with database.begin() as uow:
            keep_alive(uow, used, seen, clock)
    assert not alive(database, clock, idle)
    assert alive(database, clock, used)
    clock.advance(minutes=10)
    assert not alive(database, clock, used)


@pytest.mark.usefixtures("mei")
def test_signing_out_ends_this_session_only(database: Database, clock: FixedClock) -> None:
    here, there = opened(database, clock), opened(database, clock)
    with database.begin() as uow:
        sign_out(uow, here)
    assert not alive(database, clock, here)
    assert alive(database, clock, there)


def test_ending_other_sessions_keeps_this_one(database: Database, clock: FixedClock, mei: UUID) -> None:
    here, there = opened(database, clock), opened(database, clock)
    with database.begin() as uow:
        assert end_other_sessions(uow, mei, here) == 1
    assert alive(database, clock, here)
    assert not alive(database, clock, there)
    with database.reading() as connection:
        assert len(sessions_of(connection, mei, clock.now())) == 1


def test_a_disabled_user_is_out_at_once_and_cannot_return(database: Database, clock: FixedClock, mei: UUID) -> None:
    token = opened(database, clock)
    with database.begin() as uow:
        set_enabled(uow, mei, False, OFFICER, clock)
    assert not alive(database, clock, token)
    assert tried(database, clock, PASSWORD) is None
    with database.begin() as uow:
        set_enabled(uow, mei, True, OFFICER, clock)
    assert tried(database, clock, PASSWORD)


def test_changing_the_password_asks_for_the_current_one(database: Database, clock: FixedClock, mei: UUID) -> None:
    with pytest.raises(Refused) as refused, database.begin() as uow:
        change_password(uow, mei, "wrong-wrong-wrong", "four-parties-one-list", clock)
    assert refused.value.faults[0].code == "password_wrong"
    with database.begin() as uow:
        change_password(uow, mei, PASSWORD, "four-parties-one-list", clock)
    assert tried(database, clock, "four-parties-one-list")


def test_no_stored_column_holds_a_password_or_token(database: Database, clock: FixedClock, mei: UUID) -> None:
    token = opened(database, clock)
    with database.engine.connect() as connection:
        rows = [str(row) for table in ("user_account", "web_session") for row in connection.exec_driver_sql(f"TABLE {table}")]
    assert rows
    assert not any(secret in row for row in rows for secret in (PASSWORD, token))
    with database.reading() as connection:
        assert search_users(connection, "MEI")[0].id == mei
