"""Judging enterprises: the score of each day stored, missed days made up for, treatment brought up to it; the periodic work."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from ccezone.clearance.queries.conduct import merchants_with_news
from ccezone.credit.queries.scores import evidence_by_enterprise
from ccezone.credit.queries.terms import CreditTerms, credit_terms
from ccezone.credit.rules.scoring import in_force, judge
from ccezone.credit.service.evidence import draw_conduct
from ccezone.credit.service.treating import treat
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.lateness import lateness

_STORE = """
INSERT INTO credit_score (enterprise_id, day, score, grade, known_until, digest)
VALUES (%(id)s, %(day)s, %(score)s, %(grade)s, %(known)s, %(digest)s)
ON CONFLICT (enterprise_id, day) DO UPDATE SET score = excluded.score, grade = excluded.grade,
    known_until = excluded.known_until, digest = excluded.digest
"""
_GONE = "DELETE FROM credit_score WHERE enterprise_id = ANY(%(ids)s::uuid[]) AND day = %(day)s"
_MARK = "SELECT seen_at, scored_on FROM credit_mark"
_SET_MARK = """
INSERT INTO credit_mark (id, seen_at, scored_on) VALUES (1, %(at)s, %(day)s)
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, scored_on = excluded.scored_on
"""
_ONE_AT_A_TIME = "SELECT id FROM enterprise WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
_WITH_EVIDENCE = "SELECT DISTINCT enterprise_id FROM credit_evidence ORDER BY 1"
_TOGETHER = 200  # enterprises of one transaction
_MOST_DAYS = 31  # so many missed days are made up for


def rejudge(uow: UnitOfWork, zone: str, enterprises: Sequence[UUID], clock: Clock) -> int:
    """Store today's score of these enterprises, from all that is known now, and treat them by it; return the changes.

    The row of today may be written again during the day; a past day's never is.
    """
    fetch(uow.connection, _ONE_AT_A_TIME, {"ids": list(enterprises)})
    now = clock.now()  # after whoever judged them meanwhile
    today = now.astimezone(SHANGHAI).date()
    terms = credit_terms(uow.connection, zone, today)
    _store(uow, terms, enterprises, today, now)
    return sum(treat(uow, each, terms, clock) for each in enterprises)


def redraw(uow: UnitOfWork, zone: str, enterprise_id: UUID, clock: Clock) -> None:
    """Draw one enterprise's conduct now and judge it: what the periodic work would do at its next turn."""
    terms = credit_terms(uow.connection, zone, clock.now().astimezone(SHANGHAI).date())
    draw_conduct(uow, terms, clock, [enterprise_id])
    rejudge(uow, zone, [enterprise_id], clock)


def keep_credit(database: Database, zone: str, clock: Clock) -> int:
    """Take in what happened since the last time: everybody at the first call of a day, else whoever has news. Repeatable.

    Days on which nothing ran are scored as they would have been at their end. Returns how many enterprises were judged.
    """
    now = clock.now()
    today = now.astimezone(SHANGHAI).date()
    with database.begin() as uow:
        complete = now - lateness(uow.connection)
        judged = _draw(uow, zone, today, clock)
    for start in range(0, len(judged), _TOGETHER):
        with database.begin() as uow:
            rejudge(uow, zone, judged[start : start + _TOGETHER], clock)
    with database.begin() as uow:
        run(uow.connection, _SET_MARK, {"at": complete, "day": today})
    return len(judged)


def _draw(uow: UnitOfWork, zone: str, today: date, clock: Clock) -> list[UUID]:
    """Record what was seen since the last time; return who is to be judged by it."""
    marks = fetch(uow.connection, _MARK)
    terms = credit_terms(uow.connection, zone, today)
    if marks and marks[0][1] >= today:
        return draw_conduct(uow, terms, clock, merchants_with_news(uow.connection, marks[0][0]))
    if marks:
        _make_up(uow, zone, marks[0][1], today)
    draw_conduct(uow, terms, clock)
    return [row[0] for row in fetch(uow.connection, _WITH_EVIDENCE)]


def _make_up(uow: UnitOfWork, zone: str, scored_on: date, today: date) -> None:
    """Store the scores of the days between, each as known at its end."""
    first = max(scored_on + timedelta(days=1), today - timedelta(days=_MOST_DAYS))
    everybody = [row[0] for row in fetch(uow.connection, _WITH_EVIDENCE)] if first < today else []
    for ahead in range((today - first).days):
        day = first + timedelta(days=ahead)
        end = datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)
        _store(uow, credit_terms(uow.connection, zone, day, end), everybody, day, end)


def _store(uow: UnitOfWork, terms: CreditTerms, enterprises: Sequence[UUID], day: date, known: datetime) -> None:
    """Store the score of a day of whoever has evidence in force; whoever has none any more has no score."""
    pieces = evidence_by_enterprise(uow.connection, enterprises)
    without = []
    for each in enterprises:
        found = in_force(pieces.get(each, ()), day, known)
        if not found:
            without.append(each)
            continue
        result = judge(found, terms.scoring)
        values = {"id": each, "day": day, "score": result.score, "grade": result.grade.value}
        run(uow.connection, _STORE, {**values, "known": known, "digest": result.digest})
    if without:
        run(uow.connection, _GONE, {"ids": without, "day": day})
