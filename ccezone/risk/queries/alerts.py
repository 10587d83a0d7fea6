"""Read models of alerts: which stand, which are closed, one with its evidence, agencies and history; counts for tabs and desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_SELECT = """
SELECT a.id, a.number, a.rule_id, r.name, a.kind, a.level, a.type, a.merchant_id, a.merchants, a.at, a.raised_at, a.measures,
    cardinality(a.subjects), a.state, a.owner, a.disposition, a.cause, a.closed_at, a.version
FROM risk_alert a JOIN risk_rule r ON r.id = a.rule_id
"""
_FILTER = """
(%(kind)s = '' OR a.kind = %(kind)s) AND (%(level)s = '' OR a.level = %(level)s) AND (%(type)s = '' OR a.type = %(type)s)
"""
_SEARCH = f"""
{_SELECT}
WHERE a.state = ANY(%(states)s) AND (%(owner)s = '' OR a.owner = %(owner)s) AND {_FILTER}
    AND (%(merchant)s::uuid IS NULL OR a.merchant_id = %(merchant)s) AND (%(after)s::uuid IS NULL OR a.id < %(after)s)
ORDER BY a.id DESC LIMIT %(limit)s
"""
_COUNTS = f"""
SELECT count(*) FILTER (WHERE a.state = 'open'), count(*) FILTER (WHERE a.state = 'handling' AND a.owner = %(owner)s),
    count(*) FILTER (WHERE a.state = 'handling'), count(*) FILTER (WHERE a.state = 'closed')
FROM risk_alert a WHERE {_FILTER}
"""  # noqa: S608  # our own names
_EVIDENCE = "SELECT evidence FROM risk_alert WHERE id = %(id)s"
_AGENCIES = """
SELECT agency, asked_at, asked_by, opinion, note, answered_at FROM risk_agency WHERE alert_id = %(id)s ORDER BY asked_at, agency
"""
_STEPS = "SELECT at, actor, action, agency, note FROM risk_step WHERE alert_id = %(id)s ORDER BY id"


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert. ``measures`` are the figures that say why; ``subjects`` counts the bills and lists it rests on."""

    id: UUID
    number: int
    rule_id: UUID
    rule: str
    kind: str
    level: str
    type: str
    merchant_id: UUID | None
    merchants: int
    at: datetime
    raised_at: datetime
    measures: Mapping[str, str]
    subjects: int
    state: str
    owner: str | None
    disposition: str | None
    cause: str | None
    closed_at: datetime | None
    version: int

    @property
    def closed(self) -> bool:
        return self.state == "closed"


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency on an alert, and what it found."""

    agency: str
    asked_at: datetime
    asked_by: str
    opinion: str | None
    note: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepView:
    """One thing that happened to an alert."""

    at: datetime
    actor: str
    action: str
    agency: str
    note: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert in full; at most some dozens of its rows of evidence."""

    row: AlertRow
    evidence: Sequence[Mapping[str, Any]]
    agencies: Sequence[AgencyView]
    steps: Sequence[StepView]


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts, empty for all."""

    kind: str = ""
    level: str = ""
    type: str = ""

    @property
    def values(self) -> dict[str, object]:
        return {"kind": self.kind, "level": self.level, "type": self.type}


def search_alerts(
    connection: Connection,
    states: Sequence[str],
    wanted: AlertFilter = AlertFilter(),  # frozen
    *,
    owner: str = "",
    merchant_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[AlertRow]:
    """Return alerts in these states (of one owner, about one merchant), the newest first, after a cursor."""
    values = {"states": list(states), "owner": owner, "merchant": merchant_id, "after": after, "limit": limit}
    return [AlertRow(*row) for row in fetch(connection, _SEARCH, {**values, **wanted.values})]


def count_alerts(connection: Connection, owner: str, wanted: AlertFilter = AlertFilter()) -> Mapping[str, int]:  # frozen
    """Count the alerts of each tab: open, mine, handling, closed."""
    row = fetch(connection, _COUNTS, {"owner": owner, **wanted.values})[0]
    return dict(zip(("open", "mine", "handling", "closed"), row, strict=True))


def alert(connection: Connection, alert_id: UUID) -> AlertView | None:
    """Return one alert with evidence, agencies and history."""
    found = fetch(connection, f"{_SELECT} WHERE a.id = %(id)s", {"id": alert_id})
    if not found:
        return None
    named = {"id": alert_id}
    agencies = [AgencyView(*row) for row in fetch(connection, _AGENCIES, named)]
    steps = [StepView(*row) for row in fetch(connection, _STEPS, named)]
    return AlertView(AlertRow(*found[0]), fetch(connection, _EVIDENCE, named)[0][0], agencies, steps)
