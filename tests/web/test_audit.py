"""The audit trail on the site: who saw what, who changed what, found by person, subject, time and kind; exported and checked."""

import csv
import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.queries.audit import AuditFilter, search_audit
from ccezone.accounts.service import verify_audit
from ccezone.background.service import run_next_job
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import run
from ccezone.web.office.audit_words import action_row, kind_of
from schemas.codes import rows
from tests.web.conftest import Cast, SignIn
from tests.web.handlers import audit_handlers

pytestmark = pytest.mark.storage
ROOT = Path(__file__).parents[2] / "ccezone"


@pytest.fixture
def lived(signed_in: SignIn, cast: Cast) -> FlaskClient:
    """The audit administrator's browser, after an officer has looked at and changed something."""
    officer = signed_in("officer")
    officer.post(f"/office/enterprises/{cast.merchant_id}/status", data={"status": "suspended"})
    officer.post("/office/parameters/import.single_limit/propose", data=_PROPOSED)
    return signed_in("audit")


_PROPOSED = {
    "value": "6000",
    "zone": "GZ",
    "effective_from": "2026-07-01",
    "document": "综试区公告",
    "status": "zone decision",
}


def found(browser: FlaskClient, **wanted: str) -> list[str]:
    """The actions a search shows, in order."""
    page = browser.get("/office/audit", query_string=wanted).text
    return re.findall(r'<td data-label="行为">([^<]+)<', page)


def test_who_changed_what_is_found_by_person_kind_subject_and_day(lived: FlaskClient, cast: Cast) -> None:
    assert found(lived, person="officer") == ["提出参数新值", "暂停企业", "登录"]
    assert found(lived, person="officer@example.org", kind="changed") == ["提出参数新值", "暂停企业"]
    assert found(lived, subject=f"enterprise:{cast.merchant_id}") == ["暂停企业"]
    assert found(lived, subject="parameter:") == ["提出参数新值"]
    assert found(lived, person="nobody-like-that") == []
    assert found(lived, **{"from": "2026-06-02"}) == []
    assert "暂停企业" in found(lived, **{"from": "2026-06-01", "to": "2026-06-01"})
    page = lived.get("/office/audit?subject=enterprise:").text
    assert "赣南家具" in page
    assert "officer" in page
    assert lived.get("/office/audit?from=yesterday").status_code == 400
    assert lived.get("/office/audit?after=x").status_code == 400


def test_a_look_at_the_trail_is_itself_in_the_trail(lived: FlaskClient) -> None:
    found(lived, person="officer")
    assert found(lived, person="audit", kind="saw") == ["查询审计日志"]


@pytest.mark.parametrize("who", ["officer", "auditor", "system", "security", "merchant", "newcomer"])
def test_nobody_else_reads_the_trail(signed_in: SignIn, who: str) -> None:
    browser = signed_in(who)
    for address in ("/office/audit", "/office/audit/exports", "/office/audit/checks"):
        assert browser.get(address).status_code == 403
    assert browser.post("/office/audit/export").status_code == 403


def test_what_was_searched_is_exported_in_the_background(lived: FlaskClient, database: Database, clock: FixedClock) -> None:
    assert "正在后台导出" in lived.post("/office/audit/export", data={"kind": "changed"}, follow_redirects=True).text
    assert run_next_job(database, audit_handlers(database, clock), clock) == 1
    page = lived.get("/office/audit/exports").text
    address = re.search(r"/office/audit/exports/[0-9a-f-]{36}", page)
    assert address is not None
    exported = list(csv.DictReader(io.StringIO(lived.get(address[0]).data.decode("utf-8-sig"))))
    assert [row["action"] for row in exported] == ["parameter.propose", "enterprise.suspended"]
    assert found(lived, person="audit", kind="saw")[0] == "下载审计日志"
    clock.advance(days=8)
    lived.post("/sign-in", data={"login": "audit@example.org", "password": "three-parties-one-list"})
    assert lived.get(address[0]).status_code == 404


def test_an_export_of_nothing_is_refused(lived: FlaskClient) -> None:
    assert lived.post("/office/audit/export", data={"subject": "nothing:"}).status_code == 422


def test_the_last_check_is_shown_and_damage_is_named(lived: FlaskClient, database: Database, clock: FixedClock) -> None:
    assert "还没有校验过" in lived.get("/office/audit/checks").text
    lived.post("/office/audit/checks")
    assert run_next_job(database, audit_handlers(database, clock), clock) == 1
    page = lived.get("/office/audit/checks").text
    assert "完整" in page
    with database.begin() as uow:
        run(uow.connection, "ALTER TABLE audit_entry DISABLE TRIGGER append_only")
        assert run(uow.connection, "DELETE FROM audit_entry WHERE number = 2")
        run(uow.connection, "ALTER TABLE audit_entry ENABLE TRIGGER append_only")
    verify_audit(database, clock)
    page = lived.get("/office/audit/checks").text
    assert "第 2 条" in page
    assert "记录已被删除" in page
    assert "发现 1 处异常" in lived.get("/office/audit").text


def test_the_trail_names_who_looked_at_an_attached_file_or_a_raw_message(lived: FlaskClient, database: Database) -> None:
    """Every look at what is personal goes through ``record``: here an officer's, with the account that looked."""
    assert found(lived, kind="entered", person="officer") == ["登录"]
    with database.reading() as connection:
        entries = search_audit(connection, AuditFilter(subject="user:", actions=["session.open"]))
    assert all(entry.actor == entry.subject for entry in entries)


def test_every_action_the_code_records_has_a_name() -> None:
    pattern = re.compile(r'record\((?:[^()]|\([^()]*\))*?,\s*f?"([a-z_]+(?:\.[a-z_{}.]+)?)"')
    recorded = {action for path in ROOT.rglob("*.py") for action in pattern.findall(path.read_text(encoding="utf-8"))}
    assert len(recorded) > 40
    literal = {action for action in recorded if "{" not in action}
    families = {action.partition("{")[0] for action in recorded - literal}
    assert {action for action in literal if action_row(action) is None} == set()
    codes = [row["code"].removesuffix("*") for row in rows("audit_actions")]
    assert {family for family in families if not any(code.startswith(family) or family.startswith(code) for code in codes)} == set()


def test_handing_a_file_out_is_a_look_in_whatever_family_of_actions_it_is() -> None:
    pattern = re.compile(r'"([a-z_]+(?:\.[a-z_]+)*\.download)"')
    recorded = {action for path in ROOT.rglob("*.py") for action in pattern.findall(path.read_text(encoding="utf-8"))}
    assert len(recorded) > 10
    assert {action for action in recorded if kind_of(action) != "saw"} == set()
