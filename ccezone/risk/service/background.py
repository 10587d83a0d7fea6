"""Recording what banks and insurers found when they checked a firm (G: 金融机构背景调查结果), and taking a report back."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.risk.rules.background import background_faults
from ccezone.risk.tables import RiskBackgroundCheck
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

_REVOKED = "SELECT 1 FROM risk_background_check WHERE revokes = %(id)s"
_BACK = """
INSERT INTO risk_background_check (id, enterprise_id, institution, kind, purpose, outcome, checked_on, valid_to, document, file_id,
    note, revokes, recorded_at, recorded_by)
SELECT %(new)s, enterprise_id, institution, kind, purpose, outcome, checked_on, valid_to, document, NULL, %(note)s, id, %(at)s,
    %(by)s FROM risk_background_check WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class BackgroundReport:
    """A report, as its document states it."""

    institution: str
    kind: str
    purpose: str
    outcome: str
    document: str
    note: str
    checked_on: date
    valid_to: date | None = None
    file_id: UUID | None = None


def report_background(uow: UnitOfWork, code: str, said: BackgroundReport, by: Principal, clock: Clock) -> UUID:
    """Record a report about whoever is registered under a code. Raises ``Refused`` with everything that is wrong."""
    firm = directory(uow.connection).find(code.strip().upper())
    texts = {name: value for name, value in asdict(said).items() if isinstance(value, str)}
    faults = background_faults(texts, said.checked_on, said.valid_to, clock.now().astimezone(SHANGHAI).date())
    if firm is None:
        faults.insert(0, Fault("/uscc", "party_not_registered", {"code": code.strip()}))
    if faults or firm is None:
        raise Refused(*faults)
    row = RiskBackgroundCheck(
        id=uuidv7(), enterprise_id=firm.id, **asdict(said), revokes=None, recorded_at=clock.now(), recorded_by=by.actor
    )
    uow.session.add(row)
    uow.session.flush()
    record(uow, by, "risk.background", f"enterprise:{firm.id}", clock, {"check": str(row.id)})
    return row.id


def take_background_back(uow: UnitOfWork, check_id: UUID, reason: str, by: Principal, clock: Clock) -> None:
    """Take a report back; both stay on record. Raises ``NotFound``, or ``Refused``: no reason, taken back before."""
    found = uow.session.get(RiskBackgroundCheck, check_id)
    if found is None or found.revokes is not None:
        raise NotFound(Fault("", "not_found", {"value": str(check_id)}))
    if not reason.strip():
        raise Refused(Fault("/reason", "required"))
    if fetch(uow.connection, _REVOKED, {"id": check_id}):
        raise Refused(Fault("", "credit_evidence_stays"))
    run(
        uow.connection,
        _BACK,
        {"new": uuidv7(), "id": check_id, "note": reason.strip(), "at": clock.now(), "by": by.actor},
    )
    record(uow, by, "risk.background_back", f"enterprise:{found.enterprise_id}", clock, {"check": str(check_id)})
