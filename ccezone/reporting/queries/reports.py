"""Reports as pages show them: what they say, their editions, their story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.rules.periods import Kind, Period, period
from ccezone.storage.copying import fetch

_COLUMNS = """r.id, r.number, r.level, r.enterprise_id, r.node, r.kind, r.period, r.edition, r.state, r.reason, r.figures,
    r.explanations, r.facts, r.former, r.variances, r.parts, r.opened_at, r.opened_by, r.submitted_at, r.submitted_by, r.digest,
    r.version, coalesce(e.name, n.name, r.node), coalesce(nullif(e.name_en, ''), nullif(n.name_en, ''), e.name, n.name, r.node)"""
_FROM = """filed_report r LEFT JOIN enterprise e ON e.id = r.enterprise_id
    LEFT JOIN node n ON n.code = r.node AND r.level = 'park'"""
_SAME = """(r.level, r.kind, r.period) = (%(level)s, %(kind)s, %(period)s)
    AND CASE r.level WHEN 'firm' THEN r.enterprise_id = %(firm)s ELSE r.node = %(node)s END"""


@dataclass(frozen=True, slots=True)
class Author:
    """Whose reports of which kind: a firm's, or those that a park compiles."""

    level: str
    enterprise_id: UUID | None
    node: str
    kind: str

    @property
    def values(self) -> dict[str, Any]:
        return {"level": self.level, "firm": self.enterprise_id, "node": self.node, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class ReportView:
    """One edition. Figures are spelled decimals by key; ``parts`` says what a park's report is made of."""

    id: UUID
    number: int
    level: str
    enterprise_id: UUID | None
    node: str
    kind: str
    period: str
    edition: int
    state: str
    reason: str
    figures: Mapping[str, str]
    explanations: Mapping[str, str]
    facts: Mapping[str, str]
    former: Mapping[str, str]
    variances: Sequence[Mapping[str, Any]]
    parts: Sequence[Mapping[str, Any]]
    opened_at: datetime
    opened_by: str
    submitted_at: datetime | None
    submitted_by: str
    digest: str
    version: int
    name: str
    name_en: str

    @property
    def spelled(self) -> str:
        """Its number as people write it: ``ZB-000012``."""
        return f"ZB-{self.number:06d}"

    @property
    def span(self) -> Period:
        """The days it tells of."""
        return period(Kind(self.kind), self.period)

    @property
    def author(self) -> Author:
        """Whose it is."""
        return Author(self.level, self.enterprise_id, self.node, self.kind)

    @property
    def to_zone(self) -> bool:
        """Whether the zone judges it, rather than a park."""
        return self.level == "park" or not self.node

    def called(self, spoken: str) -> str:
        """Name whose it is in the reader's language."""
        return self.name_en if spoken == "en" else self.name


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a report's story; ``office``: somebody of the office took it."""

    at: datetime
    name: str
    office: bool
    action: str
    note: str


def report_by_id(connection: Connection, report_id: UUID, firm: UUID | None = None) -> ReportView | None:
    """Return one edition; with ``firm`` only that firm's."""
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE r.id = %(id)s AND (%(firm)s::uuid IS NULL OR r.enterprise_id = %(firm)s)"  # noqa: S608  # our own names
    rows = fetch(connection, statement, {"id": report_id, "firm": firm})
    return ReportView(*rows[0]) if rows else None


def editions(connection: Connection, author: Author, name: str) -> Sequence[ReportView]:
    """Return all editions of a period, the newest first."""
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {_SAME} ORDER BY r.edition DESC"  # noqa: S608  # our own names
    return [ReportView(*row) for row in fetch(connection, statement, {**author.values, "period": name})]


def accepted(connection: Connection, author: Author, name: str) -> ReportView | None:
    """Return the edition of a period that was accepted and not superseded."""
    return next((each for each in editions(connection, author, name) if each.state == "accepted"), None)


def last_accepted(connection: Connection, author: Author, before: str) -> ReportView | None:
    """Return the newest accepted report of an earlier period of the kind."""
    statement = f"""SELECT {_COLUMNS} FROM {_FROM} WHERE r.level = %(level)s AND r.kind = %(kind)s AND r.period < %(before)s
        AND r.state = 'accepted' AND CASE r.level WHEN 'firm' THEN r.enterprise_id = %(firm)s ELSE r.node = %(node)s END
        ORDER BY r.period DESC LIMIT 1"""  # noqa: S608  # our own names
    rows = fetch(connection, statement, {**author.values, "before": before})
    return ReportView(*rows[0]) if rows else None


def steps_of(connection: Connection, report_id: UUID) -> Sequence[StepView]:
    """Return a report's story, the first step first."""
    statement = """
        SELECT s.at, coalesce(u.name, s.actor), s.actor = 'hub' OR u.id IS NOT NULL AND u.enterprise_id IS NULL, s.action, s.note
        FROM report_step s LEFT JOIN user_account u ON s.actor = 'user:' || u.id WHERE s.report_id = %(id)s ORDER BY s.id
    """
    return [StepView(*row) for row in fetch(connection, statement, {"id": report_id})]


def waiting(connection: Connection, node: str) -> int:
    """Count the reports that wait for an officer of a node (empty: of the zone)."""
    statement = """SELECT count(*) FROM filed_report WHERE state = 'submitted'
        AND CASE WHEN %(node)s = '' THEN level = 'park' OR node = '' ELSE level = 'firm' AND node = %(node)s END"""
    return int(fetch(connection, statement, {"node": node})[0][0])


def numbers(spelled: Mapping[str, str]) -> dict[str, Decimal]:
    """Read stored figures."""
    return {key: Decimal(value) for key, value in spelled.items()}
