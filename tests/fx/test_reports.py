"""Trade-credit reports and indicators: what is due when by class, marks that count once, reminders, and the arithmetic."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from ccezone.credit.queries.fx_standing import due_terms
from ccezone.fx.queries.indicators import firm_flows
from ccezone.fx.queries.reports import reported, to_report, undeclared
from ccezone.fx.rules.indicators import Flows
from ccezone.fx.rules.reports import Due, Exposure, ReportTerms
from ccezone.fx.service.credit_reports import Made, mark_reported, remind_of_dues, withdraw_report
from ccezone.kernel.errors import NotFound, Refused
from ccezone.kernel.holidays import published_calendar
from tests.fx.money import BOOK, WHO, Zone

FIRM, OTHER = UUID(int=1), UUID(int=2)
DAY = date(2025, 12, 1)
ONE = Decimal(1)


def terms(today: date = DAY, *class_a: UUID) -> ReportTerms:
    return ReportTerms(today, 30, 90, 30, 30, 10, frozenset(class_a))


@pytest.mark.parametrize(
    ("kind", "days", "due"),
    [
        (Exposure.ADVANCE, 19, Due.WITHIN),
        (Exposure.ADVANCE, 20, Due.SOON),
        (Exposure.ADVANCE, 30, Due.SOON),
        (Exposure.ADVANCE, 31, Due.LATE),
        (Exposure.DEFERRED, 31, Due.WITHIN),
        (Exposure.DEFERRED, 90, Due.WITHIN),
        (Exposure.DEFERRED, 91, Due.LATE),
    ],
)
def test_class_a_reports_advances_after_thirty_days_and_deferrals_after_ninety(kind: Exposure, days: int, due: Due) -> None:
    assert terms(DAY, FIRM).due(kind, FIRM, DAY - timedelta(days=days), reported=False) is due


def test_others_report_deferrals_after_thirty_days() -> None:
    assert terms().due(Exposure.DEFERRED, FIRM, DAY - timedelta(days=31), reported=False) is Due.LATE
    assert terms(DAY, OTHER).due(Exposure.DEFERRED, FIRM, DAY - timedelta(days=30), reported=False) is Due.SOON


def test_indicators_are_plain_arithmetic_and_nothing_when_nothing_flowed() -> None:
    flows = Flows(exports=Decimal(100), receipts=Decimal(80), credit=Decimal(9))
    assert (flows.difference, flows.difference_ratio) == (Decimal(-20), Decimal("-0.1111"))
    assert (flows.credit_ratio, flows.funds_ratio) == (Decimal("0.05"), Decimal("0.8"))
    assert Flows().funds_ratio is Flows().difference_ratio is None


def mark(zone: Zone, subject: str, firm: UUID | None, on: date, reference: str = "TC-1") -> int:
    with zone.hub.database.begin() as uow:
        made = Made(Exposure.ADVANCE, [subject], on, reference)
        return mark_reported(uow, firm, made, terms(zone.today), ONE, (WHO, "李会计"), zone.hub.clock)


def due(zone: Zone, firm: UUID) -> list[str]:
    with zone.hub.database.reading() as connection:
        return [each.subject for each in to_report(connection, firm, Exposure.ADVANCE, terms(zone.today), ONE)]


@pytest.mark.storage
def test_old_money_is_due_until_somebody_marks_its_report(zone: Zone) -> None:
    old, fresh = str(zone.receive(days_ago=40)), str(zone.receive(days_ago=2))
    assert due(zone, zone.merchant) == [old]
    assert due(zone, zone.rival) == []
    with pytest.raises(NotFound):
        mark(zone, old, zone.rival, zone.today)
    for wrong in (zone.today + timedelta(days=1), zone.today - timedelta(days=41)):
        with pytest.raises(Refused):
            mark(zone, old, zone.merchant, wrong)
    assert mark(zone, old, zone.merchant, zone.today) == 1
    assert mark(zone, fresh, None, zone.today) == 1, "an officer may, and early"
    assert due(zone, zone.merchant) == []
    with pytest.raises(NotFound):
        mark(zone, old, zone.merchant, zone.today)
    with zone.hub.database.begin() as uow:
        latest, first = reported(uow.connection, zone.merchant)
        assert (first.amount, first.by, first.kind) == (Decimal(100), "李会计", Exposure.ADVANCE)
        (flows,) = firm_flows(uow.connection, zone.merchant, zone.today - timedelta(days=365), zone.today, BOOK)
        assert (flows.flows.receipts, flows.flows.credit) == (Decimal(200), Decimal(200))
        withdraw_report(uow, zone.merchant, first.id, zone.hub.clock)
        assert latest.id != first.id
    assert due(zone, zone.merchant) == [old]


@pytest.mark.storage
def test_a_firm_is_reminded_once_a_day_and_only_of_more(zone: Zone) -> None:
    def remind() -> int:
        return remind_of_dues(zone.hub.database, lambda _c: BOOK, due_terms, zone.hub.clock)

    zone.receive(days_ago=40)
    assert [remind(), remind()] == [1, 0]
    zone.receive(days_ago=41)
    assert remind() == 0, "told today already"
    zone.hub.clock.advance(days=1)
    assert [remind(), remind()] == [1, 0]
    with zone.hub.database.reading() as connection:
        (first, _) = undeclared(connection, zone.merchant, 5, published_calendar())
    assert first.due_on < zone.today
