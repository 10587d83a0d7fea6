"""What follows release: exports, refunds claimed and paid, money that came and was settled; each number opens its rows."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ccezone.fx.rules.parts import Action
from ccezone.fx.service.orders import keep_orders
from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.queries import book
from ccezone.parameters.service import MonthlyRates, set_exchange_rates
from ccezone.statistics.queries.indicator_rows import Row, counted_rows, indicator_rows
from ccezone.statistics.queries.return_outcomes import outcomes
from ccezone.statistics.queries.strands import STRANDS, Strand, strand_rows, strands
from ccezone.statistics.service import recompute_goods, refresh_goods
from ccezone.storage.reach import Reach
from ccezone.tax_refunds.service.ledger import keep_ledger
from tests.fx.money import Zone
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import Claiming

pytestmark = pytest.mark.storage


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Claiming:
    return Claiming(hub, tmp_path)


def seen(story: Claiming, reach: Reach | None = None) -> dict[str, Strand]:
    """The stages of the last year's exports; each is asked whether its rows are as many."""
    until = story.hub.clock.now().astimezone(SHANGHAI).date()
    since = until - timedelta(days=365)
    refresh_goods(story.hub.database, story.hub.clock)
    with story.hub.database.within(reach).reading() as connection:
        found = strands(connection, since, until)
        for each in found:
            rows = strand_rows(connection, each.name, since, until, limit=1000)
            assert len(rows) == each.number
            claims = {row.claim_id: row.paid if each.name == "paid" else row.claimed for row in rows if row.claim_id}
            assert each.yuan is None or sum((money or Decimal(0) for money in claims.values()), Decimal(0)) == each.yuan
    assert len(found) == len(STRANDS)
    return {each.name: each for each in found}


def ends(story: Claiming) -> Mapping[str, Decimal | None]:
    """The indicators of what became of January."""
    with story.hub.database.reading() as connection:
        return outcomes(connection, book(connection, "GZ"), date(2026, 1, 1), date(2026, 1, 31))


def behind(story: Claiming, kind: str) -> Sequence[Row]:
    """The rows behind an indicator of January."""
    with story.hub.database.reading() as connection:
        known = book(connection, "GZ")
        found = indicator_rows(connection, known, kind, date(2026, 1, 1), date(2026, 1, 31))
        assert counted_rows(connection, kind, date(2026, 1, 1), date(2026, 1, 31)) == len(found)
        one_by_one = list(found[:1])
        while one_by_one and len(one_by_one) < len(found):
            at = one_by_one[-1].cursor
            one_by_one += indicator_rows(connection, known, kind, date(2026, 1, 1), date(2026, 1, 31), at, 1)
        assert one_by_one == [*found]
    return found


def test_refunds_paid_add_up_and_take_the_working_days_of_the_calendar(story: Claiming) -> None:
    story.filed()
    story.hub.clock.advance(days=3)
    story.exchange()
    story.hub.change(
        "UPDATE refund_claim SET accepted_on = '2025-12-31'"
    )  # paid on 8 January; the first three days are off, 4 is not
    [row], told = behind(story, "refunds"), ends(story)
    assert (row.began, row.ended) == (date(2025, 12, 31), date(2026, 1, 8))
    assert (row.amount, row.yuan, told["refund_total"]) == (Decimal(104), Decimal(104), Decimal(104))
    assert row.days == told["refund_days"] == 5
    assert behind(story, "settlements") == []


def test_an_export_is_claimed_and_then_paid(story: Claiming) -> None:
    story.export()
    assert [each.number for each in seen(story).values()] == [1, 0, 0, 0, 0]
    story.filed()
    found = seen(story)
    assert (found["exported"].number, found["claimed"].number, found["claimed"].yuan) == (2, 1, Decimal(104))
    assert found["paid"].number == 0
    story.hub.clock.advance(days=3)
    story.exchange()
    found = seen(story)
    assert (found["paid"].number, found["paid"].yuan) == (1, Decimal(104))
    assert found["paid"].half == 5 * 86_400  # three days, and the exchange's minute


def test_an_export_is_paid_for_from_abroad_and_settled(story: Claiming, tmp_path: Path) -> None:
    zone = Zone(story.hub, tmp_path)
    number = zone.sell()
    story.hub.dispatch()
    [(made,)] = story.hub.rows("SELECT id FROM declaration_list")
    story.hub.answer(made, 2, 120, 399, 800, 899)
    keep_ledger(story.hub.database, story.hub.clock)
    keep_orders(story.hub.database, story.hub.clock)
    items = seen(story)["exported"].number
    assert items > 0
    receipt = zone.receive("100.00")
    assert seen(story)["collected"].number == 0
    zone.match(receipt, number)
    assert (seen(story)["collected"].number, seen(story)["settled"].number) == (items, 0)
    zone.declare(receipt)
    zone.ask(receipt, Action.SETTLE, "100.00")
    zone.exchange()
    found = seen(story)["settled"]
    assert (found.number, found.after) == (items, "collected")
    assert found.half == 120  # a minute falls below the edge of two
    with story.hub.database.begin() as uow:
        set_exchange_rates(
            uow, story.hub.clock, entered=MonthlyRates(date(2026, 1, 1), {"502": "7.1234"}, "test"), created_by="test"
        )
    told = ends(story)
    assert (told["settled_total"], told["settle_days"]) == (Decimal("712.34"), Decimal(0))
    assert (told["refund_total"], told["refund_days"]) == (Decimal(0), None)
    [row] = behind(story, "settlements")
    assert (row.amount, row.yuan, row.days, row.of) == (Decimal(100), Decimal("712.34"), 0, str(receipt))


def stored(story: Claiming) -> list[list[tuple[object, ...]]]:
    statements = (
        "SELECT * FROM goods_fact ORDER BY item_id",
        "SELECT * FROM goods_total ORDER BY 1, 2, 3, 4",
        "SELECT * FROM goods_claim_day ORDER BY 1, 2",
    )
    return [story.hub.rows(statement) for statement in statements]


def test_what_is_added_up_bit_by_bit_equals_what_is_made_anew(story: Claiming) -> None:
    story.export()
    seen(story)
    story.filed(outcome="refuse")
    seen(story)
    story.exchange()
    seen(story)
    story.filed(outcome="approve")
    story.hub.clock.advance(days=2)
    seen(story)
    story.exchange()
    assert [each.number for each in seen(story).values()] == [3, 1, 1, 0, 0]
    increments = stored(story)
    assert [len(rows) > 0 for rows in increments] == [True, True, True]
    assert refresh_goods(story.hub.database, story.hub.clock) == 0
    assert recompute_goods(story.hub.database, story.hub.clock) == 3
    assert stored(story) == increments


def test_goods_whose_declaration_was_amended_count_once_as_they_are_now(story: Claiming) -> None:
    story.export()
    assert seen(story)["exported"].number == 1
    story.hub.clock.advance(minutes=5)
    story.hub.change("UPDATE general_declaration SET updated_at = %(at)s", at=story.hub.clock.now())
    keep_ledger(story.hub.database, story.hub.clock)
    assert seen(story)["exported"].number == 1
    story.hub.change("DELETE FROM goods_ledger_item")
    story.hub.change("UPDATE general_declaration SET removed_at = %(at)s, updated_at = %(at)s", at=story.hub.clock.now())
    assert seen(story)["exported"].number == 0
    assert stored(story) == [[], [], []]


def test_a_span_that_ends_within_a_month_leaves_out_what_comes_after_it(story: Claiming) -> None:
    for number in (10, 20):
        story.export(day=date(2025, 12, number))
    refresh_goods(story.hub.database, story.hub.clock)
    with story.hub.database.reading() as connection:
        found = [strands(connection, date(2025, 11, 1), date(2025, 12, number))[0].number for number in (9, 10, 19, 20, 31)]
    assert found == [0, 1, 1, 2, 2]


def test_a_draft_and_a_refused_claim_count_as_no_claim(story: Claiming) -> None:
    story.open(story.export())
    story.filed(outcome="refuse")
    story.exchange()
    assert [each.number for each in seen(story).values()] == [2, 0, 0, 0, 0]


def test_a_node_sees_its_own_firms_goods(story: Claiming) -> None:
    story.filed()
    story.hub.change("UPDATE enterprise SET node = CASE WHEN id = %(id)s THEN 'X' ELSE 'Y' END", id=story.merchant)
    assert seen(story, Reach(frozenset({"X"})))["claimed"].number == 1
    assert seen(story, Reach(frozenset({"Y"})))["exported"].number == 0
