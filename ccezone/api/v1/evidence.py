"""``/api/v1/credit/evidence``: an authorised agency states evidence in its own name, judged at once as by form and workbook."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.api.operations import Example, Resource
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.api.v1.credit import known_code
from ccezone.cases.rules import SCANS, file_faults, kind_of
from ccezone.cases.service import Upload, store_file
from ccezone.credit.queries import sources_of
from ccezone.credit.rules.sources import may_state
from ccezone.credit.service import Statement, rejudge, state, stated_already
from ccezone.enterprises.queries import EnterpriseView
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import UnitOfWork
from schemas.rest.credit import EvidenceAnswer, EvidenceBody
from schemas.rest.words import Words

RESOURCE = Resource("信用", "Credit")
MOST_BYTES = 3_000_000


def _evidence() -> dict[str, object]:
    said = {"uscc": known_code(), "factor": "tax_class", "value": "A", "document": "纳税信用评价结果 2026-001"}
    return {**said, "valid_from": "2026-01-01", "valid_to": None, "note": "", "scan": ""}


@RESOURCE.post(
    "/credit/evidence",
    "stateEvidence",
    Words("管理部门报送信用证据", "State evidence as an agency"),
    details=Words(
        "仅限综试区授权的管理部门，只能报送本部门的评价因素；登记后立即重新评价。同一内容重复报送不会重复登记。",
        "For agencies the zone authorised, each for its own factors. The enterprise is judged again at once; "
        "the same statement twice is recorded once.",
    ),
    permission=Permission.CREDIT_WRITE,
    body=EvidenceBody,
    status=201,
    answer=EvidenceAnswer,
    examples=[Example("tax_class", Words("纳税信用级别", "A tax class"), _evidence)],
)
def post_evidence(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """Record what an agency states, with its document and perhaps the scan."""
    work, firm = services(), _subject(by, body["uscc"])
    with work.database.begin() as uow:
        if not may_state(sources_of(uow.connection, by.enterprise.id, work.today()), body["factor"]):
            raise Problem(403, [Fault("/factor", "credit_source_missing", {"factor": body["factor"]})])
        said = (body["factor"], body["value"], by.enterprise.name, body["document"], body["valid_from"], body["valid_to"])
        former = stated_already(uow, firm.id, Statement(*said))
        if former is not None:
            return {"id": former, "uscc": firm.uscc, "repeated": True}
        statement = Statement(*said, body["note"], _scan(uow, firm.id, body["document"], body["scan"]))
        number = state(uow, firm.id, statement, by.principal.actor, work.clock)
        rejudge(uow, work.book.zone, [firm.id], work.clock)
        record(uow, by.principal, "credit.evidence", f"enterprise:{firm.id}", work.clock, {"evidence": str(number)})
    return {"id": number, "uscc": firm.uscc, "repeated": False}


def _subject(by: Caller, uscc: str) -> EnterpriseView:
    found = by.parties.find(uscc)
    if found is None:
        raise Problem(422, [Fault("/uscc", "party_not_registered", {"code": uscc})])
    if found.id == by.enterprise.id:
        raise Problem(422, [Fault("/uscc", "credit_own_evidence")])
    return found


def _scan(uow: UnitOfWork, firm_id: UUID, name: str, encoded: str) -> UUID | None:
    """Keep the scan. Raises ``Refused``: no base64, too large, of no kind a scan has."""
    if not encoded:
        return None
    try:
        content = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise Refused(Fault("/scan", "credit_scan_unreadable")) from None
    faults, kind = file_faults(content, SCANS, MOST_BYTES, "/scan"), kind_of(content)
    if faults or kind is None:
        raise Refused(*faults)
    work = services()
    return store_file(uow, work.vault, Upload(f"{name[:100]}.{kind.value}", kind, content, "credit", firm_id), work.clock)
