"""Rates are found by day, and the quota ledger counts every movement once."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ccezone.import_tax import queries, service
from ccezone.import_tax.rules import Measure, QuotaEntry, QuotaKind
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from schemas.codes import rows

pytestmark = pytest.mark.storage

_CLOCK = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
_BUYER, _OTHER = 11, -22


def _use(amount: str, declaration: int = 1, buyer: int = _BUYER, year: int = 2026) -> QuotaEntry:
    return QuotaEntry(buyer, year, declaration, Decimal(amount))


def _give_back(amount: str, declaration: int = 1, cause: int = 0) -> QuotaEntry:
    return QuotaEntry(_BUYER, 2026, declaration, Decimal(amount), QuotaKind.GIVE_BACK, cause)


def test_the_shipped_rates_load_twice_without_doubling_and_are_found_by_code(database: Database) -> None:
    with database.begin() as uow:
        service.load_rates(uow)
        service.load_rates(uow)
        service.load_rates(uow, [])
        found = queries.rates(uow.connection, date(2026, 3, 1), ["2208300000", "9999999999"])
        everything = queries.rates(uow.connection, date(2026, 3, 1))
    assert set(found) == {"2208300000"}
    assert found["2208300000"].consumption_specific_measure is Measure.LITRE
    assert found["2208300000"].consumption_specific == Decimal("0.912")
    assert len(everything) == 219


def test_the_newest_rate_that_has_begun_is_in_force(database: Database) -> None:
    whisky = next(row for row in rows("sample_tariff") if row["hs_code"] == "2208300000")
    with database.begin() as uow:
        service.load_rates(uow)
        service.load_rates(uow, [dict(whisky) | {"import_vat_rate_pct": "9"}], date(2027, 1, 1))
        rates = [
            queries.rates(uow.connection, day).get("2208300000") for day in (date(2018, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
        ]
    assert [rate and rate.vat_pct for rate in rates] == [None, 13, 9]


def test_what_a_buyer_used_is_the_sum_of_the_year_s_movements(database: Database) -> None:
    with database.begin() as uow:
        entries = [_use("1000.00"), _use("500", 2), _use("70", 3, _OTHER), _use("9", 4, year=2025)]
        assert service.record_quota(uow, _CLOCK, entries) == 4
        assert service.record_quota(uow, _CLOCK, []) == 0
        assert queries.used(uow.connection, [_BUYER, _OTHER, 33], 2026) == {_BUYER: 1500, _OTHER: 70, 33: 0}


def test_a_replay_counts_no_second_time(database: Database) -> None:
    with database.begin() as uow:
        assert service.record_quota(uow, _CLOCK, [_use("1000"), _use("1000")]) == 1
        assert service.record_quota(uow, _CLOCK, [_use("1000"), _give_back("400", cause=7)]) == 1
        assert queries.used(uow.connection, [_BUYER], 2026) == {_BUYER: 600}


def test_two_partial_returns_of_one_list_both_give_back(database: Database) -> None:
    with database.begin() as uow:
        service.record_quota(uow, _CLOCK, [_use("1000"), _give_back("100", cause=7), _give_back("100", cause=8)])
        assert queries.used(uow.connection, [_BUYER], 2026) == {_BUYER: 800}
