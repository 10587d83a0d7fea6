"""Goods that entered the special area, for tests: a recorded declaration under 1210, its lot, deliveries out of it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.kernel.clock import Clock
from ccezone.storage import Database
from ccezone.tax_refunds.queries.ledger import LedgerFilter, search_ledger
from ccezone.tax_refunds.rules.area import period_of
from ccezone.tax_refunds.service.area import Delivery, gather, record_delivery
from ccezone.tax_refunds.service.ledger import keep_ledger

NUMBER = "400320260000081201"


def entered(database: Database, merchant: UUID, name: str, day: date, clock: Clock, number: str = NUMBER) -> UUID:
    """Let a hundred pieces enter on a day; return their lot."""
    line = GeneralLine("6109100022", name, Decimal(100), "011", Decimal(1000))
    entry = GeneralEntry(number, "E", "1210", "4003", day, "142", Decimal(1000), [line], released_on=day)
    record_general(database, clock, merchant, entry, "test")
    keep_ledger(database, clock)
    with database.reading() as connection:
        return search_ledger(connection, merchant, LedgerFilter(text=number))[0].id


def delivered_and_gathered(database: Database, merchant: UUID, name: str, clock: Clock) -> tuple[UUID, UUID, UUID]:
    """Let goods enter, deliver some, draft their consolidated declaration; return lot, delivery and draft."""
    day = clock.now().date()
    lot = entered(database, merchant, f"{name}入区", day, clock)
    with database.begin() as uow:
        delivery = record_delivery(uow, merchant, lot, Delivery("D1", day, Decimal(5), f"{name}运单"), "test", clock)
        return lot, delivery, gather(uow, merchant, period_of(day, 1), "test", clock)
