"""Customs exchange rates: entered by month with their document, never overwritten, provisional while a month lacks its own."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import Refused
from ccezone.parameters import queries
from ccezone.parameters.rules import ExchangeRate
from ccezone.parameters.service import MonthlyRates, set_exchange_rates
from ccezone.storage import Database, UnitOfWork

pytestmark = pytest.mark.storage

CLOCK = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
DOLLAR, EURO, YUAN = "502", "300", "142"
MARCH = date(2026, 3, 1)


def enter(uow: UnitOfWork, rates: dict[str, str], month: date = MARCH, document: str = "a notice") -> int:
    """Enter a month."""
    return set_exchange_rates(uow, CLOCK, entered=MonthlyRates(month, rates, document), created_by="officer")


def rate(uow: UnitOfWork, currency: str, day: date) -> ExchangeRate | None:
    """The rate a zone goes by."""
    return queries.book(uow.connection, "GZ").exchange_rate(currency, day)


def test_a_months_rate_holds_on_every_day_of_it_and_provisionally_after(database: Database) -> None:
    with database.begin() as uow:
        assert enter(uow, {DOLLAR: "7.0123", EURO: "8.1"}) == 2
        within, after = rate(uow, DOLLAR, date(2026, 3, 31)), rate(uow, DOLLAR, date(2026, 4, 1))
        assert rate(uow, DOLLAR, date(2026, 2, 28)) is None
    assert within is not None
    assert after is not None
    assert (within.cny, within.provisional, within.document) == (Decimal("7.0123"), False, "a notice")
    assert (after.cny, after.provisional) == (Decimal("7.0123"), True)


def test_yuan_are_yuan_without_any_rate(database: Database) -> None:
    with database.begin() as uow:
        found = rate(uow, YUAN, MARCH)
    assert found is not None
    assert (found.cny, found.provisional) == (Decimal(1), False)


def test_a_rate_that_a_month_has_is_not_overwritten_and_the_others_are_not_half_kept(database: Database) -> None:
    with database.begin() as uow:
        enter(uow, {DOLLAR: "7"})
    with pytest.raises(Refused, match="exchange_rate_known"), database.begin() as uow:
        enter(uow, {EURO: "8", DOLLAR: "7.5"})
    with database.begin() as uow:
        kept = rate(uow, DOLLAR, MARCH)
        assert rate(uow, EURO, MARCH) is None
    assert kept is not None
    assert kept.cny == 7


@pytest.mark.parametrize(
    ("rates", "document", "codes"),
    [
        ({}, "x", ["exchange_rates_none"]),
        ({DOLLAR: "7"}, " ", ["required"]),
        ({"999": "7"}, "x", ["unknown_currency"]),
        ({YUAN: "1"}, "x", ["unknown_currency"]),
        ({DOLLAR: "seven"}, "x", ["not_a_number"]),
        ({DOLLAR: "0"}, "x", ["must_be_positive"]),
        ({DOLLAR: "-7"}, "x", ["must_be_positive"]),
    ],
)
def test_what_is_no_rate_is_refused_with_its_reason(
    database: Database, rates: dict[str, str], document: str, codes: list[str]
) -> None:
    with pytest.raises(Refused) as refused, database.begin() as uow:
        enter(uow, rates, document=document)
    assert [fault.code for fault in refused.value.faults] == codes


def test_the_months_entered_are_listed_newest_first(database: Database) -> None:
    with database.begin() as uow:
        enter(uow, {DOLLAR: "7"}, date(2026, 1, 1))
        enter(uow, {DOLLAR: "7.1"}, date(2026, 2, 1))
        found = queries.rates_entered(uow.connection, date(2026, 1, 1))
    assert [(each.since.month, each.cny) for each in found] == [(2, Decimal("7.1")), (1, Decimal(7))]
