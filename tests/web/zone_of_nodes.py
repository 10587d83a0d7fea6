"""A zone of two nodes: all the rows there are belong to firms of one, an officer of the other looks for them.

Whoever adds a page of the office that names a row adds where to find one to ``OFFICE_ROWS``.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from ccezone.accounts.rules import OFFICER, Principal, Role
from ccezone.accounts.service import Invitation
from ccezone.cases.rules import FileKind
from ccezone.cases.service import Upload, store_file
from ccezone.credit.service.recognising import ForeignGrade, note_foreign_grade
from ccezone.enterprises.queries.enterprises import forget_directory
from ccezone.enterprises.service import NodeEntry, add_node
from ccezone.kernel.clock import FixedClock
from ccezone.risk.service.background import BackgroundReport, report_background
from ccezone.risk.tables import RiskAlert, RiskRule
from ccezone.statistics.service import refresh_figures
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault
from tests.hub.people import let_in
from tests.web.conftest import Cast
from tests.web.rivals import SECRET, Rivals, Values, rivals

HERE, THERE = "BRANCH-X", "BRANCH-Y"
_LIST = "SELECT id FROM declaration_list"
_CASE = "SELECT id FROM exception_case"
_FIRM = "SELECT id FROM enterprise WHERE name = '竞争对手'"
_LISTING = "SELECT id FROM credit_listing"
_ORDER = "SELECT id FROM inspection_order"
_APPLICATION = "SELECT id FROM application WHERE state = 'submitted'"
_ALERT = "SELECT id FROM risk_alert"
_CASE_FILE = "SELECT case_id, (detail ->> 'file_id') FROM case_step WHERE detail ? 'file_id'"
OFFICE_ROWS: Mapping[str, tuple[str, Sequence[str]]] = {
    **{f"approvals.{page}": (_APPLICATION, ["application_id"]) for page in ("approve", "detail", "refuse", "send_back")},
    "background_checks.file": ("SELECT id FROM risk_background_check", ["check_id"]),
    "background_checks.revoke": ("SELECT id FROM risk_background_check", ["check_id"]),
    **{f"cases.{page}": (_CASE, ["case_id"]) for page in ("ask", "close", "detail", "hand", "note", "paper", "take_one", "weigh")},
    **{f"enterprises.{page}": (_FIRM, ["enterprise_id"]) for page in ("amend", "certify", "detail", "edit", "set_status")},
    **{f"taxpayer_pilots.{page}": (_FIRM, ["enterprise_id"]) for page in ("begin", "end", "show")},
    "enterprises.certificate": (f"SELECT ({_FIRM}), code FROM issued_paper", ["enterprise_id", "code"]),  # noqa: S608
    "vouchers.judge": ("SELECT id FROM promotion_voucher", ["voucher_id"]),
    "fx.note_borrowing": ("SELECT id FROM fx_borrowing", ["borrowing_id"]),
    "fx.decide_over_limit": ("SELECT id FROM fx_parked_line", ["line_id"]),
    "exchange.of": ("SELECT submitter_id FROM intake_batch", ["partner"]),
    **{
        f"inspection_orders.{page}": (_ORDER, ["order_id"]) for page in ("ask", "detail", "end", "note", "paper", "plan", "sign_in")
    },
    "inspection_orders.file": (
        "SELECT order_id, file_id FROM inspection_check WHERE file_id IS NOT NULL",
        ["order_id", "file_id"],
    ),
    **{f"messages.{page}": ("SELECT id FROM outgoing_message", ["message_id"]) for page in ("detail", "download", "raw")},
    **{
        f"office_credit.{page}": (_FIRM, ["enterprise_id"])
        for page in ("blank", "blank_recognition", "enter", "judge_now", "recognise", "show")
    },
    **{
        f"office_credit.{page}": ("SELECT enterprise_id, id FROM credit_evidence", ["enterprise_id", "evidence_id"])
        for page in ("file", "revoke")
    },
    **{
        f"office_credit.{page}": ("SELECT enterprise_id, id FROM credit_foreign_grade", ["enterprise_id", "grade_id"])
        for page in ("recognition_file", "revoke_recognition")
    },
    "office_consents.detail": ("SELECT id FROM data_consent", ["consent_id"]),
    "office_consents.file": ("SELECT consent_id, id FROM bank_decision", ["consent_id", "decision_id"]),
    **{f"office_lists.{page}": (_LISTING, ["listing_id"]) for page in ("decide", "detail")},
    "office_lists.file": (
        "SELECT listing_id, file_id FROM credit_listing_step WHERE file_id IS NOT NULL",
        ["listing_id", "file_id"],
    ),
    "office_reports.detail": ("SELECT id FROM filed_report", ["report_id"]),
    "office_reports.decide": ("SELECT id, 'accept' FROM filed_report", ["report_id", "deed"]),
    "reporting_orders.excuse_one": ("SELECT id FROM report_lateness", ["late_id"]),
    "recognition.decide": ("SELECT order_key FROM order_match", ["order_key"]),
    **{f"risk_alerts.{page}": (_ALERT, ["alert_id"]) for page in ("answer", "ask", "detail", "end", "note", "take")},
    **{
        f"users.{page}": ("SELECT id FROM user_account WHERE login = 'rival-clerk@example.org'", ["user_id"])
        for page in ("link", "set_enabled")
    },
}
"""Where each page of the office that names a row of a firm finds one, and how its address spells it."""
OF_THE_ZONE: Mapping[str, str] = {
    "cases.file": "found through its case alone: judged in tests/web/test_cases.py",
    "approvals.file": "found through its application alone",
    "inspection_plans.detail": "a plan of the zone; the objects it shows are narrowed",
    "monitor.export": "the reader's own export",
    "monitor.export_file": "the reader's own export",
    "monitor.stop_export": "the reader's own export",
    "parameters.detail": "the zone's rules",
    "partners.detail": "a partner organisation and its people",
    "risk_rules.detail": "the zone's rules",
    "calculators.show": "a form",
    "monitor.strand": "judged below, with the days it asks for",
}
"""Pages with an address of their own that show no firm's row, and why."""


def zone_of_nodes(database: Database, cast: Cast, clock: FixedClock, folder: Path) -> Rivals:
    """Let everybody but the merchant belong to ``THERE`` and fill every area with their rows; the merchant belongs to ``HERE``."""
    found = rivals(database, cast, clock, folder)
    with database.begin() as uow:
        for code, kind, parent in (("HUB", "hub", None), (HERE, "branch", "HUB"), (THERE, "branch", "HUB")):
            add_node(uow, NodeEntry(code, kind, code, date(2026, 1, 1), parent=parent), None, clock)
        values = {"here": HERE, "there": THERE, "merchant": cast.merchant_id}
        run(uow.connection, "UPDATE enterprise SET node = CASE WHEN id = %(merchant)s THEN %(here)s ELSE %(there)s END", values)
        run(uow.connection, "UPDATE application SET state = 'submitted', submitted_at = created_at")
        forget_directory(uow.connection)
        _judged(uow, cast, clock)
    refresh_figures(database, clock, "GZ")
    return found


def officer_of(database: Database, node: str, clock: FixedClock) -> str:
    """Let in an officer of a node; return the login."""
    login = f"officer-{node.lower() or 'hub'}@example.org"
    with database.begin() as uow:
        user_id = let_in(uow, Invitation(login, f"officer {node}", Role.ZONE_OFFICER), clock)
        run(uow.connection, "UPDATE user_account SET node = %(node)s WHERE id = %(id)s", {"node": node, "id": user_id})
    return login


def addresses(database: Database, endpoint: str) -> list[Values]:
    """Return the addresses of a page of the office, as far as there are rows."""
    statement, names = OFFICE_ROWS[endpoint]
    with database.reading() as connection:
        return [dict(zip(names, map(str, row), strict=True)) for row in fetch(connection, statement)]


def _judged(uow: UnitOfWork, cast: Cast, clock: FixedClock) -> None:
    officer = Principal(Role.ZONE_OFFICER, None, OFFICER, user_id=UUID(int=9), name="officer")
    [(code,)] = fetch(uow.connection, "SELECT uscc FROM enterprise WHERE id = %(id)s", {"id": cast.rival_id})
    today = clock.now().date()
    scan, proof = (
        store_file(uow, PersonalVault(bytes(32)), Upload("scan.pdf", FileKind.PDF, SECRET.encode(), purpose, cast.rival_id), clock)
        for purpose in ("background", "credit")
    )
    said = BackgroundReport(SECRET, "bank", "loan", "clear", SECRET, SECRET, today, file_id=scan)
    report_background(uow, code, said, officer, clock)
    given = ForeignGrade("zone", SECRET, "A", SECRET, today, file_id=proof)
    note_foreign_grade(uow, cast.rival_id, given, officer, clock)
    rule = RiskRule.model_validate(
        {**dict.fromkeys(RiskRule.model_fields), **_RULE, "drafted_at": clock.now(), "effective_from": today}
    )
    uow.session.add(rule)
    uow.session.flush()
    raised = {"merchant_id": cast.rival_id, "at": clock.now(), "raised_at": clock.now()}
    uow.session.add(
        RiskAlert.model_validate({**dict.fromkeys(RiskAlert.model_fields), **_ALERT_SAID, "rule_id": rule.id, **raised})
    )


_RULE = {
    **dict.fromkeys(("id", "family"), UUID(int=11)),
    "edition": 1,
    "kind": "price_band",
    "name": "price",
    "level": "high",
    "type": "price",
    "thresholds": {},
    "scope": {},
    "document": "",
    "status": "verified",
    "state": "live",
    "version": 1,
    "drafted_by": "ann",
}
_ALERT_SAID = {
    "number": 1,
    "id": UUID(int=12),
    "family": UUID(int=11),
    "kind": "price_band",
    "level": "high",
    "type": "price",
    "bucket": 1,
    "first_subject": 1,
    "subjects": [1],
    "merchants": 1,
    "measures": {},
    "state": "open",
    "version": 1,
    "evidence": [{"kind": "order", "number": SECRET, "key": "1", "at": "2026-06-01T00:00:00+00:00", "said": {}}],
}
