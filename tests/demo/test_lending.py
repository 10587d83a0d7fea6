"""Borrowings, pledges, vouchers, the pilot and money that is due have something to show in the demo, once."""

from pathlib import Path

import pytest

from ccezone.demo.dues import found_dues
from ccezone.demo.lending import found_lending
from ccezone.demo.partners import found_consents, let_partners_in
from ccezone.fx.service.receipts import add_account
from tests.fx.money import Zone
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def test_borrowings_vouchers_pledges_and_the_pilot_are_there_once(hub: Hub) -> None:
    with hub.database.begin() as uow:
        let_partners_in(uow, hub.clock)
    found_consents(hub.database, hub.clock)
    assert [found_lending(hub.database, hub.clock) for _ in range(2)] == [4, 0]
    assert {row[0] for row in hub.rows("SELECT state FROM fx_borrowing")} == {"drawn", "closed"}
    assert {row[0] for row in hub.rows("SELECT state FROM promotion_voucher")} == {"recorded", "certified", "sent_back", "used"}
    assert {row[0] for row in hub.rows("SELECT state FROM refund_account_pledge")} == {"asked", "dropped"}
    assert hub.rows("SELECT count(*), count(ended_at) FROM taxpayer_pilot") == [(2, 1)]


def test_advances_a_line_above_the_limit_and_yuan_are_there_once(hub: Hub, tmp_path: Path) -> None:
    zone = Zone(hub, tmp_path)
    with hub.database.begin() as uow:
        add_account(uow, zone.rival, "36009988001234", "演示银行", "502", "test", hub.clock)
    assert [found_dues(hub.database, "GZ", hub.clock) for _ in range(2)] == [10, 0]
    assert hub.rows("SELECT currency, count(*) FROM fx_receipt GROUP BY 1 ORDER BY 1") == [("142", 4), ("502", 6)]
    assert (hub.count("fx_credit_report"), hub.count("fx_parked_line"), hub.count("fx_instruction")) == (2, 2, 2)
