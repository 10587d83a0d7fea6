"""Recording grades that others gave, each with its document, and taking one back; ours are not touched by it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.credit.rules.recognition import foreign_faults
from ccezone.credit.tables import CreditForeignGrade
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch

_REVOKED = "SELECT 1 FROM credit_foreign_grade WHERE revokes = %(id)s"


@dataclass(frozen=True, slots=True)
class ForeignGrade:
    """A grade somebody else gave, and the document that says so."""

    scheme: str
    issuer: str
    grade: str
    document: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    file_id: UUID | None = None


def note_foreign_grade(uow: UnitOfWork, enterprise_id: UUID, given: ForeignGrade, by: Principal | None, clock: Clock) -> UUID:
    """Record a grade of others. Raises ``Refused`` with everything that is wrong."""
    days, today = (given.valid_from, given.valid_to), clock.now().astimezone(SHANGHAI).date()
    faults = foreign_faults(given.scheme, given.issuer, given.grade, given.document, days, today)
    if faults:
        raise Refused(*faults)
    number = _add(uow, enterprise_id, given, by, clock)
    record(uow, by, "credit.foreign", f"enterprise:{enterprise_id}", clock, {"grade": str(number)})
    return number


def take_foreign_back(uow: UnitOfWork, enterprise_id: UUID, grade_id: UUID, reason: str, by: Principal, clock: Clock) -> None:
    """Take a grade of others back; it stays on record. Raises ``NotFound``, or ``Refused``: no reason, taken back before."""
    found = uow.session.get(CreditForeignGrade, grade_id)
    if found is None or found.revokes is not None or found.enterprise_id != enterprise_id:
        raise NotFound(Fault("", "not_found", {"value": str(grade_id)}))
    if not reason.strip():
        raise Refused(Fault("/reason", "required"))
    if fetch(uow.connection, _REVOKED, {"id": grade_id}):
        raise Refused(Fault("", "credit_evidence_stays"))
    said = ForeignGrade(found.scheme, found.issuer, found.grade, found.document, found.valid_from, found.valid_to, reason.strip())
    _add(uow, enterprise_id, said, by, clock, grade_id)
    record(uow, by, "credit.foreign_back", f"enterprise:{enterprise_id}", clock, {"grade": str(grade_id)})


def _add(
    uow: UnitOfWork, enterprise_id: UUID, given: ForeignGrade, by: Principal | None, clock: Clock, revokes: UUID | None = None
) -> UUID:
    row = CreditForeignGrade(
        id=uuidv7(),
        enterprise_id=enterprise_id,
        scheme=given.scheme,
        issuer=given.issuer.strip(),
        grade=given.grade.strip(),
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        document=given.document.strip(),
        file_id=given.file_id,
        note=given.note.strip(),
        revokes=revokes,
        recorded_at=clock.now(),
        recorded_by=by.actor if by else "demo",
    )
    uow.session.add(row)
    uow.session.flush()
    return row.id
