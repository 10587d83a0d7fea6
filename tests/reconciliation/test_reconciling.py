"""Every night each ledger states its balance; what does not add up is an item, a case, and closes once it is mended."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccezone.bootstrap import LEDGERS
from ccezone.cases.queries import CaseFilter, CaseView, search_cases
from ccezone.cases.service import By, close_case, oversee
from ccezone.cli_reconcile import reconcile as command
from ccezone.kernel.balances import Balance, Difference, Part
from ccezone.kernel.clock import SHANGHAI
from ccezone.reconciliation.queries import Gaps, balances, days, items, looks
from ccezone.reconciliation.service import reconcile, reconcile_due
from ccezone.storage import Connection
from ccezone.storage.copying import run
from ccezone.tax_refunds.service.ledger import keep_ledger
from tests.declarations.filing import filed
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import Claiming
from tests.tax_refunds.entering import entered
from tests.tax_refunds.test_exempting import choose

pytestmark = pytest.mark.storage


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Claiming:
    return Claiming(hub, tmp_path)


def goods(story: Claiming, day: date | None = None) -> Sequence[Balance]:
    found = reconcile(story.hub.database, LEDGERS, day or story.hub.clock.now().date(), story.hub.clock)
    return [each for each in found if each.ledger == "goods"]


def spoil(story: Claiming, statement: str) -> None:
    with story.hub.database.begin() as uow:
        run(uow.connection, statement, {})


def cases(story: Claiming, *, only_open: bool = True) -> Sequence[CaseView]:
    oversee(story.hub.database, [Gaps()], story.hub.clock)
    with story.hub.database.reading() as connection:
        return search_cases(connection, CaseFilter(kind="ledger_gap", only_open=only_open))


def test_what_was_released_is_claimed_exempt_or_open(story: Claiming) -> None:
    claimed, exempt, _open = (story.export(value) for value in ("1000.00", "200.00", "30.50"))
    story.open(claimed)
    choose(story, exempt)
    (found,) = goods(story)
    assert (found.unit, found.whole, found.gap, found.stands) == ("142", Decimal("1230.50"), Decimal(0), True)
    assert {part.name: part.amount for part in found.parts} == {
        "claimed": Decimal(1000),
        "exempt": Decimal(200),
        "open": Decimal("30.50"),
    }


def test_lists_of_the_single_window_are_counted_as_declarations_are(story: Claiming) -> None:
    hub = story.hub
    item = filed(hub, 120, 800)
    hub.receive()
    keep_ledger(hub.database, hub.clock)
    day = hub.rows("SELECT DISTINCT exported_on FROM goods_ledger_item")[0][0]
    (found,) = goods(story, day)
    assert found.stands
    assert found.whole == sum(Decimal(line["total_price"]) for line in item.content["lines"])


@pytest.mark.parametrize(
    ("spoiled", "kind"),
    [
        ("UPDATE goods_ledger_item SET amount = 999.99", "amount_differs"),
        ("DELETE FROM goods_ledger_item", "item_missing"),
        ("UPDATE general_declaration SET removed_at = now(), removed_by = 'x'", "not_released"),
    ],
)
def test_each_line_that_differs_is_named(story: Claiming, spoiled: str, kind: str) -> None:
    story.export()
    spoil(story, spoiled.replace(", removed_by = 'x'", ""))
    (found,) = goods(story)
    assert [(each.kind, each.number) for each in found.differences] == [(kind, "400320260000000001-1")]
    assert found.gap == sum(each.expected - each.found for each in found.differences)


def test_a_difference_is_one_case_until_it_is_mended(story: Claiming) -> None:
    story.export()
    spoil(story, "UPDATE goods_ledger_item SET amount = 999.99")
    goods(story)
    goods(story)
    (found,) = cases(story)
    assert found.detail["difference"] == "amount_differs"
    assert (found.detail["expected"], found.detail["found"]) == ("1000", "999.99")
    assert found.enterprise_id == story.merchant
    assert len(cases(story)) == 1
    spoil(story, "UPDATE goods_ledger_item SET amount = 1000")
    goods(story)
    assert cases(story) == []
    assert [each.cause for each in cases(story, only_open=False)] == ["settled_itself"]


def test_a_case_closed_by_hand_stays_closed_while_nothing_changes(story: Claiming) -> None:
    story.export()
    spoil(story, "UPDATE goods_ledger_item SET amount = 999.99")
    goods(story)
    (found,) = cases(story)
    story.hub.clock.advance(seconds=60)
    with story.hub.database.begin() as uow:
        close_case(uow, found.id, By("user:li", "李"), "explained", "已核实", story.hub.clock.now())
    story.hub.clock.advance(seconds=60)
    goods(story)
    assert cases(story) == []
    spoil(story, "UPDATE goods_ledger_item SET amount = 999.98")
    goods(story)
    assert len(cases(story)) == 1


def test_yesterday_is_looked_at_once_and_a_gap_again_until_it_is_gone(story: Claiming) -> None:
    hub = story.hub
    story.export(day=hub.clock.now().astimezone(SHANGHAI).date() - timedelta(days=1))
    spoil(story, "UPDATE goods_ledger_item SET amount = 1")
    assert reconcile_due(hub.database, LEDGERS, hub.clock) == 1
    assert reconcile_due(hub.database, LEDGERS, hub.clock) == 0
    hub.clock.advance(hours=1)
    assert reconcile_due(hub.database, LEDGERS, hub.clock) == 1
    spoil(story, "UPDATE goods_ledger_item SET amount = 1000")
    hub.clock.advance(hours=1)
    assert reconcile_due(hub.database, LEDGERS, hub.clock) == 1
    hub.clock.advance(hours=1)
    assert reconcile_due(hub.database, LEDGERS, hub.clock) == 0
    with hub.database.reading() as connection:
        (day,) = days(connection)
        assert (day.differences, len(looks(connection, day.day))) == (0, 3)
        assert days(connection, only_open=True) == []


def test_a_balance_that_does_not_add_up_without_saying_why_is_an_item_itself(hub: Hub) -> None:
    def ledger(_reader: Connection, day: date) -> Sequence[Balance]:
        return [Balance("other", day, "502", Decimal(10), [Part("a", Decimal(7))])]

    reconcile(hub.database, [ledger], date(2026, 1, 5), hub.clock)
    with hub.database.reading() as connection:
        newest = looks(connection, date(2026, 1, 5))[0]
        assert newest.differences == 1
        assert [(each.kind, each.expected, each.found) for each in items(connection, newest.id)] == [
            ("gap", Decimal(10), Decimal(7))
        ]
        assert [each.gap for each in balances(connection, newest.id)] == [3]


def test_an_item_that_disagrees_counts_though_the_sums_agree(hub: Hub) -> None:
    def ledger(_reader: Connection, day: date) -> Sequence[Balance]:
        both = [Difference("x", name, "", Decimal(1), Decimal(2)) for name in ("a", "b")]
        return [Balance("other", day, "502", Decimal(0), [], both)]

    (found,) = reconcile(hub.database, [ledger], date(2026, 1, 5), hub.clock)
    assert not found.stands
    with hub.database.reading() as connection:
        assert len(items(connection, looks(connection, date(2026, 1, 5))[0].id)) == 2


def test_refunds_paid_and_paid_back_are_reconciled_with_the_claims(story: Claiming) -> None:
    claim_id = story.filed()
    story.exchange()
    reference = story.view(claim_id).row.reference
    story.mock.post(f"/claims/{reference}/recovery", json={"amount": "30.00"})
    story.exchange()
    day = story.hub.clock.now().astimezone(SHANGHAI).date()
    (found,) = [each for each in reconcile(story.hub.database, LEDGERS, day, story.hub.clock) if each.ledger == "refunds"]
    assert found.stands
    assert (found.whole, {part.name: part.amount for part in found.parts}) == (
        Decimal(104),
        {"kept": Decimal(74), "recovered": Decimal(30)},
    )
    spoil(story, "UPDATE refund_claim SET recovered = 40")
    (found,) = [each for each in reconcile(story.hub.database, LEDGERS, day, story.hub.clock) if each.ledger == "refunds"]
    assert [(each.kind, each.number) for each in found.differences] == [("recovered_differs", reference)]


def test_the_command_prints_nought_or_the_items(story: Claiming, monkeypatch: pytest.MonkeyPatch) -> None:
    story.export()
    entered(story.hub.database, story.merchant, "T恤", story.hub.clock.now().date(), story.hub.clock)
    url = story.hub.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url.replace("postgresql+psycopg", "postgresql"))
    day = story.hub.clock.now().date().isoformat()
    good = CliRunner().invoke(command, [day])
    assert (good.exit_code, good.output[:2]) == (0, "0 ")
    assert "special_area 011: 100 = summarised 0 + unsummarised 0 + stock 100" in CliRunner().invoke(command, [day, "--all"]).output
    spoil(story, "UPDATE goods_ledger_item SET amount = 999")
    bad = CliRunner().invoke(command, [day])
    assert bad.exit_code == 1
    assert "amount_differs 400320260000000001-1" in bad.output
    assert "差额 gap 2" in bad.output
