"""Credit records as people read them: what a viewer may see of one, evidence, treatments, look-ups, the office's list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.credit.queries.listings import ListingView, listings_in_force
from ccezone.credit.queries.scores import StoredScore, evidence_by_enterprise, scores_of
from ccezone.credit.queries.terms import credit_terms
from ccezone.credit.rules.scoring import OUTSIDE, Factor, in_force
from ccezone.credit.rules.visibility import Viewer, visible
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.storage.copying import fetch

_SELECT = """
SELECT e.id, e.factor, e.issuer, e.value, e.detail, e.valid_from, e.valid_to, e.document, e.file_id, e.note, e.recorded_at,
    e.recorded_by, e.revokes, r.recorded_at
FROM credit_evidence e LEFT JOIN credit_evidence r ON r.revokes = e.id
"""
_NAMED = f"{_SELECT} WHERE e.enterprise_id = %(enterprise)s AND e.id = ANY(%(ids)s::uuid[]) ORDER BY e.id"
_EVIDENCE = f"""
{_SELECT} WHERE e.enterprise_id = %(id)s AND (%(after)s::uuid IS NULL OR e.id < %(after)s) ORDER BY e.id DESC LIMIT %(limit)s
"""
_EVER = datetime.max.replace(tzinfo=UTC)
_TREATMENTS = """
SELECT at, grade, standing, inspection_share, auto_submit, fast_lane, registration_block, filing_block, attempts, last_error,
    sent, settled_at
FROM credit_treatment WHERE enterprise_id = %(id)s ORDER BY id DESC LIMIT %(limit)s
"""
_LOOKUPS = """
SELECT id, at, viewer, actor, channel FROM credit_lookup
WHERE uscc = %(uscc)s AND (%(after)s::uuid IS NULL OR id < %(after)s) ORDER BY id DESC LIMIT %(limit)s
"""
_FIRMS = """
SELECT e.id, e.uscc, e.name, s.day, s.score, s.grade, t.standing, t.inspection_share
FROM enterprise e
LEFT JOIN LATERAL (SELECT day, score, grade FROM credit_score WHERE enterprise_id = e.id ORDER BY day DESC LIMIT 1) s ON true
LEFT JOIN LATERAL (
    SELECT standing, inspection_share FROM credit_treatment WHERE enterprise_id = e.id ORDER BY id DESC LIMIT 1
) t ON true
WHERE (%(text)s = '' OR strpos(lower(e.name || ' ' || e.uscc || ' ' || coalesce(e.customs_code, '')), lower(%(text)s)) > 0)
    AND (%(standing)s = '' OR coalesce(nullif(t.standing, ''), 'none') = %(standing)s)
    AND (%(after)s::uuid IS NULL OR e.id < %(after)s)
ORDER BY e.id DESC LIMIT %(limit)s
"""
_STANDINGS = """
SELECT coalesce(nullif(t.standing, ''), 'none'), count(*) FROM enterprise e
LEFT JOIN LATERAL (SELECT standing FROM credit_treatment WHERE enterprise_id = e.id ORDER BY id DESC LIMIT 1) t ON true
GROUP BY 1
"""
_STANDING_OF = """
SELECT DISTINCT ON (enterprise_id) enterprise_id, standing FROM credit_treatment ORDER BY enterprise_id, id DESC
"""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One piece of evidence; ``revoked_at``: since when it counts no more."""

    id: UUID
    factor: str
    issuer: str
    value: str
    detail: Mapping[str, Any]
    valid_from: date
    valid_to: date | None
    document: str
    file_id: UUID | None
    note: str
    recorded_at: datetime
    recorded_by: str
    revokes: UUID | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class TreatmentView:
    """One treatment of the history, and whether the single window heard of it."""

    at: datetime
    grade: str
    standing: str
    inspection_share: Decimal
    auto_submit: bool
    fast_lane: bool
    registration_block: bool
    filing_block: bool
    attempts: int
    last_error: str
    sent: bool
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookupView:
    """One look at a record."""

    id: UUID
    at: datetime
    viewer: str
    actor: str
    channel: str


@dataclass(frozen=True, slots=True)
class FirmCredit:
    """One row of the office's list. ``standing`` is empty for whoever was never treated."""

    id: UUID
    uscc: str
    name: str
    day: date | None
    score: Decimal | None
    grade: str | None
    standing: str | None
    inspection_share: Decimal | None


@dataclass(frozen=True, slots=True)
class CreditRecord:
    """One enterprise's credit as far as a viewer may see it: ``fields`` says which; the others are left out."""

    uscc: str
    name: str
    enterprise: EnterpriseView | None
    fields: frozenset[str]
    score: StoredScore | None
    evidence: Sequence[EvidenceView]
    listings: Sequence[ListingView]

    def shows(self, field: str) -> bool:
        """Say whether a field is shown."""
        return field in self.fields


def credit_record(connection: Connection, zone: str, uscc: str, viewer: Viewer, today: date) -> CreditRecord | None:
    """Return what a viewer may see of whoever has this code: a registered enterprise, or somebody on a list."""
    terms = credit_terms(connection, zone, today)
    fields = visible(terms.reaches, viewer)
    known = directory(connection).find(uscc)
    listings = [
        each
        for each in listings_in_force(connection, known.uscc if known else uscc)
        if ("negative_list" if each.kind == "negative" else "red_list") in fields
    ]
    if known is None:
        return CreditRecord(uscc, listings[0].name, None, fields, None, (), listings) if listings else None
    scores = scores_of(connection, known.id, today, 1)
    counting = in_force(evidence_by_enterprise(connection, [known.id]).get(known.id, ()), today, _EVER)
    wanted = [piece.id for factor, found in counting.items() if _field_of(factor) in fields for piece in found]
    shown = scores[0] if scores and "grade" in fields else None
    return CreditRecord(known.uscc, known.name, known, fields, shown, evidence_named(connection, known.id, wanted), listings)


def _field_of(factor: Factor) -> str:
    return factor.value if factor in OUTSIDE else "platform"


def evidence_named(connection: Connection, enterprise_id: UUID, ids: Sequence[UUID]) -> Sequence[EvidenceView]:
    """Return these pieces of an enterprise's evidence, the first recorded first; what is another's is left out."""
    return [EvidenceView(*row) for row in fetch(connection, _NAMED, {"enterprise": enterprise_id, "ids": list(ids)})]


def evidence_of(connection: Connection, enterprise_id: UUID, after: UUID | None = None, limit: int = 50) -> Sequence[EvidenceView]:
    """Return an enterprise's evidence, the last recorded first."""
    rows = fetch(connection, _EVIDENCE, {"id": enterprise_id, "after": after, "limit": limit})
    return [EvidenceView(*row) for row in rows]


def treatments_of(connection: Connection, enterprise_id: UUID, limit: int = 20) -> Sequence[TreatmentView]:
    """Return an enterprise's treatments, the one in force first."""
    return [TreatmentView(*row) for row in fetch(connection, _TREATMENTS, {"id": enterprise_id, "limit": limit})]


def lookups_of(connection: Connection, uscc: str, after: UUID | None = None, limit: int = 50) -> Sequence[LookupView]:
    """Return who looked an enterprise up, the latest first."""
    return [LookupView(*row) for row in fetch(connection, _LOOKUPS, {"uscc": uscc, "after": after, "limit": limit})]


def search_firms(
    connection: Connection, text: str = "", standing: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[FirmCredit]:
    """Return enterprises with grade and treatment; ``standing`` is a row of the treatment table, or ``none``."""
    values = {"text": text, "standing": standing, "after": after, "limit": limit}
    return [FirmCredit(*row) for row in fetch(connection, _FIRMS, values)]


def standings(connection: Connection) -> Mapping[UUID, str]:
    """Return the standing of every enterprise that has one."""
    return dict(fetch(connection, _STANDING_OF))


def count_standings(connection: Connection) -> Mapping[str, int]:
    """Count the enterprises by standing."""
    return dict(fetch(connection, _STANDINGS))
