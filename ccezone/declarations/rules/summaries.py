"""Grouping closed lists for a summary declaration (清单核放、汇总申报; GACC Announcement 2018 No. 194, wording unverified).

"Same consignor, transport mode, producer or seller, country of arrival, exit customs, final destination, 10-digit HS code,
currency." The first five, with the currency, are one of a list: they make the application. Destination and code are each line's:
they make the items of the customs declaration. A declaration has one supervision mode, customs office and declarant, too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HEAD_KEY = (
    "merchant_code", "transport_mode", "owner_code", "country", "port_code", "currency", "trade_mode", "customs_code", "agent_code",
)  # fmt: skip
"""What all lists of one application have in common, by domain name."""
_ZERO = Decimal(0)
_MONTH = re.compile("20[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Item:
    """One item to be: lines of the same code, final destination and unit, summed up. ``value`` in the application's currency."""

    hs_code: str
    country: str
    unit: str
    goods_name: str
    quantity: Decimal
    value: Decimal
    lines: int


def head_key(head: Mapping[str, str], currency: str) -> dict[str, str]:
    """Return a list's grouping key."""
    return {name: currency if name == "currency" else head.get(name, "") for name in HEAD_KEY}


def items_of(lines: Iterable[Mapping[str, str]]) -> Sequence[Item]:
    """Sum lines of lists up to the items of the customs declaration, in the order of their keys; the first names the goods."""
    found: dict[tuple[str, str, str], list[Mapping[str, str]]] = {}
    for line in lines:
        found.setdefault((line.get("hs_code", ""), line.get("country", ""), line.get("unit", "")), []).append(line)
    return [
        Item(
            *key,
            rows[0].get("goods_name", ""),
            sum((Decimal(row["qty"]) for row in rows), _ZERO),
            sum((Decimal(row["total_price"]) for row in rows), _ZERO),
            len(rows),
        )
        for key, rows in sorted(found.items())
    ]


def month_of(day: date) -> str:
    """Name the month of a day."""
    return f"{day:%Y-%m}"


def due_on(month: str, day_of_month: int) -> date:
    """Return the day by which lists closed in a month (``YYYY-MM``) are to be summed up: that day of the next month.

    Raises ``ValueError`` for a text that names no month of this century: nothing was closed in any other.
    """
    if not _MONTH.fullmatch(month):
        raise ValueError(month)
    year, number = (int(part) for part in month.split("-"))
    return date(year + number // 12, number % 12 + 1, day_of_month)


def former_month(day: date) -> str:
    """Name the month before a day's."""
    return f"{day.year - (day.month == 1)}-{(day.month - 2) % 12 + 1:02d}"
