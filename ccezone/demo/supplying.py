"""What the demo's lists do not tell: a mail feed that repeats some parcels, express of exports and imports, each naming the firms
whose parcels they are, a node abroad, a sample with weights, which name none, and two
general declarations, one of which an officer recognises over the rules.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from ccezone.accounts.queries import user_by_login
from ccezone.declarations.queries import ListFilter, scope_of, search_lists
from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.demo.zone import OFFICER
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.statistics.queries.supplements import batches
from ccezone.statistics.rules.supplements import Method, Source
from ccezone.statistics.service import refresh_supplements
from ccezone.statistics.service.supplements import Feed, decide, take
from ccezone.storage import Database
from schemas.codes import rows

EXPORTER = "furniture"
_SENDERS, _IMPORTERS = ("furniture", "oranges", "textiles", "electronics"), ("oranges", "textiles", "electronics")
_COUNTRIES, _CHAPTERS = ("502", "116", "303", "601", "305"), ("610910", "940360", "851762", "420292", "950300")
_REPEATED = 6


def found_supplements(database: Database, zone: str, clock: Clock, say: Callable[[str], None]) -> int:
    """Report the demo's feeds, once; return how many lines were taken."""
    today = clock.now().astimezone(SHANGHAI).date()
    with database.reading() as connection:
        officer = user_by_login(connection, OFFICER)
        firm = directory(connection).find(next(row["uscc"] for row in rows("example_parties") if row["key"] == EXPORTER))
        if officer is None or firm is None or batches(connection, limit=1):
            return 0
        listed = [row.waybill_no for row in search_lists(connection, scope_of(connection, firm.id), ListFilter(), limit=_REPEATED)]
    actor, number = f"user:{officer.id}", 0
    for feed, lines in _feeds(today, listed, firm.uscc):
        with database.begin() as uow:
            number += take(uow, feed, lines, actor, clock).lines
    fact = _declared(database, firm.id, today, clock)
    refresh_supplements(database, clock, zone)
    with database.begin() as uow:
        decide(uow, fact, True, "经核对平台订单，属跨境电商 B2B 出口", actor, clock)
    say(f"补充统计数据 supplementary statistics: {number} 行 lines")
    return number


def _feeds(today: date, listed: Sequence[str], uscc: str) -> Iterator[tuple[Feed, Sequence[dict[str, str]]]]:
    month = f"{today:%Y-%m}"
    mail = _lines("RR", 40, today) + [_line(Random(n), waybill, today) for n, waybill in enumerate(listed)]
    yield Feed(Source.MAIL, Method.ROLL_UP, "邮政口岸", month, "mail.csv"), _named(mail, _SENDERS)
    sent = _named(_lines("EX", 25, today), _SENDERS)
    came = [{**line, "flow": "I"} for line in _named(_lines("IX", 9, today), _IMPORTERS)]
    yield Feed(Source.EXPRESS, Method.ROLL_UP, "快件监管中心", month, "express.csv"), sent + came
    abroad = [{**line, "document_no": line.pop("waybill_no"), "parcels": "30"} for line in _lines("OW", 6, today)]
    yield Feed(Source.OVERSEAS, Method.ROLL_UP, "洛杉矶海外仓", month, "warehouse.csv"), abroad
    own = [{**line, "enterprise_code": uscc} for line in _lines("DR", 4, today)]
    yield Feed(Source.ENTERPRISE, Method.MODEL, "独立站直报", month, "direct.csv"), own
    yield (
        Feed(Source.SAMPLE, Method.SAMPLE, "市场调查", month, "sample.csv"),
        [{**x, "weight": "12.5"} for x in _lines("SP", 8, today)],
    )


def _named(lines: Sequence[dict[str, str]], keys: Sequence[str]) -> list[dict[str, str]]:
    """Let lines name firms of the demo in turn."""
    codes = {row["key"]: row["uscc"] for row in rows("example_parties")}
    return [{**line, "enterprise_code": codes[keys[place % len(keys)]]} for place, line in enumerate(lines)]


def _lines(prefix: str, number: int, today: date) -> list[dict[str, str]]:
    return [_line(Random(f"{prefix}/{n}"), f"{prefix}{n:09d}CN", today) for n in range(1, number + 1)]


def _line(random: Random, waybill: str, today: date) -> dict[str, str]:
    return {
        "day": str(today - timedelta(days=random.randrange(10))), "flow": "E", "country": random.choice(_COUNTRIES),
        "hs_code": random.choice(_CHAPTERS), "currency": "142", "amount": f"{random.randrange(4000, 60000) / 100:.2f}",
        "waybill_no": waybill,
    }  # fmt: skip


def _declared(database: Database, firm: UUID, today: date, clock: Clock) -> str:
    """Record two general declarations; return the fact of the one the rules do not recognise."""
    lines = [GeneralLine("9403609990", "木制家具", Decimal(120), "011", Decimal("86000.00"))]
    day = today - timedelta(days=3)
    numbers = []
    for mode, tail in (("9710", "01"), ("0110", "02")):
        entry = GeneralEntry(f"530120{day:%Y%m%d}00{tail}", "E", mode, "5301", day, "142", Decimal("86000.00"), lines, day, "502")
        numbers.append(record_general(database, clock, firm, entry, "demo"))
    return f"general:{numbers[1]}"
