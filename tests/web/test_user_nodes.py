"""Saying which node somebody of the office belongs to."""

from datetime import date

import pytest

from ccezone.accounts.queries import audit_of, user_by_login
from ccezone.enterprises.service import NodeEntry, add_node
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage


@pytest.fixture
def a_branch(database: Database, clock: FixedClock) -> None:
    with database.begin() as uow:
        add_node(uow, NodeEntry("HUB", "hub", "综合平台", date(2026, 1, 1)), None, clock)
        add_node(uow, NodeEntry("BRANCH", "branch", "分平台", date(2026, 1, 1), "Branch", "HUB"), None, clock)


def person(database: Database, login: str) -> tuple[str, str]:
    """The page and the id of somebody."""
    with database.reading() as connection:
        found = user_by_login(connection, login)
    assert found is not None
    return f"/office/users/{found.id}/node", f"user:{found.id}"


@pytest.mark.usefixtures("a_branch")
def test_an_officer_is_assigned_to_a_node_and_the_history_says_who_by_and_why(signed_in: SignIn, database: Database) -> None:
    officer, system = signed_in("officer"), signed_in("system")
    address, subject = person(database, "officer@example.org")
    assert "还没有变更" in system.get(address).text
    assert officer.get("/office/nodes/new").status_code == 200
    assert system.post(address, data={"node": "BRANCH", "reason": "任命〔2026〕1号"}).status_code == 302
    assert officer.get("/office/nodes/new").status_code == 403  # at once, in the session that is open
    page = system.get(address).text
    assert "任命〔2026〕1号" in page
    assert "分平台 BRANCH" in page
    with database.reading() as connection:
        entry = audit_of(connection, subject)[0]
    assert (entry.action, entry.detail["from"], entry.detail["to"]) == ("officer.node", "", "BRANCH")
    assert "分平台" in system.get("/office/users").text


@pytest.mark.usefixtures("a_branch")
@pytest.mark.parametrize(("node", "reason"), [("NOWHERE", "x"), ("BRANCH", "")])
def test_an_unknown_node_and_a_change_without_a_reason_are_refused(
    signed_in: SignIn, database: Database, node: str, reason: str
) -> None:
    signed_in("officer")
    address, subject = person(database, "officer@example.org")
    assert signed_in("system").post(address, data={"node": node, "reason": reason}).status_code == 422
    with database.reading() as connection:
        assert not [entry for entry in audit_of(connection, subject) if entry.action == "officer.node"]


def test_firms_people_have_no_node(signed_in: SignIn, database: Database) -> None:
    signed_in("merchant")
    address, _subject = person(database, "merchant@example.org")
    system = signed_in("system")
    assert system.get(address).status_code == 404
    assert system.post(address, data={"node": "", "reason": "x"}).status_code == 404


def test_only_the_system_administrator_assigns(signed_in: SignIn, database: Database) -> None:
    officer = signed_in("officer")
    address, _subject = person(database, "officer@example.org")
    assert officer.get(address).status_code == 403
    assert signed_in("security").post(address, data={"node": "", "reason": "x"}).status_code == 403
