"""Looking for risks: gather what is new, put the live rules to what it touched, raise alerts; the same twice changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.queries import book
from ccezone.risk.queries.rulebook import RuleView, rules
from ccezone.risk.queries.traces import of_buckets
from ccezone.risk.rules.traces import Law
from ccezone.risk.service.detecting import Case, day_of, findings, law_of, opened, reach
from ccezone.risk.service.gathering import Touched, gather
from ccezone.risk.service.shipping import ship_rules
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch, run

_LOCK = 0x7269736B  # "risk"
_KNOWN = """
SELECT id, bucket, subjects, state FROM risk_alert WHERE family = %(family)s AND bucket = ANY(%(buckets)s::bigint[]) ORDER BY id
"""
_RAISE = """
INSERT INTO risk_alert (id, rule_id, family, kind, level, type, bucket, first_subject, subjects, merchant_id, merchants, at,
    raised_at, measures, evidence, state, version)
VALUES (%(id)s, %(rule)s, %(family)s, %(kind)s, %(level)s, %(type)s, %(bucket)s, %(first)s, %(subjects)s::bigint[], %(merchant)s,
    %(merchants)s, %(at)s, %(now)s, %(measures)s, %(evidence)s, 'open', 1)
ON CONFLICT (family, bucket, first_subject) DO NOTHING RETURNING id
"""
_GROW = """
UPDATE risk_alert SET subjects = %(subjects)s::bigint[], at = %(at)s, measures = %(measures)s, evidence = %(evidence)s,
    merchants = %(merchants)s, merchant_id = %(merchant)s, version = version + 1,
    state = CASE state WHEN 'closed' THEN 'open' ELSE state END,
    owner = CASE state WHEN 'closed' THEN NULL ELSE owner END, disposition = NULL, cause = NULL, closed_at = NULL
WHERE id = %(id)s
"""
_STEP = """
INSERT INTO risk_step (id, alert_id, at, actor, action, agency, note)
VALUES (%(id)s, %(alert)s, %(at)s, %(actor)s, %(action)s, %(agency)s, %(note)s)
"""


@dataclass(frozen=True, slots=True)
class Known:
    """An alert that stands: which bills it rests on, and whether it was closed."""

    id: UUID
    subjects: frozenset[int]
    closed: bool


def look(database: Database, zone: str, clock: Clock) -> int:
    """Look at what is new since the last time, and return how many alerts were raised or grew.

    One process at a time does it; the others find nothing to do. Call it again to catch up: a time takes some thousand bills.
    """
    with database.alone(_LOCK) as mine:
        if not mine:
            return 0
        with database.begin() as uow:
            ship_rules(uow, zone, clock)
            parameters, now = book(uow.connection, zone), clock.now()
            touched = gather(uow, parameters, now)
            return sum(_put(uow, rule, touched, law_of(parameters), now) for rule in _live(uow.connection, now))


def _live(connection: Connection, now: datetime) -> list[RuleView]:
    today = now.astimezone(SHANGHAI).date()
    return [rule for rule in rules(connection, ["live"]) if rule.effective_from is not None and rule.effective_from <= today]


def _put(uow: UnitOfWork, rule: RuleView, touched: Touched, law: Law, now: datetime) -> int:
    earliest = touched.get(rule.made_as.stream, {})
    if not earliest:
        return 0
    since = {bucket: at - reach(rule) for bucket, at in earliest.items()}
    cases = []
    for traces in of_buckets(uow.connection, rule.made_as.stream, since):
        for finding in findings(rule, traces, law):
            new = finding.at >= earliest[finding.bucket].replace(minute=0, second=0, microsecond=0)
            if new and rule.covers(day_of(finding)):
                cases.append(opened(uow.connection, rule, finding))
    return raise_alerts(uow, rule, cases, now)


def raise_alerts(uow: UnitOfWork, rule: RuleView, cases: Sequence[Case], now: datetime) -> int:
    """Raise an alert for each case, or let one of the same bills grow; return how many were raised or grew."""
    known = _known(uow.connection, rule.family, {case.finding.bucket for case in cases})
    changed = 0
    for case in cases:
        standing = known[case.finding.bucket]
        same = next((alert for alert in standing if alert.subjects & set(case.subjects)), None)
        changed += _raise(uow, rule, case, now) if same is None else _grow(uow, rule, same, case, now)
    return changed


def _known(connection: Connection, family: UUID, buckets: Iterable[int]) -> Mapping[int, list[Known]]:
    known: dict[int, list[Known]] = defaultdict(list)
    for alert, bucket, subjects, state in fetch(connection, _KNOWN, {"family": family, "buckets": list(buckets)}):
        known[bucket].append(Known(alert, frozenset(subjects), state == "closed"))
    return known


def _raise(uow: UnitOfWork, rule: RuleView, case: Case, now: datetime) -> int:
    values = {
        **_values(case),
        "id": uuidv7(), "rule": rule.id, "family": rule.family, "kind": rule.kind, "level": rule.level, "type": rule.type,
        "bucket": case.finding.bucket, "first": case.rows[0].subject, "now": now,
    }  # fmt: skip
    raised = fetch(uow.connection, _RAISE, values)
    if raised:
        note_step(uow, raised[0][0], "raised", now)
    return len(raised)


def _grow(uow: UnitOfWork, _rule: RuleView, known: Known, case: Case, now: datetime) -> int:
    if not set(case.subjects) - known.subjects:
        return 0
    run(uow.connection, _GROW, {**_values(case, known.subjects), "id": known.id})
    note_step(uow, known.id, "reopened" if known.closed else "grew", now)
    return 1


def _values(case: Case, earlier: frozenset[int] = frozenset()) -> dict[str, object]:
    merchants = Counter(trace.merchant for trace in case.rows if trace.merchant)
    return {
        "subjects": sorted({*earlier, *case.subjects}),
        "merchant": merchants.most_common(1)[0][0] if merchants else None,
        "merchants": len(merchants),
        "at": case.finding.at,
        "measures": Jsonb(dict(case.finding.measures)),
        "evidence": Jsonb(case.evidence),
    }


def note_step(
    uow: UnitOfWork, alert_id: UUID, action: str, now: datetime, *, actor: str = "", agency: str = "", note: str = ""
) -> None:
    """Append to an alert's history."""
    values = {"id": uuidv7(), "alert": alert_id, "at": now, "actor": actor, "action": action, "agency": agency, "note": note}
    run(uow.connection, _STEP, values)
