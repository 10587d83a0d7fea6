"""Refund upon leaving the country: the pure account, and the way from a divided claim to the bureau's recovery."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.bootstrap import LEDGERS
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Refused
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.queries.clawbacks import search_clawbacks
from ccezone.tax_refunds.queries.leave import PrerefundRow, prerefund, prerefunds_of_claim, sales_of
from ccezone.tax_refunds.rules.leave import Account, State, Step, after, divisible, entered, reconcile_faults, window
from ccezone.tax_refunds.service.clawback import keep_clawbacks, repay
from ccezone.tax_refunds.service.leave import (
    Sale,
    bring_back,
    close_prerefund,
    divide_item,
    keep_prerefunds,
    reconcile_sales,
    record_sales,
    remove_sale,
)
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import BOOK, Claiming

_STEPS = st.sampled_from([Step.RECONCILE, Step.BACK, Step.CLOSE, Step.LAPSE])


@given(st.decimals(0, 10**7, places=2), st.integers(1, 500), st.lists(st.tuples(_STEPS, st.integers(1, 200)), max_size=12))
def test_settled_and_recovered_and_open_are_the_pre_refund_whatever_happens(
    amount: Decimal, quantity: int, steps: list[tuple[Step, int]]
) -> None:
    account, state, moved = Account(Decimal(quantity), amount), State.OPEN, Decimal(0)
    for step, wanted in steps:
        try:
            account, each = entered(account, step, Decimal(wanted))
        except Refused:
            assert wanted > account.open
            continue
        state, moved = after(state, step, account), moved + each
        assert each >= 0
        assert account.settled_cny + account.recovered_cny + account.open_cny == amount
        assert moved == account.settled_cny + account.recovered_cny
    assert (state is State.OPEN) == bool(account.open)
    if not account.open:
        assert account.open_cny == 0, "the last step takes the last fen"
        ends = {(True, True): State.SPLIT, (True, False): State.SETTLED, (False, True): State.RECOVERED}
        assert state is ends[bool(account.settled), bool(account.recovered)]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_what_ended_or_was_not_done_takes_no_further_step(state: State, step: Step) -> None:
    allowed = {State.DECLARED: {Step.REFUND, Step.VOID}, State.OPEN: {Step.RECONCILE, Step.BACK, Step.CLOSE, Step.LAPSE}}
    if step in allowed.get(state, set()):
        assert after(state, step, Account(Decimal(2), Decimal(2))) is not None
    else:
        with pytest.raises(Refused, match="leave_step_not_allowed"):
            after(state, step, Account(Decimal(2)))


@pytest.mark.parametrize(
    ("done", "since", "until"),
    [
        (date(2025, 12, 31), date(2026, 1, 1), date(2026, 4, 15)),
        (date(2026, 1, 1), date(2026, 2, 1), date(2027, 4, 15)),
        (date(2025, 2, 3), date(2025, 3, 1), date(2026, 4, 15)),
    ],
)
def test_the_window_runs_from_the_next_month_to_the_next_aprils_filing_deadline(done: date, since: date, until: date) -> None:
    found = window(done, "04-15")
    assert (found.since, found.until) == (since, until)
    assert found.left(until) == 0
    assert [each.code for each in reconcile_faults(found, since, Decimal(5), Decimal(4))] == ["leave_sales_differ"]
    assert reconcile_faults(found, until, Decimal(5), Decimal(5)) == []


@pytest.mark.parametrize(
    ("mode", "day", "code", "fault"),
    [
        ("9710", date(2026, 1, 1), "HWC-YT", ["leave_other_mode"]),
        ("9810", date(2025, 1, 26), "", ["leave_before_begin"]),
        ("9810", date(2025, 1, 27), "HWC-YT", []),
    ],
)
def test_only_goods_for_warehouses_abroad_since_the_rule_began_are_divided(
    mode: str, day: date, code: str, fault: list[str]
) -> None:
    assert [each.code for each in divisible(mode, day, code)] == fault


class Leaving(Claiming):
    """A merchant who sent a hundred shirts to a warehouse abroad, twenty of them sold by then: 104 yuan are claimed."""

    def paid(self, sold: str | None = "20") -> PrerefundRow:
        """Claim and be paid; return the pre-refund."""
        self.throw(outcome="approve")
        self.item = self.export()
        self.claim_id = self.open(self.item)
        self.invoice(self.claim_id, self.item)
        if sold is not None:
            self.divide(sold)
        assert self.check(self.claim_id) == []
        self.submit(self.claim_id)
        self.exchange()
        self.keep()
        with self.hub.database.reading() as connection:
            return prerefunds_of_claim(connection, self.claim_id)[0]

    def divide(self, sold: str) -> None:
        with self.hub.database.begin() as uow:
            divide_item(uow, self.merchant, self.claim_id, self.item, Decimal(sold), BOOK, "user:x", self.hub.clock)

    def keep(self) -> None:
        keep_prerefunds(self.hub.database, "GZ", self.hub.clock)
        keep_clawbacks(self.hub.database, self.hub.clock)

    def row(self, number: UUID) -> PrerefundRow:
        with self.hub.database.reading() as connection:
            found = prerefund(connection, self.merchant, number)
        assert found is not None
        return found

    def at(self, day: date) -> None:
        self.hub.clock.moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)

    def sell(self, number: UUID, *sales: tuple[str, str]) -> None:
        day = self.hub.clock.now().astimezone(SHANGHAI).date()
        told = [Sale(name, day, Decimal(qty), Decimal(qty) * 9, "502", "纽约仓") for name, qty in sales]
        with self.hub.database.begin() as uow:
            record_sales(uow, self.merchant, number, told, "form", "user:x", self.hub.clock)

    def account(self, number: UUID, stated: str) -> Decimal:
        with self.hub.database.begin() as uow:
            version = self.row(number).version
            return reconcile_sales(uow, self.merchant, number, version, Decimal(stated), "", "user:x", self.hub.clock)

    def back(self, number: UUID, quantity: str) -> Decimal:
        version = self.row(number).version
        with self.hub.database.begin() as uow:
            return bring_back(uow, self.merchant, number, version, Decimal(quantity), "退运", "user:x", self.hub.clock)

    def repay(self, clawbacks: Iterable[UUID]) -> None:
        with self.hub.database.begin() as uow:
            for each in clawbacks:
                repay(uow, self.merchant, each, "user:x", self.hub.clock)
        self.exchange()
        self.keep()

    def balanced(self) -> None:
        """Nothing differs on the days on which something moved."""
        with self.hub.database.reading() as connection:
            days = fetch(connection, "SELECT DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date FROM leave_entry")
            found = [each for (day,) in days for ledger in LEDGERS for each in ledger(connection, day)]
        assert any(each.ledger == "prerefunds" for each in found)
        assert [each for each in found if not each.stands] == []


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Leaving:
    return Leaving(hub, tmp_path)


@pytest.mark.storage
def test_a_pre_refund_is_settled_by_sales_and_its_rest_is_recovered_to_the_fen(story: Leaving) -> None:
    row = story.paid()
    assert (row.state, row.quantity, row.amount) == ("open", Decimal(80), Decimal("83.20"))
    with story.hub.database.reading() as connection:
        told = fetch(connection, "SELECT body FROM refund_message WHERE kind = 'submit'")[0][0]["items"][0]["lines"]
    assert [(each["part"], each["business_code"]) for each in told] == [("sold", ""), ("unsold", "HWC-YT")]
    story.sell(row.id, ("S1", "30"), ("S2", "3"))
    with pytest.raises(Refused, match="leave_sale_known"):
        story.sell(row.id, ("S3", "1"), ("S1", "1"))
    with pytest.raises(Refused, match="leave_sold_too_much"):
        story.sell(row.id, ("S4", "48"))
    with pytest.raises(Refused, match="leave_window_ahead"):
        story.account(row.id, "33")
    assert row.window is not None
    story.at(row.window.since)
    with pytest.raises(Refused, match="leave_sales_differ"):
        story.account(row.id, "32")
    assert story.account(row.id, "33") == Decimal("34.32")
    with story.hub.database.reading() as connection:
        counted = sales_of(connection, row.id)
    assert all(each.counted for each in counted)
    with story.hub.database.begin() as uow, pytest.raises(Refused, match="leave_sale_counted"):
        remove_sale(uow, story.merchant, row.id, counted[0].id, story.hub.clock)
    assert story.back(row.id, "7") == Decimal("7.28")
    story.balanced()
    story.at(row.window.until.replace(day=row.window.until.day + 1))
    story.keep()
    story.keep()
    ended = story.row(row.id)
    assert (ended.state, ended.settled, ended.recovered) == ("split", Decimal(33), Decimal(47))
    assert (ended.settled_cny, ended.recovered_cny) == (Decimal("34.32"), Decimal("48.88"))
    with pytest.raises(Refused, match="leave_ended"):
        story.sell(row.id, ("S9", "1"))
    with story.hub.database.reading() as connection:
        owed = search_clawbacks(connection, story.merchant)
    assert sum(each.amount or 0 for each in owed) == ended.owed == Decimal("48.88")
    story.repay(each.id for each in owed)
    assert story.row(row.id).owed == 0
    assert story.view(story.claim_id).row.recovered == Decimal("48.88")
    story.balanced()


@pytest.mark.storage
def test_undivided_goods_count_as_unsold_and_may_be_given_up_at_once(story: Leaving) -> None:
    row = story.paid(None)
    assert (row.quantity, row.amount) == (Decimal(100), Decimal("104.00"))
    with story.hub.database.begin() as uow:
        assert close_prerefund(uow, story.merchant, row.id, row.version, "不再销售", "user:x", story.hub.clock) == Decimal("104.00")
    assert story.row(row.id).state == "recovered"
    story.balanced()
    with story.hub.database.begin() as uow:
        run(uow.connection, "UPDATE leave_prerefund SET recovered_cny = 103")
    with story.hub.database.reading() as connection:
        day = story.hub.clock.now().astimezone(SHANGHAI).date()
        found = [each for ledger in LEDGERS for each in ledger(connection, day) if each.ledger == "prerefunds"]
    assert [each.kind for each in found[0].differences] == ["recovered_differs"]


@pytest.mark.storage
def test_a_claim_of_other_goods_is_not_divided_and_one_that_is_refused_leaves_nothing(story: Leaving) -> None:
    story.item = story.export(day=date(2025, 1, 20))
    story.claim_id = story.open(story.item)
    with pytest.raises(Refused, match="leave_before_begin"):
        story.divide("10")
    claim_id = story.filed(outcome="refuse")
    story.exchange()
    story.keep()
    with story.hub.database.reading() as connection:
        assert prerefunds_of_claim(connection, claim_id) == []


@pytest.mark.storage
def test_a_firm_that_does_nothing_is_reminded_and_then_told_what_it_owes(story: Leaving) -> None:
    row = story.paid()
    assert row.window is not None
    told = []
    for left in (61, 60, 59, 30, 7, 0, -1):
        story.at(row.window.until - timedelta(days=left))
        before = story.hub.count("leave_entry")
        keep_prerefunds(story.hub.database, "GZ", story.hub.clock)
        moved = prerefund_reminded(story, row.id)
        told.append((left, moved, story.hub.count("leave_entry") - before))
    assert told == [(61, None, 0), (60, 60, 0), (59, 60, 0), (30, 30, 0), (7, 7, 0), (0, 7, 0), (-1, 7, 1)]
    assert story.row(row.id).owed == Decimal("83.20")


def prerefund_reminded(story: Leaving, number: UUID) -> int | None:
    """At which distance the firm was told last."""
    found: int | None = story.hub.rows("SELECT told FROM leave_prerefund WHERE id = %(id)s", id=number)[0][0]
    return found
