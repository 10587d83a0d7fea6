"""Invitations and resets: a link works once, for a while, for one person."""

from uuid import UUID

import pytest

from ccezone.accounts.queries import audit_of, link
from ccezone.accounts.rules import Purpose, Role
from ccezone.accounts.service import Invitation, IssuedLink, accept, invite, issue_link, request_reset, set_enabled, sign_in
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage import Database
from tests.accounts.conftest import FIRM, LOGIN, OFFICER
from tests.hub.people import PASSWORD

pytestmark = pytest.mark.storage
NEW = "four-parties-one-list"


@pytest.fixture
def invited(database: Database, clock: FixedClock) -> IssuedLink:
    with database.begin() as uow:
        return invite(uow, Invitation("Rui@example.org", "瑞", Role.FIRM, FIRM), OFFICER, clock)


def accepted(database: Database, clock: FixedClock, token: str, password: str = NEW) -> None:
    with database.begin() as uow:
        accept(uow, token, password, clock)


def can_sign_in(database: Database, clock: FixedClock, login: str, password: str) -> bool:
    with database.begin() as uow:
        return sign_in(uow, login, password, clock) is not None


def test_an_invited_user_sets_a_password_and_signs_in(database: Database, clock: FixedClock, invited: IssuedLink) -> None:
    with database.reading() as connection:
        shown = link(connection, invited.token, clock.now())
    assert shown is not None
    assert (shown.login, shown.purpose) == ("rui@example.org", Purpose.INVITE)
    accepted(database, clock, invited.token)
    assert can_sign_in(database, clock, "rui@example.org", NEW)


def test_a_link_works_once(database: Database, clock: FixedClock, invited: IssuedLink) -> None:
    accepted(database, clock, invited.token)
    with pytest.raises(Refused, match="link_spent"):
        accepted(database, clock, invited.token, "five-parties-one-list")


def test_a_weak_password_leaves_the_link_good(database: Database, clock: FixedClock, invited: IssuedLink) -> None:
    with pytest.raises(Refused, match="password_too_short"):
        accepted(database, clock, invited.token, "short")
    accepted(database, clock, invited.token)


def test_an_invitation_lasts_a_week(database: Database, clock: FixedClock, invited: IssuedLink) -> None:
    clock.advance(days=7, seconds=1)
    with pytest.raises(Refused, match="link_spent"):
        accepted(database, clock, invited.token)


def test_a_newer_link_voids_the_older(database: Database, clock: FixedClock, invited: IssuedLink) -> None:
    with database.begin() as uow:
        newer = issue_link(uow, invited.user_id, OFFICER, clock)
    with pytest.raises(Refused, match="link_spent"):
        accepted(database, clock, invited.token)
    accepted(database, clock, newer.token)


def test_a_disabled_user_cannot_use_a_link(database: Database, clock: FixedClock, invited: IssuedLink) -> None:
    with database.begin() as uow:
        set_enabled(uow, invited.user_id, False, OFFICER, clock)
    with pytest.raises(Refused, match="link_spent"):
        accepted(database, clock, invited.token)
    with pytest.raises(NotFound), database.begin() as uow:
        issue_link(uow, invited.user_id, OFFICER, clock)


@pytest.mark.usefixtures("mei")
def test_a_reset_replaces_the_password_and_lifts_the_lock(database: Database, clock: FixedClock) -> None:
    for _ in range(5):
        can_sign_in(database, clock, LOGIN, "wrong-wrong-wrong")
    with database.begin() as uow:
        issued = request_reset(uow, LOGIN, clock)
    assert issued is not None
    accepted(database, clock, issued.token)
    assert can_sign_in(database, clock, LOGIN, NEW)
    assert not can_sign_in(database, clock, LOGIN, PASSWORD)


def test_a_reset_for_nobody_makes_no_link(database: Database, clock: FixedClock) -> None:
    with database.begin() as uow:
        assert request_reset(uow, "nobody@example.org", clock) is None


def test_a_login_is_given_once(database: Database, clock: FixedClock, invited: IssuedLink) -> None:
    with pytest.raises(Refused, match="login_taken"), database.begin() as uow:
        invite(uow, Invitation(invited.login.upper(), "另一人", Role.FIRM, FIRM), OFFICER, clock)


def test_the_audit_trail_says_who_invited_whom(database: Database, clock: FixedClock, invited: IssuedLink) -> None:
    with database.reading() as connection:
        entries = audit_of(connection, f"user:{invited.user_id}")
    assert [(entry.action, entry.actor) for entry in entries] == [("user.invite", OFFICER.actor)]


def test_nobody_disables_themselves(database: Database, clock: FixedClock) -> None:
    with pytest.raises(Refused, match="not_yourself"), database.begin() as uow:
        set_enabled(uow, OFFICER.user_id or UUID(int=0), False, OFFICER, clock)
