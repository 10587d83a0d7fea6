"""The portals in a real browser: a bank chooses orders, compares and decides, the firm reads of it; every page accessible."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from ccezone.accounts.queries.partners import search_partners
from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.enterprises.queries import enterprise
from ccezone.inspection.service import Wanted, open_order
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.storage import Database
from tests.hub.harness import Hub
from tests.hub.people import let_in
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.conftest import SignIn
from tests.web.portal_rivals import consented

pytestmark = [pytest.mark.browser, pytest.mark.storage]


def a_consenting_firm(hub: Hub, database: Database, clock: FixedClock) -> tuple[UUID, UUID]:
    """A firm that trades and consented to the bank of the cast; the consent, and an order of the inspector's agency."""
    owner = hub.party("cosmetics")
    with database.begin() as uow:
        let_in(uow, Invitation("cosmetics@example.org", "cosmetics", Role.FIRM, owner.id), clock)
        (bank,) = search_partners(uow.connection, "bank")
        given = consented(uow, owner.id, bank.id, clock, "订单融资")
        assert enterprise(uow.connection, owner.id) is not None
        due = clock.now().astimezone(SHANGHAI).date() + timedelta(days=5)
        wanted = Wanted("batch", "批次 1", ["customs", "market_supervision"], due, party=owner.uscc, what="抽查标签")
        return given, open_order(uow, wanted, "test", clock)


@SCREENS
def test_a_bank_decides_the_firm_reads_of_it_and_every_portal_is_accessible(
    site: str, signed_in: SignIn, browser: Browser, database: Database, clock: FixedClock, tmp_path: Path, language: str, width: int
) -> None:
    hub = Hub(database, tmp_path, clock)
    hub.imports(6)
    for who in ("banker", "taxer", "inspector"):
        signed_in(who)
    consent, order = a_consenting_firm(hub, database, clock)
    with screen(browser, site, language, width) as tab:
        enter(tab, site, "banker")
        place = f"/bank/{consent}"
        data = [f"{place}/data/{kind}" for kind in ("orders", "logistics", "lists", "credit", "claims")]
        assert_accessible(tab, site, ["/home", "/bank", "/bank/ask", place, *data, "/bank/credentials"])
        tab.goto(f"{site}{place}/data/orders")
        tab.locator('input[name="order"]').first.check()
        tab.click("main .actions .btn-primary")
        assert_accessible(tab, site, [tab.url.removeprefix(site)])
        tab.select_option("#outcome", "approved")
        tab.fill("#reference", "LOAN-1")
        tab.click("section[aria-labelledby=decide] .btn-primary")
        expect(tab.locator("section[aria-labelledby=decisions]")).to_contain_text("LOAN-1")
        enter(tab, site, "taxer")
        assert_accessible(tab, site, ["/home", "/tax-bureau"])
        enter(tab, site, "inspector")
        assert_accessible(tab, site, ["/home", "/agency", f"/agency/{order}"])
        enter(tab, site, "cosmetics")
        own = f"/firm/consents/{consent}"
        assert_accessible(tab, site, ["/firm/consents", "/firm/consents/looks", "/firm/consents/new", own])
        expect(tab.locator("section[aria-labelledby=decisions]")).to_contain_text("LOAN-1")
        tab.goto(f"{site}/matches?verdict=matched")
        key = (tab.locator("tbody a").first.get_attribute("href") or "").rsplit("/", 1)[-1]
        assert_accessible(tab, site, [f"/trace/{key}", f"/trace/{key}/print"])
