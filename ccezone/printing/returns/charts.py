"""Charts of a return: matplotlib to SVG, drawn from the snapshot alone; no date, fixed ids, so that bytes are equal every time.

Letters are drawn as outlines in the Chinese face of the font, so that no other font can step in.
"""

import base64
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ccezone.printing.documents import Locale
from ccezone.printing.returns.words import Snapshot, laid_out_since, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXPORT, IMPORT = "#1f4e8c", "#d9822b"
_FONT = "Noto Sans CJK SC"
_STYLE = {
    "font.family": [_FONT],
    "font.size": 8,
    "svg.fonttype": "path",
    "svg.hashsalt": "ccezone-return",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "hatch.color": "white",
}
_WIDTH, _HEIGHT = 6.9, 2.5  # inches
_MOST = 10
_HATCH = "///"  # exports and imports are told apart without colour
_WAN = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as a data address, and what it shows."""

    title: str
    address: Markup


@dataclass(frozen=True, slots=True)
class _Bars:
    labels: Sequence[str]
    export: Sequence[float]
    imported: Sequence[float]


def charts(snapshot: Snapshot, locale: Locale) -> Sequence[Chart]:
    """Draw the charts of a return; none where nothing counts."""
    found = []
    trend = snapshot["trend"]
    if any(Decimal(each["export"]) or Decimal(each["import"]) for each in trend):
        days = len(trend) > 1 and trend[0]["at"][:7] == trend[1]["at"][:7]
        bars = _Bars(
            [_at(each["at"], days=days) for each in trend],
            [_wan(each["export"]) for each in trend],
            [_wan(each["import"]) for each in trend],
        )
        found.append(_drawn(say("trend_days" if days else "trend_months", locale), bars, locale, upright=True))
    for name, title in (("mode", "modes_chart"), ("country", "countries_chart")):
        bars = _of_table(snapshot, name, locale)
        if bars.labels:
            found.append(_drawn(say(title, locale), bars, locale, upright=False))
    return found


def _at(text: str, *, days: bool) -> str:
    day = date.fromisoformat(text)
    return str(day.day) if days else f"{day:%Y-%m}"


def _wan(value: str) -> float:
    return float(Decimal(value) / _WAN)  # a length on paper, no money


def _of_table(snapshot: Snapshot, name: str, locale: Locale) -> _Bars:
    table = next(each for each in snapshot["tables"] if each["name"] == name)
    rows = [row for row in table["rows"] if any(Decimal(row["cells"][flow]["value"]) for flow in ("export", "import"))][:_MOST]
    return _Bars(
        [_wrapped(row[locale]) if laid_out_since(snapshot, 4) else _short(row[locale]) for row in rows],
        [_wan(row["cells"]["export"]["value"]) for row in rows],
        [_wan(row["cells"]["import"]["value"]) for row in rows],
    )


def _short(label: str) -> str:
    return label if len(label) <= 34 else label[:33] + "…"


def _wrapped(label: str) -> str:
    """Write a label on two lines at most."""
    return "\n".join(textwrap.wrap(label, 32, max_lines=2, placeholder="…"))


def _drawn(title: str, bars: _Bars, locale: Locale, *, upright: bool) -> Chart:
    from matplotlib import style
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with style.context(dict(_STYLE), after_reset=True):
        height = _HEIGHT if upright else 0.9 + 0.34 * len(bars.labels)
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        canvas: Any = FigureCanvasSVG(figure)  # its methods have no types
        axes = figure.add_subplot()
        places = list(range(len(bars.labels)))
        if upright:
            _upright(axes, places, bars, locale)
        else:
            _lying(axes, places, bars, locale)
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper right", ncols=2, frameon=False)
        buffer = io.BytesIO()
        # ``savefig`` draws twice, the first time for the layout alone; the one drawing finds the same layout
        canvas.print_svg(buffer, metadata={"Date": None, "Creator": None})
    return Chart(title, Markup("data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()))  # noqa: S704  # base64 is safe


def _upright(axes: "Axes", places: Sequence[int], bars: _Bars, locale: Locale) -> None:
    axes.bar([place - 0.2 for place in places], bars.export, 0.4, color=EXPORT, label=say("export", locale))
    axes.bar([place + 0.2 for place in places], bars.imported, 0.4, color=IMPORT, label=say("import", locale), hatch=_HATCH)
    axes.set_xticks(places, bars.labels)
    axes.set_ylabel(say("wan", locale))
    axes.grid(axis="y", color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)


def _lying(axes: "Axes", places: Sequence[int], bars: _Bars, locale: Locale) -> None:
    axes.barh([place - 0.2 for place in places], bars.export, 0.4, color=EXPORT, label=say("export", locale))
    axes.barh([place + 0.2 for place in places], bars.imported, 0.4, color=IMPORT, label=say("import", locale), hatch=_HATCH)
    axes.set_yticks(places, bars.labels)
    axes.invert_yaxis()
    axes.set_xlabel(say("wan", locale))
    axes.grid(axis="x", color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)
