"""Adding all facts up anew, a month at a time: what comes out is what adding every change up comes to.

One statement for each criterion groups a month's facts before it lays them out by owner, day and month. What follows changes
(``totals``) lays out first and groups afterwards, by all criteria at once: right for few facts, hours for millions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ccezone.statistics.rules import BUCKETS, COUNTED, NODE_OWNER, OPEN_CRITERIA, PREPARED, WHOLE_ZONE, YUAN, month_end
from ccezone.statistics.service.totals import EDGE_ARRAY, GRAINS, ORDER_TOTALS
from ccezone.statistics.tables import REJECTED, RELEASED
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.holding import hold


@dataclass(frozen=True, slots=True)
class _Book:
    """A way lists are counted in: by what, on which day, in which currency and worth, and under whom they then stand."""

    criteria: Sequence[tuple[str, str]]
    under: str
    day: str
    currency: str
    worth: str
    owners: str


_BOOKS = (
    _Book(tuple(PREPARED.items()), "f.merchant_id", "f.day", "f.currency", "f.value", "SELECT c.under"),
    _Book(
        tuple(COUNTED.items()),
        "f.node",
        "f.counted_on",
        f"CASE WHEN f.cny IS NULL THEN f.currency ELSE '{YUAN}' END",
        "coalesce(f.cny, f.worth)",
        f"SELECT '{WHOLE_ZONE}'::uuid UNION ALL SELECT {NODE_OWNER.format(code='c.under')} WHERE c.under <> ''",
    ),
)
_OF_MONTH = "BETWEEN %(first)s AND %(last)s"


def _list_statement(book: _Book, criterion: str, key: str) -> str:
    cleared = ", ".join(f"coalesce(sum(c.lists) FILTER (WHERE c.bucket = {number}), 0)::int" for number in range(BUCKETS))
    return f"""
    WITH grouped AS (
        SELECT {book.under} AS under, {book.day} AS day, {key} AS key, {book.currency} AS currency, f.stage,
            width_bucket(f.cleared, {EDGE_ARRAY}) AS bucket, count(*)::int AS lists, sum({book.worth}) AS value
        FROM list_fact f WHERE {book.day} {_OF_MONTH} GROUP BY 1, 2, 3, 4, 5, 6
    )
    INSERT INTO list_total (merchant_id, criterion, grain, day, key, currency, lists, released, rejected, value, cleared)
    SELECT b.owner, '{criterion}', g.grain, g.day, c.key, c.currency, sum(c.lists),
        coalesce(sum(c.lists) FILTER (WHERE {RELEASED}), 0), coalesce(sum(c.lists) FILTER (WHERE {REJECTED}), 0), sum(c.value),
        ARRAY[{cleared}]
    FROM grouped c CROSS JOIN LATERAL ({book.owners}) AS b (owner) {GRAINS.format(day="c.day")}
    WHERE c.key IS NOT NULL GROUP BY 1, 3, 4, 5, 6"""  # noqa: S608  # our own names


def _contributor_statement(criterion: str, key: str) -> str:
    return f"""
    INSERT INTO list_contributor (month, flow, criterion, key, merchant_id, lists)
    SELECT %(first)s, f.flow, '{criterion}', {key}, f.merchant_id, count(*)
    FROM list_fact f WHERE f.counted_on {_OF_MONTH} GROUP BY 2, 4, 5"""  # noqa: S608  # our own names


def _statements() -> Iterator[str]:
    yield "SET LOCAL work_mem = '256MB'"  # one adder-up at a time: groups of a month, of 25 counts each, stay in memory
    for table in ("list_total", "order_total"):
        yield f"DELETE FROM {table} WHERE day {_OF_MONTH}"  # noqa: S608  # our own names
    for book in _BOOKS:
        for criterion, key in book.criteria:
            yield _list_statement(book, criterion, key)
    yield f"DELETE FROM list_contributor WHERE month {_OF_MONTH}"  # noqa: S608  # our own names
    for criterion, key in OPEN_CRITERIA.items():
        yield _contributor_statement(criterion, key)
    orders = f"(SELECT *, 1 AS sign FROM order_fact WHERE day {_OF_MONTH}) AS f"  # noqa: S608  # our own names
    yield f"WITH {ORDER_TOTALS.format(facts=orders)} SELECT"


_ADD_UP_MONTH = tuple(_statements())
_MONTHS = """
SELECT DISTINCT date_trunc('month', day)::date FROM (
    SELECT DISTINCT day FROM list_fact UNION SELECT DISTINCT counted_on FROM list_fact WHERE counted_on IS NOT NULL
    UNION SELECT DISTINCT day FROM order_fact UNION SELECT DISTINCT day FROM list_total UNION SELECT DISTINCT day FROM order_total
    UNION SELECT DISTINCT month FROM list_contributor
) AS days ORDER BY 1
"""


def add_up(database: Database) -> None:
    """Add all facts up anew, a month at a time: pages show each month as it was or as it is, never half of it."""
    with database.reading() as connection:
        months = [row[0] for row in fetch(connection, _MONTHS)]
    for first in months:
        with database.begin() as uow:
            hold(uow.connection, "figures")
            _add_up_month(uow, first)


def _add_up_month(uow: UnitOfWork, first: date) -> None:
    of_month = {"first": first, "last": month_end(first)}
    for statement in _ADD_UP_MONTH:
        run(uow.connection, statement, of_month)
