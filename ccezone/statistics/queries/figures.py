"""A firm's own figures: lists by day, mode, country and more, from the rollup; and the very lists behind a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

BY: Mapping[str, str] = {
    "day": "f.day::text",
    "week": "date_trunc('week', f.day)::date::text",
    "month": "to_char(f.day, 'YYYY-MM')",
    "flow": "f.flow",
    "mode": "f.trade_mode",
    "country": "f.country",
    "chapter": "f.chapter",
    "stage": "f.stage",
}
_WHERE = "f.merchant_id = %(firm)s AND f.day BETWEEN %(since)s AND %(until)s"
_DONE = ("released", "closed")


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
        f"""SELECT {key}, f.currency, sum(f.lists)::int, sum(f.lists) FILTER (WHERE f.stage IN {_DONE})::int,
            sum(f.lists) FILTER (WHERE f.stage = 'rejected')::int, sum(f.value)
        FROM list_figure f WHERE {_WHERE} GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608  # our own names
        span.values,
    )
    waited = fetch(
        connection,
        f"""SELECT {key}, percentile_disc(0.5) WITHIN GROUP (ORDER BY f.cleared),
            percentile_disc(0.9) WITHIN GROUP (ORDER BY f.cleared)
        FROM list_fact f WHERE {_WHERE} AND f.cleared IS NOT NULL GROUP BY 1""",  # noqa: S608  # our own names
        span.values,
    )
    times = {row[0]: (row[1], row[2]) for row in waited}
    found: dict[str, Figure] = {}
    for name, currency, lists, released, rejected, value in counted:
        known = found.get(name) or Figure(name, 0, 0, 0, {}, *times.get(name, (None, None)))
        found[name] = Figure(
            name,
            known.lists + lists,
            known.released + (released or 0),
            known.rejected + (rejected or 0),
            {**known.values, currency: value},
            known.median,
            known.p90,
        )
    return list(found.values())


def figure_rows(
    connection: Connection, span: Span, by: str, key: str, only: str = "", after: int | None = None, limit: int = 50
) -> Sequence[FactRow]:
    """Return the lists behind a number, newest first; ``only``: ``released`` or ``rejected`` ones. Raises ``KeyError``."""
    stages = {"": "true", "released": f"f.stage IN {_DONE}", "rejected": "f.stage = 'rejected'"}[only]
    rows = fetch(
        connection,
        f"""SELECT f.id, d.order_no, f.day, f.flow, f.trade_mode, f.country, f.chapter, f.stage, f.currency, f.value, f.cleared
        FROM list_fact f JOIN declaration_list d ON d.id = f.id
        WHERE {_WHERE} AND {BY[by]} = %(key)s AND {stages} AND (%(after)s::bigint IS NULL OR f.id < %(after)s)
        ORDER BY f.id DESC LIMIT %(limit)s""",  # noqa: S608  # our own names
        {**span.values, "key": key, "after": after, "limit": limit},
    )
    return [FactRow(*row) for row in rows]
