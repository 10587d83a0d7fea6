"""Statistics for everybody: what published monthly returns tell, customs' own tables as published, and open data to take away.

Figures come from the returns' frozen snapshots alone; what rests on too few firms is withheld (``statistics.rules.disclosure``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.queries import book
from ccezone.printing.returns.published import SERIES, published_rows
from ccezone.statistics.queries.open_data import TABLES
from ccezone.statistics.queries.open_figures import OpenCell, OpenFigures, OpenMonth, OpenRow, open_figures
from ccezone.statistics.rules.published import PublishedTable, gaps, published_table
from ccezone.statistics.rules.returns import COLUMNS
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office import return_words
from ccezone.web.shell.access import public
from ccezone.web.shell.drawing import Drawing, Group, bars
from ccezone.web.shell.feature import Feature, MenuEntry
from ccezone.web.shell.feature import Group as MenuGroup
from ccezone.web.shell.i18n import language
from ccezone.web.shell.rendering import amount, money
from ccezone.web.shell.security import limiter

blueprint = Blueprint("statistics", __name__, url_prefix="/statistics")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            MenuGroup.SPECIAL, _l("统计公布"), "statistics.show", order=93, note=_l("各月进出口额、分类表、全国数据，可下载")
        ),
    ),
)
_DRAWN_MONTHS, _DRAWN_ROWS = 13, 10
_WAN = Decimal(10_000)
RELEASES: Mapping[str, LazyString] = {
    "preliminary": _l("初步数"),
    "final": _l("最终数"),
    "platform series": _l("海关平台口径"),
    "reported": _l("媒体报道"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A month's table as shown, with its picture."""

    name: str
    title: LazyString
    rows: Sequence[OpenRow]
    drawing: Drawing | None


@blueprint.get("")
@limiter.limit("60/minute")
@public
def show() -> ResponseReturnValue:
    """Show the series by month, and one month's headline, tables and indicators: the newest unless another is asked for."""
    with hub().database.reading() as connection:
        figures, licence = _figures(connection), _licence(connection)
    months = {month.period: month for month in figures.months}
    wanted = request.args.get("month") or (figures.months[0].period if figures.months else "")
    if wanted and wanted not in months:
        abort(404)
    shown = months.get(wanted)
    return render_template(
        "statistics/show.html", figures=figures, month=shown, tables=_tables(shown) if shown else (),
        series=_series(figures.months), both=_both(shown) if shown else None, growth=growth, licence=licence, open_tables=TABLES,
        names=return_words.COLUMNS, kinds=return_words.SERIES, partial=_partial,
        figure=lambda value: "—" if value is None else amount(Decimal(value)),
    )  # fmt: skip


@blueprint.get("/national")
@limiter.limit("60/minute")
@public
def national() -> ResponseReturnValue:
    """Show customs' own table of a month in customs' layout, and national totals, preliminary and final apart."""
    rows = published_rows()
    periods = sorted({row["period"] for row in rows if row["series"] == SERIES and " " not in row["period"]}, reverse=True)
    wanted = request.args.get("month") or periods[0]
    if wanted not in periods:
        abort(404)
    table = published_table(rows, SERIES, wanted)
    return render_template(
        "statistics/national.html", table=table, periods=periods, columns=COLUMNS, names=return_words.COLUMNS, growth=growth,
        missed=_missed(table), totals=[row for row in rows if row["series"] == "cbec_total"], releases=RELEASES,
    )  # fmt: skip


@blueprint.get("/data/<name>")
@public
def dictionary(name: str) -> ResponseReturnValue:
    """Show the dictionary of a table of open data: fields, units, source, method, licence, addresses."""
    table = TABLES.get(name) or abort(404)
    with hub().database.reading() as connection:
        licence = _licence(connection)
    address = f"{hub().settings.public_url.rstrip('/')}/api/v1/open-data/{name}"
    return render_template("statistics/dictionary.html", table=table, licence=licence, address=address)


def growth(value: str | None) -> str:
    """Write a growth in per cent as it was told, with its sign; a dash where none was."""
    return "—" if value is None else f"{Decimal(value):+,.1f}%"


def _figures(connection: Connection) -> OpenFigures:
    return open_figures(connection, hub().settings.zone, _today())


def _licence(connection: Connection) -> str:
    return book(connection, hub().settings.zone).text(f"statistics.open_licence_{language()}", _today())


def _today() -> date:
    return hub().clock.now().astimezone(SHANGHAI).date()


def _both(month: OpenMonth) -> OpenCell | None:
    """Return exports and imports together, where both are told: else the one would tell the other."""
    told = [cell for cell in month.totals.values() if cell is not None]
    if len(told) < len(month.totals):
        return None
    return OpenCell(sum(cell.lists for cell in told), sum((cell.value for cell in told), Decimal(0)))


def _partial(rows: Sequence[OpenRow]) -> bool:
    return any(cell is None for row in rows for cell in row.cells.values())


def _series(months: Sequence[OpenMonth]) -> Drawing | None:
    drawn = list(reversed(months[:_DRAWN_MONTHS]))
    if not drawn:
        return None
    groups = [_group(month.period, month.totals, faint=month.series == "preliminary") for month in drawn]
    desc = str(_("%(first)s 至 %(last)s 各月的出口额和进口额，初步数带斜纹", first=drawn[0].period, last=drawn[-1].period))
    return bars("series", str(_("各月进出口额（万元）")), desc, [str(_("出口")), str(_("进口"))], groups)


def _tables(month: OpenMonth) -> Sequence[Table]:
    return [Table(name, return_words.TABLES[name], rows, _drawing(month, name, rows)) for name, rows in month.tables.items()]


def _drawing(month: OpenMonth, name: str, rows: Sequence[OpenRow]) -> Drawing | None:
    told = [row for row in rows if any(cell and cell.value for cell in row.cells.values())][:_DRAWN_ROWS]
    if not told:
        return None
    groups = [_group(row.en if language() == "en" else row.zh, row.cells, faint=False) for row in told]
    title = str(_("%(by)s · %(period)s（万元）", by=return_words.TABLES[name], period=month.period))
    desc = str(_("按%(by)s列出最大的 %(n)s 项的出口额和进口额", by=return_words.TABLES[name], n=len(told)))
    return bars(f"drawn-{name}", title, desc, [str(_("出口")), str(_("进口"))], groups)


def _group(name: str, cells: Mapping[str, OpenCell | None], *, faint: bool) -> Group:
    told = [cells.get(flow) for flow in ("export", "import")]
    texts = [str(_("不公开")) if cell is None else money((cell.value / _WAN).quantize(Decimal("0.01"))) for cell in told]
    return Group(name, [None if cell is None else cell.value for cell in told], texts, faint)


def _missed(table: PublishedTable) -> Decimal:
    return max((abs(gap) for gap in gaps(table).values()), default=Decimal(0))
