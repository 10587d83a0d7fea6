"""An explorer of figures, the zone's or a firm's: rows, columns, measure and days; a table that adds up, its picture, its files.

Everything chosen stands in the address, which can be passed on. Every number opens the rows it counts. Whose figures they are
is said by the page alone (``Place``), never by the address.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote_plus, urlencode
from uuid import UUID

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.csv_text import csv_text
from ccezone.printing.explored import Value, table_workbook
from ccezone.statistics.queries.explorer import COLUMNS, LONGEST, ROWS, Answer, Question, answered
from ccezone.statistics.rules import EVERY
from ccezone.statistics.rules.periods import Kind, period
from ccezone.statistics.rules.returns import Amount, added, growth
from ccezone.storage import Connection
from ccezone.web.firm.declarations.words import FLOWS
from ccezone.web.hub import hub
from ccezone.web.office.monitor import words
from ccezone.web.shell.drawing import Drawing, Group, bars
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.paging import day_asked
from ccezone.web.shell.rendering import amount as written
from ccezone.web.shell.rendering import code_name, money

_ROWS: Mapping[str, LazyString] = {
    **{name: words.BY[name] for name in ("mode", "country", "chapter", "node", "park", "enterprise")},
    "month": _l("月份"),
}
_COLUMNS: Mapping[str, LazyString] = {"flow": _l("进出口"), "month": _l("月份"), "none": _l("不分列")}
_MEASURES: Mapping[str, LazyString] = {"value": _l("货值（元）"), "lists": _l("清单（份）")}
_SHOWN, _DRAWN = 200, 15


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, how it is written, and the page of its rows (empty where it has none)."""

    number: Decimal
    told: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its name, its numbers by column, their sum, its growth in per cent."""

    name: str
    cells: Sequence[Cell]
    total: Cell
    growth: Decimal | None

    def under(self, heads: Sequence[str]) -> Iterator[tuple[str, Cell]]:
        """Return the numbers with their heads, the sum last."""
        return zip(heads, (*self.cells, self.total), strict=True)


@dataclass(frozen=True, slots=True)
class Table:
    """What a question came to: heads of columns, rows (the largest first, months in order), the total; growth where known."""

    heads: Sequence[str]
    lines: Sequence[Line]
    total: Line
    compared: bool
    unpriced: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where one explores: endpoints of the page, its files and the rows behind a number; the page above; what rows may be."""

    page: str
    file: str
    goods: str
    above: str
    above_name: LazyString
    note: LazyString
    rows: Collection[str] = tuple(ROWS)

    @property
    def names(self) -> Mapping[str, LazyString]:
        """What rows may be, as people read it."""
        return {name: words for name, words in _ROWS.items() if name in self.rows}


def shown(place: Place, firm: UUID | None) -> str:
    """Show the table one chose, and its picture: of one firm's goods, or with ``None`` of the zone's."""
    asked, measure = _asked(place, firm)
    with hub().database.reading() as connection:
        table = _table(connection, answered(connection, asked), _Frame(place, asked, measure))
    chosen = {"asked": asked, "measure": measure, "rows": place.names, "columns": _COLUMNS, "measures": _MEASURES, "flows": FLOWS}
    return render_template(
        "explorer/show.html", place=place, table=table, lines=table.lines[:_SHOWN], hidden=len(table.lines) - _SHOWN,
        drawing=_drawing(table, asked, measure), heads=[*table.heads, str(_("合计"))], **chosen,
    )  # fmt: skip


def handed_out(place: Place, suffix: str, firm: UUID | None) -> Response:
    """Hand the same table out, all rows of it, as ``csv`` or ``xlsx``."""
    asked, measure = _asked(place, firm)
    with hub().database.reading() as connection:
        table = _table(connection, answered(connection, asked), _Frame(place, asked, measure, read=False))
    title = f"{_ROWS[asked.rows]} × {_COLUMNS[asked.columns]} {asked.since} – {asked.until} {_MEASURES[measure]}"
    if asked.flow:
        title += f" {FLOWS[asked.flow]}"
    more = [str(_("同比（%%）"))] if table.compared else []
    heads = [str(_ROWS[asked.rows]), *table.heads, str(_("合计")), *more]
    rows = [_values(line, compared=table.compared) for line in (*table.lines, table.total)]
    name = f"{asked.rows}-{asked.columns}-{asked.since}-{asked.until}.{suffix}"
    if suffix == "xlsx":
        return attachment(table_workbook(title, heads, rows), name, XLSX)
    return attachment(csv_text([heads, *rows]), name, "text/csv")


def _asked(place: Place, firm: UUID | None) -> tuple[Question, str]:
    today = hub().clock.now().astimezone(SHANGHAI).date()
    rows, columns = request.args.get("rows") or "mode", request.args.get("columns") or "flow"
    measure, flow = request.args.get("measure") or "value", request.args.get("flow", "")
    until = day_asked("until") or today
    since = day_asked("since") or until.replace(month=1, day=1)
    if rows not in place.rows or columns not in COLUMNS or measure not in _MEASURES or flow not in ("", *FLOWS):
        abort(400)
    if not timedelta(0) <= until - since <= timedelta(days=LONGEST) or since.year < 2016 or (rows == columns):
        abort(400)
    return Question(rows, columns, since, until, flow, firm), measure


@dataclass(frozen=True, slots=True)
class _Frame:
    """What cells are made by: where one explores, the question, the measure, its columns, the year before."""

    place: Place
    asked: Question
    measure: str
    columns: Sequence[str] = ()
    before: Mapping[str, Amount] | None = None
    opens: str = ""  # the page of rows, asked for once: a table has thousands of numbers
    read: bool = True  # by people, who want words and links; a file wants numbers alone
    days: dict[str | None, str] = field(default_factory=dict)  # of each month, as an address names them

    def number(self, amount: Amount) -> Decimal:
        return amount.value if self.measure == "value" else Decimal(amount.lists)

    @property
    def written(self) -> Callable[[Decimal], str]:
        return _written(self.measure)

    def grown(self, now: Amount, before: Amount) -> Decimal | None:
        return growth(self.number(now), self.number(before))

    def cell(self, amount: Amount, row: str | None, column: str | None) -> Cell:
        number = self.number(amount)
        if not self.read:
            return Cell(number, "", "")
        return Cell(number, self.written(number), self._address(row, column) if amount.lists else "")

    def _address(self, row: str | None, column: str | None) -> str:
        """Return the page of the lists behind a number; ``None`` stands for all rows, all columns."""
        asked = self.asked
        flow = column if asked.columns == "flow" and column else asked.flow
        month = row if asked.rows == "month" else column if asked.columns == "month" else None
        if row is None or asked.rows == "month":
            by, key = ("flow", flow) if flow else (EVERY, "")
        elif asked.rows == "mode" and not flow:  # nothing counts a procedure's both flows: each of them opens its rows
            since, until = _clipped(asked, month)
            return url_for(self.place.page, rows="mode", columns="flow", measure=self.measure, since=since, until=until)
        else:
            by, key = (ROWS[asked.rows], row + flow) if flow else (asked.rows, row)
        named = f"{self.opens}?by={by}&key={quote_plus(key)}" if key else f"{self.opens}?by={by}"
        return named + self._days(month)

    def _days(self, month: str | None) -> str:
        """Return what an address says of the days of a question, or of those in one month; found once a month."""
        if month not in self.days:
            since, until = _clipped(self.asked, month)
            self.days[month] = "&" + urlencode({"since": since, "until": until})
        return self.days[month]


def _clipped(asked: Question, month: str | None) -> tuple[date, date]:
    """Return the days of a question, or those of them in one month."""
    since, until = asked.since, asked.until
    if month:
        inside = period(Kind.MONTHLY, month)
        since, until = max(since, inside.since), min(until, inside.until)
    return since, until


def _table(connection: Connection, found: Answer, empty: _Frame) -> Table:
    asked = empty.asked
    columns = [] if asked.columns == "none" else list(found.columns)
    frame = replace(empty, columns=columns, before=found.before, opens=url_for(empty.place.goods))
    name = _namer(connection, asked, list(found.cells))
    lines = [_line(key, name(key), cells, frame) for key, cells in found.cells.items()]
    if asked.rows == "month":
        lines.sort(key=lambda line: line.name)
    else:
        lines.sort(key=lambda line: (-line.total.number, line.name))
    heads = [str(FLOWS.get(column, column)) for column in columns]
    return Table(heads, lines, _whole(found, frame), found.before is not None, found.unpriced)


def _namer(connection: Connection, asked: Question, keys: Sequence[str]) -> Callable[[str], str]:
    if asked.rows == "month":
        return str
    if asked.rows == "mode":
        return lambda key: code_name(key, "supervision_modes")
    return words.namer(connection, asked.rows, keys)


def _line(key: str, name: str, cells: Mapping[str, Amount], table: _Frame) -> Line:
    whole = added([{"": amount} for amount in cells.values()])[""]
    shown = [table.cell(cells.get(column, Amount()), key, column) for column in table.columns]
    base = None if table.before is None else table.before.get(key, Amount())
    return Line(name, shown, table.cell(whole, key, None), None if base is None else table.grown(whole, base))


def _whole(found: Answer, table: _Frame) -> Line:
    sums = added(list(found.cells.values()))
    whole = added([{"": amount} for amount in sums.values()]).get("", Amount())
    base = None if table.before is None else added([{"": amount} for amount in table.before.values()]).get("", Amount())
    shown = [table.cell(sums[column], None, column) for column in table.columns]
    return Line(str(_("合计")), shown, table.cell(whole, None, None), None if base is None else table.grown(whole, base))


def _drawing(table: Table, asked: Question, measure: str) -> Drawing | None:
    """Draw the largest rows; the first two columns where they are flows, else the sums."""
    apart = asked.columns == "flow" and len(table.heads) == 2
    lines = [line for line in table.lines if line.total.number > 0][:_DRAWN]
    if not lines:
        return None
    told = _written(measure)
    groups = [
        Group(line.name, [cell.number for cell in cells], [told(cell.number) for cell in cells])
        for line, cells in ((line, line.cells if apart else [line.total]) for line in lines)
    ]
    title = f"{_ROWS[asked.rows]} · {_MEASURES[measure]}"
    desc = str(_("%(since)s 至 %(until)s，最大的 %(n)s 行", since=asked.since, until=asked.until, n=len(lines)))
    return bars("explored", title, desc, table.heads if apart else [str(_("合计"))], groups)


def _written(measure: str) -> Callable[[Decimal], str]:
    return money if measure == "value" else written


def _values(line: Line, *, compared: bool) -> list[Value]:
    numbers: list[Value] = [cell.number for cell in (*line.cells, line.total)]
    return [line.name, *numbers, *([line.growth] if compared else [])]
