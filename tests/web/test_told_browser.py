"""Messages and webhooks in a real browser: set an endpoint up, watch a test arrive; every page accessible with rows in it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from ccezone.kernel.clock import FixedClock
from ccezone.notices.ports import Answer
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.notices.service.webhooks import Deliverer
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from tests.notices.receivers import Receivers
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.conftest import Cast, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.storage]
LONG = "赣州市南康区超长名称实木家具跨境电子商务进出口贸易有限责任公司" * 3


@SCREENS
def test_a_firm_sets_a_webhook_up_and_sees_a_test_arrive(
    site: str,
    signed_in: SignIn,
    browser: Browser,
    database: Database,
    cast: Cast,
    clock: FixedClock,
    language: str,
    width: int,
) -> None:
    signed_in("merchant")
    signed_in("officer")
    with database.begin() as uow:
        for number in (1, 5000):
            tidings = Tidings("list_rejected", clock.now(), "list", "", {}, number)
            notify(uow, Audience(enterprise_id=cast.merchant_id), tidings)
        tidings = Tidings("registration_approved", clock.now(), "enterprise", "", {"name": LONG})
        notify(uow, Audience(enterprise_id=cast.merchant_id), tidings)
    receivers = Receivers({"https://erp.example.com/": lambda _: Answer(500, excerpt="x" * 400, milliseconds=31)})
    deliverer = Deliverer(database, PersonalVault(bytes(32)), receivers, clock, lambda: 0.0)
    with screen(browser, site, language, width) as tab:
        enter(tab, site, "merchant")
        place = _set_up(tab, site)
        tab.click(".page-actions .btn-primary")
        expect(tab.locator("#attempts")).to_be_visible()
        test = tab.url
        for claim in deliverer.claim(1, ailing=False):
            deliverer.turn(claim)
        expect(tab.locator("#attempts .step-title")).to_have_text("HTTP 500", timeout=10_000)
        pages = ["/messages", "/messages?show=unread", "/profile/notices", "/firm/webhooks", place, test.removeprefix(site)]
        assert_accessible(tab, site, pages)
        enter(tab, site, "officer")
        assert_accessible(tab, site, ["/office/mail"])


def _set_up(tab: Page, site: str) -> str:
    """Add an endpoint, note its secret, and open it."""
    tab.goto(f"{site}/firm/webhooks")
    tab.fill("#url", "https://erp.example.com/")
    tab.fill("#note", "ERP")
    tab.click("main form .btn-primary")
    assert tab.input_value("#secret").startswith("whsec_")
    tab.click("main .card a.btn")
    tab.wait_for_url(f"{site}/firm/webhooks/*")
    return tab.url.removeprefix(site)
