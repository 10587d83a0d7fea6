"""Records of persons, each opened by a look; and the persons an enterprise is known to have, masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.import_tax.queries import used
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault, mask

OPEN_FOR = timedelta(minutes=30)
_LOOK = "SELECT id, digest, at, viewer, actor, reason FROM credit_person_look WHERE id = %(id)s AND actor = %(actor)s"
_PERSON = "SELECT id, personal FROM credit_person WHERE digest = %(digest)s"
_EVIDENCE = """
SELECT v.id, v.kind, v.enterprise_id, e.name, v.issuer, v.valid_from, v.valid_to, v.document, v.file_id, v.note, v.revokes,
    v.recorded_at, v.recorded_by, r.recorded_at
FROM credit_person_evidence v
LEFT JOIN credit_person_evidence r ON r.revokes = v.id LEFT JOIN enterprise e ON e.id = v.enterprise_id
WHERE v.person_id = %(id)s ORDER BY v.id DESC LIMIT 200
"""
_LOOKS = "SELECT id, digest, at, viewer, actor, reason FROM credit_person_look WHERE digest = %(digest)s ORDER BY id DESC LIMIT 50"
_LAST_LOOKS = """
SELECT id, at, viewer, actor, reason FROM credit_person_look WHERE %(after)s::uuid IS NULL OR id < %(after)s
ORDER BY id DESC LIMIT %(limit)s
"""
_OF_FIRM = """
SELECT p.id, p.personal, v.kind, v.document, v.valid_from, v.valid_to
FROM credit_person_evidence v JOIN credit_person p ON p.id = v.person_id
WHERE v.enterprise_id = %(id)s AND v.kind IN ('legal_representative', 'responsible') AND v.revokes IS NULL
    AND v.valid_from <= %(day)s AND (v.valid_to IS NULL OR v.valid_to >= %(day)s)
    AND NOT EXISTS (SELECT FROM credit_person_evidence r WHERE r.revokes = v.id)
ORDER BY v.kind, v.id
"""
_FILE = "SELECT file_id FROM credit_person_evidence WHERE id = %(id)s AND person_id = %(person)s"


@dataclass(frozen=True, slots=True)
class PersonLook:
    """One look: whose digest, when, for whom, by whom, why."""

    id: UUID
    digest: int
    at: datetime
    viewer: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class PersonLookRow:
    """A look as the log lists it: without whom it was at."""

    id: UUID
    at: datetime
    viewer: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class PersonEvidenceView:
    """One piece of evidence; ``revoked_at``: since when it counts no more."""

    id: UUID
    kind: str
    enterprise_id: UUID | None
    enterprise: str | None
    issuer: str
    valid_from: date
    valid_to: date | None
    document: str
    file_id: UUID | None
    note: str
    revokes: UUID | None
    recorded_at: datetime
    recorded_by: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is known of whoever was looked at; without ``id`` there is no record. ``used``: of the year's import limit, in yuan."""

    look: PersonLook
    id: UUID | None
    name: str
    id_number: str
    evidence: Sequence[PersonEvidenceView]
    looks: Sequence[PersonLook]
    used: Decimal


@dataclass(frozen=True, slots=True)
class LinkedPerson:
    """A person of an enterprise, masked, and in which capacity."""

    id: UUID
    name: str
    kind: str
    document: str
    valid_from: date
    valid_to: date | None


def person_record(connection: Connection, vault: PersonalVault, look_id: UUID, actor: str, now: datetime) -> PersonRecord | None:
    """Return the record a look opens, to whoever looked and for half an hour; ``None`` afterwards and for everybody else."""
    found = fetch(connection, _LOOK, {"id": look_id, "actor": actor})
    if not found or now - found[0][2] > OPEN_FOR:
        return None
    look = PersonLook(*found[0])
    of_digest = {"digest": look.digest}
    spent = used(connection, [look.digest], now.astimezone(SHANGHAI).year)[look.digest]
    looks = [PersonLook(*row) for row in fetch(connection, _LOOKS, of_digest)]
    known = fetch(connection, _PERSON, of_digest)
    if not known:
        return PersonRecord(look, None, "", "", (), looks, spent)
    person_id, sealed = known[0]
    personal = vault.open(bytes(sealed))
    evidence = [PersonEvidenceView(*row) for row in fetch(connection, _EVIDENCE, {"id": person_id})]
    return PersonRecord(look, person_id, personal["name"], mask(personal["id_number"]), evidence, looks, spent)


def person_looks(connection: Connection, after: UUID | None, limit: int) -> Sequence[PersonLookRow]:
    """Return the looks at persons' records, the last first."""
    return [PersonLookRow(*row) for row in fetch(connection, _LAST_LOOKS, {"after": after, "limit": limit})]


def persons_of(connection: Connection, vault: PersonalVault, enterprise_id: UUID, day: date) -> Sequence[LinkedPerson]:
    """Return the legal representative and responsible persons of an enterprise on a day, names masked."""
    rows = fetch(connection, _OF_FIRM, {"id": enterprise_id, "day": day})
    return [LinkedPerson(number, mask(vault.open(bytes(sealed))["name"]), *rest) for number, sealed, *rest in rows]


def person_file(connection: Connection, person_id: UUID, evidence_id: UUID) -> UUID | None:
    """Return the scan of a piece of evidence about a person."""
    found = fetch(connection, _FILE, {"id": evidence_id, "person": person_id})
    return found[0][0] if found else None
