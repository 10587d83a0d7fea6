"""Pure parts of statistics: what figures are counted by, how times to clear are sorted into buckets, which day's terms hold.

A distribution is kept as counts by bucket: it adds up over days, firms and countries, which a median does not.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

WHOLE_ZONE = UUID(int=0)
"""Stands for all merchants together where a figure names its merchant."""
NODE_OWNER = "md5('node:' || {code})::uuid"
"""SQL: what stands for all firms of a node where a figure names its merchant; ``node_owner`` in Python."""
YUAN = "142"
EVERY = "every"
PREPARED: Mapping[str, str] = {
    EVERY: "''",
    "flow": "f.flow",
    "mode": "f.trade_mode",
    "country": "f.country",
    "chapter": "f.chapter",
    "stage": "f.stage",
}
"""What a firm's lists are counted by beside the day they were prepared, and what says it of a fact ``f``."""
OPEN_CRITERIA: Mapping[str, str] = {"mode": "f.trade_mode", "country": "f.country", "chapter": "f.chapter"}
"""By what figures that may be open to everybody are told, and what says it of a fact ``f``: firms are counted behind each."""
COUNTED: Mapping[str, str] = {
    EVERY: "''",
    "hour": "lpad(f.counted_hour::text, 2, '0')",
    "flow": "f.flow",
    "mode": "f.trade_mode || f.flow",
    "country": "f.country",
    "destination": "CASE WHEN f.flow = 'E' THEN f.country END",
    "chapter": "f.chapter",
    "node": "f.node",
    "park": "f.park",
    "enterprise": "f.merchant_id::text",
    **{
        f"{name}_flow": f"{key} || f.flow"
        for name, key in {
            "country": "f.country",
            "chapter": "f.chapter",
            "node": "f.node",
            "park": "f.park",
            "enterprise": "f.merchant_id::text",
        }.items()
    },
}
"""What the zone's released goods are counted by beside the day they count on; a fact without a value counts elsewhere only.

Keys of ``…_flow`` end with E or I: returns tell exports and imports apart in every table.
"""


def node_owner(code: str) -> UUID:
    """Return what stands for all firms of a node where a figure names its merchant."""
    return UUID(hex=hashlib.md5(f"node:{code}".encode(), usedforsecurity=False).hexdigest())


_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
EDGES: Sequence[int] = (
    *(5, 10, 20, 30, _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 20 * _MINUTE, 30 * _MINUTE),
    *(_HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 3 * _DAY, 5 * _DAY, 7 * _DAY),
    *(14 * _DAY, 30 * _DAY, 90 * _DAY, 366 * _DAY),
)
"""Where buckets end, in seconds: the first holds times below the first edge, one more holds all beyond the last."""
BUCKETS = len(EDGES) + 1
Value = TypeVar("Value")


def within(counts: Sequence[int], share: float) -> int | None:
    """Return the edge, in seconds, within which at least this share lies: true as said, and no finer than the buckets.

    What lies beyond the last edge is said to be within it. ``None`` where nothing is counted.
    """
    needed, reached = share * sum(counts), 0
    if not needed:
        return None
    for number, edge in zip(counts, EDGES, strict=False):
        reached += number
        if reached >= needed:
            return edge
    return EDGES[-1]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of a span that are read together: whole months as such (``grain`` M), the days around them one by one (D)."""

    grain: str
    since: date
    until: date


def stretches(since: date, until: date) -> Sequence[Stretch]:
    """Cut a span, both days included, into whole months and the days before and after them."""
    first = since if since.day == 1 else next_month(since)
    after = next_month(until) if (until + timedelta(days=1)).day == 1 else until.replace(day=1)
    if first >= after:
        return (Stretch("D", since, until),)
    cut = (
        Stretch("D", since, first - timedelta(days=1)),
        Stretch("M", first, after - timedelta(days=1)),
        Stretch("D", after, until),
    )
    return tuple(each for each in cut if each.since <= each.until)


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return next_month(day) - timedelta(days=1)


def next_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A dated value: in force from ``since`` until the day before ``until``."""

    name: str
    since: date
    until: date
    value: str


def terms(name: str, turns: Collection[date], value: Callable[[date], str | None]) -> Sequence[Term]:
    """Spell what holds over time, from the days on which it may turn; stretches without a value are left out."""
    days = [*sorted(set(turns)), date.max]
    found = ((since, until, value(since)) for since, until in pairwise(days))
    return [Term(name, since, until, known) for since, until, known in found if known is not None]
