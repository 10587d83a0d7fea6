"""List, summary, customs declaration, claim, money; then the goods come back and the refund is repaid: traced both ways."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from ccezone.declarations.queries.returns import goods_return
from ccezone.declarations.queries.summaries import groups_of_month, summary_detail
from ccezone.declarations.rules.returns import ReturnWish
from ccezone.declarations.service.returns import drop_return, file_return, open_return
from ccezone.declarations.service.summaries import file_summary, open_summary
from ccezone.kernel.errors import Refused
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.tax_refunds.queries.clawbacks import ClawbackRow, clawbacks_of_claim, clawbacks_of_return
from ccezone.tax_refunds.queries.ledger import claimable
from ccezone.tax_refunds.service import claims, filing
from ccezone.tax_refunds.service.clawback import repay
from tests.declarations.returning import BACK, desk
from tests.declarations.summing import MONTH, seller
from tests.hub.bills import export_bills
from tests.hub.harness import Hub
from tests.journeys.money_back import Zone, zone

pytestmark = pytest.mark.storage


@pytest.fixture
def world(hub: Hub, database_server: EmbeddedPostgres, tmp_path: Path) -> Iterator[Zone]:
    """A zone whose exports take the summary path; its mocks repeat and shuffle what they answer."""
    url = database_server.create_database("mock_money_back")
    with zone(hub, url, tmp_path) as found:
        hub.change("UPDATE declaration_defaults SET declaration_path = 'B'")
        found.mock.throw(duplicate=0.5, reorder=True)
        yield found
    database_server.drop_database("mock_money_back")


def summed_up(world: Zone) -> int:
    """Two orders of one merchant, exported, closed and summed up by the real mock."""
    hub = world.hub
    for number in (1, 5):
        hub.post(*export_bills(number))
    hub.merge()
    world.exchange()
    world.exchange()
    assert hub.states() == ["899", "899"]
    world.refunds.merchant = seller(hub)
    with hub.database.begin() as uow:
        (group,) = groups_of_month(uow.connection, seller(hub), MONTH)
        number = open_summary(uow, seller(hub), MONTH, group.key, "clerk", hub.clock)
        file_summary(uow, hub.vault, hub.deliveries, seller(hub), number, "clerk", hub.clock)
    world.exchange()
    world.exchange()
    return number


def paid_claim(world: Zone, answer: str = "") -> UUID:
    """A claim of everything summed up, paid; with an ``answer`` the bureau doubts it first."""
    hub, refunds = world.hub, world.refunds
    world.settle()
    with hub.database.reading() as connection:
        items = [row.id for row in claimable(connection, seller(hub))]
    claim_id = refunds.open(*items)
    for place, item in enumerate(refunds.view(claim_id).items):
        refunds.invoice(claim_id, item.item_id, f"2636200000001234567{place}", "100.00", "13.00")
        stated = {"declaration_no": item.declaration_no, "vat_pct": "13", "refund_pct": "13"}
        with hub.database.begin() as uow:
            claims.mend_item(uow, seller(hub), claim_id, item.item_id, stated, "clerk", hub.clock)
    assert set(refunds.check(claim_id)) <= {"refund_doubt_value_unknown"}, "nothing blocks it"
    if answer:
        refunds.throw(outcome="doubt")
    refunds.submit(claim_id)
    world.settle()
    if answer:
        assert refunds.state(claim_id) == "doubt"
        with hub.database.begin() as uow:
            version = refunds.view(claim_id).row.version
            filing.answer_doubt(uow, seller(hub), claim_id, version, answer, "clerk", hub.clock)
        world.settle()
    return claim_id


def only_clawback(world: Zone, return_id: int) -> ClawbackRow:
    with world.hub.database.reading() as connection:
        (found,) = clawbacks_of_return(connection, return_id)
    return found


def test_lists_become_a_customs_declaration_whose_number_stands_in_the_claim_that_is_doubted_answered_and_paid(world: Zone) -> None:
    number = summed_up(world)
    with world.hub.database.reading() as connection:
        found = summary_detail(connection, seller(world.hub), number)
    assert found is not None
    (entry,) = found.entries
    assert (found.row.state, entry.lists, len(entry.entry_no)) == ("399", 2, 18)
    assert [each.entry_nos for each in found.lists] == [[entry.entry_no]] * 2
    claim_id = paid_claim(world, "已附运输单据")
    view = world.refunds.view(claim_id)
    assert [step.step for step in view.steps if step.step in ("doubt", "answer", "pay")] == ["doubt", "answer", "pay"]
    assert {item.declaration_no for item in view.items} == {entry.entry_no}
    assert (view.row.state, view.row.paid) == ("paid", view.row.claimed)


def test_goods_that_come_back_after_the_refund_are_released_free_of_tax_once_it_was_repaid(world: Zone) -> None:
    summed_up(world)
    claim_id = paid_claim(world)
    hub, merchant = world.hub, seller(world.hub)
    item = max(hub.lists(), key=lambda each: len(each.content["lines"]))
    whole = Decimal(item.content["lines"][1]["qty"])
    with hub.database.begin() as uow:
        wish = ReturnWish({2: whole}, "买家退货", True, BACK)
        number = open_return(uow, desk(hub), merchant, item.id, wish, "clerk")
    owed = only_clawback(world, number)
    assert (owed.state, owed.claim_id, owed.return_id) == ("due", claim_id, number)
    assert owed.amount is not None
    assert owed.amount > 0
    with pytest.raises(Refused) as refused, hub.database.begin() as uow:
        file_return(uow, desk(hub), merchant, number, "clerk")
    assert refused.value.faults[0].code == "return_relief_needs_repayment"
    with hub.database.begin() as uow:
        repay(uow, merchant, owed.id, "clerk", hub.clock)
    world.settle()
    assert only_clawback(world, number).state == "settled"
    assert (world.refunds.state(owed.claim_id), world.refunds.view(owed.claim_id).row.recovered) == ("recovered", owed.amount)
    with hub.database.begin() as uow:
        file_return(uow, desk(hub), merchant, number, "clerk")
    world.exchange()
    with hub.database.reading() as connection:
        row = goods_return(connection, merchant, number)
        assert [each.id for each in clawbacks_of_claim(connection, owed.claim_id)] == [owed.id]
    assert row is not None
    assert (row.tab, row.repayment, row.relief) == ("granted", "settled", True)


def test_a_return_before_the_money_waits_for_it_and_a_given_up_one_owes_nothing(world: Zone) -> None:
    summed_up(world)
    world.refunds.throw(outcome="linger")
    claim_id = paid_claim(world)
    hub, merchant = world.hub, seller(world.hub)
    with hub.database.begin() as uow:
        number = open_return(uow, desk(hub), merchant, hub.lists()[0].id, ReturnWish({1: Decimal(1)}, "退货", False, BACK), "clerk")
    assert only_clawback(world, number).state == "pending"
    with hub.database.begin() as uow:
        drop_return(uow, merchant, number, "clerk", hub.clock)
    with hub.database.reading() as connection:
        assert clawbacks_of_claim(connection, claim_id) == []
