"""A zone with lists in many states, and browsers of everybody concerned, for tests of pages about lists."""

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.web.hub import EXTENSION
from tests.hub.harness import Hub
from tests.hub.people import PASSWORD, let_in
from tests.web.conftest import PARTNERS, an_open_site, partner_of

_PARTNERS = {who: role for who, (role, _kind, _code) in PARTNERS.items()}


@dataclass
class ZoneSite:
    """The site of a zone. ``browser`` signs in a party of the cast, ``officer``, ``auditor``, a partner's or ``nobody``."""

    hub: Hub
    app: Flask

    def browser(self, who: str) -> FlaskClient:
        """Return a signed-in browser."""
        browser = self.app.test_client()
        if who == "nobody":
            return browser
        role = {"officer": Role.ZONE_OFFICER, "auditor": Role.AUDITOR, **_PARTNERS}.get(who, Role.FIRM)
        enterprise_id: UUID | None = self.hub.party(who).id if role == Role.FIRM else None
        login = f"{who.replace('_', '-')}@example.org"
        with self.hub.database.begin() as uow:
            organisation = partner_of(uow, who, self.hub.clock) if who in PARTNERS else None
            let_in(uow, Invitation(login, who, role, enterprise_id, organisation), self.hub.clock)
        answer = browser.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return browser


def zone_site(database: Database, clock: FixedClock, folder: Path) -> ZoneSite:
    """Found a zone on an empty database, and its site, which goes by the rules of its worker."""
    site = ZoneSite(Hub(database, folder, clock), an_open_site(database, clock))
    site.app.extensions[EXTENSION] = replace(site.app.extensions[EXTENSION], terms=site.hub.terms)
    return site
