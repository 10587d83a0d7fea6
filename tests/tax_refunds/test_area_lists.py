"""Goods that entered a special area and leave on a 1210 export list: told by the order, refunded once, no list of anybody else."""

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from ccezone.clearance.queries.chain import chain
from ccezone.declarations.queries import scope_of
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import NotFound, Refused
from ccezone.matching.queries import match
from ccezone.tax_refunds.queries.area import search_lots, search_summaries
from ccezone.tax_refunds.queries.ledger import LedgerFilter
from ccezone.tax_refunds.rules.area import period_of
from ccezone.tax_refunds.service import claims
from ccezone.tax_refunds.service.area import declare, gather, remove_delivery
from ccezone.tax_refunds.service.exemption import choose_all_exempt, choose_exemption
from ccezone.tax_refunds.service.ledger import keep_ledger
from ccezone.tracing.queries import Strand
from ccezone.tracing.queries import story as story_of
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import BOOK, Claiming
from tests.tax_refunds.entering import area_balances_of, deliver, entered, left_on_list

pytestmark = pytest.mark.storage
_EXEMPT = """
INSERT INTO goods_exemption (id, item_id, merchant_id, month, document, confirmed, live, chosen_at, chosen_by, filed_by, undone_by)
VALUES (gen_random_uuid(), %(item)s, %(firm)s, '2026-01', '', '{}', true, now(), '', '', '')
"""


@pytest.fixture
def leaving(hub: Hub, tmp_path: Path) -> Claiming:
    """The firm that files lists under 1210."""
    story = Claiming(hub, tmp_path)
    story.merchant = story.hub.party("furniture").id
    return story


def test_the_way_from_the_entry_over_claim_delivery_and_declaration_is_told_by_the_order_it_left_for(leaving: Claiming) -> None:
    hub, firm, clock = leaving.hub, leaving.merchant, leaving.hub.clock
    today = clock.now().astimezone(SHANGHAI).date()
    item = entered(hub.database, firm, "柜子", today, clock)
    claim = leaving.open(item)
    left = left_on_list(hub)
    deliver(leaving, item, "D1", 2, today, left)
    with hub.database.begin() as uow:
        summary = gather(uow, firm, period_of(today, 1), "test", clock)
        declare(uow, firm, summary, 1, "4" * 18, today, clock)
    keep_ledger(hub.database, clock)
    with hub.database.reading() as connection:
        (key,) = hub.rows("SELECT order_key FROM order_version")[0]
        known = match(connection, key, firm)
        assert known is not None
        whole = story_of(connection, chain(connection, known, scope_of(connection, firm, None)), firm, None)
        (row,) = search_lots(connection, firm, text=left)
        reference = search_summaries(connection, firm)[0].reference
    (told,) = [step for step in whole.strands[Strand.TAX] if step.kind == "area"]
    assert (told.number, told.subject, told.note, told.amount) == (
        "D1",
        str(item),
        f"{row.reference} 柜子 {reference}",
        Decimal(20),
    )
    assert str(claim) in {step.subject for step in whole.strands[Strand.TAX] if step.kind.startswith("claim.")}
    (balance,) = area_balances_of(leaving, today)
    assert balance.stands
    assert [(part.name, int(part.amount)) for part in balance.parts] == [("summarised", 2), ("unsummarised", 0), ("stock", 98)]


def test_goods_are_refunded_once_by_their_entry_or_by_the_list_they_left_on(leaving: Claiming) -> None:
    hub, clock, firm = leaving.hub, leaving.hub.clock, leaving.merchant
    today = clock.now().astimezone(SHANGHAI).date()
    item = entered(hub.database, firm, "柜子", today, clock)
    number = left_on_list(hub)
    keep_ledger(hub.database, clock)
    left: UUID = hub.rows("SELECT id FROM goods_ledger_item WHERE source = 'L' LIMIT 1")[0][0]
    delivery = deliver(leaving, item, "D1", 1, today, number)
    with pytest.raises(Refused, match="refund_item_taken"):
        leaving.open(left)
    with hub.database.begin() as uow, pytest.raises(Refused, match="exemption_entered_before"):
        choose_exemption(uow, firm, [left], BOOK, "test", clock, confirmed=True)
    with hub.database.begin() as uow:
        assert choose_all_exempt(uow, firm, LedgerFilter(text=number), BOOK, "test", clock) == 0
        remove_delivery(uow, firm, delivery, clock)
    claim = leaving.open(left)
    with pytest.raises(Refused, match="area_list_claimed"):
        deliver(leaving, item, "D2", 1, today, number)
    with hub.database.begin() as uow:
        claims.drop_item(uow, firm, claim, left, "test", clock)
    deliver(leaving, item, "D2", 1, today, number)
    with pytest.raises(psycopg.errors.UniqueViolation, match="refundable when they entered"):
        hub.change(_EXEMPT, item=left, firm=firm)


def test_a_delivery_names_no_list_of_another_firm_or_mode(leaving: Claiming, tmp_path: Path) -> None:
    hub, clock = leaving.hub, leaving.hub.clock
    today = clock.now().astimezone(SHANGHAI).date()
    number = left_on_list(hub)
    other = Claiming(hub, tmp_path / "other")
    theirs = entered(hub.database, other.merchant, "T恤", today, clock)
    with pytest.raises(Refused, match="area_list_unknown"):
        deliver(other, theirs, "D1", 1, today, number)
    mine = entered(hub.database, leaving.merchant, "柜子", today, clock, "400320260000081202")
    hub.change("UPDATE declaration_list SET trade_mode = '9610'")
    with pytest.raises(Refused, match="area_list_unknown"):
        deliver(leaving, mine, "D1", 1, today, number)
    with pytest.raises(NotFound):
        deliver(other, mine, "D1", 1, today)
