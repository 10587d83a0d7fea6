"""What the hub itself knows of a firm's period, under the keys of a report: orders that arrived, released goods in yuan.

Only what goes through the hub is known: trade by other ways is what reports are asked for. A figure beside nothing known is
not doubted.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.reporting.rules.checking import Indicator
from ccezone.statistics.rules.periods import Period
from ccezone.storage.copying import fetch

_GOODS = """
SELECT flow, trade_mode, country, count(*), coalesce(sum(cny), 0) FROM list_fact
WHERE merchant_id = ANY(%(firms)s::uuid[]) AND counted_on BETWEEN %(since)s AND %(until)s GROUP BY 1, 2, 3
"""
_ORDERS = """
SELECT count(*) FROM order_fact WHERE merchant_id = ANY(%(firms)s::uuid[]) AND day BETWEEN %(since)s AND %(until)s
"""
_OTHER = "other"


def facts_of(connection: Connection, firms: Sequence[UUID], span: Period, asked: Sequence[Indicator]) -> dict[str, Decimal]:
    """Return what is known of these firms' period, by key of the report; what is nought is left out."""
    if not firms:
        return {}
    values = {"firms": list(firms), "since": span.since, "until": span.until}
    goods = fetch(connection, _GOODS, values)
    counts = {"orders": Decimal(fetch(connection, _ORDERS, values)[0][0]), "lists": Decimal(sum(row[3] for row in goods))}
    found: dict[str, Decimal] = {}
    for each in asked:
        name, _colon, rest = each.fact.partition(":")
        if name in counts:
            found[each.key] = counts[name]
        elif name == "value":
            flow, _colon, mode = rest.partition(":")
            found |= _worth(each, mode, [row for row in goods if row[0] == flow], _named(asked, flow))
    return {key: value for key, value in found.items() if value}


def _worth(each: Indicator, mode: str, rows: Iterable[Sequence[object]], named: frozenset[str]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for _flow, trade_mode, country, _lists, cny in rows:
        fits = not mode or (trade_mode not in named if mode == _OTHER else trade_mode == mode)
        if fits:
            key = f"{each.key}.{country}" if each.by_country else each.key
            found[key] = found.get(key, Decimal(0)) + Decimal(str(cny))
    return {key: round(value, each.decimals) for key, value in found.items() if not (each.by_country and key.endswith("."))}


def _named(asked: Sequence[Indicator], flow: str) -> frozenset[str]:
    found = (each.fact.split(":") for each in asked if each.fact.startswith(f"value:{flow}:"))
    return frozenset(parts[2] for parts in found) - {_OTHER}
