"""On how many firms the figures of a return rest: counted when it is compiled, and frozen with it.

Whole months are read from ``list_contributor``, which follows the facts of lists; days of broken months and what came by other
ways from the facts themselves. What may be told to everybody is decided by it (``rules.disclosure``).

Lists, general declarations, goods that came back and lines of feeds that name a registered firm count for that firm, once. What
names no firm counts for nobody: whose business a figure tells that rests on the post alone, or on a warehouse, is not known.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ccezone.statistics.queries.return_words import section_of
from ccezone.statistics.queries.returns import Volume
from ccezone.statistics.rules import stretches
from ccezone.statistics.rules.returns import FLOWS
from ccezone.storage.copying import array, fetch

OPEN_TABLES = ("mode", "country", "section")
"""Tables of a return that everybody may see. Enterprises, nodes and parks name or nearly name somebody."""
_COUNTED = """
WITH fact AS (
    SELECT f.flow, f.trade_mode, f.country, f.chapter, f.merchant_id
    FROM unnest(%(days_since)s::date[], %(days_until)s::date[]) AS d (since, until)
    JOIN list_fact f ON f.counted_on BETWEEN d.since AND d.until
    UNION ALL
    SELECT f.flow, f.trade_mode, f.country, f.chapter, f.merchant_id FROM supplement_fact f
    WHERE f.day BETWEEN %(since)s AND %(until)s AND f.standing = 'counted' AND f.merchant_id IS NOT NULL
), firm AS (
    SELECT flow,
        CASE WHEN grouping(trade_mode) = 0 THEN 'mode' WHEN grouping(country) = 0 THEN 'country' ELSE 'chapter' END AS name,
        CASE WHEN grouping(trade_mode) = 0 THEN trade_mode WHEN grouping(country) = 0 THEN country ELSE chapter END AS key,
        merchant_id
    FROM fact GROUP BY GROUPING SETS ((flow, merchant_id, trade_mode), (flow, merchant_id, country), (flow, merchant_id, chapter))
    UNION ALL
    SELECT c.flow, c.criterion, c.key, c.merchant_id
    FROM unnest(%(months_since)s::date[], %(months_until)s::date[]) AS m (since, until)
    JOIN list_contributor c ON c.month BETWEEN m.since AND m.until
), behind AS (
    SELECT DISTINCT f.flow, CASE f.name WHEN 'chapter' THEN 'section' ELSE f.name END AS name, f.merchant_id,
        CASE f.name WHEN 'chapter' THEN coalesce(s.section, '') ELSE f.key END AS key
    FROM firm f LEFT JOIN unnest(%(chapters)s::text[], %(sections)s::text[]) AS s (chapter, section) ON s.chapter = f.key
)
SELECT flow, name, key, count(*) FROM behind GROUP BY flow, name, key
"""
"""What is distinct is hashed and then counted: ``count(DISTINCT …)`` would sort it, texts by the rules of a language."""
_CHAPTERS = [f"{number:02d}" for number in range(1, 100)]


def contributors(connection: Connection, since: date, until: date) -> dict[str, dict[str, dict[str, int]]]:
    """Count the firms behind every figure of the tables that may be open: by table, key and flow."""
    places: dict[str, object] = {"chapters": _CHAPTERS, "sections": [section_of(chapter) for chapter in _CHAPTERS]}
    found: dict[str, dict[str, dict[str, int]]] = {name: {} for name in OPEN_TABLES}
    cut = stretches(since, until)
    for name, grain in (("days", "D"), ("months", "M")):
        spans = [each for each in cut if each.grain == grain]
        places |= {f"{name}_since": array(each.since for each in spans), f"{name}_until": array(each.until for each in spans)}
    for flow, table, key, number in fetch(connection, _COUNTED, {"since": since, "until": until, **places}):
        found[table].setdefault(key, {})[FLOWS[flow]] = number
    return found


def firms_of(volume: Volume | None) -> Mapping[str, Any] | None:
    """Count the firms of a span by flow; ``None`` without a span. What names no firm counts for nobody."""
    if volume is None:
        return None
    rows = [cells for key, cells in volume.amounts.get("enterprise", {}).items() if key]
    return {flow: sum(bool(cells.get(flow) and cells[flow].lists) for cells in rows) for flow in FLOWS.values()}
