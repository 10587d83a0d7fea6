"""The explorer: released goods by what one chooses for rows and columns, from totals alone; it never looks at facts.

Any criterion stands against flows, months or nothing, for any days of at most ``LONGEST``: whole months are read as such.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from ccezone.statistics.queries.returns import first_month
from ccezone.statistics.queries.totals import office_owners, owned, owned_values, places
from ccezone.statistics.rules import YUAN, stretches
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
COLUMNS: Mapping[str, str] = {"flow": "right(f.key, 1)", "month": "to_char(f.day, 'YYYY-MM')", "none": "''"}
_MONTH = COLUMNS["month"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: rows, columns, days (both included), one flow or both."""

    rows: str
    columns: str
    since: date
    until: date
    flow: str = ""

    def a_year_before(self) -> "Question":
        """Return the same question of the same days of the year before."""
        return Question(self.rows, "none", _earlier(self.since), _earlier(self.until), self.flow)


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
    owners = office_owners(connection)
    rows = fetch(
        connection,
        f"""SELECT {row}, {COLUMNS[asked.columns]}, f.currency, sum(f.lists)::bigint, sum(f.value) FROM list_total f
        WHERE {owned(owners, "f.merchant_id")} AND f.criterion = %(criterion)s AND ({places(stretches(asked.since, asked.until))})
            AND (%(flow)s = '' OR right(f.key, 1) = %(flow)s)
        GROUP BY 1, 2, 3 HAVING sum(f.lists) <> 0""",  # noqa: S608  # our own names and dates
        {**owned_values(owners), "criterion": ROWS[asked.rows], "flow": asked.flow},
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def _earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
