"""The site under test, and a cast of people who try its pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from unittest.mock import patch
from uuid import UUID

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from ccezone.accounts.queries.partners import search_partners
from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation, PartnerEntry, add_partner
from ccezone.enterprises.service import Registration, register
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.settings import Settings
from ccezone.storage import Database, UnitOfWork
from ccezone.web.app import create_app
from ccezone.web.shell.feature import Feature
from integrations.partners import CebDeliveries
from integrations.workbooks.sales import SaleSheets
from tests.hub.people import PASSWORD, let_in
from tests.web.axe import serve_axe
from tests.web.compiled import CompiledRule, CompiledTemplates

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
_COMPILED = CompiledTemplates()


def settings(database_url: str, **changes: object) -> Settings:
    """Settings of a test site."""
    values: dict[str, object] = {
        "data_dir": Path("unused"),
        "database_url": database_url,
        "replica_url": database_url,
        "secret_key": "only-for-tests",
        "personal_key": bytes(32),
        "zone": "GZ",
        "single_window_url": "",
        "public_url": "http://hub.example",
        "mail_url": "",
        "production": False,
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]  # one dict serves every field


@dataclass(frozen=True)
class Cast:
    """The enterprises of the story: two merchants who must not see each other."""

    merchant_id: UUID
    rival_id: UUID


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


def a_site(database: Database, clock: FixedClock, *more: Feature, store: Database | None = None, **changes: object) -> Flask:
    """Build the site as a process does; ``store`` stands in for its database, ``changes`` are settings."""
    deliveries = CebDeliveries(clock, {})
    with patch.object(Flask, "url_rule_class", CompiledRule):
        app = create_app(
            settings(database.url, **changes), store or database, clock, deliveries=deliveries, more=more, sales=SaleSheets()
        )
    app.jinja_env.bytecode_cache = _COMPILED
    app.after_request(_as_on_the_wire)
    return app


def _as_on_the_wire(answer: Response) -> Response:
    """Fail where a server would: the test client takes headers that HTTP cannot carry."""
    for name, value in answer.headers:
        assert value.isascii(), (name, value)
    return answer


def an_open_site(database: Database, clock: FixedClock) -> Flask:
    """Build the site without forgery protection and rate limits: ``test_security`` tries those."""
    app = a_site(database, clock)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return app


@pytest.fixture
def app(database: Database, clock: FixedClock) -> Flask:
    """The site, without forgery protection and rate limits."""
    return an_open_site(database, clock)


@pytest.fixture
def cast(database: Database, clock: FixedClock) -> Cast:
    """A merchant and a rival merchant, who must not see each other."""
    with database.begin() as uow:
        merchant = register(uow, Registration(complete_uscc("91360700MA35CAM01"), "赣南家具", ["merchant"]), clock)
        rival = register(uow, Registration(complete_uscc("91360700MA35CAM02"), "竞争对手", ["merchant"]), clock)
    return Cast(merchant, rival)


PARTNERS = {
    "banker": (Role.BANK, "bank", "BANK-1"),
    "other_banker": (Role.BANK, "bank", "BANK-2"),
    "taxer": (Role.TAX_OFFICER, "tax_bureau", "TAX-1"),
    "inspector": (Role.AGENCY, "agency", "market_supervision"),
}
"""People of partner organisations: role, kind and code of the organisation."""


def partner_of(uow: UnitOfWork, who: str, clock: FixedClock) -> UUID:
    """The organisation of one of them, added when it is first asked for."""
    _role, kind, code = PARTNERS[who]
    known = next((each.id for each in search_partners(uow.connection, kind) if each.code == code), None)
    return known or add_partner(uow, PartnerEntry(kind, code, f"{code}机构", f"{code} organisation"), None, clock)


SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def signed_in(app: Flask, cast: Cast, database: Database, clock: FixedClock) -> SignIn:
    """Return a browser in which one of these is signed in, or ``nobody``."""
    roles = {
        "merchant": (Role.FIRM, cast.merchant_id),
        "rival": (Role.FIRM, cast.rival_id),
        "officer": (Role.ZONE_OFFICER, None),
        "auditor": (Role.AUDITOR, None),
        "system": (Role.ADMIN, None),
        "security": (Role.SECURITY_ADMIN, None),
        "audit": (Role.AUDIT_ADMIN, None),
        "newcomer": (Role.UNASSIGNED, None),
        **{who: (role, None) for who, (role, _kind, _code) in PARTNERS.items()},
    }

    def enter(name: str) -> FlaskClient:
        browser = app.test_client()
        if name != "nobody":
            role, enterprise_id = roles[name]
            login = f"{name}@example.org"
            with database.begin() as uow:
                organisation = partner_of(uow, name, clock) if name in PARTNERS else None
                let_in(uow, Invitation(login, name, role, enterprise_id, organisation), clock)
            answer = browser.post("/sign-in", data={"login": login, "password": PASSWORD})
            assert answer.status_code == 302, answer.text
        return browser

    return enter


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of a browser of its own; the one of pytest-playwright leans on a plugin that pytest 9 complains about."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Serve the site on a free port and return its address."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600  # seconds; each page would ask again after five files
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield serve_axe(server)
    server.shutdown()
    thread.join()
    server.server_close()
