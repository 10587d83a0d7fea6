"""Pages of credit with rows on them, in a real browser: accessible, and no wider than the screen."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from ccezone.credit.queries import search_listings
from ccezone.demo.credit import found_credit
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.credit.test_keeping import ZONE, file, keep
from tests.web.browsing import SCREENS, assert_accessible, enter, screen
from tests.web.conftest import NOON
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = [pytest.mark.browser, pytest.mark.storage]
VIEWS = ("record", "identity", "goods", "trade")


@pytest.fixture
def zone(database: Database, tmp_path: Path) -> ZoneSite:
    """A zone whose cast is judged, one of whom trades."""
    found = zone_site(database, FixedClock(NOON), tmp_path / "keys")
    found_credit(found.hub.database, ZONE, found.hub.clock)
    found.hub.answer(file(found.hub, range(3))[0], 2, 3, 100)
    keep(found.hub)
    return found


@pytest.fixture
def place(zone: ZoneSite) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, zone.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@SCREENS
def test_pages_of_credit_are_accessible_and_fit_the_screen(
    place: str, zone: ZoneSite, browser: Browser, language: str, width: int
) -> None:
    who = zone.hub.rows("SELECT merchant_id, e.uscc FROM declaration_list d JOIN enterprise e ON e.id = d.merchant_id LIMIT 1")[0]
    with zone.hub.database.reading() as connection:
        listings = search_listings(connection)
    mine = next(each for each in listings if each.state == "appealed")
    office = [f"/office/credit/{who[0]}?view={view}" for view in VIEWS]
    office += ["/office/credit", "/office/credit-lists", f"/office/credit/{who[0]}/evidence"]
    office += [f"/office/credit-lists/{each.id}" for each in listings]
    firm = [*(f"/firm/credit?view={view}" for view in VIEWS), f"/firm/credit/lists/{mine.id}"]
    public = [f"/credit/of/{who[1]}", "/credit/lists?kind=red", "/credit/rules"]
    with screen(browser, place, language, width) as tab:
        assert_accessible(tab, place, public)
        for person, addresses in (("officer", office), ("milk", firm)):
            zone.browser(person)
            enter(tab, place, person)
            assert_accessible(tab, place, addresses)
