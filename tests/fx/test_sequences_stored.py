"""Random events on PostgreSQL, through the services and the mock bank: every ledger stays balanced, nothing is lost on the way."""

import random
from decimal import Decimal
from uuid import UUID

import pytest

from ccezone.fx.queries.balance import balances
from ccezone.fx.rules.parts import Action, Part
from ccezone.fx.service.matching import unmatch
from ccezone.fx.service.settling import Back, send_back
from ccezone.kernel.errors import Refused
from tests.fx.money import BOOK, WHO, A, B, Zone
from tests.sequences import sequences

pytestmark = pytest.mark.storage
_SEQUENCES = sequences(3, 200).max_examples
_EVENTS = 25


def _play(zone: Zone, chance: random.Random, receipts: list[UUID], orders: list[str]) -> None:
    """Do one thing; what the rules refuse changes nothing."""
    receipt, amount = chance.choice(receipts), f"{chance.randint(1, 12_000) / 100:.2f}"
    zone.firm = chance.choice((A, B))
    zone.throw(outcome=chance.choice(("confirm", "refuse")), lose_answers=chance.choice((0, 0, 1)))
    event = chance.randrange(8)
    if event == 0:
        receipts.append(zone.receive(amount))
    elif event in (1, 2):
        zone.match(receipt, *chance.sample(orders, chance.randint(1, 2)), gross=chance.choice(("", amount)), platform_fee="1.00")
    elif event == 3:
        taken = zone.hub.rows("SELECT order_key FROM fx_match WHERE receipt_id = %(id)s", id=receipt)
        if taken:
            with zone.hub.database.begin() as uow:
                unmatch(uow, zone.merchant, receipt, None, taken[0][0], WHO, zone.hub.clock)
    elif event == 4:
        zone.declare(receipt)
    elif event in (5, 6):
        zone.ask(receipt, chance.choice((Action.SETTLE, Action.PEND, Action.RELEASE)), amount)
    else:
        asked = Back(Decimal(amount), chance.choice((Part.OPEN, Part.PENDING, Part.SETTLED)), True, "", "x")
        with zone.hub.database.begin() as uow:
            send_back(uow, zone.merchant, zone.firm, receipt, None, asked, BOOK, WHO, zone.hub.clock)


@pytest.mark.timeout(1800)
def test_random_events_leave_every_ledger_balanced(zone: Zone) -> None:
    orders = zone.sell_many(6)
    receipts = [zone.receive("150.00")]
    refused = 0
    for seed in range(_SEQUENCES):
        chance = random.Random(seed)
        for _ in range(_EVENTS):
            try:
                _play(zone, chance, receipts, orders)
            except Refused:
                refused += 1
            if chance.random() < 0.4:
                zone.exchange(seconds=chance.choice((1, 400)))
        zone.throw(lose_answers=0)
        for _ in range(3):
            zone.exchange(seconds=400)
        _judge(zone)
    assert refused < _SEQUENCES * _EVENTS, "some events must pass"


def _judge(zone: Zone) -> None:
    with zone.hub.database.reading() as connection:
        assert all(found.stands for found in balances(connection, zone.today))
    assert zone.hub.rows("SELECT count(*) FROM fx_receipt WHERE held <> 0 OR leaving <> 0") == [(0,)]
    apart = """SELECT o.order_no FROM fx_order o LEFT JOIN fx_match m ON m.order_key = o.order_key
        GROUP BY o.order_key HAVING o.received + o.netted <> coalesce(sum(m.amount), 0)"""
    assert zone.hub.rows(apart) == []
    assert zone.mock.get("/counts").get_json()["instruction"] == zone.hub.count("fx_instruction")
