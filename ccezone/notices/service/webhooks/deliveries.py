"""Delivering: an endpoint is claimed, what is due for it is sent in turn, every attempt is noted, a failing one is let rest.

Endpoints are claimed one by one and each has its own patience, so a dead receiver costs one attempt now and then, and nobody
else any time. What was sent but not noted before a crash is sent again with the same id (at least once).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.notices.ports import Answer, Call, Caller
from ccezone.notices.rules import EXCERPT, FAILING_FOR, GONE_STATUS, Disabled, Random, next_try, rest_of
from ccezone.notices.service.notifying import Audience, Tidings, notify
from ccezone.notices.service.webhooks.endpoints import give_up
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault

LEASE = timedelta(seconds=90)
TURN_EVENTS, TURN_TIME = 50, timedelta(seconds=4)  # a worker that is told to stop has fifteen seconds
_CLAIM = """
UPDATE webhook_endpoint SET claim_until = %(until)s
WHERE id IN (
    SELECT e.id FROM webhook_endpoint e
    WHERE e.disabled_because = '' AND (e.failures > 0) = %(ailing)s
        AND (e.claim_until IS NULL OR e.claim_until <= %(now)s) AND (e.rest_until IS NULL OR e.rest_until <= %(now)s)
        AND EXISTS (SELECT FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.state = 'waiting' AND d.due_at <= %(now)s)
    ORDER BY e.claim_until NULLS FIRST LIMIT %(limit)s FOR UPDATE OF e SKIP LOCKED
)
RETURNING id, enterprise_id, url, secret, former_secret, former_until, failures, failing_since, claim_until
"""
_DUE = """
SELECT d.event_id, d.attempts, v.payload FROM webhook_delivery d JOIN webhook_event v ON v.id = d.event_id
WHERE d.endpoint_id = %(id)s AND d.state = 'waiting' AND d.due_at <= %(now)s ORDER BY d.due_at, d.event_id LIMIT %(limit)s
"""
_ATTEMPT = """
INSERT INTO webhook_attempt (id, endpoint_id, event_id, at, status, error, milliseconds, excerpt)
VALUES (%(id)s, %(endpoint)s, %(event)s, %(at)s, %(status)s, %(error)s, %(milliseconds)s, %(excerpt)s)
"""
_NOTE = """
UPDATE webhook_delivery SET state = %(state)s, attempts = attempts + 1, due_at = %(due)s, ended_at = %(ended)s
WHERE endpoint_id = %(endpoint)s AND event_id = %(event)s AND state = 'waiting'
"""
_STANDING = """
UPDATE webhook_endpoint SET failures = %(failures)s, failing_since = %(since)s, rest_until = %(rest)s
WHERE id = %(id)s AND claim_until = %(claim)s
"""
_DISABLE = """
UPDATE webhook_endpoint SET disabled_because = %(because)s, version = version + 1, updated_at = %(now)s
WHERE id = %(id)s AND disabled_because = ''
"""
_RELEASE = "UPDATE webhook_endpoint SET claim_until = %(now)s WHERE id = %(id)s AND claim_until = %(claim)s"


@dataclass(frozen=True, slots=True)
class Claim:
    """One endpoint, to be delivered to by whoever holds this, until ``until``."""

    id: UUID
    enterprise_id: UUID
    url: str
    secret: bytes
    former_secret: bytes | None
    former_until: datetime | None
    failures: int
    failing_since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Deliverer:
    """What delivering needs."""

    database: Database
    vault: PersonalVault
    caller: Caller
    clock: Clock
    random: Random

    def claim(self, limit: int, *, ailing: bool) -> list[Claim]:
        """Claim endpoints that something is due for: those in good health, or those whose last attempt failed.

        The two are asked for apart, so that the failing ones never use up the places of the others.
        """
        now = self.clock.now()
        with self.database.begin() as uow:
            values = {"now": now, "until": now + LEASE, "limit": limit, "ailing": ailing}
            return [Claim(*row) for row in fetch(uow.connection, _CLAIM, values)]

    def turn(self, claim: Claim) -> int:
        """Send what is due for an endpoint until it fails or its turn is over; return how many calls were made."""
        began, calls = self.clock.now(), 0
        with self.database.reading() as connection:
            due = fetch(connection, _DUE, {"id": claim.id, "now": began, "limit": TURN_EVENTS})
        secrets = self._secrets(claim, began)
        try:
            for event_id, attempts, payload in due:
                answer = self.caller.call(Call(claim.url, event_id, self.clock.now(), payload, secrets))
                calls += 1
                with self.database.begin() as uow:
                    goes_on, claim = self._note(uow, claim, event_id, attempts, answer)
                if not goes_on or self.clock.now() - began >= TURN_TIME:
                    break
        finally:
            with self.database.begin() as uow:
                run(uow.connection, _RELEASE, {"id": claim.id, "claim": claim.until, "now": self.clock.now()})
        return calls

    def _secrets(self, claim: Claim, now: datetime) -> list[str]:
        """The present secret, and for a while the one before it."""
        found = [claim.secret]
        if claim.former_secret and claim.former_until and now < claim.former_until:
            found.append(claim.former_secret)
        return [self.vault.open_bytes(each).decode() for each in found]

    def _note(self, uow: UnitOfWork, claim: Claim, event_id: UUID, attempts: int, answer: Answer) -> tuple[bool, Claim]:
        """Note an attempt; say whether the turn goes on, and how the endpoint stands."""
        now = self.clock.now()
        named = {"endpoint": claim.id, "event": event_id}
        run(uow.connection, _ATTEMPT, {**named, **_attempt(answer), "id": uuidv7(), "at": now})
        if answer.accepted:
            noted = run(uow.connection, _NOTE, {**named, "state": "delivered", "due": None, "ended": now})
            return noted > 0, self._stands(uow, claim, 0, None, None) if claim.failures else claim
        due = next_try(attempts + 1, now, self.random)
        state, ended = ("waiting", None) if due else ("failed", now)
        run(uow.connection, _NOTE, {**named, "state": state, "due": due, "ended": ended})
        failures, since = claim.failures + 1, claim.failing_since or now
        stands = self._stands(uow, claim, failures, since, rest_of(failures, now, self.random, answer.retry_after))
        if answer.status == GONE_STATUS:
            self._disable(uow, claim, Disabled.GONE, now)
        elif now - since >= FAILING_FOR:
            self._disable(uow, claim, Disabled.FAILING, now)
        return False, stands

    def _stands(self, uow: UnitOfWork, claim: Claim, failures: int, since: datetime | None, rest: datetime | None) -> Claim:
        values = {"id": claim.id, "claim": claim.until, "failures": failures, "since": since, "rest": rest}
        run(uow.connection, _STANDING, values)
        return replace(claim, failures=failures, failing_since=since)

    def _disable(self, uow: UnitOfWork, claim: Claim, because: Disabled, now: datetime) -> None:
        if run(uow.connection, _DISABLE, {"id": claim.id, "because": because, "now": now}):
            give_up(uow, claim.id, now)
            told = Tidings("webhook_disabled", now, "webhook", str(claim.id), {"url": claim.url})
            notify(uow, Audience(enterprise_id=claim.enterprise_id), told)


def _attempt(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "error": answer.error,
        "milliseconds": answer.milliseconds,
        "excerpt": answer.excerpt[:EXCERPT],
    }
