"""The site of a zone that trades, and browsers of its enterprises and of the office."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.bills.trading import Zone, open_zone
from tests.hub.people import PASSWORD, let_in
from tests.web.conftest import an_open_site

OFFICE = {"officer": Role.ZONE_OFFICER, "auditor": Role.AUDITOR}


@dataclass
class TradingSite:
    """A site, and the zone behind it."""

    zone: Zone
    app: Flask

    def browser(self, who: str) -> FlaskClient:
        """Return a browser in which one of the cast, ``officer`` or ``auditor`` is signed in, or ``nobody``."""
        browser = self.app.test_client()
        if who != "nobody":
            login = self.user(who)
            assert browser.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 302
        return browser

    def user(self, who: str) -> str:
        """Create a user and return the login."""
        login = f"{who.replace('_', '-')}@example.org"
        invitation = Invitation(login, who, OFFICE.get(who, Role.FIRM), None if who in OFFICE else self.zone.ids[who])
        with self.zone.database.begin() as uow:
            let_in(uow, invitation, self.zone.clock)
        return login


def trading_site(database: Database, clock: FixedClock) -> TradingSite:
    """Open a zone on an empty database, and its site."""
    zone = open_zone(database, clock)
    return TradingSite(zone, an_open_site(zone.database, clock))
