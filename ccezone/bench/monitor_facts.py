"""Made-up facts of lists and orders, written by COPY: two years of 200 firms, most of it in few countries and chapters."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from ccezone.statistics.service.adding_up import add_up
from ccezone.statistics.service.goods_facts import add_up_goods
from ccezone.storage import Database
from ccezone.storage.copying import copy_rows, run

DAYS = 731
_FIRMS = [UUID(int=(1 << 100) + number) for number in range(200)]
_RATES = {"142": Decimal(1), "502": Decimal("7.1")}
_LIST = (
    *("id", "merchant_id", "day", "flow", "trade_mode", "country", "chapter", "node", "park", "stage", "currency", "value"),
    *("cleared", "updated_at", "counted_on", "counted_hour", "worth", "rate", "cny"),
)
_ORDER = (
    "order_key",
    "order_no",
    "merchant_id",
    "flow",
    "day",
    "arrived_at",
    "matched_at",
    "filed_at",
    "released_at",
    "changed_at",
)
_GOODS = ("item_id", "general", "node", "day", "claim_id", "claimed_at", "paid_at", "collected_at", "settled_at")
_SHANGHAI = timedelta(hours=8)


def fill(database: Database, lists: int, end: datetime) -> None:
    """Write facts up to a moment, and add them up with the worker's own statements."""
    with database.begin() as uow:
        copy_rows(uow.connection, "list_fact", _LIST, _lists(lists, end))
        copy_rows(uow.connection, "order_fact", _ORDER, _orders(lists, end))
        copy_rows(uow.connection, "goods_fact", _GOODS, _goods(lists, end))
        add_up_goods(uow)
        run(uow.connection, "INSERT INTO figure_mark (name, at, terms) VALUES ('lists', %(at)s, '')", {"at": end})
    add_up(database)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        run(connection, "VACUUM ANALYZE list_fact, order_fact, goods_fact, list_total, order_total, goods_total")


def _lists(lists: int, end: datetime) -> Iterator[tuple[object, ...]]:
    random = Random(42)
    for number, at in _moments(lists, end):
        flow = "E" if random.random() < 0.8 else "I"
        mode = ("9610", "9710", "9810", "1210")[int(4 * random.random() ** 2)]
        currency = "502" if random.random() < 0.3 else "142"
        worth = Decimal(random.randint(100, 90_000)) / 100
        stage = random.choices(("released", "closed", "filed", "review", "rejected"), (17, 50, 18, 10, 5))[0]
        counts = stage == "closed" or (stage == "released" and flow == "I")
        local = at + _SHANGHAI
        yield (
            *(number, _FIRMS[int(200 * random.random() ** 2)], local.date(), flow, mode),
            *(
                str(300 + int(60 * random.random() ** 3)),
                str(61 + int(12 * random.random() ** 3)),
                "NK",
                ("", "NK-1", "NK-2")[number % 3],
            ),
            *(stage, currency, worth, int(60 + 86_400 * random.random() ** 4) if stage in ("released", "closed") else None, at),
            *((local.date(), local.hour, worth, _RATES[currency], round(worth * _RATES[currency], 2)) if counts else (None,) * 5),
        )


def _orders(orders: int, end: datetime) -> Iterator[tuple[object, ...]]:
    random = Random(43)
    for number, at in _moments(orders, end):
        waits = [random.randint(1, 900), random.randint(1, 3600), random.randint(60, 90_000)]
        far = random.choices((0, 1, 2, 3), (2, 3, 10, 85))[0]
        steps = [at + timedelta(seconds=sum(waits[: each + 1])) if each < far else None for each in range(3)]
        flow = "E" if random.random() < 0.8 else "I"
        yield (number, f"N{number}", _FIRMS[number % 200], flow, (at + _SHANGHAI).date(), at, *steps, at)


def _goods(items: int, end: datetime) -> Iterator[tuple[object, ...]]:
    """Exported items; claims are named, not there: their money is none."""
    random = Random(44)
    for number, at in _moments(items, end):
        waits = [timedelta(hours=random.randint(1, 1500)) for _ in range(4)]
        claimed = random.random() < 0.3
        collected = random.random() < 0.7
        claim = UUID(int=(2 << 100) + number % 2400) if claimed else None
        refund = (at + waits[0], at + waits[0] + waits[1] if random.random() < 0.8 else None) if claimed else (None, None)
        money = (at + waits[2], at + waits[2] + waits[3] if random.random() < 0.9 else None) if collected else (None, None)
        yield (UUID(int=(3 << 100) + number), False, "NK", (at + _SHANGHAI).date(), claim, *refund, *money)


def _moments(number: int, end: datetime) -> Iterator[tuple[int, datetime]]:
    begin = end.astimezone(UTC) - timedelta(days=DAYS)
    step = timedelta(days=DAYS) / number
    return ((each, begin + each * step) for each in range(1, number + 1))
