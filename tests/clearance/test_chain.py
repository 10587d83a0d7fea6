"""One number through the whole chain: any of its numbers finds it, every node is there with its time, nobody sees another's."""

from datetime import timedelta

import pytest

from ccezone.clearance.queries.chain import Strand, chain, orders_of_number
from ccezone.declarations.queries import Scope
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
_NUMBERS = """
SELECT o.order_no, p.payment_no, w.waybill_no, d.cop_no FROM order_version o
JOIN payment_version p ON p.order_key = o.order_key JOIN declaration_list d ON d.order_key = o.order_key
JOIN waybill_version w ON w.waybill_key = d.waybill_key
"""


def test_every_number_of_the_trade_leads_to_its_order_and_to_no_other(hub: Hub) -> None:
    hub.imports(2)
    with hub.database.reading() as connection:
        for numbers in hub.rows(_NUMBERS):
            for number in numbers:
                assert [each.order_no for each in orders_of_number(connection, number, None)] == [numbers[0]], number
        assert orders_of_number(connection, "no-such-number", None) == []


def test_another_merchant_finds_nothing(hub: Hub) -> None:
    hub.imports()
    [(order_no, owner)] = hub.rows("SELECT order_no, merchant_id FROM order_match")
    other = next(party for party in (hub.party("furniture"), hub.party("oranges")) if party.id != owner)
    with hub.database.reading() as connection:
        assert len(orders_of_number(connection, order_no, owner)) == 1
        assert orders_of_number(connection, order_no, other.id) == []


def test_each_node_takes_from_the_one_before_it_to_its_own_end(hub: Hub) -> None:
    (filed,) = hub.imports()
    hub.dispatch()
    hub.clock.advance(minutes=5)
    hub.answer(filed, 2)
    hub.clock.advance(minutes=20)
    hub.answer(filed, 120, 800)
    [(order_no,)] = hub.rows("SELECT order_no FROM order_match")
    with hub.database.reading() as connection:
        (known,) = orders_of_number(connection, order_no, None)
        found = chain(connection, known, Scope())
    assert [node.name for node in found.nodes] == ["collect", "prepare", "file", "send", "clear"]
    assert all(node.ended for node in found.nodes)
    whole = sum((node.took(hub.clock.now()) for node in found.nodes), timedelta(0))
    released = next(each.at for each in found.steps if each.step and each.step.code == 800)
    assert whole == released - found.steps[0].at
    assert found.strands[:3] == [Strand.COMMERCE, Strand.ENTERPRISE, Strand.CUSTOMS]
    assert [each.kind for each in found.steps][:1] == ["order"]
    assert [each.at for each in found.steps] == sorted(each.at for each in found.steps)


def test_what_waits_shows_the_node_it_waits_at(hub: Hub) -> None:
    hub.imports()
    [(order_no,)] = hub.rows("SELECT order_no FROM order_match")
    hub.clock.advance(hours=3)
    with hub.database.reading() as connection:
        (known,) = orders_of_number(connection, order_no, None)
        last = chain(connection, known, Scope()).nodes[-1]
    assert (last.name, last.ended) == ("send", None)
    assert last.took(hub.clock.now()) >= timedelta(hours=3)
