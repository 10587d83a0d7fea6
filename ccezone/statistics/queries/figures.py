"""A firm's own figures: lists by day, mode, country and more, from totals alone; and the very lists behind a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.queries.totals import Total, totals
from ccezone.statistics.rules import EVERY, PREPARED, within
from ccezone.statistics.tables import REJECTED, RELEASED
from ccezone.storage.copying import fetch

_PERIODS: Mapping[str, str] = {
    "day": "f.day",
    "week": "date_trunc('week', f.day)::date",
    "month": "to_char(f.day, 'YYYY-MM')",
}
BY: Mapping[str, str] = {**_PERIODS, **{name: key for name, key in PREPARED.items() if name != EVERY}}
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
    """One row of figures. ``values`` by currency; half of the released took no more than ``median`` seconds, 9 of 10 ``p90``."""

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
    known = BY[by]
    criterion, key = (EVERY, known) if by in _PERIODS else (by, "f.key")
    grouped = totals(connection, [span.enterprise_id], criterion, span.since, span.until, key, daily=by in ("day", "week"))
    return [_figure(each) for each in grouped]


def _figure(total: Total) -> Figure:
    median, most = (within(total.cleared, share) for share in (0.5, 0.9))
    return Figure(total.key, total.lists, total.released, total.rejected, total.values, median, most)


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
