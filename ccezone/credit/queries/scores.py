"""Scores: the stored ones of days, and the same computed again from the evidence and the terms of that day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.credit.queries.terms import credit_terms
from ccezone.credit.rules.scoring import Evidence, Factor, Grade, Judgement, in_force, judge
from ccezone.storage.copying import fetch

_EVIDENCE = """
SELECT enterprise_id, id, factor, issuer, value, valid_from, valid_to, recorded_at, revokes FROM credit_evidence
WHERE (%(everybody)s OR enterprise_id = ANY(%(ids)s::uuid[])) ORDER BY enterprise_id, id
"""
_SCORES = """
SELECT day, score, grade, known_until, digest FROM credit_score
WHERE enterprise_id = %(id)s AND (%(day)s::date IS NULL OR day <= %(day)s) ORDER BY day DESC LIMIT %(limit)s
"""
_LATEST = """
SELECT DISTINCT ON (enterprise_id) enterprise_id, day, score, grade, known_until, digest FROM credit_score
WHERE enterprise_id = ANY(%(ids)s::uuid[]) ORDER BY enterprise_id, day DESC
"""


@dataclass(frozen=True, slots=True)
class StoredScore:
    """The score kept of a day. ``known_until`` says what had been recorded when it was computed."""

    day: date
    score: Decimal
    grade: Grade
    known_until: datetime
    digest: int


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A stored score beside the same computed again, input by input."""

    stored: StoredScore
    again: Judgement

    @property
    def same(self) -> bool:
        """Whether nothing differs: score, grade, and every input."""
        kept = (self.stored.score, self.stored.grade, self.stored.digest)
        return kept == (self.again.score, self.again.grade, self.again.digest)


def evidence_by_enterprise(connection: Connection, enterprises: Sequence[UUID] | None) -> Mapping[UUID, Sequence[Evidence]]:
    """Return all evidence ever recorded of these enterprises, or of everybody."""
    found: dict[UUID, list[Evidence]] = defaultdict(list)
    for owner, number, factor, *rest in fetch(
        connection, _EVIDENCE, {"everybody": enterprises is None, "ids": list(enterprises or [])}
    ):
        found[owner].append(Evidence(number, Factor(factor), *rest))
    return found


def recomputed(connection: Connection, zone: str, enterprise_id: UUID, day: date) -> Recomputed | None:
    """Compute the score in force on a day again, as it was known then; ``None``: none was stored on or before that day."""
    rows = scores_of(connection, enterprise_id, day, 1)
    if not rows:
        return None
    stored = rows[0]
    pieces = evidence_by_enterprise(connection, [enterprise_id]).get(enterprise_id, ())
    terms = credit_terms(connection, zone, stored.day, stored.known_until)
    return Recomputed(stored, judge(in_force(pieces, stored.day, stored.known_until), terms.scoring))


def scores_of(connection: Connection, enterprise_id: UUID, until: date | None = None, limit: int = 60) -> Sequence[StoredScore]:
    """Return the stored scores of an enterprise, the latest day first."""
    rows = fetch(connection, _SCORES, {"id": enterprise_id, "day": until, "limit": limit})
    return [StoredScore(day, score, Grade(grade), known, digest) for day, score, grade, known, digest in rows]


def latest_scores(connection: Connection, enterprises: Sequence[UUID]) -> Mapping[UUID, StoredScore]:
    """Return the latest stored score of each enterprise that has one."""
    rows = fetch(connection, _LATEST, {"ids": list(enterprises)})
    return {owner: StoredScore(day, score, Grade(grade), known, digest) for owner, day, score, grade, known, digest in rows}
