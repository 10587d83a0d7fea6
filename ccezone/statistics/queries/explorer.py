"""The explorer: released goods by what one chooses for rows and columns; the zone's from totals alone, a firm's from its own facts.

Any criterion stands against flows, months or nothing, for any days of at most ``LONGEST``: whole months of totals are read as such.
Totals of released goods do not know firms by country or procedure: what a firm asks costs as much as it has facts itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.queries.returns import first_month
from ccezone.statistics.queries.totals import office_owners, owned, owned_values, places
from ccezone.statistics.rules import COUNTED, YUAN, stretches
from ccezone.statistics.rules.returns import Amount
from ccezone.storage.copying import fetch

LONGEST = 400  # days: as far as the rows behind a number reach
ROWS: Mapping[str, str] = {
    "mode": "mode",
    "country": "country_flow",
    "chapter": "chapter_flow",
    "node": "node_flow",
    "park": "park_flow",
    "enterprise": "enterprise_flow",
    "month": "flow",
}
"""What rows may be, and the criterion that counts it apart by flow."""
FIRM_ROWS: Collection[str] = ("mode", "country", "chapter", "month")
"""What rows of a firm's own figures may be: it stands in one node, and is one enterprise."""
COLUMNS: Mapping[str, str] = {"flow": "right(f.key, 1)", "month": "to_char(f.day, 'YYYY-MM')", "none": "''"}
_MONTH = COLUMNS["month"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: rows, columns, days (both included), one flow or both; of one ``firm``'s goods, or of all in reach."""

    rows: str
    columns: str
    since: date
    until: date
    flow: str = ""
    firm: UUID | None = None

    def a_year_before(self) -> "Question":
        """Return the same question of the same days of the year before."""
        return replace(self, columns="none", since=_earlier(self.since), until=_earlier(self.until))


@dataclass
class Answer:
    """Amounts by row and column, in yuan; ``unpriced`` lists count, though their worth is not known in yuan.

    ``before``: rows of the year before, ``None`` where the hub did not count all of it.
    """

    cells: dict[str, dict[str, Amount]] = field(default_factory=dict)
    columns: Sequence[str] = ()
    unpriced: int = 0
    before: Mapping[str, Amount] | None = None


def answered(connection: Connection, asked: Question) -> Answer:
    """Answer a question. Raises ``KeyError`` for rows or columns there are none of."""
    found = Answer()
    for row, column, currency, lists, value in _counted(connection, asked):
        cells = found.cells.setdefault(row, {})
        amount = Amount(lists, value if currency == YUAN else Decimal(0))
        cells[column] = cells.get(column, Amount()) + amount
        found.unpriced += 0 if currency == YUAN else lists
    found.columns = sorted({column for cells in found.cells.values() for column in cells})
    first = first_month(connection)
    earlier = asked.a_year_before()
    if asked.rows != "month" and first is not None and first <= earlier.since:
        found.before = {}
        for row, _column, currency, lists, value in _counted(connection, earlier):
            amount = Amount(lists, value if currency == YUAN else Decimal(0))
            found.before[row] = found.before.get(row, Amount()) + amount
    return found


def _counted(connection: Connection, asked: Question) -> Sequence[tuple[str, str, str, int, Decimal]]:
    row = _MONTH if asked.rows == "month" else "left(f.key, -1)"
    whence, values = _of_zone(connection, asked) if asked.firm is None else _of_firm(asked, asked.firm)
    rows = fetch(
        connection,
        f"""SELECT {row}, {COLUMNS[asked.columns]}, f.currency, sum(f.lists)::bigint, sum(f.value) FROM {whence}
            AND (%(flow)s = '' OR right(f.key, 1) = %(flow)s)
        GROUP BY 1, 2, 3 HAVING sum(f.lists) <> 0""",  # noqa: S608  # our own names and dates
        {**values, "flow": asked.flow},
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def _of_zone(connection: Connection, asked: Question) -> tuple[str, Mapping[str, object]]:
    """Whence totals ``f`` in reach of a connection are read, and what they are looked up by."""
    owners = office_owners(connection)
    days = places(stretches(asked.since, asked.until))
    whence = f"list_total f WHERE {owned(owners, 'f.merchant_id')} AND f.criterion = %(criterion)s AND ({days})"
    return whence, {**owned_values(owners), "criterion": ROWS[asked.rows]}


def _of_firm(asked: Question, firm: UUID) -> tuple[str, Mapping[str, object]]:
    """Whence one firm's facts are read as totals ``f`` of one list each."""
    whence = f"""(
        SELECT {COUNTED[ROWS[asked.rows]]} AS key, f.counted_on AS day, 1 AS lists, coalesce(f.cny, f.worth) AS value,
            CASE WHEN f.cny IS NULL THEN f.currency ELSE '{YUAN}' END AS currency
        FROM list_fact f WHERE f.merchant_id = %(firm)s AND f.counted_on BETWEEN %(since)s AND %(until)s
    ) f WHERE true"""  # noqa: S608  # our own names
    return whence, {"firm": firm, "since": asked.since, "until": asked.until}


def _earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
