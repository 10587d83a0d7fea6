"""Recording evidence: what authorities and raters state, with its document; and what the platform itself has seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.clearance.queries.conduct import Conduct, conduct
from ccezone.credit.queries.terms import CreditTerms
from ccezone.credit.rules.scoring import CLASSES, OUTSIDE, Factor, share_of
from ccezone.credit.tables import CreditEvidence
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

PLATFORM, INSPECTION, REPORTING = "platform", "inspection", "reporting"
"""Issuers inside the zone: what the platform saw itself, what joint inspections came to, whether reports came in time. Nobody
takes those back."""
_INSERT = """
INSERT INTO credit_evidence (id, enterprise_id, factor, issuer, value, detail, valid_from, valid_to, document, file_id, note,
    revokes, recorded_at, recorded_by)
VALUES (%(id)s, %(enterprise)s, %(factor)s, %(issuer)s, %(value)s, %(detail)s, %(valid_from)s, %(valid_to)s, %(document)s,
    %(file)s, %(note)s, %(revokes)s, %(at)s, %(by)s)
"""
_LAST = """
SELECT DISTINCT ON (enterprise_id, factor) enterprise_id, factor, value, detail, valid_to FROM credit_evidence
WHERE issuer = 'platform' AND enterprise_id = ANY(%(ids)s::uuid[]) ORDER BY enterprise_id, factor, recorded_at DESC, id DESC
"""
_SAME = """
SELECT e.id FROM credit_evidence e WHERE e.enterprise_id = %(id)s AND e.factor = %(factor)s AND e.value = %(value)s
    AND e.issuer = %(issuer)s AND e.document = %(document)s AND e.valid_from = %(from)s
    AND e.valid_to IS NOT DISTINCT FROM %(to)s::date AND e.revokes IS NULL
    AND NOT EXISTS (SELECT FROM credit_evidence r WHERE r.revokes = e.id)
"""
_REVOKED = "SELECT 1 FROM credit_evidence WHERE revokes = %(id)s"


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody outside states of an enterprise, with the document that says so and perhaps its scan."""

    factor: str
    value: str
    issuer: str
    document: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    file_id: UUID | None = None


def statement_faults(statement: Statement, today: date) -> list[Fault]:
    """Judge a statement: known factor, a class of it, issuer and document named, days in order, not from the future."""
    faults = []
    if statement.factor not in {factor.value for factor in OUTSIDE}:
        faults.append(Fault("/factor", "credit_factor_unknown", {"value": statement.factor}))
    elif statement.value not in CLASSES[Factor(statement.factor)]:
        known = "、".join(CLASSES[Factor(statement.factor)])
        faults.append(Fault("/value", "credit_class_unknown", {"value": statement.value, "known": known}))
    faults += [Fault(f"/{name}", "required") for name in ("issuer", "document") if not getattr(statement, name).strip()]
    if statement.valid_from > today:
        faults.append(Fault("/valid_from", "credit_from_future", {"day": statement.valid_from.isoformat()}))
    if statement.valid_to is not None and statement.valid_to < statement.valid_from:
        faults.append(Fault("/valid_to", "ends_before_begin"))
    return faults


def state(uow: UnitOfWork, enterprise_id: UUID, statement: Statement, by: str, clock: Clock) -> UUID:
    """Record what was stated. Raises ``Refused`` with everything that is wrong. The caller has it judged (``judging``)."""
    faults = statement_faults(statement, clock.now().astimezone(SHANGHAI).date())
    if faults:
        raise Refused(*faults)
    number = uuidv7()
    days = {"valid_from": statement.valid_from, "valid_to": statement.valid_to}
    said = {"factor": statement.factor, "issuer": statement.issuer.strip(), "value": statement.value}
    papers = {"document": statement.document.strip(), "file": statement.file_id, "note": statement.note.strip()}
    row = {"id": number, "enterprise": enterprise_id, **said, **days, **papers, "detail": Jsonb({}), "revokes": None}
    run(uow.connection, _INSERT, {**row, "at": clock.now(), "by": by})
    return number


def stated_already(uow: UnitOfWork, enterprise_id: UUID, statement: Statement) -> UUID | None:
    """Return the piece of evidence that says exactly this and was not taken back, if there is one."""
    days = {"from": statement.valid_from, "to": statement.valid_to}
    said = {"factor": statement.factor, "value": statement.value, "issuer": statement.issuer.strip()}
    values = {**said, **days, "id": enterprise_id, "document": statement.document.strip()}
    found = fetch(uow.connection, _SAME, values)
    return found[0][0] if found else None


def take_back(uow: UnitOfWork, evidence_id: UUID, reason: str, by: str, clock: Clock) -> UUID:
    """Take a piece of evidence back by another that says so; return whose it was.

    Raises ``NotFound``, or ``Refused``: no reason, what the platform saw itself, or taken back before.
    """
    found = uow.session.get(CreditEvidence, evidence_id)
    if found is None or found.revokes is not None:
        raise NotFound(Fault("", "not_found", {"value": str(evidence_id)}))
    if not reason.strip():
        raise Refused(Fault("/reason", "required"))
    if found.issuer in (PLATFORM, INSPECTION, REPORTING) or fetch(uow.connection, _REVOKED, {"id": evidence_id}):
        raise Refused(Fault("", "credit_evidence_stays"))
    said = {"factor": found.factor, "issuer": found.issuer, "value": found.value, "document": found.document, "file": None}
    days = {"valid_from": found.valid_from, "valid_to": found.valid_to}
    row = {"id": uuidv7(), "enterprise": found.enterprise_id, **said, **days, "detail": Jsonb({}), "note": reason.strip()}
    run(uow.connection, _INSERT, {**row, "revokes": evidence_id, "at": clock.now(), "by": by})
    return found.enterprise_id


@dataclass(frozen=True, slots=True)
class Inspected:
    """How many of a firm's inspections found something, of all with a result since a day; the document that changed it."""

    found: int
    total: int
    since: date
    document: str


def inspected(uow: UnitOfWork, enterprise_id: UUID, counts: Inspected, terms: CreditTerms, clock: Clock) -> None:
    """Record what joint inspections came to. The caller has it judged (``judging.rejudge``)."""
    now = clock.now()
    today = now.astimezone(SHANGHAI).date()
    value = share_of(counts.found, counts.total, terms.least_inspections)
    detail = {"count": counts.found, "total": counts.total, "since": str(counts.since)}
    days = (today, today + timedelta(days=terms.window_days))
    _seen(uow, enterprise_id, Factor.INSPECTION_FINDS, value, detail, days, now, INSPECTION, counts.document)


@dataclass(frozen=True, slots=True)
class Reported:
    """How many of a firm's statistical reports were late and not excused, of all that were due since a day.

    ``document`` is the report that changed it; the share is reckoned of ``least`` reports at least.
    """

    late: int
    total: int
    since: date
    document: str
    least: int


def reported(uow: UnitOfWork, enterprise_id: UUID, counts: Reported, terms: CreditTerms, clock: Clock) -> None:
    """Record how punctually a firm reports; an excused report lowers the next share. The caller has it judged."""
    now = clock.now()
    today = now.astimezone(SHANGHAI).date()
    value = share_of(counts.late, counts.total, counts.least)
    detail = {"count": counts.late, "total": counts.total, "since": str(counts.since)}
    days = (today, today + timedelta(days=terms.window_days))
    _seen(uow, enterprise_id, Factor.LATE_REPORTS, value, detail, days, now, REPORTING, counts.document)


def draw_conduct(uow: UnitOfWork, terms: CreditTerms, clock: Clock, enterprises: Sequence[UUID] | None = None) -> list[UUID]:
    """Record the conduct of these enterprises (of all) where it is not what was recorded last; return whose it is."""
    now = clock.now()
    today = now.astimezone(SHANGHAI).date()
    since = today - timedelta(days=terms.window_days)
    begin = datetime.combine(since, datetime.min.time(), SHANGHAI)
    found = conduct(uow.connection, begin, enterprises)
    last: dict[tuple[UUID, str], tuple[object, ...]] = {
        (owner, factor): (value, detail.get("count"), detail.get("total"), valid_to)
        for owner, factor, value, detail, valid_to in fetch(uow.connection, _LAST, {"ids": list(found)})
    }
    for enterprise_id, counts in found.items():
        for factor, (count, total, least) in _shares(counts, terms).items():
            if not total:
                continue
            value, valid_to = share_of(count, total, least), today + timedelta(days=terms.window_days)
            former = last.get((enterprise_id, factor.value))
            still = former is not None and former[:3] == (value, count, total) and _later(former[3], today)
            if not still:
                detail = {"count": count, "total": total, "since": str(since)}
                _seen(uow, enterprise_id, factor, value, detail, (today, valid_to), now)
    return list(found)


def _shares(counts: Conduct, terms: CreditTerms) -> Mapping[Factor, tuple[int, int, int]]:
    documents, inspections = terms.least_documents, terms.least_inspections
    return {
        Factor.CONFLICTS: (counts.conflicts, counts.orders, documents),
        Factor.REJECTIONS: (counts.rejected, counts.filed, documents),
        Factor.INSPECTION_FINDS: (counts.found, counts.inspected, inspections),
        Factor.RETURNS: (counts.returned, counts.filed, documents),
        Factor.LATE_CORRECTIONS: (counts.late, counts.orders, documents),
    }


def _later(valid_to: object, today: date) -> bool:
    return isinstance(valid_to, date) and valid_to > today


def _seen(
    uow: UnitOfWork,
    owner: UUID,
    factor: Factor,
    value: str,
    detail: Mapping[str, object],
    days: tuple[date, date],
    now: datetime,
    issuer: str = PLATFORM,
    document: str = "",
) -> None:
    row: dict[str, object] = {
        "id": uuidv7(),
        "enterprise": owner,
        "factor": factor.value,
        "issuer": issuer,
        "value": value,
        "document": document,
    }
    row |= {"valid_from": days[0], "valid_to": days[1], "file": None, "note": "", "revokes": None, "at": now, "by": "system"}
    run(uow.connection, _INSERT, {**row, "detail": Jsonb(dict(detail))})
