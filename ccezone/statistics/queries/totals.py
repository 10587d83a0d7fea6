"""Totals of a span: whole months are read as such, so that years cost no more than some months, and no list is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.rules import BUCKETS, WHOLE_ZONE, Stretch, month_end, node_owner, stretches
from ccezone.storage.copying import fetch
from ccezone.storage.reach import reached

SUMMED = ", ".join(f"sum(f.cleared[{number}])::bigint" for number in range(1, BUCKETS + 1))


@dataclass(frozen=True, slots=True)
class Total:
    """What lists of one key add up to; ``values`` by currency, ``cleared`` by bucket of ``rules.EDGES``."""

    key: str
    lists: int
    released: int
    rejected: int
    values: Mapping[str, Decimal]
    cleared: Sequence[int]


def office_owners(connection: Connection) -> Sequence[UUID]:
    """Return under whom the office's totals stand that a connection sees: the whole zone, or the nodes in its reach."""
    reach = reached(connection)
    return [WHOLE_ZONE] if reach is None else [node_owner(code) for code in sorted(reach.nodes)]


def owned(owners: Sequence[UUID], column: str) -> str:
    """Return the condition that totals stand under these, for ``%(owners)s``: one owner is looked up as one."""
    return f"{column} = %(owner)s" if len(owners) == 1 else f"{column} = ANY(%(owners)s)"


def owned_values(owners: Sequence[UUID]) -> dict[str, object]:
    """Return the parameters of ``owned``."""
    return {"owner": owners[0]} if len(owners) == 1 else {"owners": [*owners]}


def totals(
    connection: Connection,
    owners: Sequence[UUID],
    criterion: str,
    since: date,
    until: date,
    key: str = "f.key",
    *,
    daily: bool = False,
    keys: Sequence[str] | None = None,
) -> Sequence[Total]:
    """Return the totals of a span by key, in order of key; with ``keys`` of these alone.

    ``key`` is ours to name; ``daily`` where it tells days of a month.
    """
    days = places((Stretch("D", since, until),) if daily else stretches(since, until))
    days += "" if keys is None else ") AND (f.key = ANY(%(keys)s)"
    rows = fetch(
        connection,
        f"""SELECT ({key})::text, f.currency, sum(f.lists)::bigint, sum(f.released)::bigint, sum(f.rejected)::bigint, sum(f.value),
            {SUMMED}
        FROM list_total f WHERE {owned(owners, "f.merchant_id")} AND f.criterion = %(criterion)s AND ({days})
        GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608  # our own names and dates
        {**owned_values(owners), "criterion": criterion, "keys": None if keys is None else [*keys]},
    )
    found: dict[str, Total] = {}
    for name, currency, lists, released, rejected, value, *cleared in rows:
        known = found.get(name) or Total(name, 0, 0, 0, {}, [0] * BUCKETS)
        found[name] = Total(
            name,
            known.lists + lists,
            known.released + released,
            known.rejected + rejected,
            {**known.values, currency: value},
            [one + other for one, other in zip(known.cleared, cleared, strict=True)],
        )
    return list(found.values())


def leading(
    connection: Connection, owners: Sequence[UUID], criterion: str, since: date, until: date, most: int
) -> tuple[int, int, Sequence[str]]:
    """Return how many keys a criterion has in a span, how many lists they count, and the keys that count the most of them."""
    rows = fetch(
        connection,
        f"""SELECT f.key, sum(f.lists)::bigint, count(*) OVER (), (sum(sum(f.lists)) OVER ())::bigint FROM list_total f
        WHERE {owned(owners, "f.merchant_id")} AND f.criterion = %(criterion)s AND ({places(stretches(since, until))})
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s""",  # noqa: S608  # our own names and dates
        {**owned_values(owners), "criterion": criterion, "most": most},
    )
    return (rows[0][2], rows[0][3], [row[0] for row in rows]) if rows else (0, 0, [])


def month_so_far(connection: Connection, table: str, until: date, among: str = "true", owner: str = "owner") -> date:
    """Return the end of the month a span ends in where no total of a later day stands there: the month's own total says the same.

    ``among`` narrows the totals of ``table`` to some that every counted thing has.
    """
    owners, end = office_owners(connection), month_end(until)
    [(later,)] = fetch(
        connection,
        f"""SELECT EXISTS (SELECT FROM {table} WHERE {owned(owners, owner)} AND {among} AND grain = 'D'
            AND day > %(until)s AND day <= %(end)s)""",  # noqa: S608  # our own names
        {**owned_values(owners), "until": until, "end": end},
    )
    return until if later else end


def places(cut: Sequence[Stretch]) -> str:
    """Return the condition that totals ``f`` stand on the days of these stretches."""
    return " OR ".join(f"(f.grain = '{each.grain}' AND f.day BETWEEN '{each.since}' AND '{each.until}')" for each in cut)
