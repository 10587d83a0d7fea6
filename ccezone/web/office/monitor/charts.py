"""The pictures of the monitor: today beside last week, destinations by rank, how long goods took to clear."""

from collections.abc import Sequence

from flask_babel import gettext as _

from ccezone.web.office.monitor.views import Hour, Ranking, Stretch, View
from ccezone.web.shell.charts import Chart, Kind, Series, Tone

_BARS = 12


def hours(rows: Sequence[Hour]) -> Chart:
    """Draw the hours of today beside those of the same day last week."""
    today = [None if row.today is None else row.today.number for row in rows]
    both = [
        Series(_("今日"), today, Tone.GOOD),
        Series(_("上周同日"), [row.before.number for row in rows], Tone.WARN),
    ]
    links = [row.today.address if row.today is not None and row.today.number else "" for row in rows]
    return Chart(Kind.LINES, _("各小时放行清单"), [row.name for row in rows], both, links, whole=True)


def ranking(found: Ranking, title: str) -> Chart:
    """Draw the largest keys of a criterion as bars."""
    rows = found.rows[:_BARS]
    bars = [Series(_("清单"), [row.cell.number for row in rows], Tone.GOOD)]
    return Chart(Kind.BARS, title, [row.name for row in rows], bars, [row.cell.address for row in rows], whole=True)


def cleared(rows: Sequence[Stretch]) -> Chart:
    """Draw how many lists took how long."""
    columns = [Series(_("清单"), [row.cell.number for row in rows], Tone.GOOD)]
    links = [row.cell.address if row.cell.number else "" for row in rows]
    return Chart(Kind.COLUMNS, _("通关时长分布"), [row.name for row in rows], columns, links, whole=True)


def of(view: View) -> dict[str, Chart]:
    """Return the pictures of a view that holds anything to draw."""
    drawn = {"hours": hours(view.hours)}
    if view.destinations.rows:
        drawn["destinations"] = ranking(view.destinations, str(_("出口目的地")))
    if view.cleared:
        drawn["cleared"] = cleared(view.cleared)
    return drawn
