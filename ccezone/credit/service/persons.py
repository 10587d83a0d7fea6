"""Records of persons: evidence added, taken back; a record opens only to a look that is kept with its reason.

A person is known by the keyed digest of the identity number, as buyers are; name and number are sealed (PIPL art. 51).
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.credit.rules.persons import CAPACITIES, identity_faults, person_faults, reason_faults
from ccezone.credit.tables import CreditPersonEvidence, CreditPersonLook
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault, fold

_PERSON = """
INSERT INTO credit_person (id, digest, personal, recorded_at) VALUES (%(id)s, %(digest)s, %(personal)s, %(at)s)
ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest RETURNING id
"""
_REVOKED = "SELECT 1 FROM credit_person_evidence WHERE revokes = %(id)s"
_BACK = """
INSERT INTO credit_person_evidence (id, person_id, kind, enterprise_id, issuer, valid_from, valid_to, document, file_id, note,
    revokes, recorded_at, recorded_by)
SELECT %(id)s, person_id, kind, enterprise_id, issuer, valid_from, valid_to, document, NULL, %(note)s, id, %(at)s, %(by)s
FROM credit_person_evidence WHERE id = %(revokes)s
"""
_DIGEST = "SELECT digest FROM credit_person WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class PersonStatement:
    """What a document says about a person; ``enterprise_code`` names the enterprise the person acts for."""

    name: str
    id_number: str
    kind: str
    issuer: str
    document: str
    valid_from: date
    valid_to: date | None = None
    enterprise_code: str = ""
    note: str = ""
    file_id: UUID | None = None


def state_about_person(uow: UnitOfWork, vault: PersonalVault, said: PersonStatement, by: Principal | None, clock: Clock) -> UUID:
    """Record evidence about a person; return the evidence's id. Raises ``Refused`` with everything that is wrong."""
    days, today, number = (said.valid_from, said.valid_to), clock.now().astimezone(SHANGHAI).date(), fold(said.id_number)
    faults = person_faults(said.name, number, said.kind, said.issuer, said.document, days, today)
    firm = directory(uow.connection).find(said.enterprise_code.strip().upper())
    if firm is None and (said.enterprise_code.strip() or said.kind in CAPACITIES):
        code = said.enterprise_code.strip()
        faults.append(Fault("/enterprise", "party_not_registered", {"code": code}) if code else Fault("/enterprise", "required"))
    if faults:
        raise Refused(*faults)
    personal = vault.seal({"name": said.name.strip(), "id_number": number})
    values = {"id": uuidv7(), "digest": vault.digest(number), "personal": personal, "at": clock.now()}
    person_id = fetch(uow.connection, _PERSON, values)[0][0]
    evidence = CreditPersonEvidence(
        id=uuidv7(),
        person_id=person_id,
        kind=said.kind,
        enterprise_id=firm.id if firm else None,
        issuer=said.issuer.strip(),
        valid_from=said.valid_from,
        valid_to=said.valid_to,
        document=said.document.strip(),
        file_id=said.file_id,
        note=said.note.strip(),
        revokes=None,
        recorded_at=clock.now(),
        recorded_by=by.actor if by else "demo",
    )
    uow.session.add(evidence)
    uow.session.flush()
    record(uow, by, "credit.person_evidence", f"person:{person_id}", clock, {"evidence": str(evidence.id)})
    return evidence.id


def take_person_back(uow: UnitOfWork, person_id: UUID, evidence_id: UUID, reason: str, by: Principal, clock: Clock) -> None:
    """Take a piece of evidence back; both stay on record. Raises ``NotFound``, or ``Refused``: no reason, taken back before."""
    found = uow.session.get(CreditPersonEvidence, evidence_id)
    if found is None or found.revokes is not None or found.person_id != person_id:
        raise NotFound(Fault("", "not_found", {"value": str(evidence_id)}))
    if not reason.strip():
        raise Refused(Fault("/reason", "required"))
    if fetch(uow.connection, _REVOKED, {"id": evidence_id}):
        raise Refused(Fault("", "credit_evidence_stays"))
    back = {"id": uuidv7(), "revokes": evidence_id, "note": reason.strip(), "at": clock.now(), "by": by.actor}
    run(uow.connection, _BACK, back)
    record(uow, by, "credit.person_back", f"person:{person_id}", clock, {"evidence": str(evidence_id)})


def look_at_number(
    uow: UnitOfWork, vault: PersonalVault, id_number: str, reason: str, viewer: str, by: Principal, clock: Clock
) -> UUID:
    """Keep a look at whoever has this number, on record or not; the look's id opens the record to whoever looked.

    Raises ``Refused``: a wrong number, no reason.
    """
    number = fold(id_number)
    faults = [*identity_faults(number), *reason_faults(reason, viewer)]
    if faults:
        raise Refused(*faults)
    return _look(uow, vault.digest(number), reason, viewer, by, clock)


def look_at_person(uow: UnitOfWork, person_id: UUID, reason: str, viewer: str, by: Principal, clock: Clock) -> UUID:
    """Keep a look at a person on record, reached from an enterprise. Raises ``NotFound``, ``Refused``: no reason."""
    known = fetch(uow.connection, _DIGEST, {"id": person_id})
    if not known:
        raise NotFound(Fault("", "not_found", {"value": str(person_id)}))
    if faults := reason_faults(reason, viewer):
        raise Refused(*faults)
    return _look(uow, known[0][0], reason, viewer, by, clock)


def _look(uow: UnitOfWork, digest: int, reason: str, viewer: str, by: Principal, clock: Clock) -> UUID:
    look = CreditPersonLook(
        id=uuidv7(), digest=digest, at=clock.now(), viewer=viewer, actor=by.actor, reason=reason.strip()
    )  # fmt: skip
    uow.session.add(look)
    uow.session.flush()
    record(uow, by, "credit.person_look", f"look:{look.id}", clock, {"viewer": viewer})
    return look.id
