"""Builders of users; the password everybody has."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from ccezone.accounts.rules import PERMISSIONS, Principal, Role
from ccezone.accounts.service import Invitation
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.people import let_in

LOGIN = "mei@example.org"
FIRM = UUID(int=7)
RIVAL = UUID(int=8)
OFFICER = Principal(Role.ZONE_OFFICER, None, frozenset(PERMISSIONS[Role.ZONE_OFFICER]), user_id=UUID(int=1))


@pytest.fixture(autouse=True)
def cheap_hashing() -> None:
    """Hash as the hub does."""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 6, 1, 4, 0, tzinfo=UTC))


@pytest.fixture
def mei(database: Database, clock: FixedClock) -> UUID:
    """A firm user who can sign in."""
    with database.begin() as uow:
        return let_in(uow, Invitation(LOGIN, "梅", Role.FIRM, FIRM), clock)
