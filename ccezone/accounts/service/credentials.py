"""API credentials: a machine's bearer token, scoped to one enterprise and named permissions, for a time, replaceable."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from ccezone.accounts.queries import forget_tokens, token_digest
from ccezone.accounts.rules import BANK_CREDENTIAL, FIRM, PROVIDER_CREDENTIAL, Permission, Principal, Role
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.secrets import new_token
from ccezone.accounts.tables import ApiCredential
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import run

PREFIX = "ccez_"
OVERLAP_HOURS = 24
MOST_OVERLAP_HOURS = 168
_OWNERS = frozenset({Role.FIRM, Role.BANK})
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    """A credential as handed out once: the token itself is not stored."""

    id: UUID
    token: str


def issue_credential(
    uow: UnitOfWork,
    enterprise_id: UUID | None,
    name: str,
    permissions: Collection[Permission],
    by: Principal | None,
    clock: Clock,
    expires_at: datetime | None = None,
    *,
    bank_id: UUID | None = None,
    provider_id: UUID | None = None,
) -> IssuedCredential:
    """Issue a credential of an enterprise, of a bank, or of a data provider.

    Raises ``Refused`` without a name, for permissions that no such owner may have or that ``by`` itself lacks, and for an
    end that has passed.
    """
    known = BANK_CREDENTIAL if bank_id else PROVIDER_CREDENTIAL if provider_id else FIRM
    partner_id = bank_id or provider_id
    faults = _faults(name, permissions, by, expires_at, known, clock)
    if faults:
        raise Refused(*faults)
    token = PREFIX + new_token()
    row = ApiCredential(
        id=uuidv7(),
        enterprise_id=enterprise_id,
        partner_id=partner_id,
        name=name.strip(),
        hint=token[: len(PREFIX) + 4],
        token_digest=token_digest(token),
        permissions=sorted(permissions),
        created_at=clock.now(),
        expires_at=expires_at,
    )
    uow.session.add(row)
    owner = {"partner": str(partner_id)} if partner_id else {"enterprise": str(enterprise_id)}
    record(uow, by, "credential.issue", f"credential:{row.id}", clock, owner)
    return IssuedCredential(row.id, token)


def _faults(
    name: str,
    permissions: Collection[Permission],
    by: Principal | None,
    expires_at: datetime | None,
    known: frozenset[Permission],
    clock: Clock,
) -> list[Fault]:
    """Judge a credential of an owner whose machines may be given what is ``known``."""
    faults = [Fault("/permissions", "unknown_permission", {"value": beyond}) for beyond in sorted(set(permissions) - known)]
    if by is not None and by.role in _OWNERS:
        lacked = sorted(set(permissions) & known - by.permissions)
        faults += [Fault("/permissions", "permission_beyond_own", {"value": each}) for each in lacked]
    if expires_at is not None and expires_at <= clock.now():
        faults.append(Fault("/expires_at", "expiry_passed"))
    if not name.strip():
        faults.append(Fault("/name", "required"))
    if not permissions:
        faults.append(Fault("/permissions", "required"))
    return faults


def rotate_credential(
    uow: UnitOfWork,
    enterprise_id: UUID,
    credential_id: UUID,
    by: Principal,
    clock: Clock,
    overlap_hours: int = OVERLAP_HOURS,
) -> IssuedCredential:
    """Give a credential a new token; the present one works for ``overlap_hours`` more, an older one no longer.

    Raises ``NotFound``; ``Refused`` when it no longer works, for more hours than ``MOST_OVERLAP_HOURS``, and when it may
    more than ``by`` itself.
    """
    row = _own(uow, enterprise_id, credential_id)
    now = clock.now()
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        raise Refused(Fault("", "credential_ended"))
    if not 0 <= overlap_hours <= MOST_OVERLAP_HOURS:
        raise Refused(Fault("/overlap_hours", "out_of_range", {"low": "0", "high": str(MOST_OVERLAP_HOURS)}))
    lacked = sorted({Permission(each) for each in row.permissions} - by.permissions)
    if lacked and by.role in _OWNERS:
        raise Refused(*(Fault("", "permission_beyond_own", {"value": each}) for each in lacked))
    token = PREFIX + new_token()
    row.previous_hint, row.previous_digest, row.previous_until = row.hint, row.token_digest, now + timedelta(hours=overlap_hours)
    row.hint, row.token_digest, row.rotated_at = token[: len(PREFIX) + 4], token_digest(token), now
    forget_tokens(uow.connection)
    record(uow, by, "credential.rotate", f"credential:{credential_id}", clock, {"overlap_hours": str(overlap_hours)})
    return IssuedCredential(row.id, token)


def revoke_credential(uow: UnitOfWork, enterprise_id: UUID, credential_id: UUID, by: Principal, clock: Clock) -> None:
    """Revoke a credential of this enterprise; it stops working within seconds. Raises ``NotFound``."""
    row = _own(uow, enterprise_id, credential_id)
    row.revoked_at = row.revoked_at or clock.now()
    forget_tokens(uow.connection)
    record(uow, by, "credential.revoke", f"credential:{credential_id}", clock)


def note_use(database: Database, credential_id: UUID, clock: Clock) -> None:
    """Note that a credential is in use, at most once a minute in each process: asking often costs a look into memory."""
    now = clock.now()
    noted = _noted.setdefault(database.engine, {})
    last = noted.get(credential_id)
    if last is not None and timedelta(0) <= now - last < _NOTED_EVERY:
        return
    noted[credential_id] = now
    with database.begin() as uow:
        run(uow.connection, _USED, {"id": credential_id, "now": now})


_noted: WeakKeyDictionary[Engine, dict[UUID, datetime]] = WeakKeyDictionary()
_USED = """
UPDATE api_credential SET last_used_at = %(now)s WHERE id = %(id)s AND (last_used_at IS NULL OR last_used_at < %(now)s)
"""


def _own(uow: UnitOfWork, enterprise_id: UUID, credential_id: UUID) -> ApiCredential:
    row = uow.session.get(ApiCredential, credential_id)
    if row is None or enterprise_id not in (row.enterprise_id, row.partner_id):
        raise NotFound(Fault("", "not_found", {"value": str(credential_id)}))
    return row
