"""Roles, permissions, password strength, lock-out: what decides who gets in (GB/T 22239-2019, 8.1.4.1 identification)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from ccezone.kernel.errors import Fault

PASSWORD_MIN = 10
PASSWORD_MAX = 200  # argon2 reads all of it: an endless password is an attack
FAILURES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=15)
SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
SEEN_AGAIN = timedelta(minutes=1)
_LOGIN = re.compile(r"[^@\s]+@[^@\s]+\Z")
_COMMON_TEXT = """
1234567890 0123456789 12345678910 123456789a a123456789 1234567890a qwertyuiop qwerty12345 password123 password1234
passw0rd123 1q2w3e4r5t 1qaz2wsx3edc q1w2e3r4t5 abcd123456 abc1234567 admin12345 admin123456 woaini1314 woaini520
woaini1314520 5201314520 1314520520 zxcvbnm123 asdfghjkl1 iloveyou123 letmein1234 welcome123 qwer123456 zaq12wsxcde
1111111111 0000000000 8888888888 6666666666 147258369a 1qazxsw23edc aa123456789 qq123456789 123qweasdzxc
"""
_COMMON = frozenset(_COMMON_TEXT.split())


class Role(StrEnum):
    """What a person is in the system."""

    FIRM = "firm"
    ZONE_OFFICER = "zone_officer"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    BANK = "bank"
    TAX_OFFICER = "tax_officer"
    AGENCY = "agency"
    UNASSIGNED = "unassigned"


class Permission(StrEnum):
    """What a person or credential may do."""

    BILLS_READ = "bills:read"
    BILLS_WRITE = "bills:write"
    DECLARATIONS_READ = "declarations:read"
    DECLARATIONS_WRITE = "declarations:write"
    PRODUCTS_READ = "products:read"
    PRODUCTS_WRITE = "products:write"
    CREDENTIALS_WRITE = "credentials:write"
    WEBHOOKS_WRITE = "webhooks:write"
    CREDIT_WRITE = "credit:write"
    PERSONAL_REVEAL = "personal:reveal"
    REGISTRATION_WRITE = "registration:write"
    STAFF_WRITE = "staff:write"
    ENTERPRISES_WRITE = "enterprises:write"
    USERS_WRITE = "users:write"
    OFFICE_USERS_WRITE = "office_users:write"
    ROLES_GRANT = "roles:grant"
    PARAMETERS_WRITE = "parameters:write"
    AUDIT_READ = "audit:read"
    CONSENTED_READ = "consented:read"
    BANK_DECIDE = "bank:decide"
    BACKGROUND_WRITE = "background:write"
    CLAIMS_REVIEW = "claims:review"
    INSPECTION_SIGN = "inspection:sign"
    SUPPLEMENTS_WRITE = "supplements:write"


READS = frozenset({Permission.BILLS_READ, Permission.DECLARATIONS_READ, Permission.PRODUCTS_READ})
FIRM = READS | {
    Permission.BILLS_WRITE,
    Permission.DECLARATIONS_WRITE,
    Permission.PRODUCTS_WRITE,
    Permission.CREDENTIALS_WRITE,
    Permission.WEBHOOKS_WRITE,
    Permission.CREDIT_WRITE,
    Permission.PERSONAL_REVEAL,
}
"""What an API credential of a firm may be given."""
STAFF = FIRM | {Permission.REGISTRATION_WRITE, Permission.STAFF_WRITE}
"""What a person of a firm may be given: also its registration, its people, and the agents that act for it."""
OFFICER = READS | {
    Permission.PERSONAL_REVEAL,
    Permission.ENTERPRISES_WRITE,
    Permission.USERS_WRITE,
    Permission.PARAMETERS_WRITE,
}
POWERS = {
    Role.ADMIN: Permission.OFFICE_USERS_WRITE,
    Role.SECURITY_ADMIN: Permission.ROLES_GRANT,
    Role.AUDIT_ADMIN: Permission.AUDIT_READ,
}
"""The three powers that keep each other in check: the system administrator adds people, the security administrator says what they
may do, the audit administrator sees what everybody did. None of them does the zone's business (GB/T 22239-2019, 8.1.5)."""
BANK_CREDENTIAL = frozenset({Permission.BACKGROUND_WRITE, Permission.CONSENTED_READ})
"""What an API credential of a bank may be given."""
PROVIDER_CREDENTIAL = frozenset({Permission.SUPPLEMENTS_WRITE})
"""What an API credential of a data provider may be given: to send feeds, and to read what became of its own."""
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FIRM: STAFF,
    Role.ZONE_OFFICER: OFFICER,
    Role.AUDITOR: READS,
    **{role: frozenset({power}) for role, power in POWERS.items()},
    Role.BANK: BANK_CREDENTIAL | {Permission.BANK_DECIDE, Permission.CREDENTIALS_WRITE},
    Role.TAX_OFFICER: frozenset({Permission.CLAIMS_REVIEW}),
    Role.AGENCY: frozenset({Permission.INSPECTION_SIGN}),
    Role.UNASSIGNED: frozenset(),
}
GRANTABLE = (Role.ZONE_OFFICER, Role.AUDITOR, *POWERS)
"""What somebody of the office may be, once the security administrator says so."""


OUTSIDE = frozenset({Role.BANK, Role.TAX_OFFICER, Role.AGENCY})
"""What people of partner organisations are."""


class UserStatus(StrEnum):
    """Standing of a user."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class Purpose(StrEnum):
    """What a one-time link is for."""

    INVITE = "invite"
    RESET = "reset"


LINK_LIFE = {Purpose.INVITE: timedelta(days=7), Purpose.RESET: timedelta(hours=24)}


@dataclass(frozen=True, slots=True)
class Scope:
    """How far an authority of another firm reaches: trade modes and flows; ``authority_id`` names it."""

    authority_id: UUID
    modes: frozenset[str]
    flows: frozenset[str]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is acting: a signed-in person (``user_id``) or an API credential (``credential_id``).

    ``enterprise_id`` is the enterprise they act for, ``partner_id`` the partner organisation; the office has neither. Whoever
    acts for another firm under its authority has ``scope``, and ``home_id`` names their own. ``node`` is the node somebody of the
    office belongs to, who sees its firms and those of the nodes under it; empty: the whole zone.
    """

    role: Role
    enterprise_id: UUID | None
    permissions: frozenset[Permission]
    user_id: UUID | None = None
    credential_id: UUID | None = None
    name: str = ""
    login: str = ""
    locale: str = ""
    home_id: UUID | None = None
    partner_id: UUID | None = None
    scope: Scope | None = None
    node: str = ""

    @property
    def acting(self) -> bool:
        """Say whether they act for a firm other than their own."""
        return self.scope is not None

    @property
    def actor(self) -> str:
        """Name the actor for the audit trail."""
        return f"user:{self.user_id}" if self.user_id else f"credential:{self.credential_id}"

    def may(self, permission: Permission) -> bool:
        """Say whether this is permitted."""
        return permission in self.permissions


def folded_login(login: str) -> str:
    """Bring a login (an e-mail address) to the form it is stored and compared in."""
    return login.strip().lower()


def user_faults(login: str, name: str, role: str, enterprise_id: UUID | None, partner_id: UUID | None = None) -> list[Fault]:
    """Judge a new user: an address as login, a name, a known role, and the enterprise or partner that goes with it."""
    faults = []
    if not _LOGIN.match(login):
        faults.append(Fault("/login", "bad_login", {"value": login}))
    if not name.strip():
        faults.append(Fault("/name", "required"))
    if role not in {known.value for known in Role}:
        faults.append(Fault("/role", "unknown_role", {"value": role}))
    elif (role == Role.FIRM) != (enterprise_id is not None):
        faults.append(Fault("/enterprise_id", "enterprise_for_firm_only"))
    elif (role in OUTSIDE and partner_id is None) or (partner_id is not None and role not in {*OUTSIDE, Role.UNASSIGNED}):
        faults.append(Fault("/partner_id", "partner_for_partners_only"))
    return faults


def held_permissions(role: Role, given: Collection[str] | None) -> frozenset[Permission]:
    """Return what somebody may do: all their role allows, or what of it they were given."""
    allowed = PERMISSIONS[role]
    return allowed if given is None else allowed & {Permission(name) for name in given if name in set(Permission)}


def password_faults(password: str, login: str) -> list[Fault]:
    """Judge a new password: long enough, not endless, not a common one, not the login itself."""
    if len(password) < PASSWORD_MIN:
        return [Fault("/password", "password_too_short", {"min": str(PASSWORD_MIN)})]
    if len(password) > PASSWORD_MAX:
        return [Fault("/password", "too_long", {"max": str(PASSWORD_MAX), "actual": str(len(password))})]
    folded = password.lower()
    if folded in _COMMON or len(set(folded)) < 4 or login.split("@")[0] == folded or login == folded:
        return [Fault("/password", "password_common")]
    return []


def lock_until(failures: int, now: datetime) -> datetime | None:
    """Return until when sign-in is locked after this many failures in a row, or ``None``."""
    return now + LOCK if failures >= FAILURES_BEFORE_LOCK else None
