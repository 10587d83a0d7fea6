"""A firm's own figures: lists by day, mode, country and more, from the rollup; and the very lists behind a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.tables import CRITERIA, EVERY, REJECTED, RELEASED
from ccezone.storage.copying import fetch

_PERIODS: Mapping[str, str] = {
    "day": "f.day",
    "week": "date_trunc('week', f.day)::date",
    "month": "to_char(f.day, 'YYYY-MM')",
}
BY: Mapping[str, str] = {**_PERIODS, **{name: f"f.{column}" for name, column in CRITERIA.items()}}
"""What figures may be asked by, and what says it of a list."""
_WHERE = "f.merchant_id = %(firm)s AND f.day BETWEEN %(since)s AND %(until)s"


@dataclass(frozen=True, slots=True)
class Span:
    """Whose lists, of which days, both included."""

    enterprise_id: UUID
    since: date
    until: date

    @property
    def values(self) -> dict[str, object]:
        return {"firm": self.enterprise_id, "since": self.since, "until": self.until}


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of figures. ``values`` by currency; ``median`` and ``p90`` are seconds from filing to release."""

    key: str
    lists: int
    released: int
    rejected: int
    values: Mapping[str, Decimal]
    median: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class FactRow:
    """One list behind a number."""

    id: int
    order_no: str
    day: date
    flow: str
    trade_mode: str
    country: str
    chapter: str
    stage: str
    currency: str
    value: Decimal
    cleared: int | None


def figures(connection: Connection, span: Span, by: str) -> Sequence[Figure]:
    """Return the figures of a span, by one of ``BY``. Raises ``KeyError``."""
    key = BY[by]
    counted = fetch(
        connection,
        f"""SELECT ({_PERIODS.get(by, "f.key")})::text, f.currency, sum(f.lists)::int, sum(f.released)::int, sum(f.rejected)::int,
            sum(f.value)
        FROM list_figure f WHERE {_WHERE} AND f.criterion = %(criterion)s GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608  # our own names
        {**span.values, "criterion": EVERY if by in _PERIODS else by},
    )
    waited = fetch(
        connection,
        f"""SELECT ({key})::text, percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY f.cleared)
        FROM list_fact f WHERE {_WHERE} AND f.cleared IS NOT NULL GROUP BY {key}""",  # noqa: S608  # our own names
        span.values,
    )
    times = {name: (median, p90) for name, (median, p90) in waited}
    found: dict[str, Figure] = {}
    for name, currency, lists, released, rejected, value in counted:
        known = found.get(name) or Figure(name, 0, 0, 0, {}, *times.get(name, (None, None)))
        found[name] = Figure(
            name,
            known.lists + lists,
            known.released + released,
            known.rejected + rejected,
            {**known.values, currency: value},
            known.median,
            known.p90,
        )
    return list(found.values())


def figure_rows(
    connection: Connection, span: Span, by: str, key: str, only: str = "", after: int | None = None, limit: int = 50
) -> Sequence[FactRow]:
    """Return the lists behind a number, newest first; ``only``: ``released`` or ``rejected`` ones. Raises ``KeyError``."""
    stages = {"": "true", "released": f"f.{RELEASED}", "rejected": f"f.{REJECTED}"}[only]
    rows = fetch(
        connection,
        f"""SELECT f.id, d.order_no, f.day, f.flow, f.trade_mode, f.country, f.chapter, f.stage, f.currency, f.value, f.cleared
        FROM list_fact f JOIN declaration_list d ON d.id = f.id
        WHERE {_WHERE} AND ({BY[by]})::text = %(key)s AND {stages} AND (%(after)s::bigint IS NULL OR f.id < %(after)s)
        ORDER BY f.id DESC LIMIT %(limit)s""",  # noqa: S608  # our own names
        {**span.values, "key": key, "after": after, "limit": limit},
    )
    return [FactRow(*row) for row in rows]
