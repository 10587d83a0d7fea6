"""Risk in a real browser: an officer drafts a rule, watches its trial end, takes an alert and closes it; every page accessible."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ccezone.background.service import run_next_job
from ccezone.kernel.clock import FixedClock
from ccezone.risk.service.looking import look
from ccezone.risk.service.trying import JOB, TryRule
from ccezone.storage import Database
from tests.hub.bills import import_bills, order
from tests.hub.harness import Hub
from tests.risk.test_looking import BUYER
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.storage]


def suspicious_trade(database: Database, clock: FixedClock, folder: Path) -> None:
    """One buyer in many orders, and a parcel that is too heavy."""
    hub = Hub(database, folder, clock)
    one, (sold, paid, parcel) = order(1, "I"), import_bills(21)
    hub.post(*(order(number, "I").but(**{name: one[name] for name in BUYER}) for number in range(1, 61)))
    hub.post(sold, paid, parcel.but(weight=99))
    hub.merge()
    look(database, "GZ", clock)


@SCREENS
def test_an_officer_tries_a_rule_and_closes_an_alert(
    site: str, signed_in: SignIn, browser: Browser, database: Database, clock: FixedClock, tmp_path: Path, language: str, width: int
) -> None:
    suspicious_trade(database, clock, tmp_path)
    signed_in("officer")
    with screen(browser, site, language, width) as tab:
        enter(tab, site, "officer")
        rule = _tried(tab, site, database, clock)
        tab.goto(f"{site}/office/risk")
        tab.click("tbody .row-link")
        alert = tab.url.removeprefix(site)
        tab.click(".page-actions .btn-primary")
        assert_accessible(tab, site, ["/office/risk", "/office/risk/rules", "/office/risk/rules/new/price_band", rule, alert])
        tab.goto(site + alert)
        tab.select_option("#disposition", "unfounded")
        tab.fill("#cause", "员工团购")
        tab.click("section[aria-labelledby=end] .btn-primary")
        expect(tab.locator("#end")).to_have_count(0)
        assert_accessible(tab, site, [alert, "/office/risk?tab=closed"])


def _tried(tab: Page, site: str, database: Database, clock: FixedClock) -> str:
    """Draft a rule on its form and wait for its trial."""
    tab.goto(f"{site}/office/risk/rules/new/identity_reuse")
    tab.fill("#name", "同一身份大量下单（从严）")
    tab.fill("#orders", "5")
    tab.fill("#document", "内部办法第 1 号")
    tab.click("main .btn-primary")
    tab.fill("#since", "2026-01-01")
    tab.click("section[aria-labelledby=trials] .btn-primary")
    expect(tab.locator("#trials ~ article progress")).to_have_count(1)
    assert run_next_job(database, {JOB: TryRule(database, "GZ", clock)}, clock) == 1
    expect(tab.locator("#trials ~ article details")).to_have_count(1, timeout=10_000)
    return tab.url.removeprefix(site)
