"""Nothing is used twice: two writers at once, and writers that go past the rules, meet the database's own checks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from psycopg.errors import CheckViolation, ForeignKeyViolation

from ccezone.fx.queries.balance import balances
from ccezone.fx.queries.gates import flows_of, gate_of
from ccezone.fx.queries.history import money_steps
from ccezone.fx.queries.orders import Terms, count_orders, search_orders
from ccezone.fx.rules.parts import Action
from ccezone.fx.rules.routing import Firm
from ccezone.fx.service.orders import keep_all_orders, keep_orders
from ccezone.kernel.errors import Refused
from tests.fx.money import BOOK, Zone

pytestmark = pytest.mark.storage


def test_two_writers_match_one_receipt_and_one_order_at_once_and_only_one_gets_the_money(zone: Zone) -> None:
    order = zone.sell(value="100.00")
    receipts = [zone.receive("100.00") for _ in range(4)]

    def attempt(receipt: UUID) -> int:
        try:
            return int(zone.match(receipt, order))
        except Refused:
            return 0

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, receipts)) == [0, 0, 0, 100]
    assert zone.order(order)["received"] == 100


def test_two_writers_settle_one_receipt_at_once_and_it_is_settled_once(zone: Zone) -> None:
    receipt = zone.receive("100.00")
    zone.match(receipt, zone.sell())
    zone.declare(receipt)

    def attempt(_: int) -> bool:
        try:
            return bool(zone.ask(receipt, Action.SETTLE, "100.00"))
        except Refused:
            return False

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(attempt, range(3))) == 1


def test_a_writer_that_asks_nobody_meets_the_database(zone: Zone) -> None:
    receipt, number = zone.receive("100.00"), zone.sell(value="100.00")
    zone.match(receipt, number)
    [(key,)] = zone.hub.rows("SELECT order_key FROM fx_order")
    entry = """INSERT INTO fx_match SELECT gen_random_uuid(), receipt_id, order_key, %(firm)s, %(currency)s, 'money', %(amount)s,
        NULL, now(), 'x', '' FROM fx_match WHERE order_key = %(key)s"""
    values = {"firm": zone.merchant, "currency": "502", "amount": Decimal("0.01"), "key": key}
    with pytest.raises(CheckViolation):
        zone.hub.change(entry, **values)
    with pytest.raises(ForeignKeyViolation):
        zone.hub.change(entry, **{**values, "firm": zone.rival})
    with pytest.raises(ForeignKeyViolation):
        zone.hub.change(entry, **{**values, "currency": "300"})
    with pytest.raises(CheckViolation):
        zone.hub.change("UPDATE fx_receipt SET settled = settled + 1")
    with pytest.raises(CheckViolation):
        zone.hub.change("UPDATE fx_receipt SET limited = true, settled = 100, open = 0, matched = 60")


def test_a_balance_adds_up_and_a_receipt_that_was_tampered_with_is_named(zone: Zone) -> None:
    receipt, _other = zone.receive("100.00"), zone.receive("50.00")
    zone.match(receipt, zone.sell())
    zone.declare(receipt)
    zone.ask(receipt, Action.SETTLE, "60.00")
    zone.exchange()
    with zone.hub.database.reading() as connection:
        assert balances(connection, zone.today - timedelta(days=1)) == []
        [found] = balances(connection, zone.today)
    assert (found.unit, found.whole, found.stands) == ("502", Decimal(150), True)
    assert {part.name: part.amount for part in found.parts if part.amount} == {"open": 90, "settled": 60}
    zone.hub.change("UPDATE fx_receipt SET settled = settled + 1, open = open - 1 WHERE id = %(id)s", id=receipt)
    with zone.hub.database.reading() as connection:
        [found] = balances(connection, zone.today)
    assert not found.stands
    assert [(each.kind, each.expected, each.found) for each in found.differences] == [
        ("fx_receipt_parts", Decimal(60), Decimal(61))
    ]


def test_three_flows_are_compared_order_by_order(zone: Zone) -> None:
    order = zone.sell()
    receipt = zone.receive("60.00", payer="Somebody Ltd")
    zone.match(receipt, order)
    with zone.hub.database.reading() as connection:
        [flows] = flows_of(connection, zone.firm, receipt, BOOK, zone.today)
        [waived] = flows_of(connection, Firm("A", special_area=True), receipt, BOOK, zone.today)
        gate = gate_of(connection, zone.firm, receipt, BOOK, zone.today)
    assert {finding.aspect: finding.agrees for finding in flows.findings} == {
        "party": False, "waybill": True, "currency": True, "amount": False, "window": True
    }  # fmt: skip
    assert [finding.waived for finding in waived.findings if finding.aspect == "party"] == [True]
    assert {fault.code for fault in gate.warnings} == {"fx_flow_payer", "fx_flow_amount"}
    assert gate.rule.document == "Huifa 2019 No.28"


def test_all_released_orders_are_taken_in_however_few_at_once(zone: Zone) -> None:
    zone.sell_many(2)
    zone.hub.dispatch()
    for (list_id,) in zone.hub.rows("SELECT id FROM declaration_list"):
        zone.hub.answer(list_id, 120, 800)
    assert keep_all_orders(zone.hub.database, zone.hub.clock, at_once=1) == zone.hub.count("fx_order") == 2
    assert keep_all_orders(zone.hub.database, zone.hub.clock, at_once=1) == 0


def test_released_orders_stand_in_the_ledger_and_are_overdue_by_their_firms_class(zone: Zone) -> None:
    zone.sell(value="100.00")
    [(list_id,)] = zone.hub.rows("SELECT id FROM declaration_list")
    zone.hub.dispatch()
    zone.hub.answer(list_id, 120, 800)
    assert keep_orders(zone.hub.database, zone.hub.clock) == 1
    assert keep_orders(zone.hub.database, zone.hub.clock) == 0
    later = zone.today + timedelta(days=60)
    with zone.hub.database.reading() as connection:
        for firms, overdue in (([], 1), ([zone.merchant], 0)):
            terms = Terms(Decimal(1), 90, 30, firms, later)
            assert count_orders(connection, zone.merchant, terms)["overdue"] == overdue
            assert len(search_orders(connection, None, terms, "overdue")) == overdue


def test_settled_money_is_laid_on_the_orders_in_their_turn_and_an_orders_steps_are_told(zone: Zone) -> None:
    first, second = zone.sell_many(2)
    receipt = zone.receive("200.00")
    zone.match(receipt, first)
    zone.match(receipt, second)
    zone.declare(receipt)
    zone.ask(receipt, Action.SETTLE, "130.00")
    zone.exchange()
    terms = Terms(Decimal(1), 90, 30, [], zone.today)
    with zone.hub.database.reading() as connection:
        settled = {row.order_no: row.settled for row in search_orders(connection, zone.merchant, terms)}
        [(key,)] = zone.hub.rows("SELECT order_key FROM fx_order WHERE order_no = %(no)s", no=first)
        steps = [step.step for step in money_steps(connection, zone.merchant, key)]
        assert money_steps(connection, zone.rival, key) == []
    assert settled == {first: 100, second: 30}
    assert steps == ["report", "matched", "declare", "ask_settle", "confirmed_settle"]
