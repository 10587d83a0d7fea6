"""What everybody may see of statistics: headline figures and tables of published monthly returns, from their frozen snapshots.

Monthly returns only: a quarter or a year beside its months, or the year so far, would give a withheld month away by
subtraction. Nothing is computed anew: amounts and growth are those of the return, the same until an edition supersedes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from threading import Lock
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from ccezone.parameters.queries import book
from ccezone.statistics.queries.contributors import OPEN_TABLES
from ccezone.statistics.queries.returns import snapshot
from ccezone.statistics.rules.disclosure import Resting, open_total, withheld
from ccezone.statistics.rules.returns import FLOWS
from ccezone.storage.copying import fetch

_ADDITIVE = frozenset({"total", "balance", "lists", "average"})
"""Indicators from which one flow's figure follows when the other is known."""
_KEPT_BACK = frozenset({"target_progress"})
"""Indicators of the year so far: two of them tell the month between, which may be withheld."""
_MOST = 240
_TOLD = """
SELECT r.id, r.period, r.edition, r.series, r.code, 'TJ-' || lpad(r.number::text, 6, '0'), r.reason, r.state, r.compiled_at,
    (SELECT max(s.at) FROM return_step s WHERE s.return_id = r.id AND s.action = 'publish'), d.digest
FROM statistical_return r JOIN return_snapshot d ON d.return_id = r.id
WHERE r.kind = 'monthly' AND r.state IN ('published', 'superseded') ORDER BY r.period DESC, r.edition DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class OpenCell:
    """A figure everybody may see: lists, yuan, growth in per cent as the return states it; ``None`` where it is withheld."""

    lists: int
    value: Decimal
    growth: str | None = None


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row of a table; a flow without a figure is withheld."""

    key: str
    zh: str
    en: str
    cells: Mapping[str, OpenCell | None]


@dataclass(frozen=True, slots=True)
class OpenIndicator:
    """An indicator of a month, by its definition; ``value`` is ``None`` where there is none, or it is withheld."""

    definition: Mapping[str, str]
    value: str | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class Revision:
    """A total told otherwise than before: of which month, in which return, why."""

    told_at: datetime
    number: str
    period: str
    flow: str
    was: Decimal
    now: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """What a published monthly return tells everybody."""

    period: str
    edition: int
    series: str
    code: str
    number: str
    published_at: datetime
    compiled_at: datetime
    open: bool
    totals: Mapping[str, OpenCell | None]
    indicators: Sequence[OpenIndicator]
    tables: Mapping[str, Sequence[OpenRow]]


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """All that is open: months, the newest first, revisions, the fewest firms a figure rests on, the newest change."""

    months: Sequence[OpenMonth]
    revisions: Sequence[Revision]
    least: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Reduced:
    """What is kept of a snapshot: snapshots do not change, and are large."""

    open: bool
    totals: Mapping[str, OpenCell | None]
    indicators: Sequence[OpenIndicator]
    tables: Mapping[str, Sequence[OpenRow]]
    revisions: Sequence[Mapping[str, str]]


_KEPT: dict[tuple[str, int], _Reduced] = {}
_LOCK = Lock()


def open_figures(connection: Connection, zone: str, today: date) -> OpenFigures:
    """Return what everybody may see. The connection sees the whole zone."""
    least = book(connection, zone).integer("statistics.open_least_firms", today)
    months: list[OpenMonth] = []
    told: list[Revision] = []
    for row in fetch(connection, _TOLD, {"most": _MOST}):
        return_id, period, edition, series, code, number, reason, state, compiled_at, published_at, digest = row
        kept = _kept(connection, return_id, digest, least)
        told += [_revision(each, published_at, number, reason) for each in kept.revisions if each["column"] in FLOWS.values()]
        if state == "published":
            head = (period, edition, series, code, number, published_at, compiled_at)
            months.append(OpenMonth(*head, kept.open, kept.totals, kept.indicators, kept.tables))
    shown = {month.period: month.totals for month in months}
    revisions = [each for each in told if shown.get(each.period, {}).get(each.flow) is not None]
    revisions.sort(key=lambda each: (each.told_at, each.period), reverse=True)
    return OpenFigures(months, revisions, least, max((month.published_at for month in months), default=None))


def _kept(connection: Connection, return_id: UUID, digest: str, least: int) -> _Reduced:
    key = (digest, least)
    with _LOCK:
        if (known := _KEPT.get(key)) is not None:
            return known
    found = reduced(orjson.loads(snapshot(connection, return_id)), least)
    with _LOCK:
        if len(_KEPT) >= 2 * _MOST:
            _KEPT.clear()
        _KEPT[key] = found
    return found


def reduced(told: Mapping[str, Any], least: int) -> _Reduced:
    """Reduce a snapshot to what everybody may see of it."""
    firms = told.get("firms") or {}
    open_totals = totals(told, firms, least)
    return _Reduced(
        bool(told["open"]),
        open_totals,
        _indicators(told, open_totals),
        {name: _table(told, name, firms.get(name) or {}, open_totals, least) for name in OPEN_TABLES},
        told["revisions"],
    )


def totals(told: Mapping[str, Any], firms: Mapping[str, Any], least: int) -> dict[str, OpenCell | None]:
    """Reduce a snapshot to its totals by flow; ``None`` where one rests on fewer firms than ``least``."""
    cells = told["tables"][0]["total"]["cells"]
    own = next(each for each in told["tables"] if each["name"] == "enterprise")["rows"]
    found: dict[str, OpenCell | None] = {}
    for flow in FLOWS.values():
        number = sum(1 for row in own if row["key"] and row["cells"][flow]["lists"])  # no key: nobody knows whose
        total = Resting(cells[flow]["lists"], Decimal(cells[flow]["value"]), number)
        base_is_open = ((firms.get("before") or {}).get(flow) or 0) >= least  # growth and amount together tell the base
        growth = cells[flow]["growth"] if base_is_open else None
        found[flow] = OpenCell(total.lists, total.value, growth) if open_total(total, least) else None
    return found


def _indicators(told: Mapping[str, Any], open_totals: Mapping[str, OpenCell | None]) -> Sequence[OpenIndicator]:
    known = {row["key"]: row for row in told["definitions"]}
    held = {flow for flow, cell in open_totals.items() if cell is None}
    found = []
    for each in told["indicators"]:
        if each["key"] in _KEPT_BACK:
            continue
        hidden = each["key"] in held or (bool(held) and each["key"] in _ADDITIVE) or len(held) == len(open_totals)
        found.append(OpenIndicator(known[each["key"]], None if hidden else each["value"], hidden))
    return found


def _table(
    told: Mapping[str, Any], name: str, firms: Mapping[str, Mapping[str, int]], whole: Mapping[str, OpenCell | None], least: int
) -> Sequence[OpenRow]:
    rows = next(each for each in told["tables"] if each["name"] == name)["rows"]
    held = {}
    for flow in FLOWS.values():
        resting = {row["key"]: _resting(row["cells"][flow], firms.get(row["key"], {}).get(flow, 0)) for row in rows}
        held[flow] = frozenset(resting) if whole[flow] is None else withheld(resting, least)
    found = []
    for row in rows:
        cells = {flow: None if row["key"] in held[flow] else _cell(row["cells"][flow]) for flow in FLOWS.values()}
        if any(cell is None or cell.lists for cell in cells.values()):  # rows of the year so far alone say nothing of the month
            found.append(OpenRow(row["key"], row["zh"], row["en"], cells))
    return sorted(found, key=lambda row: row.key if None in row.cells.values() else "")


def _resting(cell: Mapping[str, Any], firms: int) -> Resting:
    return Resting(cell["lists"], Decimal(cell["value"]), firms)


def _cell(cell: Mapping[str, Any]) -> OpenCell:
    return OpenCell(cell["lists"], Decimal(cell["value"]))


def _revision(each: Mapping[str, str], at: datetime, number: str, reason: str) -> Revision:
    return Revision(at, number, each["period"], each["column"], Decimal(each["was"]), Decimal(each["now"]), reason)
