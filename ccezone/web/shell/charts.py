"""What a chart is made of, for ``macros/chart.html`` and ``static/charts.js``: pictures over tables that hold the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """``COLUMNS`` and ``LINES`` go along time, ``BARS`` lie under one another, each with its name."""

    COLUMNS = "columns"
    LINES = "lines"
    BARS = "bars"


class Tone(StrEnum):
    """What a series means: the tones of badges."""

    GOOD = "good"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Series:
    """One number for each label; ``None`` where there is none, which is not nought."""

    name: str
    values: Sequence[float | None]
    tone: Tone


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture. ``links``: the page each label opens, or ``""``; ``whole``: numbers are counts; ``unit``: said in the title."""

    kind: Kind
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    links: Sequence[str] = field(default=())
    unit: str = ""
    stacked: bool = False
    whole: bool = False
