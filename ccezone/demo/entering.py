"""Special-area export in the demo: two consignments entered, one claimed; last month's deliveries are declared, later ones wait."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock, FixedClock
from ccezone.parameters.queries import book
from ccezone.storage import Database
from ccezone.tax_refunds.queries.area import count_lots, period_on
from ccezone.tax_refunds.queries.ledger import LedgerFilter, search_ledger
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.service import claims
from ccezone.tax_refunds.service.area import Delivery, declare, gather, record_delivery
from ccezone.tax_refunds.service.ledger import keep_ledger
from schemas.codes import rows

_DEMO, _FIRM = "demo", "electronics"
_CODE, _UNIT, _YUAN = "8518300000", "001", "142"
_GOODS = (("蓝牙耳机（综保区）", Decimal(1500), Decimal(72000)), ("便携音箱（综保区）", Decimal(600), Decimal(48000)))


def found_special_area(database: Database, zone: str, clock: Clock) -> int:
    """Let a firm keep goods in the special area, once; return how many lots there are now."""
    with database.reading() as connection:
        uscc = next(row["uscc"] for row in rows("example_parties") if row["key"] == _FIRM)
        firm = directory(connection).find(uscc)
        if firm is None or count_lots(connection, firm.id)[""]:
            return 0
        today = clock.now().astimezone(SHANGHAI).date()
        earlier = period_on(book(connection, zone), period_on(book(connection, zone), today).since - timedelta(days=1))
    entry = _numbered(1, earlier.since)
    lots = [_entered(database, firm.id, place, entry, earlier.since + timedelta(days=1)) for place in range(len(_GOODS))]
    with database.begin() as uow:
        began = _on(earlier.since + timedelta(days=2))
        opening = claims.Opening(Method.EXEMPT_REFUND, f"{earlier.since:%Y-%m}", 2)
        claim = claims.open_claim(uow, firm.id, opening, _DEMO, began)
        claims.add_items(uow, firm.id, claim, lots[:1], book(uow.connection, zone), _DEMO, began)
        for place, lot in enumerate(lots):
            for serial, (day, quantity) in enumerate(((earlier.since + timedelta(days=6), 240), (earlier.until, 160)), start=1):
                told = Delivery(f"CK{day:%m%d}-{place + 1}{serial}", day, Decimal(quantity), f"YD{day:%y%m%d}{place}{serial}")
                record_delivery(uow, firm.id, lot, told, _DEMO, _on(day))
        last = _on(earlier.until)
        declare(uow, firm.id, gather(uow, firm.id, earlier, _DEMO, last), 1, _numbered(2, earlier.until), earlier.until, last)
        told = Delivery(f"CK{today:%m%d}-11", today, Decimal(75), f"YD{today:%y%m%d}11")
        record_delivery(uow, firm.id, lots[0], told, _DEMO, clock)
    return len(lots)


def _entered(database: Database, firm: UUID, place: int, entry: str, day: date) -> UUID:
    """Let all goods enter on one declaration the first time; return one's lot."""
    if not place:
        lines = [GeneralLine(_CODE, name, quantity, _UNIT, value) for name, quantity, value in _GOODS]
        total = sum((line.total_price for line in lines), Decimal(0))
        given = GeneralEntry(entry, "E", "1210", "4003", day, _YUAN, total, lines, released_on=day, note="演示数据")
        record_general(database, _on(day), firm, given, _DEMO)
        keep_ledger(database, _on(day))
    with database.reading() as connection:
        found = search_ledger(connection, firm, LedgerFilter(text=entry))
    return next(row.id for row in found if row.goods_name == _GOODS[place][0])


def _numbered(serial: int, day: date) -> str:
    return f"4003{day:%Y}{7:05d}{serial:05d}"


def _on(day: date) -> FixedClock:
    return FixedClock(datetime.combine(day, time(10), SHANGHAI))
