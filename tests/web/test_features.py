"""What a feature brings: counters of waiting work, menu entries, personal values shown on request."""

from uuid import UUID

import pytest
from flask import Blueprint, Flask
from sqlalchemy import Connection

from ccezone.accounts.queries import audit_of
from ccezone.accounts.rules import Principal, Role
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from ccezone.web.shell.feature import Feature, Reveal, Todo
from tests.web.conftest import Cast, SignIn, a_site

pytestmark = pytest.mark.storage
ROW = UUID(int=5)


def read_buyer(_c: Connection, _v: PersonalVault, principal: Principal, row_id: UUID, _field: str) -> str | None:
    """Show the one buyer there is, to the merchant who owns the row."""
    return "张三丰" if row_id == ROW and principal.login.startswith("merchant") else None


@pytest.fixture
def app(database: Database, clock: FixedClock) -> Flask:
    """The site with one more feature."""
    firm = frozenset({Role.FIRM})
    todo = (
        Todo("冲突", "products.listing", firm, lambda _c, _p: 1234, {"q": "x"}, urgent=True),
        Todo("没有", "products.listing", firm, lambda _c, _p: 0),
        Todo("办公", "users.listing", frozenset({Role.ZONE_OFFICER}), lambda _c, _p: 7),
    )
    reveal = Reveal("specimen", frozenset({"buyer_name"}), read_buyer)
    app = a_site(database, clock, Feature(Blueprint("more", __name__), todo=todo, reveals=(reveal,)))
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return app


def test_the_desk_shows_counters_of_the_role_that_found_something(signed_in: SignIn) -> None:
    page = signed_in("merchant").get("/home").text
    assert "1,234" in page
    assert 'href="/firm/products?q=x"' in page
    assert "没有</span>" not in page
    assert "办公" not in page


def test_a_personal_value_is_shown_and_the_look_is_recorded(signed_in: SignIn, database: Database) -> None:
    answer = signed_in("merchant").post(f"/reveal/specimen/{ROW}/buyer_name", headers={"HX-Request": "true"})
    assert "张三丰" in answer.text
    assert "<html" not in answer.text
    with database.reading() as connection:
        entry = audit_of(connection, f"specimen:{ROW}")[0]
    assert (entry.action, entry.detail) == ("personal.reveal", {"field": "buyer_name"})


@pytest.mark.parametrize(
    ("who", "place", "status"),
    [
        ("rival", f"specimen/{ROW}/buyer_name", 404),
        ("auditor", f"specimen/{ROW}/buyer_name", 403),
        ("merchant", f"specimen/{UUID(int=6)}/buyer_name", 404),
        ("merchant", f"specimen/{ROW}/password_hash", 404),
        ("merchant", f"invoice/{ROW}/buyer_name", 404),
    ],
)
def test_nothing_else_is_shown_and_nothing_is_recorded(
    signed_in: SignIn, database: Database, cast: Cast, who: str, place: str, status: int
) -> None:
    assert cast
    assert signed_in(who).post(f"/reveal/{place}").status_code == status
    with database.reading() as connection:
        assert not audit_of(connection, f"specimen:{ROW}")
