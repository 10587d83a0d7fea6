"""API credentials: scoped to one enterprise and named permissions, revocable within seconds."""

from datetime import timedelta

import pytest

from ccezone.accounts.queries import authenticate_token, credentials_of, forget_tokens
from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service import (
    MOST_OVERLAP_HOURS,
    IssuedCredential,
    issue_credential,
    note_use,
    revoke_credential,
    rotate_credential,
)
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage import Database
from tests.accounts.conftest import FIRM, OFFICER, RIVAL

pytestmark = pytest.mark.storage


@pytest.fixture
def credential(database: Database, clock: FixedClock) -> IssuedCredential:
    with database.begin() as uow:
        return issue_credential(uow, FIRM, "ERP", [Permission.BILLS_WRITE], OFFICER, clock)


def test_a_token_stands_for_its_enterprise_and_permissions(
    database: Database, clock: FixedClock, credential: IssuedCredential
) -> None:
    with database.reading() as connection:
        principal = authenticate_token(connection, credential.token, clock.now())
    assert principal is not None
    assert principal.enterprise_id == FIRM
    assert principal.may(Permission.BILLS_WRITE)
    assert not principal.may(Permission.BILLS_READ)


def test_an_unknown_token_stands_for_nobody(database: Database, clock: FixedClock) -> None:
    with database.reading() as connection:
        assert authenticate_token(connection, "ccez_unknown", clock.now()) is None


def test_a_revoked_token_is_refused_at_once_here_and_within_five_seconds_elsewhere(
    database: Database, clock: FixedClock, credential: IssuedCredential
) -> None:
    elsewhere = Database(database.url)
    with elsewhere.reading() as connection:
        assert authenticate_token(connection, credential.token, clock.now(), monotonic=lambda: 100.0)
    with database.reading() as connection:
        assert authenticate_token(connection, credential.token, clock.now())
    with database.begin() as uow:
        revoke_credential(uow, FIRM, credential.id, OFFICER, clock)
    with database.reading() as connection:
        assert authenticate_token(connection, credential.token, clock.now()) is None
    with elsewhere.reading() as connection:
        assert authenticate_token(connection, credential.token, clock.now(), monotonic=lambda: 105.0) is None
    elsewhere.close()


def test_an_expired_token_is_refused(database: Database, clock: FixedClock) -> None:
    with database.begin() as uow:
        tomorrow = clock.now() + timedelta(days=1)
        issued = issue_credential(uow, FIRM, "ERP", [Permission.BILLS_READ], OFFICER, clock, expires_at=tomorrow)
    clock.advance(days=2)
    with database.reading() as connection:
        assert authenticate_token(connection, issued.token, clock.now()) is None


def test_a_rival_cannot_revoke_or_see_it(database: Database, clock: FixedClock, credential: IssuedCredential) -> None:
    with pytest.raises(NotFound), database.begin() as uow:
        revoke_credential(uow, RIVAL, credential.id, OFFICER, clock)
    with database.reading() as connection:
        assert not credentials_of(connection, RIVAL)
        assert [view.hint for view in credentials_of(connection, FIRM)] == [credential.token[:9]]


def test_office_permissions_cannot_be_granted_to_an_enterprise(database: Database, clock: FixedClock) -> None:
    with pytest.raises(Refused, match="unknown_permission"), database.begin() as uow:
        issue_credential(uow, FIRM, "ERP", [Permission.USERS_WRITE], OFFICER, clock)


def firm_user(*permissions: Permission) -> Principal:
    """Somebody, or something, of the enterprise with these permissions only."""
    return Principal(Role.FIRM, FIRM, frozenset(permissions))


def stands(database: Database, token: str, clock: FixedClock) -> bool:
    """Whether a token is taken, asked of the database itself."""
    with database.reading() as connection:
        forget_tokens(connection)
        return authenticate_token(connection, token, clock.now()) is not None


def test_after_a_rotation_both_tokens_work_until_the_overlap_ends(
    database: Database, clock: FixedClock, credential: IssuedCredential
) -> None:
    with database.begin() as uow:
        rotated = rotate_credential(uow, FIRM, credential.id, OFFICER, clock, overlap_hours=2)
    clock.advance(hours=1, minutes=59)
    assert (stands(database, credential.token, clock), stands(database, rotated.token, clock)) == (True, True)
    clock.advance(minutes=1)
    assert (stands(database, credential.token, clock), stands(database, rotated.token, clock)) == (False, True)


def test_a_second_rotation_ends_the_token_before_the_last(
    database: Database, clock: FixedClock, credential: IssuedCredential
) -> None:
    with database.begin() as uow:
        second = rotate_credential(uow, FIRM, credential.id, OFFICER, clock)
    with database.begin() as uow:
        third = rotate_credential(uow, FIRM, credential.id, OFFICER, clock)
    assert [stands(database, each.token, clock) for each in (credential, second, third)] == [False, True, True]


def test_a_rotation_without_overlap_ends_the_old_token_at_once(
    database: Database, clock: FixedClock, credential: IssuedCredential
) -> None:
    with database.begin() as uow:
        rotate_credential(uow, FIRM, credential.id, OFFICER, clock, overlap_hours=0)
    assert not stands(database, credential.token, clock)


def test_revoking_ends_both_tokens_of_a_rotation(database: Database, clock: FixedClock, credential: IssuedCredential) -> None:
    with database.begin() as uow:
        rotated = rotate_credential(uow, FIRM, credential.id, OFFICER, clock)
    with database.begin() as uow:
        revoke_credential(uow, FIRM, credential.id, OFFICER, clock)
    assert not stands(database, credential.token, clock)
    assert not stands(database, rotated.token, clock)


def test_what_is_revoked_cannot_be_rotated(database: Database, clock: FixedClock, credential: IssuedCredential) -> None:
    with database.begin() as uow:
        revoke_credential(uow, FIRM, credential.id, OFFICER, clock)
    with pytest.raises(Refused, match="credential_ended"), database.begin() as uow:
        rotate_credential(uow, FIRM, credential.id, OFFICER, clock)


@pytest.mark.parametrize("hours", [-1, MOST_OVERLAP_HOURS + 1])
def test_an_overlap_has_bounds(database: Database, clock: FixedClock, credential: IssuedCredential, hours: int) -> None:
    with pytest.raises(Refused, match="out_of_range"), database.begin() as uow:
        rotate_credential(uow, FIRM, credential.id, OFFICER, clock, hours)


def test_nobody_grants_more_than_they_may_themselves(database: Database, clock: FixedClock, credential: IssuedCredential) -> None:
    poor = firm_user(Permission.CREDENTIALS_WRITE)
    with pytest.raises(Refused, match="permission_beyond_own"), database.begin() as uow:
        issue_credential(uow, FIRM, "ERP", [Permission.BILLS_WRITE], poor, clock)
    with pytest.raises(Refused, match="permission_beyond_own"), database.begin() as uow:
        rotate_credential(uow, FIRM, credential.id, poor, clock)


def test_a_credential_cannot_end_before_it_begins(database: Database, clock: FixedClock) -> None:
    with pytest.raises(Refused, match="expiry_passed"), database.begin() as uow:
        issue_credential(uow, FIRM, "ERP", [Permission.BILLS_READ], OFFICER, clock, expires_at=clock.now())


def test_use_is_noted_to_the_minute(database: Database, clock: FixedClock, credential: IssuedCredential) -> None:
    first = clock.now()
    note_use(database, credential.id, clock)
    clock.advance(seconds=59)
    note_use(database, credential.id, clock)
    with database.reading() as connection:
        assert [view.last_used_at for view in credentials_of(connection, FIRM)] == [first]
    clock.advance(seconds=1)
    note_use(database, credential.id, clock)
    with database.reading() as connection:
        assert [view.last_used_at for view in credentials_of(connection, FIRM)] == [clock.now()]
