"""Open data: the tables everybody may take away, as CSV and JSON, with their data dictionary (``open_fields.csv``).

Every value is a text as it was told (amounts exact to the cent), a whole number, yes or no, or nothing; a figure that is withheld
is nothing and says so.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import orjson

from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.csv_text import csv_text
from ccezone.statistics.queries.open_figures import OpenCell, OpenFigures, OpenMonth
from ccezone.statistics.rules.returns import FLOWS, plain
from schemas.codes import rows as code_rows

Value = str | int | bool | None
Row = Mapping[str, Value]
_LISTS = ("本平台放行或结关的申报清单", "declaration lists released or completed through this platform")
_OFFICIAL = (
    "海关总署及国务院新闻办公布数，出处见各行",
    "figures published by customs and government briefings; each row names its source",
)
_ROLL_UP = (
    "清单逐级汇总；取自已发布月报的固定数据",
    "added up from lists; taken from the frozen figures of published monthly returns",
)
_AS_PUBLISHED = ("按公布数收录，不作加工；同比不重算", "kept as published, nothing computed; growth is the publisher's")


@dataclass(frozen=True, slots=True)
class OpenField:
    """A field of a table: kind (text, integer, decimal, boolean, moment), unit, and what it is."""

    name: str
    kind: str
    unit: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table: what it is, where its figures come from, how they are made."""

    name: str
    zh: str
    en: str
    source: tuple[str, str]
    method: tuple[str, str]
    rows: Callable[[OpenFigures], Iterator[Row]]

    @property
    def fields(self) -> Sequence[OpenField]:
        return _fields()[self.name]

    @property
    def ours(self) -> bool:
        """Say whether its figures are the zone's own."""
        return self.source is _LISTS


def _months(figures: OpenFigures) -> Iterator[Row]:
    for month in figures.months:
        for flow, cell in month.totals.items():
            yield {
                **_head(month), "flow": flow, "edition": month.edition, **_figure(cell),
                "growth": cell.growth if cell else None, "in_progress": month.open, "return": month.number, "code": month.code,
                "published_at": month.published_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            }  # fmt: skip


def _indicators(figures: OpenFigures) -> Iterator[Row]:
    for month in figures.months:
        for each in month.indicators:
            words = {name: each.definition[name] for name in ("label_zh", "label_en", "unit_zh", "unit_en", "formula_en")}
            key = each.definition["key"]
            yield {**_head(month), "indicator": key, **words, "value": each.value, "withheld": each.withheld}


def _of(table: str) -> Callable[[OpenFigures], Iterator[Row]]:
    def rows(figures: OpenFigures) -> Iterator[Row]:
        for month in figures.months:
            for row in month.tables[table]:
                for flow in FLOWS.values():
                    name = {"key": row.key, "name_zh": row.zh, "name_en": row.en, "flow": flow}
                    yield {**_head(month), **name, **_figure(row.cells[flow])}

    return rows


def _revisions(figures: OpenFigures) -> Iterator[Row]:
    for each in figures.revisions:
        at = each.told_at.astimezone(SHANGHAI).isoformat(timespec="seconds")
        found = {"told_at": at, "return": each.number, "period": each.period, "flow": each.flow}
        yield {**found, "was": plain(each.was), "now": plain(each.now), "reason": each.reason}


def _official(series: str) -> Callable[[OpenFigures], Iterator[Row]]:
    def rows(_figures: OpenFigures) -> Iterator[Row]:
        for row in code_rows("published_statistics"):
            if row["series"] == series:
                found = {name: row[name] or None for name in ("period", "flow", "value", "unit", "status", "source", "note")}
                named = {"key": row["breakdown"], "series": row["breakdown"] or None}
                yield {**found, **named, "growth": row["yoy_pct"] or None, "release": row["release_type"]}

    return rows


TABLES: Mapping[str, OpenTable] = {
    each.name: each
    for each in (
        OpenTable("months", "各月进出口额", "Imports and exports by month", _LISTS, _ROLL_UP, _months),
        OpenTable("indicators", "主要指标", "Main indicators", _LISTS, _ROLL_UP, _indicators),
        OpenTable("modes", "按监管方式分", "By customs procedure", _LISTS, _ROLL_UP, _of("mode")),
        OpenTable("countries", "按国家（地区）分", "By country or region", _LISTS, _ROLL_UP, _of("country")),
        OpenTable("sections", "按商品类分", "By section of goods", _LISTS, _ROLL_UP, _of("section")),
        OpenTable("revisions", "修订情况", "Revisions", _LISTS, _ROLL_UP, _revisions),
        OpenTable(
            "national_regimes", "全国进出口商品贸易方式总值", "National imports and exports by customs regime",
            _OFFICIAL, _AS_PUBLISHED, _official("gacc_table5_by_regime"),
        ),
        OpenTable(
            "national_totals", "全国跨境电子商务进出口总值", "National cross-border e-commerce imports and exports",
            _OFFICIAL, _AS_PUBLISHED, _official("cbec_total"),
        ),
    )
}  # fmt: skip


def rows_of(table: OpenTable, figures: OpenFigures) -> list[dict[str, Value]]:
    """Return a table's rows, with the fields of its dictionary in their order."""
    names = [field.name for field in table.fields]
    return [{name: row[name] for name in names} for row in table.rows(figures)]


def as_csv(table: OpenTable, rows: Sequence[Row]) -> bytes:
    """Write a table for spreadsheets (UTF-8 with a mark): nothing in it is taken for a formula, numbers stay numbers."""
    heading = [field.name for field in table.fields]
    return csv_text([heading, *([_cell(row[field.name], field.kind) for field in table.fields] for row in rows)])


def as_json(content: object) -> bytes:
    """Spell an answer: the same content gives the same bytes."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2)


def entity_tag(content: bytes) -> str:
    """Return what names a content: it changes with every byte."""
    return hashlib.sha256(content).hexdigest()[:32]


def _head(month: OpenMonth) -> dict[str, Value]:
    return {"period": month.period, "series": month.series}


def _figure(cell: OpenCell | None) -> dict[str, Value]:
    return {
        "value": None if cell is None else plain(cell.value),
        "lists": None if cell is None else cell.lists,
        "withheld": cell is None,
    }


def _cell(value: Value, kind: str) -> Value | Decimal:
    if isinstance(value, bool):
        return "true" if value else "false"
    return Decimal(value) if isinstance(value, str) and kind == "decimal" else value


@cache
def _fields() -> Mapping[str, Sequence[OpenField]]:
    text = (files("ccezone.statistics") / "open_fields.csv").read_text(encoding="utf-8")
    found: dict[str, list[OpenField]] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        field = OpenField(row["field"], row["kind"], row["unit"], row["label_zh"], row["label_en"])
        found.setdefault(row["table"], []).append(field)
    return found
