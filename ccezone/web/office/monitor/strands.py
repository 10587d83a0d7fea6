"""What follows release on the monitor: stages of refunds and of money from abroad, and their rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.statistics.queries.strands import strands
from ccezone.storage import Connection
from ccezone.web.office.monitor.views import Cell, percent

NAMES: Mapping[str, LazyString] = {
    "exported": _l("已出口商品项"),
    "claimed": _l("已申报退税"),
    "paid": _l("已退税到账"),
    "collected": _l("已足额收汇"),
    "settled": _l("已全部结汇"),
}
"""What each stage is called; the rows of those named here stand on ``monitor.strand``."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with its rows, ``yuan`` of its claims; percent of the stage it follows and of the first; ``half`` in seconds."""

    name: str
    title: str
    cell: Cell
    yuan: Decimal | None
    from_former: Decimal | None
    from_first: Decimal | None
    half: int | None


def stages(connection: Connection, since: date, until: date) -> Sequence[Stage]:
    """Return the stages of what was exported in a span."""
    found, address = strands(connection, since, until), _address(since, until)
    numbers = {each.name: each.number for each in found}
    shown = []
    for each in found:
        shares = [percent(each.number, numbers[name]) if each.after else None for name in (each.after or each.name, found[0].name)]
        cell = Cell(each.number, address(each.name))
        shown.append(Stage(each.name, str(NAMES[each.name]), cell, each.yuan, shares[0], shares[1], each.half))
    return shown


def _address(since: date, until: date) -> Callable[[str], str]:
    return lambda name: url_for("monitor.strand", stage=name, since=since, until=until)
