"""API credentials: a machine's bearer token, scoped to one enterprise and named permissions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ccezone.accounts.queries import forget_tokens, token_digest
from ccezone.accounts.rules import FIRM, Permission, Principal
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.secrets import new_token
from ccezone.accounts.tables import ApiCredential
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork

PREFIX = "ccez_"


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    """A credential as handed out once: the token itself is not stored."""

    id: UUID
    token: str


def issue_credential(
    uow: UnitOfWork,
    enterprise_id: UUID,
    name: str,
    permissions: Collection[Permission],
    by: Principal | None,
    clock: Clock,
    expires_at: datetime | None = None,
) -> IssuedCredential:
    """Issue a credential. Raises ``Refused`` without a name, or for permissions no enterprise may have."""
    faults = [Fault("/permissions", "unknown_permission", {"value": beyond}) for beyond in sorted(set(permissions) - FIRM)]
    if not name.strip():
        faults.append(Fault("/name", "required"))
    if not permissions:
        faults.append(Fault("/permissions", "required"))
    if faults:
        raise Refused(*faults)
    token = PREFIX + new_token()
    row = ApiCredential(
        id=uuidv7(),
        enterprise_id=enterprise_id,
        name=name.strip(),
        hint=token[: len(PREFIX) + 4],
        token_digest=token_digest(token),
        permissions=sorted(permissions),
        created_at=clock.now(),
        expires_at=expires_at,
    )
    uow.session.add(row)
    record(uow, by, "credential.issue", f"credential:{row.id}", clock, {"enterprise": str(enterprise_id)})
    return IssuedCredential(row.id, token)


def revoke_credential(uow: UnitOfWork, enterprise_id: UUID, credential_id: UUID, by: Principal, clock: Clock) -> None:
    """Revoke a credential of this enterprise; it stops working within seconds. Raises ``NotFound``."""
    row = uow.session.get(ApiCredential, credential_id)
    if row is None or row.enterprise_id != enterprise_id:
        raise NotFound(Fault("", "not_found"))
    row.revoked_at = row.revoked_at or clock.now()
    forget_tokens(uow.connection)
    record(uow, by, "credential.revoke", f"credential:{credential_id}", clock)
