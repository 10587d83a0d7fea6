"""The demo's office: its officers and three administrators, values proposed and decided, and somebody who waits for a role."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from ccezone.accounts.rules import PERMISSIONS, Principal, Role
from ccezone.accounts.service import Invitation, add_officer, assign_node, create_user
from ccezone.cases.service import By, OutageEntry, write_outage
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.parameters.rules.proposing import DECIDED, UNVERIFIED, Proposed
from ccezone.parameters.service import approve_proposal, propose, refuse_proposal
from ccezone.storage import UnitOfWork

SECOND = "second-officer@zone.example"
_DOCUMENT = "演示文件，非正式规定 / demo document, no regulation"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the office, and how they get in."""

    role: str
    name: str
    login: str
    password: str


BRANCH, BRANCH_OFFICER, BRANCH_COLLEAGUE = "GZ-CBZ", "window-officer@zone.example", "window-colleague@zone.example"
COLLEAGUES = (
    (Role.ZONE_OFFICER, "officer", "综试区复核岗", SECOND),
    (Role.AUDITOR, "auditor", "审计人员", "auditor@zone.example"),
    (Role.ADMIN, "system_admin", "系统管理员", "system-admin@zone.example"),
    (Role.SECURITY_ADMIN, "security_admin", "安全管理员", "security-admin@zone.example"),
    (Role.AUDIT_ADMIN, "audit_admin", "审计管理员", "audit-admin@zone.example"),
    (Role.ZONE_OFFICER, "node_officer", "综保区窗口审核岗", BRANCH_OFFICER),
    (Role.ZONE_OFFICER, "node_colleague", "综保区窗口签署岗", BRANCH_COLLEAGUE),
)


def login_of(key: str) -> str:
    """Return the login of a party of the cast."""
    return f"{key.replace('_', '-')}@zone.example"


def staff_office(uow: UnitOfWork, zone: str, officer_id: UUID, clock: Clock) -> list[Colleague]:
    """Add the office's people beside its first officer, and let them work; return how they get in."""
    people: list[Colleague] = []
    acting: dict[Role, Principal] = {}
    for role, word, name, login in COLLEAGUES:
        password = secrets.token_urlsafe(12)
        user_id = create_user(uow, Invitation(login, name, role), password, clock)
        people.append(Colleague(word, name, login, password))
        acting.setdefault(role, _principal(role, user_id, login))
        if login in (BRANCH_OFFICER, BRANCH_COLLEAGUE):
            reason = "演示：派驻综保区窗口 / demo: posted to the window"
            assign_node(uow, user_id, BRANCH, reason, {BRANCH}, acting[Role.ADMIN], clock)
    first = _principal(Role.ZONE_OFFICER, officer_id, "officer@zone.example")
    _propose(uow, zone, first, acting[Role.ZONE_OFFICER], clock)
    add_officer(uow, "newcomer@zone.example", "待授权人员", Role.ZONE_OFFICER, "新入职，拟任审核岗", acting[Role.ADMIN], clock)
    return people


def _propose(uow: UnitOfWork, zone: str, first: Principal, second: Principal, clock: Clock) -> None:
    """One value that will be in force, one that waits, one that was refused."""
    today = clock.now().astimezone(SHANGHAI).date()

    def proposed(key: str, value: str, days: int, status: str, by: Principal) -> UUID:
        wanted = Proposed(zone, key, value, today + timedelta(days=days), _DOCUMENT, None, status, "演示")
        return propose(uow, zone, wanted, by, clock)

    approve_proposal(uow, zone, proposed("registration.decide_working_days", "3", 30, DECIDED, first), second, clock)
    proposed("matching.tolerance.X01", "0.05", 14, UNVERIFIED, second)
    refused = proposed("api.requests_per_minute", "60", 7, DECIDED, second)
    refuse_proposal(uow, refused, "会影响正常业务 / would slow normal work", first, clock)


def _principal(role: Role, user_id: UUID, login: str) -> Principal:
    return Principal(role, None, PERMISSIONS[role], user_id=user_id, login=login)


def announce_outage(uow: UnitOfWork, clock: Clock) -> None:
    """Announce made-up maintenance, so that the status page has something to say."""
    begins = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    words = {
        "title_zh": "单一窗口例行维护（演示公告）",
        "title_en": "Single window maintenance (demo notice)",
        "text_zh": "维护期间暂停收发报文。平台照常接收单据，恢复后自动补发，企业无须重新报送。",
        "text_en": "No messages are exchanged meanwhile. Go on delivering: the hub sends everything afterwards by itself.",
    }
    entry = OutageEntry("single_window", **words, begins_at=begins, ends_at=begins + timedelta(hours=2))
    write_outage(uow, entry, By("demo", "demo"), clock.now())
