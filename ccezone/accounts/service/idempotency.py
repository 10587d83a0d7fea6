"""Doing once what a caller asks for more than once with the same ``Idempotency-Key``.

The key is claimed, the work done and its answer kept in one transaction: after a crash at any moment either all of it is
there or nothing, and asking again is safe.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import key8
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault

_CLAIM = "SELECT pg_try_advisory_xact_lock(%(lock)s)"
_KNOWN = """
SELECT request_digest, status, headers, body FROM idempotent_answer
WHERE enterprise_id = %(enterprise)s AND key = %(key)s AND expires_at > %(now)s
"""
_KEEP = """
INSERT INTO idempotent_answer (enterprise_id, key, request_digest, status, headers, body, created_at, expires_at)
VALUES (%(enterprise)s, %(key)s, %(digest)s, %(status)s, %(headers)s, %(body)s, %(now)s, %(until)s)
ON CONFLICT (enterprise_id, key) DO UPDATE SET request_digest = excluded.request_digest, status = excluded.status,
    headers = excluded.headers, body = excluded.body, created_at = excluded.created_at, expires_at = excluded.expires_at
"""
_FORGET = """
DELETE FROM idempotent_answer WHERE (enterprise_id, key) IN (
    SELECT enterprise_id, key FROM idempotent_answer WHERE expires_at <= %(now)s LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
"""
_FORGOTTEN_AT_ONCE = 5_000


class InFlight(Exception):
    """The same key is being worked on at this moment."""


class OtherRequest(Exception):
    """The key was used for another request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may come again: whose, by which key, and SHA-256 of what it asks for."""

    enterprise_id: UUID
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What it was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def claim(uow: UnitOfWork, vault: PersonalVault, asked: Asked, now: datetime) -> KeptAnswer | None:
    """Claim a key until the transaction ends, or return the answer that is kept. Raises ``InFlight``, ``OtherRequest``."""
    lock = key8("idempotency", str(asked.enterprise_id), asked.key)
    if not fetch(uow.connection, _CLAIM, {"lock": lock})[0][0]:
        raise InFlight
    rows = fetch(uow.connection, _KNOWN, {"enterprise": asked.enterprise_id, "key": asked.key, "now": now})
    if not rows:
        return None
    digest, status, headers, body = rows[0]
    if digest != asked.digest:
        raise OtherRequest
    return KeptAnswer(status, headers, vault.open_bytes(body))


def keep(uow: UnitOfWork, vault: PersonalVault, asked: Asked, answer: KeptAnswer, now: datetime, until: datetime) -> None:
    """Keep an answer until a moment; ask ``claim`` first, in the same transaction."""
    values = {
        "enterprise": asked.enterprise_id,
        "key": asked.key,
        "digest": asked.digest,
        "status": answer.status,
        "headers": Jsonb(dict(answer.headers)),
        "body": vault.seal_bytes(answer.body),
        "now": now,
        "until": until,
    }
    run(uow.connection, _KEEP, values)


def forget_answers(database: Database, clock: Clock) -> int:
    """Delete answers whose time is up, and return how many."""
    with database.begin() as uow:
        return run(uow.connection, _FORGET, {"now": clock.now(), "limit": _FORGOTTEN_AT_ONCE})
