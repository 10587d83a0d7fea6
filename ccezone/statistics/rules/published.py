"""Published series, as published: laid out like a return's table, added up to check, and their growth never computed anew.

Official tables (General Administration of Customs, table 5 by customs regime) are rounded: rows add to their total within 2.
Preliminary and final figures of a period are different series and never stand for each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ccezone.statistics.rules.returns import COLUMNS

TOTAL = "TOTAL"
ROUNDING = 2
_FLOWS = {"export": "export", "import": "import"}
Row = Mapping[str, str]
_CHINESE_UNITS = {"thousand USD": "千美元"}


@dataclass(frozen=True, slots=True)
class Said:
    """A figure as published, and its growth as published, in per cent; either may be missing."""

    value: Decimal | None
    growth: str | None


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A month's table: rows in the order published, columns of this month and the year so far, the total apart."""

    period: str
    unit: str
    source: str
    rows: Mapping[str, Mapping[str, Said]]
    total: Mapping[str, Said]

    def unit_told(self, *, chinese: bool) -> str:
        """Return the unit as people of a language read it; sources tell it in English."""
        return _CHINESE_UNITS.get(self.unit, self.unit) if chinese else self.unit


def published_table(rows: Sequence[Row], series: str, period: str) -> PublishedTable:
    """Lay out one month of a series. Raises ``LookupError`` where nothing is known of it."""
    cells: dict[str, dict[str, Said]] = {}
    units, sources = set(), []
    for row in rows:
        column = _column(row, period)
        if row["series"] != series or column is None:
            continue
        value = Decimal(row["value"]) if row["value"] else None
        cells.setdefault(row["breakdown"], {})[column] = Said(value, row["yoy_pct"] or None)
        units.add(row["unit"])
        sources.append(row["source"])
    if TOTAL not in cells or len(units) != 1:
        raise LookupError(f"{series} {period}")
    return PublishedTable(period, units.pop(), sources[0], {k: v for k, v in cells.items() if k != TOTAL}, cells[TOTAL])


def gaps(table: PublishedTable) -> Mapping[str, Decimal]:
    """Return by how much the rows of each column miss its total; within ``ROUNDING`` for a table that is whole."""
    found = {}
    for column in COLUMNS:
        said = [cells[column].value for cells in table.rows.values() if column in cells]
        whole = table.total[column].value if column in table.total else None
        if whole is not None:
            found[column] = sum((value for value in said if value is not None), Decimal(0)) - whole
    return found


def one_series(rows: Sequence[Row], series: str, period: str, release: str) -> Sequence[Row]:
    """Return what was published of a period in one release (preliminary, final): never the other's figures."""
    return [row for row in rows if row["series"] == series and row["period"] == period and row["release_type"] == release]


def _column(row: Row, period: str) -> str | None:
    flow = _FLOWS.get(row["flow"])
    if flow is None or row["period"] not in (period, f"{period} YTD"):
        return None
    return flow if row["period"] == period else f"{flow}_year"
