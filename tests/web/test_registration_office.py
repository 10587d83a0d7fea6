"""Deciding applications on the site, certificates, nodes, and a firm's own amendments."""

import io
import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from ccezone.accounts.queries import audit_of
from ccezone.enterprises.queries import directory, live_paper
from ccezone.enterprises.queries.applications import search_applications
from ccezone.enterprises.queries.nodes import nodes
from ccezone.enterprises.rules import Status
from ccezone.enterprises.service import set_status
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.people import PASSWORD
from tests.web.applying import IDENTITY, SCAN, USCC, Applicant, begun
from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage


@pytest.fixture
def applicant(app: Flask, database: Database, clock: FixedClock) -> Applicant:
    """Somebody whose application as a merchant waits for a decision."""
    applicant = begun(app, database, clock)
    applicant.fill_in()
    applicant.submit()
    return applicant


def waiting(database: Database) -> UUID:
    with database.reading() as connection:
        [row] = search_applications(connection, ["submitted"])
    return row.id


def decide(officer: FlaskClient, database: Database, how: str, **data: str) -> str:
    answer = officer.post(f"/office/approvals/{waiting(database)}/{how}", data=data, follow_redirects=True)
    return answer.text


def firm_user(app: Flask, page: str) -> FlaskClient:
    """Accept the invitation an approval shows, and sign in."""
    link = re.search(r"/link/([\w-]+)", page)
    assert link is not None
    browser = app.test_client()
    browser.post(f"/link/{link[1]}", data={"password": PASSWORD, "repeated": PASSWORD})
    answer = browser.post("/sign-in", data={"login": "zhang@example.org", "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def test_the_office_sees_what_was_stated_beside_what_the_checks_found(
    signed_in: SignIn, applicant: Applicant, database: Database
) -> None:
    officer = signed_in("officer")
    listing = officer.get("/office/approvals").text
    assert applicant.reference in listing
    assert "余 5 个工作日" in listing
    page = officer.get(f"/office/approvals/{waiting(database)}").text
    assert "赣南家具有限公司" in page
    assert "校验码正确" in page
    assert "营业执照号与统一社会信用代码一致" in page
    assert "张三丰" not in page
    assert "13800000001" not in page


def test_the_clock_counts_working_days_and_says_when_it_has_run_out(
    app: Flask, signed_in: SignIn, applicant: Applicant, clock: FixedClock
) -> None:
    assert applicant
    officer = signed_in("officer")
    clock.advance(days=14)
    officer.post("/sign-in", data={"login": "officer@example.org", "password": PASSWORD})
    assert "超期 5 个工作日" in officer.get("/office/approvals").text


def test_an_approval_invites_the_first_user_who_finds_the_firm(
    app: Flask, signed_in: SignIn, applicant: Applicant, database: Database
) -> None:
    page = decide(signed_in("officer"), database, "approve")
    firm = firm_user(app, page)
    own = firm.get("/firm/registration").text
    assert "赣南家具有限公司" in own
    assert "营业执照" in own
    assert "已通过" in applicant.browser.get(applicant.base).text


def test_a_return_shows_its_reasons_and_the_next_round_what_changed(
    signed_in: SignIn, applicant: Applicant, database: Database
) -> None:
    officer = signed_in("officer")
    reasons = {"reason-goods_categories": "请写明具体品类", "note": "其余无误"}
    decide(officer, database, "return", **reasons)
    assert "请写明具体品类" in applicant.browser.get(applicant.base).text
    assert "请写明具体品类" in applicant.browser.get(f"{applicant.base}/part/business").text
    assert applicant.save("business", {"trade_modes": "9610", "goods_categories": "实木家具"}).status_code == 302
    applicant.submit()
    page = officer.get(f"/office/approvals/{waiting(database)}").text
    assert "<del>家具</del> → <ins>实木家具</ins>" in page
    assert page.count("有变化") == 1


def test_a_decision_against_needs_a_reason(signed_in: SignIn, applicant: Applicant, database: Database) -> None:
    officer = signed_in("officer")
    for how in ("return", "refuse"):
        assert officer.post(f"/office/approvals/{waiting(database)}/{how}").status_code == 422
    assert "申请未通过" in decide(officer, database, "refuse", note="不在本区经营")
    assert "不在本区经营" in applicant.browser.get(applicant.base).text
    assert applicant.browser.get(f"{applicant.base}/part/identity").status_code == 302


def test_two_officers_decide_once(signed_in: SignIn, applicant: Applicant, database: Database) -> None:
    assert applicant
    officer, application_id = signed_in("officer"), waiting(database)
    officer.post(f"/office/approvals/{application_id}/approve")
    again = officer.post(f"/office/approvals/{application_id}/refuse", data={"note": "晚了"})
    assert again.status_code == 422
    assert "不在待审核状态" in again.text


def test_a_scan_is_handed_to_officers_and_the_look_recorded(signed_in: SignIn, applicant: Applicant, database: Database) -> None:
    assert applicant
    application_id = waiting(database)
    officer = signed_in("officer")
    address = re.search(
        rf"/office/approvals/{application_id}/files/[0-9a-f-]+", officer.get(f"/office/approvals/{application_id}").text
    )
    assert address is not None
    assert officer.get(address[0]).data == SCAN
    assert signed_in("auditor").get(address[0]).status_code == 403
    with database.reading() as connection:
        assert audit_of(connection, f"application:{application_id}")[0].action == "application.file"


def test_a_draft_is_nobodys_business(app: Flask, signed_in: SignIn, database: Database, clock: FixedClock) -> None:
    draft = begun(app, database, clock)
    officer = signed_in("officer")
    assert draft.reference not in officer.get("/office/approvals").text
    with database.reading() as connection:
        [row] = search_applications(connection, ["draft"])
    assert officer.get(f"/office/approvals/{row.id}").status_code == 404


def test_anybody_verifies_a_certificate_and_sees_when_it_no_longer_holds(
    app: Flask, signed_in: SignIn, applicant: Applicant, database: Database, clock: FixedClock
) -> None:
    assert applicant
    page = decide(signed_in("officer"), database, "approve")
    firm = firm_user(app, page)
    with database.reading() as connection:
        party = directory(connection).find(USCC)
        assert party is not None
        found = live_paper(connection, "registration", str(party.id))
    assert found is not None
    pdf = firm.get(f"/firm/registration/certificates/{found.code}.pdf")
    assert found.code in "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf.data)).pages)
    anybody = app.test_client()
    assert "核验通过" in anybody.get(f"/verify/{found.code}").text
    assert anybody.get(f"/verify?code={found.code.lower()}", follow_redirects=True).status_code == 200
    assert anybody.get("/verify/AAAA-BBBB-CCCC-DDDD").status_code == 404
    assert "张三丰" not in anybody.get(f"/verify/{found.code}").text
    with database.begin() as uow:
        set_status(uow, party.id, Status.SUSPENDED, clock)
    assert "已暂停业务" in anybody.get(f"/verify/{found.code}").text


def test_a_firm_amends_its_registration_by_approval(
    app: Flask, signed_in: SignIn, applicant: Applicant, database: Database
) -> None:
    assert applicant
    officer = signed_in("officer")
    firm = firm_user(app, decide(officer, database, "approve"))
    base = firm.post("/firm/registration/amend").location
    assert firm.post("/firm/registration/amend").location == base
    version = re.search(r'name="version" value="(\d+)"', firm.get(f"{base}/part/identity").text)
    assert version is not None
    changed = {**IDENTITY, "name": "赣南家居有限公司", "roles": "merchant", "version": version[1]}
    assert firm.post(f"{base}/part/identity", data=changed).status_code == 302
    assert "赣南家具有限公司" in firm.get("/firm/registration").text
    assert firm.post(f"{base}/submit", data={"consent": "1"}).status_code == 302
    page = officer.get(f"/office/approvals/{waiting(database)}").text
    assert "<del>赣南家具有限公司</del> → <ins>赣南家居有限公司</ins>" in page
    decide(officer, database, "approve")
    assert "赣南家居有限公司" in firm.get("/firm/registration").text


def test_another_firm_gets_at_no_amendment(app: Flask, signed_in: SignIn, applicant: Applicant, database: Database) -> None:
    assert applicant
    firm = firm_user(app, decide(signed_in("officer"), database, "approve"))
    base = firm.post("/firm/registration/amend").location
    rival = signed_in("rival")
    assert rival.get(base).status_code == 404
    assert rival.post(f"{base}/withdraw").status_code == 404


def test_officers_keep_the_register_of_nodes(signed_in: SignIn, database: Database) -> None:
    officer = signed_in("officer")
    hub = {"code": "gz", "kind": "hub", "name": "赣州综合平台", "open_from": "2026-01-01"}
    assert officer.post("/office/nodes/new", data=hub).status_code == 302
    assert officer.post("/office/nodes/new", data=hub).status_code == 422
    window = {"code": "GZ-RW", "kind": "window", "name": "赣州港窗口", "parent": "GZ", "open_from": "2026-01-01"}
    assert officer.post("/office/nodes/new", data={**window, "parent": ""}).status_code == 422
    assert officer.post("/office/nodes/new", data=window).status_code == 302
    abroad = {**window, "code": "DE", "kind": "overseas", "name": "汉堡节点"}
    assert "缺少必填项" in officer.post("/office/nodes/new", data=abroad).text
    with database.reading() as connection:
        known = {node.code: node for node in nodes(connection)}
    loop = {**hub, "parent": "GZ-RW"}
    answer = officer.post(f"/office/nodes/{known['GZ'].id}", data=loop)
    assert "不能隶属于自身或其下级" in answer.text
    assert signed_in("auditor").get("/office/nodes").status_code == 200


def test_the_office_lists_licences_that_end_and_certifies_what_it_registered_itself(
    app: Flask, signed_in: SignIn, database: Database, clock: FixedClock
) -> None:
    soon = begun(app, database, clock)
    soon.fill_in()
    soon.browser.post(f"{soon.base}/licences/0/remove")
    soon.add_licence("business_licence", expires_on="2026-07-01")
    soon.submit()
    officer = signed_in("officer")
    decide(officer, database, "approve")
    page = officer.get("/office/enterprises/licences").text
    assert "赣南家具有限公司" in page
    assert "还有 30 天" in page
    with database.reading() as connection:
        firm = directory(connection).find(complete_uscc("91360700MA35CAM01"))
    assert firm is not None
    assert "签发备案证书" in officer.get(f"/office/enterprises/{firm.id}").text
    assert officer.post(f"/office/enterprises/{firm.id}/certify").status_code == 302
    address = re.search(r"/office/enterprises/[^\"]+\.pdf", officer.get(f"/office/enterprises/{firm.id}").text)
    assert address is not None
    assert officer.get(address[0]).data.startswith(b"%PDF")
    other = address[0].replace(str(firm.id), str(UUID(int=4)))
    assert officer.get(other).status_code == 404
