"""Read models of risk rules: what is in force, drafted, past; and how drafts did on past months."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from ccezone.risk.rules.kinds import KINDS, Kind, limits_of
from ccezone.storage.copying import fetch

_COLUMNS = """id, family, edition, kind, name, level, type, thresholds, scope, document, status, state,
    effective_from, effective_to, version, drafted_by, drafted_at, published_by, published_at"""
_SELECT = f"SELECT {_COLUMNS} FROM risk_rule"  # noqa: S608  # our own names
_TRIALS = """
SELECT id, rule_id, fingerprint, since, until, asked_by, asked_at, finished_at, traces, alerts, known, firms, months, samples
FROM risk_trial WHERE rule_id = %(rule)s ORDER BY id DESC LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class RuleView:
    """One edition of a rule. ``status`` says how sure its values are; ``effective_to`` is the last day, or ``None``."""

    id: UUID
    family: UUID
    edition: int
    kind: str
    name: str
    level: str
    type: str
    thresholds: Mapping[str, str]
    scope: Mapping[str, str]
    document: str
    status: str
    state: str
    effective_from: date | None
    effective_to: date | None
    version: int
    drafted_by: str
    drafted_at: datetime
    published_by: str | None
    published_at: datetime | None

    @property
    def made_as(self) -> Kind:
        return KINDS[self.kind]

    @property
    def limits(self) -> Mapping[str, Decimal]:
        return limits_of(self.made_as, self.thresholds)

    @property
    def fingerprint(self) -> str:
        """What it would find: a trial counts for a draft only while this is the same."""
        said = {"kind": self.kind, "scope": self.scope, "limits": {name: f"{value:f}" for name, value in self.limits.items()}}
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def covers(self, day: date) -> bool:
        """Whether it is live on a day."""
        begun = self.state == "live" and self.effective_from is not None and self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Trial:
    """How a rule did on past days: ``alerts`` it would raise, of which ``known`` stand already under its family; by month."""

    id: UUID
    rule_id: UUID
    fingerprint: str
    since: date
    until: date
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    traces: int
    alerts: int
    known: int
    firms: int
    months: Mapping[str, int]
    samples: Sequence[Mapping[str, Any]]


def rules(connection: Connection, states: Sequence[str] = ("live", "draft")) -> Sequence[RuleView]:
    """Return the editions in these states, of each family the newest first."""
    statement = f"{_SELECT} WHERE state = ANY(%(states)s) ORDER BY kind, family, edition DESC"
    return [RuleView(*row) for row in fetch(connection, statement, {"states": list(states)})]


def rule(connection: Connection, rule_id: UUID) -> RuleView | None:
    """Return one edition."""
    found = fetch(connection, f"{_SELECT} WHERE id = %(id)s", {"id": rule_id})
    return RuleView(*found[0]) if found else None


def editions(connection: Connection, family: UUID) -> Sequence[RuleView]:
    """Return all editions of a rule, the newest first."""
    statement = f"{_SELECT} WHERE family = %(family)s ORDER BY edition DESC"
    return [RuleView(*row) for row in fetch(connection, statement, {"family": family})]


def trials(connection: Connection, rule_id: UUID) -> Sequence[Trial]:
    """Return the last trials of an edition, the newest first."""
    return [Trial(*row) for row in fetch(connection, _TRIALS, {"rule": rule_id})]
