"""Three rejected lists and a failed inspection lower a grade, and customs inspects the next lists more: measured at the mock."""

from collections.abc import Iterator
from threading import Thread
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from werkzeug.serving import make_server

from ccezone.clearance.service import receive, send_waiting
from ccezone.credit.queries import treatments_of
from ccezone.credit.service import keep_credit, send_treatments
from integrations import transport
from integrations.mockservers.single_window.app import create_app
from integrations.single_window import CebReader, HttpSingleWindow, HttpTreatments, SingleWindowSettings
from tests.credit.test_keeping import ZONE, grade
from tests.hub.bills import Bill, link, order, payment, waybill
from tests.hub.harness import Hub
from tests.integrations.conftest import NOON, Window

pytestmark = pytest.mark.storage
FEW, MANY, TOGETHER = 8, 500, 100
OWNER = "SELECT merchant_id FROM declaration_list WHERE order_no LIKE %(of)s LIMIT 1"
INSPECTED = (
    "SELECT count(*) FROM receipt r JOIN declaration_list d ON d.id = r.subject WHERE r.code = 500 AND d.order_no LIKE %(of)s"
)


class Zone:
    """A hub that talks to the mock over HTTP."""

    def __init__(self, hub: Hub, window: Window, address: str) -> None:
        self.hub, self.mock = hub, window
        self.window = HttpSingleWindow(SingleWindowSettings(address), transport.session())
        self.desk = HttpTreatments(address, transport.session())

    def trade(self, firm: int, name: str, number: int) -> None:
        """File exports of a firm under order numbers of this name, and let customs answer them to the end."""
        for start in range(0, number, TOGETHER):
            trades = [_trade(firm, f"{name}{each:04d}") for each in range(start, min(number, start + TOGETHER))]
            for bills in zip(*trades, strict=True):
                self.hub.post_together(*bills)
        self.hub.merge()
        while self.hub.pack() or send_waiting(self.hub.database, self.hub.vault, self.window, self.hub.clock):
            pass
        while self.mock.service.processor.turn():
            pass
        while receive(self.hub.database, self.window, CebReader(), self.hub.clock, limit=100, wait=0):
            pass

    def judge(self) -> None:
        """Let credit be kept, and the mock hear of it."""
        keep_credit(self.hub.database, ZONE, self.hub.clock)
        while send_treatments(self.hub.database, self.desk, self.hub.clock):
            pass

    def inspected(self, name: str) -> int:
        """Count the lists of this name that customs inspected."""
        return int(self.hub.rows(INSPECTED, of=f"{name}%")[0][0])

    def owner(self, name: str) -> UUID:
        """Whose lists these are."""
        found: UUID = self.hub.rows(OWNER, of=f"{name}%")[0][0]
        return found


def _trade(firm: int, name: str) -> tuple[Bill, Bill, Bill, Bill]:
    guid = {"guid": str(uuid5(NAMESPACE_OID, name)).upper()}
    sold = order(firm).but(order_no=name, **guid)
    sent = waybill(firm).but(waybill_no=f"W-{name}", **guid)
    return sold, payment(firm).but(order_no=name, payment_no=f"P-{name}", **guid), sent, link(sold, sent)


@pytest.fixture
def zone(hub: Hub, window: Window) -> Iterator[Zone]:
    hub.clock.moment = window.clock.moment = NOON
    server = make_server("127.0.0.1", 0, create_app(window.service), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Zone(hub, window, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_next_lists_of_a_firm_that_fell_are_inspected_more(zone: Zone) -> None:
    fails = {"effect": "inspection", "pattern": "*-FAIL-*", "outcome": "fail"}
    zone.mock.throw(rules=[{"effect": "reject", "pattern": "*-REJECT-*"}, fails])
    for firm, name in ((1, "FALLS-"), (2, "STAYS-")):
        zone.trade(firm, name, FEW)
    zone.judge()
    falls, stays = zone.owner("FALLS-"), zone.owner("STAYS-")
    assert (grade(zone.hub, falls), grade(zone.hub, stays)) == ("AA", "AA")
    zone.trade(1, "FALLS-REJECT-", 3)
    zone.trade(1, "FALLS-FAIL-", 1)
    zone.hub.clock.advance(minutes=5)
    zone.judge()
    assert (grade(zone.hub, falls), grade(zone.hub, stays)) == ("BBB", "AA")
    zone.trade(1, "FALLS-NEXT-", MANY)
    zone.trade(2, "STAYS-NEXT-", MANY)
    more, less = zone.inspected("FALLS-NEXT-"), zone.inspected("STAYS-NEXT-")
    with zone.hub.database.reading() as connection:
        shares = [float(treatments_of(connection, each)[0].inspection_share) for each in (falls, stays)]
    assert shares == [0.2, 0.01]
    assert 60 <= more <= 140, more
    assert less <= 20, less
