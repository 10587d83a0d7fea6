"""A firm takes goods as exempt without invoice: by conditions, never beside a refund, undone only before it is declared."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.queries.exemption import exempt_items, exempt_months, income_statement
from ccezone.tax_refunds.queries.ledger import LedgerFilter, count_ledger, ledger_item
from ccezone.tax_refunds.rules.uses import Turn, Use, turned, turns_from
from ccezone.tax_refunds.service import exemption
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import BOOK, Claiming


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Claiming:
    return Claiming(hub, tmp_path)


def choose(story: Claiming, *items: UUID, confirmed: bool = False) -> int:
    with story.hub.database.begin() as uow:
        return exemption.choose_exemption(uow, story.merchant, items, BOOK, "user:x", story.hub.clock, confirmed=confirmed)


def undo(story: Claiming, *items: UUID) -> int:
    with story.hub.database.begin() as uow:
        return exemption.undo_exemption(uow, story.merchant, items, "user:x", story.hub.clock)


def declare(story: Claiming, month: str) -> int:
    with story.hub.database.begin() as uow:
        return exemption.file_exemptions(uow, story.merchant, month, "user:x", story.hub.clock)


def use_of(story: Claiming, item: UUID) -> Use:
    with story.hub.database.reading() as connection:
        found = ledger_item(connection, story.merchant, item)
    assert found is not None
    return found.use


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refusal.value.faults]


def test_an_item_has_one_use_and_every_other_turn_is_refused() -> None:
    assert turned(Use.OPEN, Turn.EXEMPT) is Use.EXEMPT
    assert turned(turned(Use.OPEN, Turn.CLAIM), Turn.LET_GO) is Use.OPEN
    assert turns_from(Use.EXEMPT_FILED) == []
    for use in (Use.CLAIMED, Use.EXEMPT, Use.EXEMPT_FILED):
        for turn in (Turn.CLAIM, Turn.EXEMPT):
            with pytest.raises(Refused):
                turned(use, turn)


@pytest.mark.storage
def test_an_exempt_item_is_in_no_claim_and_free_again_when_undone(story: Claiming) -> None:
    item = story.export()
    assert choose(story, item) == 1
    assert use_of(story, item) is Use.EXEMPT
    with pytest.raises(Refused) as refusal:
        story.open(item)
    assert codes(refusal) == ["refund_item_taken"]
    assert undo(story, item) == 1
    assert use_of(story, item) is Use.OPEN
    story.open(item)
    with pytest.raises(Refused) as refusal:
        choose(story, item)
    assert codes(refusal) == ["exemption_item_claimed"]


@pytest.mark.storage
def test_the_database_itself_refuses_both_uses(story: Claiming) -> None:
    item = story.export()
    choose(story, item)
    claim = story.open()
    row = """INSERT INTO refund_claim_item (id, claim_id, item_id, declaration_no, rate_basis, live)
        VALUES (gen_random_uuid(), %(claim)s, %(item)s, '', '', true)"""
    with pytest.raises(psycopg.errors.UniqueViolation, match="never both"), story.hub.database.begin() as uow:
        run(uow.connection, row, {"claim": claim, "item": item})
    with story.hub.database.begin() as uow:
        run(uow.connection, row.replace("true", "false"), {"claim": claim, "item": item})
    with pytest.raises(psycopg.errors.UniqueViolation, match="never both"), story.hub.database.begin() as uow:
        run(uow.connection, "UPDATE refund_claim_item SET live = true", {})


@pytest.mark.storage
def test_what_was_declared_stays_and_a_month_is_declared_when_it_is_over(story: Claiming) -> None:
    day = story.hub.clock.now().date()
    item, old = story.export(), story.export(day=date(day.year - 1, 12, 10))
    choose(story, item, old)
    with pytest.raises(Refused) as refusal:
        declare(story, f"{day:%Y-%m}")
    assert codes(refusal) == ["exemption_month"]
    assert declare(story, f"{day.year - 1}-12") == 1
    assert (use_of(story, old), use_of(story, item)) == (Use.EXEMPT_FILED, Use.EXEMPT)
    with pytest.raises(Refused) as refusal:
        undo(story, old)
    assert codes(refusal) == ["exemption_filed"]
    with pytest.raises(Refused) as refusal:
        declare(story, f"{day.year - 1}-12")
    assert codes(refusal) == ["exemption_nothing_to_file"]


@pytest.mark.storage
def test_goods_that_fail_a_condition_are_refused_by_name_and_none_is_taken(story: Claiming) -> None:
    good, bad = story.export(), story.export()
    with story.hub.database.begin() as uow:
        run(uow.connection, "UPDATE goods_ledger_item SET gaps = '{unit}' WHERE id = %(id)s", {"id": bad})
    with pytest.raises(Refused) as refusal:
        choose(story, good, bad)
    assert codes(refusal) == ["exemption_zone_recorded"]
    assert use_of(story, good) is Use.OPEN


@pytest.mark.storage
def test_an_unknown_refund_rate_needs_the_firms_word_which_is_kept(story: Claiming) -> None:
    item = story.export()
    with story.hub.database.begin() as uow:
        run(uow.connection, "UPDATE goods_ledger_item SET hs_code = '9999999999' WHERE id = %(id)s", {"id": item})
    with pytest.raises(Refused) as refusal:
        choose(story, item)
    assert codes(refusal) == ["exemption_unconfirmed"]
    choose(story, item, confirmed=True)
    with story.hub.database.reading() as connection:
        month = exempt_months(connection, story.merchant)[0].month
        assert [each.confirmed for each in exempt_items(connection, story.merchant, month)] == [["not_refund_cancelled"]]


@pytest.mark.storage
def test_all_that_certainly_is_exempt_is_taken_at_once(story: Claiming) -> None:
    claimed, *rest = (story.export() for _ in range(4))
    story.open(claimed)
    with story.hub.database.begin() as uow:
        run(uow.connection, "UPDATE goods_ledger_item SET hs_code = '9999999999' WHERE id = %(id)s", {"id": rest[0]})
        done = exemption.choose_all_exempt(uow, story.merchant, LedgerFilter(), BOOK, "user:x", story.hub.clock)
    assert done == 2
    with story.hub.database.reading() as connection:
        counts = count_ledger(connection, story.merchant, LedgerFilter())
    assert (counts[""], counts["claimed"], counts["exempt"], counts["open"]) == (4, 1, 2, 1)


@pytest.mark.storage
def test_the_years_statement_counts_exempt_revenue_only(story: Claiming) -> None:
    day = story.hub.clock.now().date()
    items = [story.export("100000.00"), story.export("50000.00")]
    choose(story, items[0])
    with story.hub.database.reading() as connection:
        found = income_statement(connection, BOOK, story.merchant, day.year)
    assert found.revenue == Decimal("100000.00")
    assert found.ordinary is not None
    assert (found.ordinary.taxable_income, found.ordinary.income_tax) == (Decimal("4000.00"), Decimal("1000.00"))
    assert found.relieved is not None
    assert found.relieved.income_tax == Decimal("200.00")


@pytest.mark.storage
def test_another_firms_goods_look_like_none(story: Claiming) -> None:
    item, rival = story.export(), story.hub.party("oranges").id
    with pytest.raises(NotFound), story.hub.database.begin() as uow:
        exemption.choose_exemption(uow, rival, [item], BOOK, "user:x", story.hub.clock, confirmed=True)
    with story.hub.database.reading() as connection:
        assert fetch(connection, "SELECT count(*) FROM goods_exemption", {}) == [(0,)]
