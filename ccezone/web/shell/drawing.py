"""Pictures drawn by the server: bars as SVG, for ``macros/drawing.html``; they need no script, and print as they are.

The page's table holds the same numbers; a picture names it (``aria-details``) and says in words what it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, _ROW, _GAP, _LEFT, _RIGHT = 640, 16, 14, 190, 110
_MOST_LETTERS = 13
_TONES = ("good", "warn")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it begins and how long it is, in units of the picture; what stands beside it; faint if preliminary."""

    y: int
    length: float
    text: str
    tone: str
    faint: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a group of bars, and the whole of it."""

    y: float
    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of lying bars: one group a row, one bar a series."""

    name: str
    title: str
    desc: str
    height: int
    bars: Sequence[Bar]
    labels: Sequence[Label]
    legend: Sequence[tuple[str, str]]
    left: int = _LEFT
    row: int = _ROW
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Group:
    """A row of a picture: its name, a number and its text for each series (``None``: none is told), faint if preliminary."""

    name: str
    values: Sequence[Decimal | None]
    texts: Sequence[str]
    faint: bool = False


def bars(name: str, title: str, desc: str, series: Sequence[str], groups: Sequence[Group]) -> Drawing:
    """Lay bars out. ``name`` is the picture's id on its page; ``series`` are one or two."""
    most = max((value for group in groups for value in group.values if value is not None), default=Decimal(0))
    room = WIDTH - _LEFT - _RIGHT
    drawn: list[Bar] = []
    labels: list[Label] = []
    y = 4
    for group in groups:
        labels.append(Label(y + _ROW * len(series) / 2 + 4, _short(group.name), group.name))
        for number, (value, text) in enumerate(zip(group.values, group.texts, strict=True)):
            length = 0.0 if value is None or most <= 0 or value <= 0 else float(value * room / most)
            drawn.append(Bar(y + number * _ROW, round(length, 1), text, _TONES[number % 2], group.faint))
        y += _ROW * len(series) + _GAP
    legend = list(zip(series, _TONES, strict=False)) if len(series) > 1 else []
    return Drawing(name, title, desc, y, drawn, labels, legend)


def _short(name: str) -> str:
    """Cut a name to the room beside the bars."""
    room = 10 * _MOST_LETTERS
    for at, letter in enumerate(name):
        room -= _tenths(letter)
        if room < 0:
            return name[:at].rstrip() + "…"
    return name


def _tenths(letter: str) -> int:
    """Return how wide a letter is, in tenths of a Chinese one: what Latin letters take at most in the fonts of the site."""
    if not letter.isascii():
        return 10
    return 9 if letter in "mwMW@%" else 7 if letter.isupper() else 6
