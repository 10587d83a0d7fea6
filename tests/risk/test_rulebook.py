"""Rules as dated data: drafted, tried on what was, published by somebody else, followed by the next edition."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from ccezone.background.service import run_next_job
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import NotFound, Refused, Stale
from ccezone.risk.queries.alerts import search_alerts
from ccezone.risk.queries.rulebook import RuleView, Trial, editions, rule, rules, trials
from ccezone.risk.rules.kinds import KINDS
from ccezone.risk.service.looking import look
from ccezone.risk.service.rulebook import Wording, change_draft, draft_rule, drop_draft, end_rule, publish_rule
from ccezone.risk.service.trying import JOB, TryRule, request_trial
from tests.hub.bills import Bill, import_bills, order
from tests.hub.harness import Hub
from tests.risk.test_looking import BUYER

pytestmark = pytest.mark.storage
TODAY = date(2026, 1, 5)


def worded(kind: str = "identity_reuse", name: str = "新规则", **limits: str) -> Wording:
    known = {each.name: each.usual for each in KINDS[kind].thresholds}
    return Wording(name, "yellow", "trade", "测试文件", {**known, **limits})


def drafted(hub: Hub, kind: str = "identity_reuse", by: str = "ann", **limits: str) -> UUID:
    with hub.database.begin() as uow:
        return draft_rule(uow, kind, worded(kind, **limits), by, hub.clock)


def tried(hub: Hub, rule_id: UUID, since: date = TODAY - timedelta(days=60), until: date = TODAY) -> Trial:
    with hub.database.begin() as uow:
        request_trial(uow, rule_id, since, until, "ann", None, hub.clock)
    assert run_next_job(hub.database, {JOB: TryRule(hub.database, "GZ", hub.clock)}, hub.clock) == 1
    with hub.database.reading() as connection:
        return trials(connection, rule_id)[0]


def published(hub: Hub, rule_id: UUID, begins: date = TODAY, by: str = "ben") -> None:
    with hub.database.begin() as uow:
        publish_rule(uow, rule_id, begins, by, hub.clock)


def found(hub: Hub, rule_id: UUID) -> RuleView:
    with hub.database.reading() as connection:
        known = rule(connection, rule_id)
    assert known is not None
    return known


def one_buyer(hub: Hub, count: int, first: int = 1) -> None:
    """So many orders of one buyer."""
    one = order(1, "I")
    hub.post(*(order(number, "I").but(**{name: one[name] for name in BUYER}) for number in range(first, first + count)))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def test_one_rule_of_every_kind_ships_marked_unverified(hub: Hub) -> None:
    look(hub.database, "GZ", hub.clock)
    look(hub.database, "GZ", hub.clock)
    with hub.database.reading() as connection:
        shipped = rules(connection)
    assert sorted(each.kind for each in shipped) == sorted(KINDS)
    assert {each.status for each in shipped} == {"unverified"}


def test_a_trial_counts_what_a_draft_would_raise_and_raises_nothing(hub: Hub) -> None:
    one_buyer(hub, 5)
    look(hub.database, "GZ", hub.clock)
    outcome = tried(hub, drafted(hub, orders="4"))
    assert (outcome.alerts, outcome.known, dict(outcome.months)) == (1, 0, {"2026-01": 1})
    assert [row["number"] for row in outcome.samples[0]["evidence"]] == [order(number, "I")["order_no"] for number in range(1, 6)]
    with hub.database.reading() as connection:
        assert search_alerts(connection, ["open"]) == []


def test_a_trial_looks_at_its_days_only(hub: Hub) -> None:
    one_buyer(hub, 5)
    look(hub.database, "GZ", hub.clock)
    outcome = tried(hub, drafted(hub, orders="4"), until=TODAY - timedelta(days=1))
    assert outcome.alerts == 0


def test_a_rule_that_was_tried_and_published_raises_what_comes_about_from_its_day_on(hub: Hub) -> None:
    one_buyer(hub, 5)
    look(hub.database, "GZ", hub.clock)
    draft = drafted(hub, orders="4")
    tried(hub, draft)
    published(hub, draft, TODAY)
    hub.clock.advance(minutes=1)
    one_buyer(hub, 1, first=6)
    look(hub.database, "GZ", hub.clock)
    with hub.database.reading() as connection:
        (raised,) = search_alerts(connection, ["open"])
    assert (raised.rule_id, raised.subjects) == (draft, 6)


def test_nobody_publishes_their_own_draft_nor_one_that_was_not_tried(hub: Hub) -> None:
    draft = drafted(hub)
    with pytest.raises(Refused) as refused:
        published(hub, draft, TODAY - timedelta(days=1), by="ann")
    assert codes(refused) == ["risk_four_eyes", "risk_not_tried", "risk_begins_past"]


def test_a_draft_changed_after_its_trial_must_be_tried_again(hub: Hub) -> None:
    draft = drafted(hub)
    tried(hub, draft)
    with hub.database.begin() as uow:
        change_draft(uow, draft, 1, worded(orders="9"), "ann", hub.clock)
    with pytest.raises(Refused) as refused:
        published(hub, draft)
    assert codes(refused) == ["risk_not_tried"]
    tried(hub, draft)
    published(hub, draft)


def test_the_next_edition_ends_the_one_before_it(hub: Hub) -> None:
    first = drafted(hub)
    tried(hub, first)
    published(hub, first)
    with hub.database.begin() as uow:
        second = draft_rule(uow, "identity_reuse", worded(orders="5"), "ann", hub.clock, family=first)
    tried(hub, second)
    published(hub, second, TODAY + timedelta(days=10))
    with hub.database.reading() as connection:
        family = editions(connection, first)
    assert [(each.edition, each.effective_from, each.effective_to) for each in family] == [
        (2, TODAY + timedelta(days=10), None),
        (1, TODAY, TODAY + timedelta(days=9)),
    ]
    assert [found(hub, first).covers(TODAY + timedelta(days=day)) for day in (0, 9, 10)] == [True, True, False]


def test_a_rule_has_one_draft_at_a_time(hub: Hub) -> None:
    draft = drafted(hub)
    with pytest.raises(Refused) as refused, hub.database.begin() as uow:
        draft_rule(uow, "identity_reuse", worded(), "ben", hub.clock, family=draft)
    assert codes(refused) == ["risk_draft_there"]
    with hub.database.begin() as uow:
        drop_draft(uow, draft)
    assert found(hub, draft).state == "dropped"


def test_two_who_edit_a_draft_notice(hub: Hub) -> None:
    draft = drafted(hub)
    with hub.database.begin() as uow:
        change_draft(uow, draft, 1, worded(), "ann", hub.clock)
    with pytest.raises(Stale), hub.database.begin() as uow:
        change_draft(uow, draft, 1, worded(), "ben", hub.clock)


def test_a_live_rule_is_never_changed(hub: Hub) -> None:
    look(hub.database, "GZ", hub.clock)
    with hub.database.reading() as connection:
        live = rules(connection)[0]
    with pytest.raises(NotFound), hub.database.begin() as uow:
        change_draft(uow, live.id, live.version, worded(live.kind), "ann", hub.clock)


def test_a_rule_that_was_ended_raises_nothing_after_its_last_day(hub: Hub) -> None:
    look(hub.database, "GZ", hub.clock)
    with hub.database.reading() as connection:
        live = next(each for each in rules(connection) if each.kind == "identity_reuse")
    with hub.database.begin() as uow:
        end_rule(uow, live.id, hub.clock.now().astimezone(SHANGHAI).date() - timedelta(days=1), hub.clock)
    one_buyer(hub, 9)
    look(hub.database, "GZ", hub.clock)
    with hub.database.reading() as connection:
        assert search_alerts(connection, ["open"]) == []


def test_a_wording_is_refused_with_every_reason(hub: Hub) -> None:
    wrong = Wording("", "purple", "", "x", {"orders": "1", "days": "7"}, {})
    with pytest.raises(Refused) as refused, hub.database.begin() as uow:
        draft_rule(uow, "identity_reuse", wrong, "ann", hub.clock)
    assert [fault.pointer for fault in refused.value.faults] == ["/orders", "/name", "/level", "/type"]


def test_a_price_rule_is_tried_then_live_and_raises_the_planted_prices_and_no_others(hub: Hub) -> None:
    """The journey of the issue, without its pages: ordinary trade, a drafted rule, its trial, its publication, planted prices."""
    hub.post(*(bill for number in range(1, 31) for bill in import_bills(number)))
    hub.merge()
    look(hub.database, "GZ", hub.clock)
    draft = drafted(hub, "price_band", samples="5", low="60", high="160")
    assert tried(hub, draft).alerts == 0
    published(hub, draft)
    hub.clock.advance(minutes=10)
    planted = [import_bills(number) for number in (41, 43)]
    hub.post(*(bill for bills in planted for bill in cheap(bills)), *(bill for number in (51, 53) for bill in import_bills(number)))
    hub.merge()
    look(hub.database, "GZ", hub.clock)
    with hub.database.reading() as connection:
        raised = [row for row in search_alerts(connection, ["open"]) if row.rule_id == draft]
    assert {row["number"] for each in raised for row in evidence(hub, each.id)} == {bills[0]["order_no"] for bills in planted}
    assert {each.subjects for each in raised} == {1}


def evidence(hub: Hub, alert_id: UUID) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = hub.rows("SELECT evidence FROM risk_alert WHERE id = %(id)s", id=alert_id)[0][0]
    return rows


def cheap(bills: list[Bill]) -> list[Bill]:
    """The trade at a fifth of its prices, each bill agreeing with the others."""
    sold, paid, parcel = bills
    lines: Any = sold.values["lines"]
    cut = [{**line, "price": line["price"] / 5, "total_price": line["total_price"] / 5} for line in lines]
    value = sum((line["total_price"] for line in cut), Decimal(0))
    sums = {"goods_value": value, "tax_total": Decimal(0), "actual_paid": value}
    return [sold.but(lines=cut, **sums), paid.but(amount=value), parcel]
