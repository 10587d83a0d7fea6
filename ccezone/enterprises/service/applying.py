"""Applying: a draft without an account, opened by reference and code or by a link that works once, saved page by page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from secrets import choice, token_urlsafe
from uuid import UUID

from sqlmodel import select

from ccezone.accounts.queries import token_digest
from ccezone.accounts.service import record
from ccezone.enterprises.rules import Role
from ccezone.enterprises.rules.applying import ApplicationState, Facts
from ccezone.enterprises.service.drafts import own_draft
from ccezone.enterprises.service.papers import LETTERS
from ccezone.enterprises.tables import Application
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.personal import PersonalVault

LINK_LIFE = timedelta(hours=48)
_CODE, _TAIL = 16, 6


@dataclass(frozen=True, slots=True)
class Started:
    """A new draft. ``code`` and ``link`` are handed out once and not stored."""

    id: UUID
    reference: str
    code: str
    link: str


def start(uow: UnitOfWork, vault: PersonalVault, roles: Collection[str], mail: str, locale: str, clock: Clock) -> Started:
    """Begin an application. Raises ``Refused``: no role, an unknown one, no mail address."""
    faults = role_faults(roles)
    if "@" not in mail:
        faults.append(Fault("/contact_mail", "bad_login", {"value": mail}))
    if faults:
        raise Refused(*faults)
    now = clock.now()
    code, link = _letters(_CODE), token_urlsafe(32)
    row = Application(
        id=uuidv7(),
        reference=f"BA{now.astimezone(SHANGHAI):%Y%m%d}{_letters(_TAIL)}",
        kind="registration",
        state=ApplicationState.DRAFT,
        roles=sorted(set(roles)),
        facts={},
        licences=[],
        files=[],
        personal=vault.seal({"contact_mail": mail.strip()}),
        code_digest=token_digest(code),
        link_digest=token_digest(link),
        link_expires_at=now + LINK_LIFE,
        locale=locale,
        created_at=now,
        updated_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    record(uow, None, "application.start", f"application:{row.id}", clock)
    return Started(row.id, row.reference, grouped(code), link)


def open_by_code(uow: UnitOfWork, reference: str, code: str) -> UUID | None:
    """Return the application of this reference when the code is right. The caller limits how often one may try."""
    row = uow.session.exec(select(Application).where(Application.reference == reference.strip().upper())).first()
    typed = token_digest("".join(letter for letter in code.upper() if letter.isalnum()))
    known = row.code_digest if row else None
    right = compare_digest(typed, known or bytes(32))
    return row.id if row and known and right else None


def open_by_link(uow: UnitOfWork, link: str, clock: Clock) -> UUID | None:
    """Use a mailed link up; return its application, ``None`` when it is spent or too old."""
    statement = select(Application).where(Application.link_digest == token_digest(link)).with_for_update()
    row = uow.session.exec(statement).first()
    if row is None or row.link_expires_at is None or row.link_expires_at <= clock.now():
        return None
    row.link_digest = row.link_expires_at = None
    return row.id


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that works once, and whom it is mailed to."""

    reference: str
    mail: str
    link: str
    locale: str


def renew_link(uow: UnitOfWork, vault: PersonalVault, reference: str, mail: str, clock: Clock) -> NewLink | None:
    """Make a new link for whoever knows reference and mail address; ``None`` otherwise. The asker is told the same."""
    statement = select(Application).where(Application.reference == reference.strip().upper()).with_for_update()
    row = uow.session.exec(statement).first()
    known = vault.open(row.personal).get("contact_mail", "") if row else ""
    if row is None or row.kind != "registration" or known.lower() != mail.strip().lower():
        return None
    link = token_urlsafe(32)
    row.link_digest, row.link_expires_at = token_digest(link), clock.now() + LINK_LIFE
    return NewLink(row.reference, known, link, row.locale)


def save_section(
    uow: UnitOfWork,
    vault: PersonalVault,
    application_id: UUID,
    version: int,
    facts: Facts,
    personal: Mapping[str, str],
    clock: Clock,
    roles: Collection[str] | None = None,
) -> int:
    """Save part of a draft as typed, right or wrong; return its new version.

    Raises ``NotFound``, ``Refused`` when it is not being edited, ``Stale`` when somebody saved since ``version``.
    """
    row = own_draft(uow, application_id, clock, version)
    if roles is not None:
        faults = role_faults(roles)
        if faults:
            raise Refused(*faults)
        row.roles = sorted(set(roles))
    row.facts = {**row.facts, **{name: _plain(value) for name, value in facts.items()}}
    row.uscc, row.name = str(row.facts.get("uscc", "")), str(row.facts.get("name", ""))
    if personal:
        row.personal = vault.seal({**vault.open(row.personal), **personal})
    return row.version


def withdraw(uow: UnitOfWork, application_id: UUID, actor: str, clock: Clock) -> None:
    """Take an application back before it is decided. Raises ``NotFound``, ``Refused`` when it is decided already."""
    row = own_draft(uow, application_id, clock, None, ApplicationState.SUBMITTED)
    row.state, row.decided_at = ApplicationState.WITHDRAWN, clock.now()
    record(uow, None, "application.withdraw", f"application:{row.id}", clock, {"by": actor})


def role_faults(roles: Collection[str]) -> list[Fault]:
    """Judge the chosen roles: at least one, all known."""
    known = {role.value for role in Role}
    faults = [Fault("/roles", "unknown_role", {"value": role}) for role in sorted(set(roles) - known)]
    return faults if roles else [Fault("/roles", "role_needed")]


def grouped(code: str) -> str:
    """Write a code in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _letters(number: int) -> str:
    return "".join(choice(LETTERS) for _ in range(number))


def _plain(value: str | Sequence[str]) -> str | list[str]:
    return value.strip() if isinstance(value, str) else list(value)
