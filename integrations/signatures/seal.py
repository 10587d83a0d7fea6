"""The picture of a seal: a red ring, a star and the zone's name around it, as a page of PDF of the seal's size.

It is no official seal: what makes a return hold is the signature under it.
"""

from html import escape
from math import cos, pi, sin

_RED = "#c3272b"
_RADIUS, _LETTERS = 80, 59
_FROM, _TO = 150, 390  # degrees, clockwise from three o'clock: letters stand around the upper part


def seal_page(name: str) -> bytes:
    """Return the seal as PDF."""
    from weasyprint import HTML

    html = (
        '<html lang="zh-CN"><head><title>seal</title><style>@page{size:180pt 180pt;margin:0}'
        "body{margin:0}svg{display:block}</style></head>"
        f"<body>{_drawn(name)}</body></html>"
    )
    made: bytes = HTML(string=html).write_pdf()
    return made


def _drawn(name: str) -> str:
    reach = [26 if n % 2 == 0 else 10 for n in range(10)]
    star = " ".join(f"{90 + r * sin(pi * n / 5):.2f},{90 - r * cos(pi * n / 5):.2f}" for n, r in enumerate(reach))
    letters = "".join(_letter(letter, at, len(name)) for at, letter in enumerate(name))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="180pt" height="180pt" viewBox="0 0 180 180">'
        f'<circle cx="90" cy="90" r="{_RADIUS}" fill="none" stroke="{_RED}" stroke-width="3.5"/>'
        f'<polygon points="{star}" fill="{_RED}"/>{letters}'
        f'<text x="90" y="142" font-size="13" text-anchor="middle" fill="{_RED}" font-family="Noto Sans CJK SC">统计专用</text>'
        "</svg>"
    )


def _letter(letter: str, at: int, of: int) -> str:
    share = at / (of - 1) if of > 1 else 0.5
    angle = (_FROM + (_TO - _FROM) * share) * pi / 180
    x, y = 90 + _LETTERS * cos(angle), 90 + _LETTERS * sin(angle)
    turn = angle * 180 / pi + 90
    size = min(15.0, 225.0 / max(of, 1))
    return (
        f'<text transform="translate({x:.2f} {y:.2f}) rotate({turn:.2f})" text-anchor="middle" font-size="{size:.1f}" '
        f'fill="{_RED}" font-family="Noto Sans CJK SC">{escape(letter)}</text>'
    )
