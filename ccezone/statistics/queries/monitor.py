"""The zone's volumes from totals alone: released goods by what they are counted by, orders by how far they came; their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.queries.totals import Total, leading, month_so_far, office_owners, owned, owned_values, places, totals
from ccezone.statistics.rules import BUCKETS, COUNTED, EDGES, EVERY, stretches
from ccezone.storage.copying import fetch

STEPS: Mapping[str, str] = {
    "arrived": "f.arrived_at",
    "matched": "f.matched_at",
    "filed": "f.filed_at",
    "released": "f.released_at",
}
"""Steps of the funnel, and what says of an order that it took them."""
GOODS_PAGE = """
SELECT f.id, d.order_no, e.name, f.counted_on, f.flow, f.trade_mode, f.country, f.chapter, f.currency, f.worth, f.rate,
    f.cny, f.cleared
FROM page f LEFT JOIN declaration_list d ON d.id = f.id LEFT JOIN enterprise e ON e.id = f.merchant_id
ORDER BY f.counted_on DESC, f.id DESC"""
"""SQL: what a ``GoodsRow`` says of the facts of a ``page``, the last first."""
_WAITS = {"matched": "to_match", "filed": "to_file", "released": "to_release"}


@dataclass(frozen=True, slots=True)
class Goods:
    """Which released goods: of which days, both included; of one key of a criterion (``rules.COUNTED``), of one bucket of
    times to clear, counted before an hour of the day.
    """

    since: date
    until: date
    by: str = EVERY
    key: str = ""
    bucket: int | None = None
    before: int | None = None

    @property
    def conditions(self) -> str:
        """What a fact ``f`` of them fulfils."""
        said = ["f.counted_on BETWEEN %(since)s AND %(until)s", f"({COUNTED[self.by]}) = %(key)s"]
        if self.bucket is not None:
            edges = (0, *EDGES)
            said.append(f"f.cleared >= {edges[self.bucket]}")
            said += [f"f.cleared < {EDGES[self.bucket]}"] if self.bucket < len(EDGES) else []
        if self.before is not None:
            said.append(f"f.counted_hour < {self.before:d}")
        return " AND ".join(said)

    @property
    def on_days(self) -> str:
        """What a day's total fulfils that counts any of them: days on which none fell into the bucket are not looked through."""
        return "" if self.bucket is None else f" AND cleared[{self.bucket + 1:d}] > 0"


@dataclass(frozen=True, slots=True)
class Orders:
    """Which orders: of which days of arrival, both included; that took a step; of one flow, or both."""

    since: date
    until: date
    step: str = "arrived"
    flow: str = ""


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many orders took each step, and by bucket how long each step but the first took them."""

    flow: str
    counts: Mapping[str, int]
    waits: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One list of released goods; ``cny`` is empty where customs' rate is not known."""

    id: int
    order_no: str
    merchant: str
    counted_on: date
    flow: str
    trade_mode: str
    country: str
    chapter: str
    currency: str
    worth: Decimal
    rate: Decimal | None
    cny: Decimal | None
    cleared: int | None

    @property
    def cursor(self) -> str:
        """Where a page that ends with this row goes on."""
        return f"{self.counted_on}_{self.id}"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order on its way."""

    order_key: int
    order_no: str
    merchant: str
    flow: str
    arrived_at: datetime
    matched_at: datetime | None
    filed_at: datetime | None
    released_at: datetime | None
    day: date

    @property
    def cursor(self) -> str:
        """Where a page that ends with this row goes on."""
        return f"{self.day}_{self.order_key}"


@dataclass(frozen=True, slots=True)
class Sum:
    """Number and worth by currency (``142``: yuan) of some released goods."""

    lists: int = 0
    values: Mapping[str, Decimal] = field(default_factory=dict)


def goods_so_far(connection: Connection, until: date) -> date:
    """Return up to which day totals of released goods may be read for a span up to ``until``; see ``month_so_far``."""
    return month_so_far(connection, "list_total", until, f"criterion = '{EVERY}'", "merchant_id")


def counted(connection: Connection, since: date, until: date, by: str = EVERY) -> Sequence[Total]:
    """Return the released goods in reach of a span by a criterion, in order of key. Raises ``KeyError``."""
    if by not in COUNTED:
        raise KeyError(by)
    return totals(connection, office_owners(connection), by, since, until)


def largest(connection: Connection, since: date, until: date, by: str, most: int) -> tuple[Sequence[Total], int, int]:
    """Return the keys of a criterion with the most released goods, the largest first; how many keys and goods there are in all.

    Numbers of all keys are added up; their times to clear, by far the most of the work, only of those that are returned.
    """
    owners = office_owners(connection)
    number, lists, keys = leading(connection, owners, by, since, until, most)
    found = totals(connection, owners, by, since, until, keys=keys)
    return sorted(found, key=lambda row: (-row.lists, row.key)), number, lists


def added(rows: Sequence[Total]) -> Sum:
    """Add totals up."""
    values: dict[str, Decimal] = {}
    for row in rows:
        for currency, value in row.values.items():
            values[currency] = values.get(currency, Decimal(0)) + value
    return Sum(sum(row.lists for row in rows), values)


def funnels(connection: Connection, since: date, until: date) -> Sequence[Funnel]:
    """Return how far the orders came that arrived in a span, by flow."""
    waits = ", ".join(f"sum(f.{name}[{number}])::bigint" for name in _WAITS.values() for number in range(1, BUCKETS + 1))
    counts = ", ".join(f"sum(f.{step})::bigint" for step in STEPS)
    owners = office_owners(connection)
    own, days = owned(owners, "f.owner"), places(stretches(since, month_so_far(connection, "order_total", until)))
    rows = fetch(
        connection,
        f"SELECT f.flow, {counts}, {waits} FROM order_total f WHERE {own} AND ({days}) GROUP BY 1 ORDER BY 1",  # noqa: S608  # our own names and dates
        owned_values(owners),
    )
    return [_funnel(flow, values) for flow, *values in rows]


def _funnel(flow: str, values: Sequence[int]) -> Funnel:
    steps = len(STEPS)
    waits = {step: values[steps + n * BUCKETS : steps + (n + 1) * BUCKETS] for n, step in enumerate(_WAITS)}
    return Funnel(flow, dict(zip(STEPS, values[:steps], strict=True)), waits)


def goods_rows(connection: Connection, goods: Goods, after: str = "", limit: int = 50) -> Sequence[GoodsRow]:
    """Return released goods, the last first. Totals say on which days there are any. Raises ``KeyError``, ``ValueError``."""
    day, _, number = after.rpartition("_")
    values: dict[str, object] = {"since": goods.since, "until": goods.until, "key": goods.key, "limit": limit}
    owners = office_owners(connection)
    values |= {**owned_values(owners), "by": goods.by, "id": int(number) if after else None}
    values |= {"day": date.fromisoformat(day) if after else goods.until}
    rows = fetch(
        connection,
        f"""WITH days AS (
            SELECT DISTINCT day FROM list_total WHERE {owned(owners, "merchant_id")} AND criterion = %(by)s AND grain = 'D'
                AND key = %(key)s AND day BETWEEN %(since)s AND least(%(until)s::date, %(day)s::date){goods.on_days}
            ORDER BY day DESC
        ), page AS (
            SELECT f.* FROM days JOIN LATERAL (
                SELECT * FROM list_fact f WHERE f.counted_on = days.day AND {goods.conditions}
                    AND (%(id)s::bigint IS NULL OR days.day < %(day)s::date OR f.id < %(id)s::bigint)
                ORDER BY f.id DESC LIMIT %(limit)s
            ) f ON true ORDER BY days.day DESC, f.id DESC LIMIT %(limit)s
        )
        {GOODS_PAGE}""",  # noqa: S608  # our own names
        values,
    )
    return [GoodsRow(*row) for row in rows]


def order_rows(connection: Connection, orders: Orders, after: str = "", limit: int = 50) -> Sequence[OrderRow]:
    """Return the orders a number of the funnel counts, the last day first. Raises ``KeyError``, ``ValueError``."""
    day, _, number = after.rpartition("_")
    rows = fetch(
        connection,
        f"""SELECT f.order_key, f.order_no, e.name, f.flow, f.arrived_at, f.matched_at, f.filed_at, f.released_at, f.day
        FROM order_fact f LEFT JOIN enterprise e ON e.id = f.merchant_id
        WHERE f.day BETWEEN %(since)s AND %(until)s AND {STEPS[orders.step]} IS NOT NULL
            AND (%(flow)s = '' OR f.flow = %(flow)s)
            AND (%(day)s::date IS NULL OR (f.day, f.order_key) < (%(day)s::date, %(key)s))
        ORDER BY f.day DESC, f.order_key DESC LIMIT %(limit)s""",  # noqa: S608  # our own names
        {
            "since": orders.since,
            "until": orders.until,
            "flow": orders.flow,
            "limit": limit,
            "day": date.fromisoformat(day) if after else None,
            "key": int(number) if after else 0,
        },
    )
    return [OrderRow(*row) for row in rows]


def as_of(connection: Connection) -> datetime | None:
    """Return up to when changes are in the figures."""
    rows = fetch(connection, "SELECT at FROM figure_mark WHERE name = 'lists'")
    return rows[0][0] if rows else None


def firm_names(connection: Connection, ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Name enterprises in both languages.

    The registered name is Chinese; an English one is what the firm declared. Where it declared none, we make none up: the
    registered name stands with the unified social credit code, by which anybody finds the firm.
    """
    rows = fetch(
        connection,
        """SELECT id::text, name, CASE WHEN btrim(name_en) <> '' THEN btrim(name_en) ELSE name || ' (' || uscc || ')' END
        FROM enterprise WHERE id = ANY(%(ids)s)""",
        {"ids": [UUID(each) for each in ids if each]},
    )
    return {key: (zh, en) for key, zh, en in rows}
