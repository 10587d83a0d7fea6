"""How enterprises conduct themselves at customs and in the merge: counts over a stretch of time, for credit.

A list counts from the day it was prepared, once it was filed. An inspection found something when a rejection (100), a detention
(501, 502, 503, 599) or a return (700) follows the order to inspect (500).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_ONLY = "(%(everybody)s OR {column} = ANY(%(merchants)s::uuid[]))"
_LISTS = f"""
SELECT d.merchant_id, count(*), count(*) FILTER (WHERE r.rejected), count(*) FILTER (WHERE r.inspected_at IS NOT NULL),
    count(*) FILTER (WHERE r.found_at > r.inspected_at), count(*) FILTER (WHERE r.returned)
FROM declaration_list d
JOIN declaration_state s ON s.id = d.id AND s.submission > 0
LEFT JOIN LATERAL (
    SELECT bool_or(code = 100 OR code < 0) AS rejected, bool_or(code = 700) AS returned,
        min(returned_at) FILTER (WHERE code = 500) AS inspected_at,
        max(returned_at) FILTER (WHERE code IN (100, 501, 502, 503, 599, 700)) AS found_at
    FROM receipt WHERE kind IN (604, 622) AND subject = d.id AND (code < 0 OR code = 100 OR code BETWEEN 500 AND 700)
) r ON true
WHERE d.created_at >= %(since)s AND {_ONLY.format(column="d.merchant_id")}
GROUP BY d.merchant_id
"""  # noqa: S608  # our own names
_ORDERS = f"""
SELECT merchant_id, count(*), count(*) FILTER (WHERE verdict = 'conflict') FROM order_match
WHERE merged_at >= %(since)s AND merchant_id IS NOT NULL AND {_ONLY.format(column="merchant_id")} GROUP BY merchant_id
"""  # noqa: S608  # our own names
_LATE = f"""
SELECT enterprise_id, count(*) FROM exception_case
WHERE kind = 'late_correction' AND opened_at >= %(since)s AND enterprise_id IS NOT NULL
    AND {_ONLY.format(column="enterprise_id")} GROUP BY enterprise_id
"""  # noqa: S608  # our own names
_NEWS = """
SELECT DISTINCT d.merchant_id FROM declaration_state s JOIN declaration_list d ON d.id = s.id
WHERE s.updated_at >= %(since)s AND (s.state IN ('100', '500', '501', '502', '503', '599', '700') OR left(s.state, 1) = '-')
UNION SELECT merchant_id FROM order_match WHERE verdict = 'conflict' AND merged_at >= %(since)s AND merchant_id IS NOT NULL
UNION SELECT enterprise_id FROM exception_case
    WHERE kind = 'late_correction' AND opened_at >= %(since)s AND enterprise_id IS NOT NULL
"""
_TRANSPORT = """
SELECT coalesce(recent.content ->> 'transport_mode', ''), count(*) FROM (
    SELECT content FROM declaration_list WHERE merchant_id = %(merchant)s ORDER BY id DESC LIMIT %(limit)s
) recent GROUP BY 1 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Conduct:
    """One enterprise's counts: lists filed, rejected, inspected, found faulty, returned; orders matched, in conflict, late."""

    filed: int = 0
    rejected: int = 0
    inspected: int = 0
    found: int = 0
    returned: int = 0
    orders: int = 0
    conflicts: int = 0
    late: int = 0


def conduct(connection: Connection, since: datetime, merchants: Sequence[UUID] | None = None) -> Mapping[UUID, Conduct]:
    """Return the conduct since a moment of these enterprises, or of all that have any."""
    asked = {"since": since, "everybody": merchants is None, "merchants": list(merchants or [])}
    found: dict[UUID, Conduct] = {}
    for each, filed, rejected, inspected, faulty, returned in fetch(connection, _LISTS, asked):
        found[each] = Conduct(filed, rejected, inspected, faulty, returned)
    for each, orders, conflicts in fetch(connection, _ORDERS, asked):
        found[each] = replace(found.get(each, Conduct()), orders=orders, conflicts=conflicts)
    for each, late in fetch(connection, _LATE, asked):
        found[each] = replace(found.get(each, Conduct()), late=late)
    return found


def merchants_with_news(connection: Connection, since: datetime) -> Sequence[UUID]:
    """Return whose lists or orders took a turn that their credit may feel, since a moment."""
    return [row[0] for row in fetch(connection, _NEWS, {"since": since})]


def transport_of(connection: Connection, merchant_id: UUID, latest: int) -> Sequence[tuple[str, int]]:
    """Return by which means the goods of the latest lists travelled: code (``transport_modes``) and number, most first."""
    return [(row[0], row[1]) for row in fetch(connection, _TRANSPORT, {"merchant": merchant_id, "limit": latest})]
