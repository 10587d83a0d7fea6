"""Composing what a return says, as one document that is then frozen: every figure, every name, every note's facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import orjson
from sqlalchemy import Connection

from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.queries import book
from ccezone.parameters.rules import ParameterBook, ParameterMissing
from ccezone.statistics.queries.contributors import contributors, firms_of
from ccezone.statistics.queries.coverage import others, taken_off
from ccezone.statistics.queries.monitor import as_of
from ccezone.statistics.queries.return_figures import Look, definitions, indicators
from ccezone.statistics.queries.return_words import named, section_of
from ccezone.statistics.queries.returns import CRITERIA, ORIGIN, Volume, first_month, published, snapshot, volume
from ccezone.statistics.rules import WHOLE_ZONE, YUAN
from ccezone.statistics.rules.periods import Kind, Period, latest, period
from ccezone.statistics.rules.returns import COLUMNS, FLOWS, FORMAT, Amount, Bases, Cells, Series, added, changes, plain, table
from ccezone.storage.copying import fetch

LAYOUT = "4"
"""The layout that snapshots are frozen for: raised when the same snapshot would come out otherwise."""
LAYOUTS = ("3", LAYOUT)
"""Layouts whose files this version makes again, byte for byte: what a later layout adds, a snapshot of an earlier one lacks."""
_TOOLS = ("weasyprint", "matplotlib", "xlsxwriter")
_TREND = """
SELECT f.day, f.key, sum(f.lists)::bigint, coalesce(sum(f.value) FILTER (WHERE f.currency = %(yuan)s), 0) FROM list_total f
WHERE f.merchant_id = %(zone)s AND f.criterion = 'flow' AND f.grain = %(grain)s AND f.day BETWEEN %(since)s AND %(until)s
GROUP BY 1, 2
UNION ALL
SELECT f.day, f.key, sum(f.parcels)::bigint, coalesce(sum(f.value) FILTER (WHERE f.currency = %(yuan)s), 0) FROM supplement_total f
WHERE f.owner = %(zone)s AND f.criterion = 'flow' AND f.grain = %(grain)s AND f.day BETWEEN %(since)s AND %(until)s
    AND f.standing = 'counted'
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which return, for whom: the zone's code and names."""

    zone: str
    names: tuple[str, str]
    period: Period
    series: Series
    edition: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Spans:
    """Volumes side by side; a year before only where the hub counted all of it."""

    now: Volume
    year: Volume
    before: Volume | None
    year_before: Volume | None
    former: Volume | None  # the period before this one, only where the hub counted already before it began


def document(connection: Connection, wanted: Wanted, now: datetime) -> dict[str, Any]:
    """Compose what a return says. Raises ``ParameterMissing`` without rules for what counts."""
    known = book(connection, wanted.zone)
    spans = _spans(connection, wanted.period)
    tables = _tables(connection, wanted.period, spans)
    told = {
        "format": FORMAT,
        "layout": LAYOUT,
        "made_with": {name: version(name) for name in _TOOLS},
        "zone": {"code": wanted.zone, "zh": wanted.names[0], "en": wanted.names[1]},
        "kind": wanted.period.kind.value,
        "period": _period(wanted.period),
        "series": wanted.series.value,
        "edition": wanted.edition,
        "reason": wanted.reason,
        "compiled_at": now.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "open": wanted.period.until >= now.astimezone(SHANGHAI).date(),
        "tables": tables,
        "trend": _trend(connection, wanted.period),
        "indicators": _indicators(connection, wanted, known, spans),
        "definitions": [dict(row) for row in definitions()],
        "coverage": _coverage(connection, wanted, known, spans),
        "firms": _firms(connection, wanted.period, spans),
    }
    return {**told, "revisions": _revisions(connection, wanted.period, told)}


def _firms(connection: Connection, one: Period, spans: _Spans) -> dict[str, Any]:
    """Tell on how many firms figures rest, now and a year before: what decides which of them everybody may see."""
    return {**contributors(connection, one.since, one.until), "total": firms_of(spans.now), "before": firms_of(spans.before)}


def _period(one: Period) -> dict[str, str]:
    return {"name": one.name, "since": str(one.since), "until": str(one.until), "year_since": str(one.year_since)}


def _spans(connection: Connection, one: Period) -> _Spans:
    first, last_year = first_month(connection), one.a_year_before()
    counted = last_year is not None and first is not None and first <= last_year.since
    whole = counted and last_year is not None and first is not None and first <= last_year.year_since
    return _Spans(
        volume(connection, one.since, one.until),
        volume(connection, one.year_since, one.until),
        volume(connection, last_year.since, last_year.until) if counted and last_year else None,
        volume(connection, last_year.year_since, last_year.until) if whole and last_year else None,
        _former(connection, one, first),
    )


def _former(connection: Connection, one: Period, first: date | None) -> Volume | None:
    """Return the period before; of a year it is the year before already. The month a hub began in may be a part of one."""
    former = latest(one.kind, one.since, 2)[1]
    known = not one.whole_year and first is not None and first < former.since
    return volume(connection, former.since, former.until) if known else None


def compared(series: Series, now: Volume, bases: Mapping[str, Volume | None]) -> list[str]:
    """Name the bases that movements may be told against: of final figures, where no goods of either side lack their worth."""
    if series is not Series.FINAL or _lacking(now):
        return []
    return [name for name, base in bases.items() if base is not None and not _lacking(base)]


def _lacking(one: Volume) -> bool:
    return bool(one.unpriced or one.unpriced_others)


def _tables(connection: Connection, one: Period, spans: _Spans) -> list[dict[str, Any]]:
    columns = [name for name in COLUMNS if not (one.whole_year and name.endswith("_year"))]
    found = []
    for name in (*CRITERIA, ORIGIN):
        rows, bases = _rows(spans.now, spans.year, name), {"before": _before(spans, name), "former": _of_former(spans, name)}
        if name == "chapter":
            found.append(_sections(connection, rows, bases, columns))
        found.append(_worded(connection, table(name, rows, bases, columns)))
    return found


def _sections(connection: Connection, rows: Mapping[str, Cells], bases: Bases, columns: Sequence[str]) -> dict[str, Any]:
    """Add chapters up to the sections of the Harmonized System."""
    added_up = {name: None if base is None else _by_section(base) for name, base in bases.items()}
    return _worded(connection, table("section", _by_section(rows), added_up, columns))


def _by_section(rows: Mapping[str, Cells]) -> dict[str, Cells]:
    keys = {section_of(chapter) for chapter in rows}
    return {key: added([rows[chapter] for chapter in rows if section_of(chapter) == key]) for key in keys}


def _worded(connection: Connection, one: dict[str, Any]) -> dict[str, Any]:
    words = named(connection, one["name"], [row["key"] for row in one["rows"]])
    lines = [{**row, "zh": words[row["key"]][0], "en": words[row["key"]][1]} for row in one["rows"]]
    return {**one, "rows": lines}


def _rows(now: Volume, year: Volume, name: str) -> dict[str, Cells]:
    """Lay both spans side by side: ``export``, ``export_year``, ``import``, ``import_year``."""
    keys = {*now.amounts.get(name, {}), *year.amounts.get(name, {})}
    return {
        key: {
            **{flow: now.amounts.get(name, {}).get(key, {}).get(flow, Amount()) for flow in FLOWS.values()},
            **{f"{flow}_year": year.amounts.get(name, {}).get(key, {}).get(flow, Amount()) for flow in FLOWS.values()},
        }
        for key in keys
    }


def _before(spans: _Spans, name: str) -> dict[str, Cells] | None:
    if spans.before is None or spans.year_before is None:
        return None
    return _rows(spans.before, spans.year_before, name)


def _of_former(spans: _Spans, name: str) -> dict[str, Cells] | None:
    return None if spans.former is None else _rows(spans.former, Volume(), name)


def _trend(connection: Connection, one: Period) -> list[dict[str, str]]:
    """Days of a week or month, months of anything longer; exports and imports of each."""
    grain = "D" if one.kind in (Kind.WEEKLY, Kind.MONTHLY) else "M"
    span = {"since": one.since, "until": one.until, "grain": grain, "zone": WHOLE_ZONE, "yuan": YUAN}
    values: dict[tuple[date, str], Decimal] = {}
    for day, flow, _lists, value in fetch(connection, _TREND, span):
        values[day, FLOWS[flow]] = values.get((day, FLOWS[flow]), Decimal(0)) + value
    return [
        {"at": str(day), **{flow: plain(values.get((day, flow), Decimal(0))) for flow in FLOWS.values()}}
        for day in _days(one, grain)
    ]


def _days(one: Period, grain: str) -> list[date]:
    days = [one.since + timedelta(days=number) for number in range((one.until - one.since).days + 1)]
    return days if grain == "D" else [day for day in days if day.day == 1]


def _indicators(connection: Connection, wanted: Wanted, known: ParameterBook, spans: _Spans) -> list[dict[str, Any]]:
    last_year = wanted.period.a_year_before()
    target = _target(known, wanted.period)
    now = Look(connection, wanted.period, spans.now, _worth(spans.year), target, known)
    before = Look(connection, last_year, spans.before, Decimal(0), Decimal(0), known) if spans.before and last_year else None
    return indicators(now, before)


def _target(known: ParameterBook, one: Period) -> Decimal:
    try:
        return known.decimal("statistics.target_year", one.until)
    except ParameterMissing:
        return Decimal(0)


def _worth(year: Volume) -> Decimal:
    return sum((amount.value for amount in added(list(year.amounts.get("mode", {}).values())).values()), Decimal(0))


def _coverage(connection: Connection, wanted: Wanted, known: ParameterBook, spans: _Spans) -> dict[str, Any]:
    at, first = as_of(connection), first_month(connection)
    basis = {flow: known.text(key, wanted.period.until) for flow, key in _BASES.items()}
    return {
        "as_of": at.astimezone(SHANGHAI).isoformat(timespec="seconds") if at else None,
        "since": str(first) if first else None,
        "basis": basis,
        "base_known": spans.year_before is not None,
        "compared": compared(
            wanted.series, spans.now, {"before": spans.before if spans.year_before else None, "former": spans.former}
        ),
        "target": plain(_target(known, wanted.period)),
        "unpriced": [
            {"currency": currency, "lists": amount.lists, "value": plain(amount.value)}
            for currency, amount in sorted(spans.now.unpriced.items())
        ],
        **_beyond_lists(connection, wanted.period, spans),
    }


def _beyond_lists(connection: Connection, one: Period, spans: _Spans) -> dict[str, Any]:
    """Tell what counts beyond lists, what was fed and does not count, and which months returned goods had counted in."""
    seen: dict[tuple[str, str, str], Amount] = {}
    for each in others(connection, one.since, one.until, ["flow"]):
        key = (each.source, each.method, each.standing)
        worth = each.value if each.currency == YUAN else Decimal(0)
        seen[key] = seen.get(key, Amount()) + Amount(each.facts, worth)
    return {
        "others": [
            {"source": source, "method": method, "standing": standing, "facts": amount.lists, "value": plain(amount.value)}
            for (source, method, standing), amount in sorted(seen.items())
        ],
        "taken_off": [
            {"month": f"{each.counted_in:%Y-%m}", "flow": FLOWS[each.flow], "returns": each.returns, "value": plain(each.value)}
            for each in taken_off(connection, one.since, one.until)
        ],
        "unpriced_others": [
            {"currency": currency, "parcels": amount.lists, "value": plain(amount.value)}
            for currency, amount in sorted(spans.now.unpriced_others.items())
        ],
    }


_BASES = {"export": "statistics.export_basis", "import": "statistics.import_basis"}


def _revisions(connection: Connection, one: Period, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Tell what differs from what was published: of this period, and of the months before it in the same year."""
    found = []
    if (former := published(connection, one.kind, one.name)) is not None:
        then = orjson.loads(snapshot(connection, former.id))
        found += [{"period": one.name, "return": former.spelled, **each} for each in changes(then, told)]
    if one.kind is Kind.MONTHLY:
        for month in latest(Kind.MONTHLY, one.since, one.since.month)[1:]:
            found += _revised(connection, month)
    return found


def _revised(connection: Connection, month: Period) -> list[dict[str, Any]]:
    former = published(connection, month.kind, month.name)
    if former is None:
        return []
    then = orjson.loads(snapshot(connection, former.id))
    told = then["tables"][0]["total"]["cells"]
    now = added(list(volume(connection, month.since, month.until).amounts.get("mode", {}).values()))
    moved = [(flow, told[flow]["value"], plain(now.get(flow, Amount()).value)) for flow in FLOWS.values()]
    return [
        {"period": month.name, "return": former.spelled, "column": flow, "was": was, "now": value}
        for flow, was, value in moved
        if was != value
    ]


def parsed(kind: str, name: str) -> Period:
    """Read a kind and a period. Raises ``ValueError``."""
    return period(Kind(kind), name)
