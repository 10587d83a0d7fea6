"""Who was ordered to report what, and who was late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch


@dataclass(frozen=True, slots=True)
class DutyView:
    """An order to report; ``node`` is the firm's."""

    id: UUID
    enterprise_id: UUID
    name: str
    name_en: str
    node: str
    kinds: Sequence[str]
    direct: bool
    since: date
    until: date | None
    document: str

    def called(self, spoken: str) -> str:
        """Name the firm in the reader's language."""
        return self.name_en or self.name if spoken == "en" else self.name


@dataclass(frozen=True, slots=True)
class LateView:
    """A late report; ``came_at``: when it was sent after all."""

    id: UUID
    enterprise_id: UUID | None
    name: str
    name_en: str
    node: str
    kind: str
    period: str
    due_on: date
    noted_at: datetime
    came_at: datetime | None
    excused_at: datetime | None
    reason: str

    def called(self, spoken: str) -> str:
        """Name who was late in the reader's language."""
        return self.name_en or self.name if spoken == "en" else self.name


def duties(
    connection: Connection, firm: UUID | None = None, text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[DutyView]:
    """Return orders to report, the newest first."""
    rows = fetch(
        connection,
        """SELECT y.id, y.enterprise_id, e.name, e.name_en, e.node, y.kinds, y.direct, y.since, y.until, y.document
        FROM reporting_duty y JOIN enterprise e ON e.id = y.enterprise_id
        WHERE (%(firm)s::uuid IS NULL OR y.enterprise_id = %(firm)s) AND (%(after)s::uuid IS NULL OR y.id < %(after)s)
            AND (%(text)s = '' OR strpos(lower(e.name || ' ' || e.name_en), lower(%(text)s)) > 0)
        ORDER BY y.id DESC LIMIT %(limit)s""",
        {"firm": firm, "after": after, "text": text, "limit": limit},
    )
    return [DutyView(*row) for row in rows]


def late_reports(
    connection: Connection, firm: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> Sequence[LateView]:
    """Return late reports, the newest first: of one firm, or of all."""
    rows = fetch(
        connection,
        """SELECT l.id, l.enterprise_id, coalesce(e.name, n.name, l.node), coalesce(e.name_en, n.name_en, ''), l.node, l.kind,
            l.period, l.due_on, l.noted_at, (SELECT min(f.submitted_at) FROM filed_report f
                WHERE (f.kind, f.period) = (l.kind, l.period) AND CASE WHEN l.enterprise_id IS NULL
                    THEN f.level = 'park' AND f.node = l.node ELSE f.enterprise_id = l.enterprise_id END),
            l.excused_at, l.reason
        FROM report_lateness l LEFT JOIN enterprise e ON e.id = l.enterprise_id
        LEFT JOIN node n ON n.code = l.node AND l.enterprise_id IS NULL
        WHERE (%(firm)s::uuid IS NULL OR l.enterprise_id = %(firm)s) AND (%(after)s::uuid IS NULL OR l.id < %(after)s)
        ORDER BY l.id DESC LIMIT %(limit)s""",
        {"firm": firm, "after": after, "limit": limit},
    )
    return [LateView(*row) for row in rows]
