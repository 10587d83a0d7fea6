"""Endpoints: an enterprise says where it wants to be told of what; the secret that signs calls is shown once."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, func, select

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.notices.queries.webhooks import TEST_KIND, webhook_kinds
from ccezone.notices.rules import MOST_ENDPOINTS, SECRET_OVERLAP, Disabled, url_faults
from ccezone.notices.tables import WebhookEndpoint
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run
from ccezone.storage.personal import PersonalVault

NOTE_MAX = 100
_PREFIX = "whsec_"
_SECRET_BYTES = 32
_GIVE_UP = """
UPDATE webhook_delivery SET state = 'failed', ended_at = %(now)s, due_at = NULL WHERE endpoint_id = %(id)s AND state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class EndpointWish:
    """What may be said of an endpoint; no ``kinds`` means all of them."""

    url: str
    note: str = ""
    kinds: Sequence[str] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """An endpoint's secret as handed out once."""

    endpoint_id: UUID
    secret: str


def create_endpoint(
    uow: UnitOfWork,
    vault: PersonalVault,
    enterprise_id: UUID,
    wish: EndpointWish,
    by: Principal,
    clock: Clock,
    *,
    private_allowed: bool = False,
) -> IssuedSecret:
    """Add an endpoint. Raises ``Refused``: unusable address, unknown kind, too many."""
    _judge(wish, private_allowed=private_allowed)
    count = select(func.count()).where(col(WebhookEndpoint.enterprise_id) == enterprise_id)
    if uow.session.exec(count).one() >= MOST_ENDPOINTS:
        raise Refused(Fault("", "webhook_too_many", {"max": str(MOST_ENDPOINTS)}))
    now, secret = clock.now(), new_secret()
    row = WebhookEndpoint(
        id=uuidv7(),
        enterprise_id=enterprise_id,
        url=wish.url,
        note=wish.note.strip(),
        kinds=sorted(wish.kinds),
        secret=vault.seal_bytes(secret.encode()),
        former_secret=None,
        former_until=None,
        disabled_because=Disabled.NO if wish.enabled else Disabled.BY_HAND,
        version=1,
        created_at=now,
        updated_at=now,
        rest_until=None,
        claim_until=None,
        failures=0,
        failing_since=None,
    )
    uow.session.add(row)
    uow.session.flush()
    record(uow, by, "webhook.create", f"webhook:{row.id}", clock)
    return IssuedSecret(row.id, secret)


def change_endpoint(
    uow: UnitOfWork,
    enterprise_id: UUID,
    endpoint_id: UUID,
    wish: EndpointWish,
    by: Principal,
    clock: Clock,
    *,
    version: int | None = None,
    private_allowed: bool = False,
) -> None:
    """Change an endpoint; switched on again it starts afresh, switched off it gives up what waits.

    Raises ``NotFound``, ``Refused``, and ``Stale`` when ``version`` is no longer the one that was read.
    """
    row = own_endpoint(uow, enterprise_id, endpoint_id, version)
    _judge(wish, private_allowed=private_allowed)
    row.url, row.note, row.kinds = wish.url, wish.note.strip(), sorted(wish.kinds)
    if wish.enabled:
        row.disabled_because, row.failures, row.failing_since, row.rest_until = Disabled.NO, 0, None, None
    elif not row.disabled_because:
        row.disabled_because = Disabled.BY_HAND
        give_up(uow, endpoint_id, clock.now())
    row.version += 1
    row.updated_at = clock.now()
    uow.session.flush()
    record(uow, by, "webhook.change", f"webhook:{endpoint_id}", clock)


def rotate_secret(
    uow: UnitOfWork, vault: PersonalVault, enterprise_id: UUID, endpoint_id: UUID, by: Principal, clock: Clock
) -> IssuedSecret:
    """Give an endpoint a new secret; for a day calls carry a signature of each. Raises ``NotFound``."""
    row = own_endpoint(uow, enterprise_id, endpoint_id)
    secret = new_secret()
    row.former_secret, row.former_until = row.secret, clock.now() + SECRET_OVERLAP
    row.secret = vault.seal_bytes(secret.encode())
    row.version += 1
    row.updated_at = clock.now()
    uow.session.flush()
    record(uow, by, "webhook.rotate", f"webhook:{endpoint_id}", clock)
    return IssuedSecret(endpoint_id, secret)


def remove_endpoint(
    uow: UnitOfWork, enterprise_id: UUID, endpoint_id: UUID, by: Principal, clock: Clock, *, version: int | None = None
) -> None:
    """Remove an endpoint and its log. Raises ``NotFound``, ``Stale``."""
    row = own_endpoint(uow, enterprise_id, endpoint_id, version)
    uow.session.delete(row)
    uow.session.flush()
    run(uow.connection, "DELETE FROM webhook_delivery WHERE endpoint_id = %(id)s", {"id": endpoint_id})
    run(uow.connection, "DELETE FROM webhook_attempt WHERE endpoint_id = %(id)s", {"id": endpoint_id})
    record(uow, by, "webhook.remove", f"webhook:{endpoint_id}", clock)


def own_endpoint(uow: UnitOfWork, enterprise_id: UUID, endpoint_id: UUID, version: int | None = None) -> WebhookEndpoint:
    """Return an enterprise's endpoint, held for change. Raises ``NotFound``, ``Stale``."""
    row = uow.session.get(WebhookEndpoint, endpoint_id, with_for_update=True)
    if row is None or row.enterprise_id != enterprise_id:
        raise unknown(endpoint_id)
    if version is not None and version != row.version:
        raise Stale(Fault("", "changed_meanwhile"))
    return row


def give_up(uow: UnitOfWork, endpoint_id: UUID, now: datetime) -> None:
    """Fail what waits for an endpoint that is not called any more; it can be replayed."""
    run(uow.connection, _GIVE_UP, {"id": endpoint_id, "now": now})


def unknown(endpoint_id: UUID) -> NotFound:
    """The refusal for an endpoint that is not there, or another enterprise's."""
    return NotFound(Fault("", "webhook_not_found", {"id": str(endpoint_id)}))


def new_secret() -> str:
    """Make a secret as the specification spells it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _judge(wish: EndpointWish, *, private_allowed: bool) -> None:
    faults = url_faults(wish.url, private_allowed=private_allowed)
    if len(wish.note) > NOTE_MAX:
        faults.append(Fault("/note", "too_long", {"max": str(NOTE_MAX), "actual": str(len(wish.note))}))
    known = set(webhook_kinds()) - {TEST_KIND}
    faults += [Fault("/kinds", "webhook_kind_unknown", {"value": each}) for each in sorted(set(wish.kinds) - known)]
    if faults:
        raise Refused(*faults)
