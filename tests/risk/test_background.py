"""Background checks of banks and insurers: recorded with their document, found again, taken back and never lost."""

import io

import pytest

from tests.hub.harness import Hub
from tests.web.conftest import SignIn, app, cast, clock, signed_in

__all__ = ["app", "cast", "clock", "signed_in"]
pytestmark = pytest.mark.storage
SAID = {
    "institution": "某商业银行",
    "kind": "bank",
    "purpose": "loan",
    "outcome": "concern",
    "checked_on": "2026-05-01",
    "document": "尽职调查报告 7 号",
    "note": "关联企业代收货款",
}


def test_a_report_is_recorded_with_its_scan_and_listed_by_outcome(signed_in: SignIn, hub: Hub) -> None:
    officer, firm = signed_in("officer"), hub.party("furniture")
    sent = {**SAID, "uscc": firm.uscc, "file": (io.BytesIO(b"%PDF-1.4 report"), "报告.pdf")}
    assert officer.post("/office/background-checks/new", data=sent, content_type="multipart/form-data").status_code == 302
    page = officer.get("/office/background-checks?outcome=concern").text
    assert "关联企业代收货款" in page
    assert firm.name in page
    assert "关联企业代收货款" not in officer.get("/office/background-checks?outcome=clear").text
    [(number,)] = hub.rows("SELECT id FROM risk_background_check")
    assert officer.get(f"/office/background-checks/{number}/file").data == b"%PDF-1.4 report"
    assert hub.rows("SELECT count(*) FROM audit_entry WHERE action = 'risk.background'") == [(1,)]


def test_a_report_is_taken_back_once_with_a_reason_and_stays(signed_in: SignIn, hub: Hub) -> None:
    officer = signed_in("officer")
    officer.post("/office/background-checks/new", data={**SAID, "uscc": hub.party("furniture").uscc})
    [(number,)] = hub.rows("SELECT id FROM risk_background_check")
    for reason in ("", "机构更正", "再撤一次"):
        officer.post(f"/office/background-checks/{number}/revoke", data={"reason": reason})
    assert hub.rows("SELECT note FROM risk_background_check WHERE revokes IS NOT NULL") == [("机构更正",)]
    assert "机构更正" in officer.get("/office/background-checks").text


@pytest.mark.parametrize(
    "changes", [{"uscc": "91360700MA35CAM01X"}, {"institution": " "}, {"document": ""}, {"note": ""}, {"outcome": "fine"},
                {"checked_on": "2099-01-01"}, {"valid_to": "2020-01-01"}],
)  # fmt: skip
def test_a_report_without_its_facts_is_refused(signed_in: SignIn, hub: Hub, changes: dict[str, str]) -> None:
    said = {**SAID, "uscc": hub.party("furniture").uscc, **changes}
    assert signed_in("officer").post("/office/background-checks/new", data=said).status_code == 422
    assert hub.count("risk_background_check") == 0
