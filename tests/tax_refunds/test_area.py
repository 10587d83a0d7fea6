"""Special-area export: the pure account of a lot, and the way from the entry to the consolidated declaration."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ccezone.demo.entering import found_special_area
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.kernel.errors import NotFound, Refused, Stale
from ccezone.storage.copying import run
from ccezone.tax_refunds.queries.area import deliveries_of_lots, due_periods, lot, search_lots, search_summaries
from ccezone.tax_refunds.queries.area_sheet import Spelling, lots_sheet, summaries_sheet
from ccezone.tax_refunds.rules.area import (
    Lot,
    Stage,
    State,
    Step,
    after,
    day_faults,
    declaration_faults,
    declared,
    delivered,
    period_of,
)
from ccezone.tax_refunds.service.area import declare, gather, remove_delivery, withdraw
from ccezone.tax_refunds.service.area_dues import remind_of_deliveries
from ccezone.tax_refunds.service.ledger import keep_ledger
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import BOOK, Claiming
from tests.tax_refunds.entering import area_balances_of, deliver, delivered_and_gathered, entered


@given(st.integers(1, 500), st.lists(st.tuples(st.booleans(), st.integers(0, 200)), max_size=20))
def test_entered_is_declared_and_open_and_stock_whatever_happens(quantity: int, steps: list[tuple[bool, int]]) -> None:
    account, open_parts = Lot(Decimal(quantity)), list[Decimal]()
    for leaves, wanted in steps:
        if not leaves and open_parts:
            account = declared(account, open_parts.pop())
        elif leaves and not 0 < wanted <= account.stock:
            with pytest.raises(Refused, match="area_stock"):
                delivered(account, Decimal(wanted))
        elif leaves:
            account = delivered(account, Decimal(wanted))
            open_parts.append(Decimal(wanted))
        assert account.open == sum(open_parts)
        assert account.declared + account.open + account.stock == account.entered
        assert account.stock >= 0


@given(st.dates(date(2019, 1, 1), date(2030, 12, 31)), st.integers(1, 12))
def test_periods_hold_their_days_meet_without_gap_and_end_with_the_year(day: date, months: int) -> None:
    period = period_of(day, months)
    assert period.since <= day <= period.until
    assert period.since.year == period.until.year
    assert period_of(period.since, months) == period_of(period.until, months) == period
    assert period_of(period.until + timedelta(days=1), months).since == period.until + timedelta(days=1)
    assert period.due(10) - period.until == timedelta(days=10)
    assert [period.stage(period.until + timedelta(days=past), 10) for past in (0, 1, 10, 11)] == [
        None,
        Stage.ENDED,
        Stage.ENDED,
        Stage.OVERDUE,
    ]


def test_a_quantity_finer_than_the_ledger_keeps_is_refused() -> None:
    with pytest.raises(Refused, match="too_many_decimals"):
        delivered(Lot(Decimal(1)), Decimal("0.000001"))
    assert delivered(Lot(Decimal(1)), Decimal("0.00001")).stock == Decimal("0.99999")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_withdrawn_one_takes_no_step_and_a_declared_one_only_back(state: State, step: Step) -> None:
    allowed = {State.DRAFT: {Step.DECLARE, Step.WITHDRAW}, State.DECLARED: {Step.WITHDRAW}, State.WITHDRAWN: set[Step]()}
    if step in allowed[state]:
        assert after(state, step) is (State.DECLARED if step is Step.DECLARE else State.WITHDRAWN)
    else:
        with pytest.raises(Refused, match="area_step_not_allowed"):
            after(state, step)


def test_days_and_numbers_are_judged() -> None:
    day, today = date(2026, 5, 4), date(2026, 5, 20)
    assert [each.code for each in day_faults(day, date(2026, 5, 5), today)] == ["area_before_entry"]
    assert [each.code for each in day_faults(date(2026, 5, 21), day, today)] == ["day_to_come"]
    assert day_faults(day, day, today) == []
    assert [each.code for each in declaration_faults("4003", today, day, today)] == ["bad_declaration_no"]
    assert [each.code for each in declaration_faults("4" * 18, date(2026, 5, 3), day, today)] == ["area_before_delivery"]
    assert [each.code for each in declaration_faults("4" * 18, date(2026, 5, 21), day, today)] == ["day_to_come"]


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Claiming:
    return Claiming(hub, tmp_path)


@pytest.mark.storage
def test_goods_that_enter_are_claimed_on_entry_delivered_in_parts_and_declared_once(story: Claiming) -> None:
    database, clock, firm = story.hub.database, story.hub.clock, story.merchant
    today = clock.now().astimezone(SHANGHAI).date()
    item = entered(database, firm, "T恤", today, clock)
    claim = story.open(item)
    one = deliver(story, item, "D1", 60, today)
    deliver(story, item, "D2", 30, today)
    with pytest.raises(Refused, match="area_stock"):
        deliver(story, item, "D3", 11, today)
    with pytest.raises(Refused, match="area_delivery_known"):
        deliver(story, item, "D1", 1, today)
    with pytest.raises(Refused, match="area_list_unknown"):
        deliver(story, item, "D4", 1, today, "400320260000099999")
    period = period_of(today, 1)
    with database.begin() as uow:
        summary = gather(uow, firm, period, "test", clock)
    with database.begin() as uow, pytest.raises(Refused, match="area_nothing_open"):
        gather(uow, firm, period, "test", clock)
    with database.begin() as uow, pytest.raises(Refused, match="area_delivery_gathered"):
        remove_delivery(uow, firm, one, clock)
    with database.begin() as uow, pytest.raises(NotFound):
        declare(uow, story.hub.party("electronics").id, summary, 1, "4" * 18, today, clock)
    with database.begin() as uow:
        declare(uow, firm, summary, 1, "4" * 18, today, clock)
    with database.begin() as uow, pytest.raises(Stale):
        withdraw(uow, firm, summary, 1, clock)
    with database.reading() as connection:
        row = lot(connection, firm, item)
        assert row is not None
        assert (row.claim_id, row.account) == (claim, Lot(Decimal(100), Decimal(90), Decimal(0)))
        assert [(each.delivery_no, each.value, each.summary_id) for each in deliveries_of_lots(connection, [item])] == [
            ("D2", Decimal(300), summary),
            ("D1", Decimal(600), summary),
        ]
        assert due_periods(connection, firm, BOOK) == []
    (balance,) = area_balances_of(story, today)
    assert balance.stands
    assert [(part.name, int(part.amount)) for part in balance.parts] == [("summarised", 90), ("unsummarised", 0), ("stock", 10)]


@pytest.mark.storage
def test_a_withdrawn_declaration_frees_its_deliveries_for_another(story: Claiming) -> None:
    database, clock, firm = story.hub.database, story.hub.clock, story.merchant
    today = clock.now().astimezone(SHANGHAI).date()
    _, one, summary = delivered_and_gathered(database, firm, "T恤", clock)
    period = period_of(today, 1)
    with database.begin() as uow:
        declare(uow, firm, summary, 1, "4" * 18, today, clock)
        withdraw(uow, firm, summary, 2, clock)
        again = gather(uow, firm, period, "test", clock)
        (due,) = due_periods(uow.connection, firm, BOOK)
        assert (due.deliveries, due.free, due.due) == (1, 0, period.until + timedelta(days=10))
        assert [(each.id, each.state, each.deliveries) for each in search_summaries(uow.connection, firm)] == [
            (again, "draft", 1),
            (summary, "withdrawn", 1),
        ]
        withdraw(uow, firm, again, 1, clock)
        remove_delivery(uow, firm, one, clock)
        assert due_periods(uow.connection, firm, BOOK) == []


@pytest.mark.storage
def test_two_deliveries_at_once_take_no_more_than_lies_there(story: Claiming) -> None:
    today = story.hub.clock.now().astimezone(SHANGHAI).date()
    item = entered(story.hub.database, story.merchant, "T恤", today, story.hub.clock)

    def taken(number: str) -> str:
        try:
            deliver(story, item, number, 60, today)
        except Refused as refused:
            return refused.faults[0].code
        return "taken"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(taken, ("D1", "D2"))) == ["area_stock", "taken"]


@pytest.mark.storage
def test_a_lot_that_was_delivered_from_outlives_its_declaration_and_the_balance_says_so(story: Claiming) -> None:
    database, clock = story.hub.database, story.hub.clock
    today = clock.now().astimezone(SHANGHAI).date()
    item = entered(database, story.merchant, "T恤", today, clock)
    deliver(story, item, "D1", 60, today)
    with database.begin() as uow:
        run(uow.connection, "UPDATE general_declaration SET removed_at = %(at)s, updated_at = %(at)s", {"at": clock.now()})
    clock.advance(seconds=5)
    keep_ledger(database, clock)
    (balance,) = area_balances_of(story, today)
    assert [(each.kind, int(each.expected), int(each.found)) for each in balance.differences] == [("lot_differs", 0, 100)]
    with pytest.raises(NotFound):
        deliver(story, item, "D2", 1, today)


@pytest.mark.storage
def test_a_firm_is_told_once_that_a_period_is_over_and_once_that_it_is_late(story: Claiming) -> None:
    hub, clock = story.hub, story.hub.clock
    today = clock.now().astimezone(SHANGHAI).date()
    item = entered(hub.database, story.merchant, "T恤", today, clock)
    deliver(story, item, "D1", 60, today)
    assert remind_of_deliveries(hub.database, "GZ", clock) == 0
    period = period_of(today, 1)
    for day, told in ((period.until + timedelta(days=1), 1), (period.due(10), 0), (period.due(10) + timedelta(days=1), 1)):
        clock.advance(days=(day - clock.now().astimezone(SHANGHAI).date()).days)
        assert [remind_of_deliveries(hub.database, "GZ", clock) for _ in range(2)] == [told, 0]
    said = hub.rows("SELECT stage FROM area_reminder WHERE merchant_id = %(m)s", m=story.merchant)
    assert said == [("overdue",)]


@pytest.mark.storage
def test_lots_and_declarations_leave_as_workbooks_with_their_deliveries(story: Claiming) -> None:
    database, clock, firm = story.hub.database, story.hub.clock, story.merchant
    lot_id, _, _ = delivered_and_gathered(database, firm, "=T恤", clock)
    said = Spelling(str, lambda row: "claimed" if row.claim_id else "open", lambda known: str(known == firm))
    with database.reading() as connection:
        row = lot(connection, firm, lot_id)
        lots, deliveries = _sheets(lots_sheet(connection, firm, "", "", said))
        summaries, inside = _sheets(summaries_sheet(connection, firm, "", said))
        elsewhere = _sheets(lots_sheet(connection, story.hub.party("furniture").id, "", "", said))
    assert row is not None
    assert lots[1][:4] == [row.reference, "True", "6109100022", "=T恤入区"]
    assert lots[1][6:10] == [100, 0, 5, 95]
    assert deliveries[1:] == inside[1:]
    assert deliveries[1][1:7] == ["draft", row.reference, "=T恤入区", "D1", clock.now().date().isoformat(), 5]
    assert [each[4:6] for each in summaries[1:]] == [["draft", 1]]
    assert [len(sheet) for sheet in elsewhere] == [1, 1]


def _sheets(content: bytes) -> Sequence[Sequence[Sequence[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [book.get_sheet_by_index(place).to_python() for place in range(2)]


@pytest.mark.storage
def test_the_demo_holds_lots_partly_delivered_and_declared_and_the_second_time_nothing(hub: Hub) -> None:
    clock = FixedClock(datetime(2026, 11, 22, 4, tzinfo=UTC))
    assert found_special_area(hub.database, "GZ", clock) == 2
    assert found_special_area(hub.database, "GZ", clock) == 0
    with hub.database.reading() as connection:
        rows = search_lots(connection, None)
        told = sorted((int(row.declared), int(row.open), int(row.account.stock), row.claim_id is not None) for row in rows)
        assert told == [(400, 0, 200, False), (400, 75, 1025, True)]
        assert [row.state for row in search_summaries(connection, None)] == ["declared"]
