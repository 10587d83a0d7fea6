"""What the monitor shows: numbers with the address of their rows, laid out as tiles, hours, funnel, criteria, destinations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from flask import url_for
from flask_babel import gettext as _

from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.queries import book
from ccezone.parameters.rules import ParameterBook, ParameterMissing
from ccezone.statistics.queries import STEPS, Funnel, Goods, Sum, Total, added, as_of, counted, funnels, goods_so_far, largest
from ccezone.statistics.rules import BUCKETS, EVERY, YUAN, within
from ccezone.storage import Connection
from ccezone.web.firm.declarations.words import FLOWS
from ccezone.web.office.monitor import words
from ccezone.web.office.monitor.words import Span

TOP = 20
_ALL = 1_000_000  # more keys than any criterion has
STALE = 60  # seconds: figures are taken in every two, unless the scheduler stands still
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, what it is worth, and the rows it opens. ``others``: worth in currencies without a rate."""

    number: int
    address: str
    yuan: Decimal = Decimal(0)
    others: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at, in yuan; ``reached`` in percent."""

    aim: Decimal
    reached: Decimal
    unverified: bool


@dataclass(frozen=True, slots=True)
class Tile:
    """One large number, what it is compared with, and a target where there is one."""

    title: str
    cell: Cell
    compared: Sequence[tuple[str, Cell]] = ()
    change: Decimal | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel: cells of exports, imports and both; conversion from the step before and from the first, percent."""

    title: str
    cells: Sequence[Cell]
    from_former: Decimal | None
    from_first: Decimal | None
    half: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One key of a criterion."""

    name: str
    cell: Cell
    share: int
    half: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Keys of a criterion, the largest first; ``hidden`` more are not shown."""

    by: str
    rows: Sequence[Ranked]
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of today and of the same day last week."""

    name: str
    today: Cell | None
    before: Cell


@dataclass(frozen=True, slots=True)
class Stretch:
    """A bucket of times to clear."""

    name: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class View:
    """All that is shown of a span."""

    span: Span
    at: datetime | None
    tiles: Sequence[Tile]
    hours: Sequence[Hour]
    steps: Sequence[Step]
    ranking: Ranking
    destinations: Ranking
    cleared: Sequence[Stretch]
    half: int | None
    most: int | None
    age: int | None

    @property
    def stale(self) -> bool:
        """Say whether the figures are older than they ever are while the scheduler works."""
        return self.age is None or self.age > STALE


def view(connection: Connection, zone: str, now: datetime, span: Span, by: str, *, everything: bool = False) -> View:
    """Put the monitor together: totals are read, no list and no order is. Raises ``KeyError``."""
    local, at = now.astimezone(SHANGHAI), as_of(connection)
    hours, today = _hours(connection, local)
    end = goods_so_far(connection, span.until)
    whole_of = cache(lambda since: next(iter(counted(connection, since, end)), Total("", 0, 0, 0, {}, [0] * BUCKETS)))
    whole = whole_of(span.since)
    return View(
        span,
        at,
        [today, *_goals(whole_of, book(connection, zone), local)],
        hours,
        _steps(funnels(connection, span.since, span.until), span),
        _ranking(connection, span, end, by, None if everything else TOP),
        _ranking(connection, span, end, "destination", TOP),
        _cleared(whole, span),
        within(whole.cleared, 0.5),
        within(whole.cleared, 0.9),
        None if at is None else max(0, round((now - at).total_seconds())),
    )


def address(goods: Goods) -> str:
    """Return the page of released goods."""
    by, key = (None, None) if goods.by == EVERY else (goods.by, goods.key)
    since, until = goods.since, goods.until
    return url_for("monitor.goods", since=since, until=until, by=by, key=key, bucket=goods.bucket, before=goods.before)


def cell(total: Total | Sum, goods: Goods) -> Cell:
    """Return a number that opens its rows."""
    values = dict(total.values)
    return Cell(total.lists, address(goods), values.pop(YUAN, Decimal(0)), values)


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return a share in percent, to a tenth; nothing of nothing."""
    return None if not whole else (Decimal(100) * part / whole).quantize(Decimal("0.1"))


def _hours(connection: Connection, local: datetime) -> tuple[Sequence[Hour], Tile]:
    day, before = local.date(), local.date() - _WEEK
    known = {each: {row.key: row for row in counted(connection, each, each, "hour")} for each in (day, before)}

    def of(when: date, hour: int) -> Cell:
        key = f"{hour:02d}"
        return cell(known[when].get(key) or Sum(), Goods(when, when, "hour", key))

    def until_now(when: date) -> Sum:
        return added([row for key, row in known[when].items() if int(key) < local.hour])

    hours = [Hour(f"{hour:02d}:00", of(day, hour) if hour <= local.hour else None, of(before, hour)) for hour in range(24)]
    sums = {when: until_now(when) for when in (day, before)}
    compared = [
        (str(_("截至 %(hour)s:00", hour=f"{local.hour:02d}")), cell(sums[day], Goods(day, day, before=local.hour))),
        (str(_("上周同日同时")), cell(sums[before], Goods(before, before, before=local.hour))),
    ]
    change = percent(sums[day].lists - sums[before].lists, sums[before].lists)
    return hours, Tile(str(_("今日")), cell(added([*known[day].values()]), Goods(day, day)), compared, change)


def _goals(whole_of: Callable[[date], Total], known: ParameterBook, local: datetime) -> Sequence[Tile]:
    tiles = []
    for name, title in (("month", _("本月累计")), ("year", _("本年累计"))):
        span = words.span(name, local.date())
        reached = cell(whole_of(span.since), Goods(span.since, span.until))
        tiles.append(Tile(str(title), reached, target=_target(known, f"statistics.target_{name}", span, reached.yuan)))
    return tiles


def _target(known: ParameterBook, key: str, span: Span, reached: Decimal) -> Target | None:
    try:
        row = known.row(key, span.until)
    except ParameterMissing:
        return None
    aim = Decimal(str(row.value))
    return Target(aim, percent(reached, aim) or Decimal(0), row.status == "unverified")


def _steps(found: Sequence[Funnel], span: Span) -> Sequence[Step]:
    by_flow = {each.flow: each for each in found}
    steps, former, first = [], 0, 0
    for step in STEPS:
        numbers = [by_flow[flow].counts[step] if flow in by_flow else 0 for flow in FLOWS]
        both = sum(numbers)
        cells = [
            Cell(number, url_for("monitor.orders", since=span.since, until=span.until, step=step, flow=flow or None))
            for number, flow in zip([*numbers, both], [*FLOWS, ""], strict=True)
        ]
        waits = [sum(counts) for counts in zip(*(each.waits[step] for each in found if step in each.waits), strict=True)]
        shares = (None, None) if step == "arrived" else (percent(both, former), percent(both, first))
        steps.append(Step(str(words.STEPS[step]), cells, *shares, within(waits, 0.5), within(waits, 0.9)))
        former, first = both, first or both
    return steps


def _ranking(connection: Connection, span: Span, end: date, by: str, most: int | None) -> Ranking:
    shown, number, whole = largest(connection, span.since, end, by, most or _ALL)
    name = words.namer(connection, by, [row.key for row in shown])
    rows = [_ranked(row, name, whole, Goods(span.since, span.until, by, row.key)) for row in shown]
    return Ranking(by, rows, number - len(shown))


def _ranked(row: Total, name: Callable[[str], str], whole: int, goods: Goods) -> Ranked:
    share = round(100 * row.lists / whole) if whole else 0
    return Ranked(name(row.key), cell(row, goods), share, within(row.cleared, 0.5), within(row.cleared, 0.9))


def _cleared(whole: Total, span: Span) -> Sequence[Stretch]:
    """From the first stretch that holds anything to the last."""
    filled = [number for number in range(BUCKETS) if whole.cleared[number]]
    shown = range(filled[0], filled[-1] + 1) if filled else ()
    return [Stretch(words.bucket(n), Cell(whole.cleared[n], address(Goods(span.since, span.until, bucket=n)))) for n in shown]
