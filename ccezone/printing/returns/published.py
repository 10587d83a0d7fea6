"""An official table, printed as published in the very layout of a return: figures and growth as they were told."""

import hashlib
from collections.abc import Mapping

from ccezone.printing.documents import Locale
from ccezone.printing.render import fill, pdf
from ccezone.printing.returns.printed import Cell, Line, Printed
from ccezone.printing.returns.words import grown, say
from ccezone.statistics.rules.published import PublishedTable, Said, gaps
from ccezone.statistics.rules.returns import COLUMNS
from schemas.codes import rows

SERIES = "gacc_table5_by_regime"


def published_rows() -> tuple[Mapping[str, str], ...]:
    """Return every published figure that ships with us, with its source."""
    return rows("published_statistics")


def render_published(table: PublishedTable, locale: Locale) -> bytes:
    """Return an official table as PDF: the same table gives the same bytes."""
    zh = locale == "zh"
    title = f"{table.period} 进出口商品贸易方式总值" if zh else f"Imports and exports by customs regime, {table.period}"
    told = table.unit_told(chinese=zh)
    unit = f"单位：{told}；来源：{table.source}" if zh else f"Unit: {told}; source: {table.source}"
    printed = Printed(
        name="regime",
        caption=f"{title}（{unit}）" if zh else f"{title} ({unit})",
        stub="贸易方式" if zh else "Customs regime",
        heads=[say(column, locale) for column in COLUMNS],
        rows=[_line(name, cells) for name, cells in table.rows.items()],
        total=_line(say("total", locale), table.total),
        growing=True,
        left_out="",
    )
    values = {
        "lang": "zh-CN" if zh else "en",
        "title": title,
        "source": table.source,
        "table": printed,
        "say": lambda name: say(name, locale),
        "notes": [_note(table, locale)],
    }
    html = fill("published.html", values)
    return pdf(html, hashlib.sha256(html.encode()).digest())


def _line(label: str, cells: Mapping[str, Said]) -> Line:
    return Line(label, [_cell(cells.get(column, Said(None, None))) for column in COLUMNS])


def _cell(said: Said) -> Cell:
    return Cell("—" if said.value is None else f"{said.value:,}", grown(said.growth))


def _note(table: PublishedTable, locale: Locale) -> str:
    missed = max((abs(gap) for gap in gaps(table).values()), default=0)
    if locale == "zh":
        return f"按原公布数列示，贸易方式名称为来源所用英文；各行之和与合计相差不超过 {missed}。同比为公布数，未重算。"
    return f"As published. Rows add to the total within {missed} (rounding). Growth as published, not computed anew."
