"""The goods ledger: what is taken in, what is missing, and what follows for the exemption."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from time import sleep

import pytest

from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, amend_general, record_general
from ccezone.parameters.queries import default_book
from ccezone.storage.copying import run
from ccezone.tax_refunds.queries.ledger import LedgerFilter, LedgerRow, check_exemption, count_ledger, search_ledger
from ccezone.tax_refunds.rules.exemption import Condition
from ccezone.tax_refunds.rules.ledger import SIX_FIELDS, six_fields
from ccezone.tax_refunds.service.ledger import keep_ledger, keep_whole_ledger
from tests.declarations.filing import filed
from tests.hub.harness import Hub

_LINE = {"goods_name": "木制床头柜", "unit": "011", "qty": "2", "price": "46.80", "total_price": "93.60"}


@pytest.mark.parametrize(
    ("missing", "field"),
    [("goods_name", "goods_name"), ("unit", "unit"), ("qty", "quantity"), ("total_price", "amount")],
)
def test_each_missing_field_is_a_gap_that_is_named(missing: str, field: str) -> None:
    assert list(six_fields({**_LINE, missing: ""}, "20260601").gaps) == [field]


def test_a_complete_line_has_no_gaps_and_a_bad_date_is_one() -> None:
    assert list(six_fields(_LINE, "20260601").gaps) == []
    assert list(six_fields(_LINE, "2026-13-01").gaps) == ["exported_on"]
    assert list(six_fields({}, "").gaps) == list(SIX_FIELDS)


def test_a_price_that_is_not_stated_follows_from_the_amount() -> None:
    assert str(six_fields({**_LINE, "price": ""}, "20260601").unit_price) == "46.80000"


def _rows(hub: Hub) -> list[LedgerRow]:
    with hub.database.reading() as connection:
        return list(search_ledger(connection, None, LedgerFilter()))


def test_a_released_list_enters_the_ledger_once_and_an_unreleased_one_not(hub: Hub) -> None:
    item = filed(hub, 120)
    assert keep_ledger(hub.database, hub.clock) == 0
    hub.answer(item, 800)
    hub.receive()
    assert keep_ledger(hub.database, hub.clock) == len(item.content["lines"])
    assert keep_ledger(hub.database, hub.clock) == 0
    row = _rows(hub)[0]
    assert (row.source, row.source_id, row.order_no, list(row.gaps)) == ("L", str(item.id), item.order_no, [])
    assert row.amount is not None


def test_what_a_turn_cannot_take_the_next_turns_take_whatever_else_changes_meanwhile(hub: Hub) -> None:
    hub.imports(3)
    hub.dispatch()
    for item in hub.lists():
        hub.answer(item, 120, 800)
    hub.change("UPDATE declaration_list SET flow = 'E'")
    number = hub.count("declaration_list")
    taken = [keep_ledger(hub.database, hub.clock, most=1) for _ in range(number)]
    hub.change("UPDATE declaration_state SET updated_at = updated_at + interval '1 second'")
    assert number > 1
    assert all(taken)
    assert keep_ledger(hub.database, hub.clock) == 0
    assert hub.count("goods_ledger_item") == sum(taken)


def test_the_whole_ledger_is_taken_in_however_little_at_once(hub: Hub) -> None:
    hub.imports(3)
    hub.dispatch()
    for item in hub.lists():
        hub.answer(item, 120, 800)
    hub.change("UPDATE declaration_list SET flow = 'E'")
    assert keep_whole_ledger(hub.database, hub.clock, at_once=1) == hub.count("goods_ledger_item") > 1
    assert keep_whole_ledger(hub.database, hub.clock, at_once=1) == 0


def test_a_release_that_commits_late_is_taken_in_though_others_were_meanwhile(hub: Hub) -> None:
    item = filed(hub, 120)
    released = "UPDATE declaration_state SET state = '800', updated_at = %(at)s WHERE id = %(id)s"
    with hub.database.begin() as late:
        run(late.connection, released, {"at": hub.clock.now(), "id": item.id})
        sleep(0.1)
        hub.clock.advance(seconds=0.1)
        assert keep_ledger(hub.database, hub.clock) == 0
    assert keep_ledger(hub.database, hub.clock) == len(item.content["lines"])


def _judged(hub: Hub, **change: str) -> Mapping[Condition, bool | None]:
    for column, value in change.items():
        hub.change(f"UPDATE goods_ledger_item SET {column} = %(value)s", value=value)  # noqa: S608  # our own names
    with hub.database.reading() as connection:
        checked = check_exemption(connection, default_book("GZ"), _rows(hub)[0], date(2026, 6, 1))
    return {finding.condition: finding.met for finding in checked.verdict.findings}


def test_every_condition_of_the_exemption_can_fail_by_itself(hub: Hub) -> None:
    filed(hub, 120, 800)
    keep_ledger(hub.database, hub.clock)
    assert _judged(hub)[Condition.NOT_REFUND_CANCELLED] is None  # nobody knows the rate of these goods
    assert all(_judged(hub, hs_code="6109100022").values())
    assert not _judged(hub, customs_code="2244")[Condition.ZONE_CUSTOMS]
    assert not _judged(hub, gaps="{unit}")[Condition.ZONE_RECORDED]
    assert not _judged(hub, hs_code="8507600090", exported_on="2027-01-01")[Condition.NOT_REFUND_CANCELLED]
    assert _judged(hub, hs_code="8507600090", exported_on="2026-05-01")[Condition.NOT_REFUND_CANCELLED]
    assert _judged(hub, exported_on="2018-09-30") == {}


def test_counts_agree_with_the_rows_they_count(hub: Hub) -> None:
    filed(hub, 120, 800)
    keep_ledger(hub.database, hub.clock)
    with hub.database.reading() as connection:
        counts = count_ledger(connection, None, LedgerFilter())
        for standing, number in counts.items():
            assert len(search_ledger(connection, None, LedgerFilter(standing=standing))) == number


def test_a_recorded_declaration_enters_once_released_and_follows_its_correction(hub: Hub) -> None:
    owner, day = hub.party("furniture").id, hub.clock.now().date()
    line = GeneralLine("6109100022", "T恤", Decimal(2), "011", Decimal("93.60"))
    entry = GeneralEntry("400320260000099901", "E", "9810", "4003", day, "502", Decimal("93.60"), [line])
    number = record_general(hub.database, hub.clock, owner, entry, "test")
    assert keep_ledger(hub.database, hub.clock) == 0
    hub.clock.advance(seconds=5)
    amend_general(hub.database, hub.clock, owner, number, replace(entry, released_on=day), 1, "test")
    assert keep_ledger(hub.database, hub.clock) == 1
    hub.clock.advance(seconds=5)
    named = replace(line, goods_name="棉制T恤")
    amend_general(hub.database, hub.clock, owner, number, replace(entry, released_on=day, lines=[named]), 2, "test")
    assert keep_ledger(hub.database, hub.clock) == 1
    (row,) = _rows(hub)
    assert (row.goods_name, str(row.unit_price), row.document_no) == ("棉制T恤", "46.80000", "400320260000099901")
