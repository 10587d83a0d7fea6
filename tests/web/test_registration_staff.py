"""A firm's people on the site: invited with named permissions, changed, disabled; the last administrator stays."""

import re
from collections.abc import Sequence
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ccezone.accounts.queries import search_users
from ccezone.accounts.rules import Permission, Role
from ccezone.storage import Database
from ccezone.web.shell.access import granted
from ccezone.web.shell.permits import OPEN_WHEN_ACTING, PERMITS
from tests.hub.people import PASSWORD
from tests.web.conftest import Cast, SignIn

pytestmark = pytest.mark.storage
CLERK = "clerk@example.org"


def invited(app: Flask, admin: FlaskClient, permissions: Sequence[str], login: str = CLERK) -> FlaskClient:
    """Let an administrator invite somebody with these permissions, who accepts and signs in."""
    page = admin.post("/firm/staff/new", data={"login": login, "name": "小王", "permissions": list(permissions)})
    link = re.search(r"/link/([\w-]+)", page.text)
    assert link is not None, page.text
    browser = app.test_client()
    browser.post(f"/link/{link[1]}", data={"password": PASSWORD, "repeated": PASSWORD})
    assert browser.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 302
    return browser


def user_of(database: Database, login: str) -> UUID:
    with database.reading() as connection:
        [user] = search_users(connection, login)
    return user.id


def test_somebody_with_few_permissions_sees_and_does_only_that(app: Flask, signed_in: SignIn) -> None:
    clerk = invited(app, signed_in("merchant"), [Permission.PRODUCTS_WRITE])
    assert clerk.get("/firm/products").status_code == 200
    assert clerk.get("/firm/products/new").status_code == 200
    for address in ("/bills/orders", "/declarations", "/firm/credentials", "/firm/staff", "/batches/upload"):
        assert clerk.get(address).status_code == 403, address
    assert clerk.post("/firm/credentials", data={"name": "x", "permissions": "bills:read"}).status_code == 403
    assert clerk.post("/firm/registration/amend").status_code == 403
    menu = clerk.get("/home").text
    assert "商品资料" in menu
    assert "接口凭证" not in menu
    assert "人员管理" not in menu


def test_reading_is_not_writing(app: Flask, signed_in: SignIn) -> None:
    clerk = invited(app, signed_in("merchant"), [Permission.PRODUCTS_READ])
    assert clerk.get("/firm/products").status_code == 200
    assert clerk.post("/firm/products/new", data={"item_no": "X"}).status_code == 403


def test_a_change_of_permissions_counts_at_once(app: Flask, signed_in: SignIn, database: Database) -> None:
    admin = signed_in("merchant")
    clerk = invited(app, admin, [Permission.PRODUCTS_WRITE])
    address = f"/firm/staff/{user_of(database, CLERK)}"
    assert admin.post(address, data={"permissions": [Permission.BILLS_READ]}).status_code == 302
    assert clerk.get("/firm/products").status_code == 403
    assert clerk.get("/bills/orders").status_code == 200
    admin.post(f"{address}/enabled", data={"enabled": "0"})
    assert clerk.get("/bills/orders").location.startswith("/sign-in")


def test_the_last_administrator_cannot_be_removed(app: Flask, signed_in: SignIn, database: Database) -> None:
    admin = signed_in("merchant")
    own = f"/firm/staff/{user_of(database, 'merchant@example.org')}"
    answer = admin.post(own, data={"permissions": [Permission.BILLS_READ]})
    assert answer.status_code == 422
    assert "至少要有一名" in answer.text
    second = invited(app, admin, [Permission.STAFF_WRITE, Permission.BILLS_READ])
    assert second.post(f"{own}/enabled", data={"enabled": "0"}).status_code == 302
    assert second.post(f"/firm/staff/{user_of(database, CLERK)}/enabled", data={"enabled": "0"}).status_code == 422


def test_an_invited_person_who_never_came_is_no_administrator_to_rely_on(signed_in: SignIn, database: Database) -> None:
    admin = signed_in("merchant")
    admin.post("/firm/staff/new", data={"login": CLERK, "name": "小王", "permissions": [Permission.STAFF_WRITE]})
    own = f"/firm/staff/{user_of(database, 'merchant@example.org')}"
    assert admin.post(own, data={"permissions": [Permission.BILLS_READ]}).status_code == 422


def test_nobody_gives_what_they_do_not_hold(app: Flask, signed_in: SignIn) -> None:
    lesser = invited(app, signed_in("merchant"), [Permission.STAFF_WRITE])
    beyond = {"login": "friend@example.org", "name": "朋友", "permissions": [Permission.PERSONAL_REVEAL]}
    answer = lesser.post("/firm/staff/new", data=beyond)
    assert answer.status_code == 422
    office = {**beyond, "permissions": [Permission.USERS_WRITE]}
    assert lesser.post("/firm/staff/new", data=office).status_code == 422


def test_people_of_another_firm_look_like_nobody(signed_in: SignIn, database: Database) -> None:
    merchant, _rival = signed_in("merchant"), signed_in("rival")
    stranger = f"/firm/staff/{user_of(database, 'rival@example.org')}"
    assert merchant.get(stranger).status_code == 404
    assert merchant.post(stranger, data={"permissions": "bills:read"}).status_code == 404
    for act in ("enabled", "link"):
        assert merchant.post(f"{stranger}/{act}", data={"enabled": "0"}).status_code == 404
    assert "rival@example.org" not in merchant.get("/firm/staff").text


def test_every_group_of_pages_of_firms_says_what_it_needs(app: Flask, cast: Cast) -> None:
    """A new group of pages is closed to agents until somebody says what it needs; here is where that is noticed."""
    assert cast
    groups = {
        rule.endpoint.split(".")[0]
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith("/api/") and Role.FIRM in (granted(app, rule.endpoint) or ())
    }
    assert groups - PERMITS.keys() - OPEN_WHEN_ACTING == set(), "add a line to ccezone/web/shell/permits.py"
