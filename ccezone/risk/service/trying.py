"""Trying a rule on past days before it goes live: what it would have raised, in a background job, with counts and samples."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.parameters.queries import book
from ccezone.risk.queries.rulebook import RuleView, rule
from ccezone.risk.queries.traces import count_of_stream, of_stream
from ccezone.risk.service.detecting import Case, day_of, findings, law_of, opened, reach
from ccezone.risk.tables import RiskTrial
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch, run

JOB = "risk_trial"
_LONGEST = timedelta(days=1100)
_TOGETHER = 20_000  # traces between two notes of progress
_SAMPLES = 20
_ROWS = 5
_KNOWN = "SELECT id FROM risk_alert WHERE family = %(family)s AND bucket = %(bucket)s AND subjects && %(subjects)s::bigint[]"
_FINISH = """
UPDATE risk_trial SET finished_at = %(now)s, traces = %(traces)s, alerts = %(alerts)s, known = %(known)s, firms = %(firms)s,
    months = %(months)s, samples = %(samples)s
WHERE id = %(id)s
"""


def request_trial(uow: UnitOfWork, rule_id: UUID, since: date, until: date, actor: str, user_id: UUID | None, clock: Clock) -> UUID:
    """Ask for a rule to be tried on days, both included; return the job's id. Raises ``Refused``, ``NotFound``."""
    tried = rule(uow.connection, rule_id)
    if tried is None:
        raise NotFound(Fault("", "risk_rule_not_found"))
    if until < since:
        raise Refused(Fault("/until", "ends_before_begin"))
    if until - since > _LONGEST:
        raise Refused(Fault("/since", "risk_span_long", {"days": str(_LONGEST.days)}))
    arguments = {"since": since.isoformat(), "until": until.isoformat(), "name": tried.name}
    job = request_job(uow, JOB, clock, user_id=user_id, arguments=arguments)
    trial = RiskTrial(
        id=job, rule_id=rule_id, fingerprint=tried.fingerprint, since=since, until=until, asked_by=actor, asked_at=clock.now(),
        finished_at=None, traces=0, alerts=0, known=0, firms=0, months={}, samples=[],
    )  # fmt: skip
    uow.session.add(trial)
    uow.session.flush()
    return job


@dataclass
class _Result:
    """What a trial has found so far."""

    connection: Connection
    rule: RuleView
    alerts: int = 0
    known: int = 0
    firms: set[UUID] = field(default_factory=set)
    months: Counter[str] = field(default_factory=Counter)
    samples: list[dict[str, object]] = field(default_factory=list)

    def add(self, case: Case) -> None:
        self.alerts += 1
        self.firms |= {trace.merchant for trace in case.rows if trace.merchant}
        self.months[f"{day_of(case.finding):%Y-%m}"] += 1
        named = {"family": self.rule.family, "bucket": case.finding.bucket, "subjects": case.subjects}
        self.known += bool(fetch(self.connection, _KNOWN, named))
        if len(self.samples) < _SAMPLES:
            shown = {"at": case.finding.at.isoformat(), "measures": dict(case.finding.measures), "rows": len(case.rows)}
            self.samples.append({**shown, "evidence": case.evidence[:_ROWS]})


@dataclass(frozen=True, slots=True)
class TryRule:
    """Does the jobs of kind ``JOB`` (``background.ports.Handler``). An interrupted trial starts again from the beginning."""

    database: Database
    zone: str
    clock: Clock

    def __call__(self, work: Work) -> Outcome:
        """Put the rule, as the trial wants it, to every bucket of its stream over the days."""
        with self.database.reading() as connection:
            found = fetch(connection, "SELECT rule_id, fingerprint FROM risk_trial WHERE id = %(id)s", {"id": work.job_id})
            tried = rule(connection, found[0][0]) if found else None
        if tried is None or tried.fingerprint != found[0][1]:
            raise Refused(Fault("", "risk_rule_changed"))
        days = date.fromisoformat(str(work.arguments["since"])), date.fromisoformat(str(work.arguments["until"]))
        return self._try(work, tried, *days)

    def _try(self, work: Work, tried: RuleView, since: date, until: date) -> Outcome:
        begin, end = (datetime.combine(day, time(), SHANGHAI) for day in (since, until + timedelta(days=1)))
        stream, done = tried.made_as.stream, 0
        with self.database.engine.connect() as connection:
            total = count_of_stream(connection, stream, begin - reach(tried), end)
            result = _Result(connection, tried)
            for number, case in self._cases(connection, tried, begin, end):
                if number // _TOGETHER > done // _TOGETHER:
                    self._reached(work, number, total)
                done = number
                if case is not None and since <= day_of(case.finding) <= until:
                    result.add(case)
        with self.database.begin() as uow:
            work.reached(uow, total, total)
            finished = {"id": work.job_id, "now": self.clock.now(), "traces": total, "alerts": result.alerts, "known": result.known}
            told = {"firms": len(result.firms), "months": Jsonb(dict(result.months)), "samples": Jsonb(result.samples)}
            run(uow.connection, _FINISH, {**finished, **told})
        return Outcome({"alerts": result.alerts, "firms": len(result.firms)})

    def _cases(self, connection: Connection, tried: RuleView, begin: datetime, end: datetime) -> Iterator[tuple[int, Case | None]]:
        """Yield how many traces were looked at, with each case that came of them."""
        law, number = law_of(book(connection, self.zone)), 0
        for traces in of_stream(connection, tried.made_as.stream, begin - reach(tried), end):
            number += len(traces)
            yield number, None
            for finding in findings(tried, traces, law):
                yield number, opened(connection, tried, finding)

    def _reached(self, work: Work, done: int, total: int) -> None:
        with self.database.begin() as uow:
            work.reached(uow, done, total)
