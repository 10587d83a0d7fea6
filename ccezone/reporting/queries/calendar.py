"""Who owes which report by when, and where each stands: the obligations of firms and parks beside what they sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.reporting.queries.definitions import Due
from ccezone.reporting.rules.states import PARK_KINDS
from ccezone.storage.copying import fetch

_OWED = """
WITH due AS (
    SELECT * FROM unnest(%(levels)s::text[], %(kinds)s::text[], %(periods)s::text[], %(untils)s::date[], %(days)s::date[])
        AS d (level, kind, period, until, due_on)
), duty AS (
    SELECT y.enterprise_id, y.kinds, y.since, y.until, e.name, e.name_en,
        CASE WHEN y.direct OR n.kind IS NULL OR n.kind <> ALL(%(parks)s) THEN '' ELSE e.node END AS node
    FROM reporting_duty y JOIN enterprise e ON e.id = y.enterprise_id LEFT JOIN node n ON n.code = e.node
), owed AS (
    SELECT d.level, y.enterprise_id, 'firm:' || y.enterprise_id AS owner, y.name, y.name_en, y.node, d.kind, d.period, d.until,
        d.due_on
    FROM due d JOIN duty y ON d.level = 'firm' AND d.kind = ANY(y.kinds) AND y.since <= d.until
        AND (y.until IS NULL OR d.until <= y.until)
    UNION
    SELECT d.level, NULL, 'park:' || y.node, n.name, n.name_en, y.node, d.kind, d.period, d.until, d.due_on
    FROM due d JOIN duty y ON d.level = 'park' AND d.kind = ANY(y.kinds) AND y.since <= d.until AND y.node <> ''
        AND (y.until IS NULL OR d.until <= y.until)
    JOIN node n ON n.code = y.node
), stood AS (
    SELECT o.*, r.id AS report_id, r.number, r.edition, w.id AS draft_id, l.id AS late_id, l.excused_at, CASE
        WHEN r.state = 'submitted' THEN 'received' WHEN r.state IS NOT NULL THEN r.state
        WHEN o.until >= %(today)s THEN 'running' WHEN o.due_on + %(grace)s < %(today)s THEN 'late' ELSE 'due' END AS standing,
        o.due_on || ' ' || o.owner || ' ' || o.period AS place
    FROM owed o
    LEFT JOIN LATERAL (SELECT f.id, f.number, f.edition, f.state FROM filed_report f WHERE f.level = o.level AND f.kind = o.kind
        AND f.period = o.period AND f.state IN ('submitted', 'sent_back', 'accepted')
        AND CASE o.level WHEN 'firm' THEN f.enterprise_id = o.enterprise_id ELSE f.node = o.node END
        ORDER BY f.edition DESC LIMIT 1) r ON true
    LEFT JOIN LATERAL (SELECT f.id FROM filed_report f WHERE f.level = o.level AND f.kind = o.kind AND f.period = o.period
        AND f.state = 'draft' AND CASE o.level WHEN 'firm' THEN f.enterprise_id = o.enterprise_id ELSE f.node = o.node END
        LIMIT 1) w ON true
    LEFT JOIN report_lateness l ON l.owner = o.owner AND l.kind = o.kind AND l.period = o.period
    WHERE (%(firm)s::uuid IS NULL OR o.enterprise_id = %(firm)s)
        AND (%(text)s = '' OR strpos(lower(o.name || ' ' || o.name_en), lower(%(text)s)) > 0)
        AND (%(level)s = '' OR o.level = %(level)s) AND (%(node)s::text IS NULL OR o.node = %(node)s)
)
"""
_ROWS = f"""
{_OWED} SELECT level, enterprise_id, owner, name, name_en, node, kind, period, until, due_on, report_id, number, edition, draft_id,
    late_id, excused_at IS NOT NULL, standing, place
FROM stood WHERE (%(standing)s = '' OR standing = %(standing)s) AND (%(after)s = '' OR place > %(after)s)
ORDER BY place LIMIT %(limit)s
"""  # noqa: S608  # our own names
_COUNTS = f"{_OWED} SELECT standing, count(*) FROM stood GROUP BY 1"  # noqa: S608  # our own names


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which obligations: of these due periods, as they stand today; of one firm, level, node or standing, or of all."""

    dues: Sequence[Due]
    today: date
    grace: int
    firm: UUID | None = None
    level: str = ""
    node: str | None = None
    standing: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation. ``node``: the park a firm reports to (empty: the zone), or the park that reports; ``draft_id``: begun."""

    level: str
    enterprise_id: UUID | None
    owner: str
    name: str
    name_en: str
    node: str
    kind: str
    period: str
    until: date
    due_on: date
    report_id: UUID | None
    number: int | None
    edition: int | None
    draft_id: UUID | None
    late_id: UUID | None
    excused: bool
    standing: str
    place: str

    def called(self, spoken: str) -> str:
        """Name whoever owes it in the reader's language."""
        return self.name_en or self.name if spoken == "en" else self.name


def owed(connection: Connection, wanted: Wanted, after: str = "", limit: int = 50) -> Sequence[Owed]:
    """Return obligations in the order they are due; ``after`` is the last one's ``place``."""
    return [Owed(*row) for row in fetch(connection, _ROWS, {**_values(wanted), "after": after, "limit": limit})]


def counts(connection: Connection, wanted: Wanted) -> Mapping[str, int]:
    """Return how many obligations stand where."""
    return dict(fetch(connection, _COUNTS, _values(wanted)))


def _values(wanted: Wanted) -> dict[str, Any]:
    return {
        "levels": [each.level for each in wanted.dues],
        "kinds": [str(each.period.kind) for each in wanted.dues],
        "periods": [each.period.name for each in wanted.dues],
        "untils": [each.period.until for each in wanted.dues],
        "days": [each.due_on for each in wanted.dues],
        "parks": list(PARK_KINDS),
        "today": wanted.today,
        "grace": wanted.grace,
        "firm": wanted.firm,
        "level": wanted.level,
        "node": wanted.node,
        "standing": wanted.standing,
        "text": wanted.text,
    }
