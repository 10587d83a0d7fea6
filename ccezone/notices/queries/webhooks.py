"""Read models of webhooks: endpoints, the delivery log, and who is to be told of what (remembered for seconds)."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Connection

from ccezone.notices.queries.kinds import Locale
from ccezone.storage.copying import fetch
from schemas.codes import rows

TEST_KIND = "test.sent"
_ENDPOINT = """
SELECT e.id, e.enterprise_id, e.url, e.note, e.kinds, e.disabled_because, e.version, e.created_at, e.updated_at, e.failures,
    e.failing_since, e.rest_until, e.former_until
FROM webhook_endpoint e
"""
_ENDPOINTS = f"{_ENDPOINT} WHERE e.enterprise_id = %(enterprise)s ORDER BY e.id"
_ONE = f"{_ENDPOINT} WHERE e.enterprise_id = %(enterprise)s AND e.id = %(id)s"
_COUNTS = """
SELECT endpoint_id, state, count(*) FROM webhook_delivery WHERE endpoint_id = ANY(%(ids)s) GROUP BY 1, 2
"""
_DELIVERY = """
SELECT d.event_id, v.kind, v.at, d.state, d.attempts, d.due_at, d.ended_at, a.status, a.error, a.at
FROM webhook_delivery d JOIN webhook_event v ON v.id = d.event_id
LEFT JOIN LATERAL (
    SELECT * FROM webhook_attempt t WHERE t.endpoint_id = d.endpoint_id AND t.event_id = d.event_id ORDER BY t.id DESC LIMIT 1
) a ON true
"""
_DELIVERIES = f"""
{_DELIVERY}
WHERE d.endpoint_id = %(endpoint)s AND (%(state)s = '' OR d.state = %(state)s) AND (%(kind)s = '' OR v.kind = %(kind)s)
    AND (%(after)s::uuid IS NULL OR d.event_id < %(after)s)
ORDER BY d.event_id DESC LIMIT %(limit)s
"""
_DELIVERED = f"{_DELIVERY} WHERE d.endpoint_id = %(endpoint)s AND d.event_id = %(event)s"
_PAYLOAD = "SELECT payload FROM webhook_event WHERE id = %(event)s"
_ATTEMPTS = """
SELECT id, at, status, error, milliseconds, excerpt FROM webhook_attempt
WHERE endpoint_id = %(endpoint)s AND event_id = %(event)s ORDER BY id DESC LIMIT 100
"""
_WATCHED = "SELECT enterprise_id, id, kinds FROM webhook_endpoint WHERE disabled_because = ''"


@dataclass(frozen=True, slots=True)
class EndpointView:
    """One endpoint as its enterprise sees it; its secrets are shown once and never again."""

    id: UUID
    enterprise_id: UUID
    url: str
    note: str
    kinds: Sequence[str]
    disabled_because: str
    version: int
    created_at: datetime
    updated_at: datetime
    failures: int
    failing_since: datetime | None
    rest_until: datetime | None
    former_until: datetime | None

    @property
    def enabled(self) -> bool:
        return not self.disabled_because


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One event for one endpoint, with the outcome of its last attempt."""

    event_id: UUID
    kind: str
    at: datetime
    state: str
    attempts: int
    due_at: datetime | None
    ended_at: datetime | None
    status: int | None
    error: str | None
    tried_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One call: when, what was answered, how long it took."""

    id: UUID
    at: datetime
    status: int | None
    error: str
    milliseconds: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class Watcher:
    """An endpoint that is to be told; no ``kinds`` means all of them."""

    endpoint_id: UUID
    kinds: frozenset[str]

    def wants(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


@dataclass
class Watch:
    """Who is to be told, at most ``lifetime`` seconds old: news by the thousand ask memory, not the database."""

    lifetime: float = 3.0
    monotonic: Callable[[], float] = time.monotonic
    _known: Mapping[UUID, Sequence[Watcher]] | None = field(default=None, init=False)
    _loaded_at: float = field(default=0.0, init=False)

    def current(self, connection: Connection) -> Mapping[UUID, Sequence[Watcher]]:
        """Return the endpoints that are told, by enterprise."""
        now = self.monotonic()
        if self._known is None or now - self._loaded_at >= self.lifetime:
            self._known, self._loaded_at = watchers(connection), now
        return self._known


def watchers(connection: Connection) -> Mapping[UUID, Sequence[Watcher]]:
    """Return all endpoints that are told of something, by enterprise."""
    found: dict[UUID, list[Watcher]] = defaultdict(list)
    for enterprise_id, endpoint_id, kinds in fetch(connection, _WATCHED):
        found[enterprise_id].append(Watcher(endpoint_id, frozenset(kinds)))
    return dict(found)


@cache
def webhook_kinds() -> Mapping[str, Mapping[str, str]]:
    """Return the kinds of events by code, with their words (``schemas/codes/webhook_kinds.csv``)."""
    return {row["code"]: row for row in rows("webhook_kinds")}


def kind_label(code: str, locale: Locale) -> str:
    """Name a kind of event in the reader's language."""
    return webhook_kinds()[code][f"label_{locale}"]


def endpoints_of(connection: Connection, enterprise_id: UUID) -> Sequence[EndpointView]:
    """Return an enterprise's endpoints, the oldest first."""
    return [EndpointView(*row) for row in fetch(connection, _ENDPOINTS, {"enterprise": enterprise_id})]


def endpoint(connection: Connection, enterprise_id: UUID, endpoint_id: UUID) -> EndpointView | None:
    """Return one endpoint of an enterprise."""
    found = fetch(connection, _ONE, {"enterprise": enterprise_id, "id": endpoint_id})
    return EndpointView(*found[0]) if found else None


def counts_of(connection: Connection, endpoint_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """Return how many deliveries of each endpoint are in which state."""
    found: dict[UUID, dict[str, int]] = {each: {} for each in endpoint_ids}
    if endpoint_ids:
        for endpoint_id, state, number in fetch(connection, _COUNTS, {"ids": list(endpoint_ids)}):
            found[endpoint_id][state] = number
    return found


def deliveries_of(
    connection: Connection, endpoint_id: UUID, state: str = "", kind: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[DeliveryView]:
    """Return the delivery log of an endpoint, the newest event first, after a cursor (an event's id)."""
    values = {"endpoint": endpoint_id, "state": state, "kind": kind, "after": after, "limit": limit}
    return [DeliveryView(*row) for row in fetch(connection, _DELIVERIES, values)]


def delivery(connection: Connection, endpoint_id: UUID, event_id: UUID) -> DeliveryView | None:
    """Return one delivery of an endpoint."""
    found = fetch(connection, _DELIVERED, {"endpoint": endpoint_id, "event": event_id})
    return DeliveryView(*found[0]) if found else None


def payload_of(connection: Connection, event_id: UUID) -> str:
    """Return an event's body, byte for byte as it is sent."""
    return str(fetch(connection, _PAYLOAD, {"event": event_id})[0][0])


def attempts_of(connection: Connection, endpoint_id: UUID, event_id: UUID) -> Sequence[AttemptView]:
    """Return the latest attempts of a delivery, the newest first."""
    return [AttemptView(*row) for row in fetch(connection, _ATTEMPTS, {"endpoint": endpoint_id, "event": event_id})]
