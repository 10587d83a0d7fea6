"""The pictures of a firm's own figures: how many lists, what they are worth, how long they took; along time or by name."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.statistics.queries import Figure, Span
from ccezone.web.shell.charts import Chart, Kind, Series, Tone
from ccezone.web.shell.rendering import code_name

_NAMED = 12  # bars with a name of their own
_REST = "…"  # stands for all others; no criterion has such a key
_UNITS = ((86_400, _l("天")), (3_600, _l("小时")), (60, _l("分钟")), (1, _l("秒")))


def charts_of(
    rows: Sequence[Figure], span: Span, by: str, label: Callable[[str, str], str], link: Callable[[str], str]
) -> Sequence[Chart]:
    """Draw the figures of a span by one of ``BY``. Days without lists are nought; beyond the twelfth name all are one bar."""
    timed = by in ("day", "week", "month")
    shown = _without_gaps(rows, span, by) if timed else _largest(rows)
    names = [str(_("其他")) if row.key == _REST else label(by, row.key) for row in shown]
    links = ["" if row.key == _REST or not row.lists else link(row.key) for row in shown]
    along, lying = (Kind.COLUMNS, Kind.LINES) if timed else (Kind.BARS, Kind.BARS)
    return [_lists(shown, along, names, links), *_worth(shown, along, names, links), *_times(shown, lying, names, links)]


def _lists(shown: Sequence[Figure], kind: Kind, names: Sequence[str], links: Sequence[str]) -> Chart:
    return Chart(
        kind,
        _("清单数量"),
        names,
        [
            Series(_("已放行"), [row.released for row in shown], Tone.GOOD),
            Series(_("其他状态"), [row.lists - row.released - row.rejected for row in shown], Tone.INFO),
            Series(_("退单"), [row.rejected for row in shown], Tone.BAD),
        ],
        links,
        stacked=True,
        whole=True,
    )


def _worth(shown: Sequence[Figure], kind: Kind, names: Sequence[str], links: Sequence[str]) -> Iterator[Chart]:
    """Amounts of different currencies do not share a scale: the most usual one is drawn, the table holds all."""
    used = Counter(currency for row in shown for currency in row.values)
    if used:
        currency = used.most_common(1)[0][0]
        name = code_name(currency, "currencies", bare=True)
        unit = name if len(used) == 1 else str(_("只含%(currency)s", currency=name))
        values = [float(row.values.get(currency, 0)) for row in shown]
        yield Chart(kind, _("货值"), names, [Series(_("货值"), values, Tone.GOOD)], links, unit)


def _times(shown: Sequence[Figure], kind: Kind, names: Sequence[str], links: Sequence[str]) -> Iterator[Chart]:
    """Only what was released has a time; the unit is the largest that leaves the longest at two or more."""
    longest = max((row.p90 for row in shown if row.p90 is not None), default=None)
    if longest is None:
        return
    seconds, unit = next(each for each in _UNITS if longest >= 2 * each[0] or each[0] == 1)

    def scaled(value: int | None) -> float | None:
        return None if value is None else round(value / seconds, 2)

    both = [
        Series(_("半数在此时长内"), [scaled(row.median) for row in shown], Tone.GOOD),
        Series(_("九成在此时长内"), [scaled(row.p90) for row in shown], Tone.WARN),
    ]
    yield Chart(kind, _("通关时长"), names, both, links, str(unit))


def _largest(rows: Sequence[Figure]) -> Sequence[Figure]:
    """Return the largest by name, and all others as one."""
    ranked = sorted(rows, key=lambda row: -row.lists)
    if len(ranked) <= _NAMED + 1:
        return ranked
    rest = ranked[_NAMED:]
    worth: dict[str, Decimal] = {}
    for row in rest:
        for currency, value in row.values.items():
            worth[currency] = worth.get(currency, Decimal(0)) + value
    lists, released, rejected = (sum(numbers) for numbers in zip(*((r.lists, r.released, r.rejected) for r in rest), strict=True))
    return [*ranked[:_NAMED], Figure(_REST, lists, released, rejected, worth, None, None)]


def _without_gaps(rows: Sequence[Figure], span: Span, by: str) -> Sequence[Figure]:
    known = {row.key: row for row in rows}
    return [known.get(key) or Figure(key, 0, 0, 0, {}, None, None) for key in _keys(span, by)]


def _keys(span: Span, by: str) -> Sequence[str]:
    """Return every key of a span in order, as ``BY`` spells them."""
    days = (span.since + timedelta(days=number) for number in range((span.until - span.since).days + 1))
    return list(dict.fromkeys(_key(day, by) for day in days))


def _key(day: date, by: str) -> str:
    if by == "month":
        return f"{day:%Y-%m}"
    return (day - timedelta(days=day.weekday()) if by == "week" else day).isoformat()
