"""API credentials: scoped to one enterprise and named permissions, revocable within seconds."""

from datetime import timedelta

import pytest

from ccezone.accounts.queries import authenticate_token, credentials_of
from ccezone.accounts.rules import Permission
from ccezone.accounts.service import IssuedCredential, issue_credential, revoke_credential
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
