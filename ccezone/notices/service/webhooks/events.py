"""Events for webhooks: written once with the news itself, and a delivery for each endpoint that wants to know."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import orjson

from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.notices.queries.webhooks import TEST_KIND, Watcher, endpoint
from ccezone.notices.service.webhooks.endpoints import unknown
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import array, run

MOST_LISTED = 100
_EVENT = """
INSERT INTO webhook_event (id, enterprise_id, kind, at, payload)
VALUES (%(id)s, %(enterprise)s, %(kind)s, %(at)s, %(payload)s)
"""
_DELIVERIES = """
INSERT INTO webhook_delivery (endpoint_id, event_id, state, attempts, due_at)
SELECT e, %(event)s, 'waiting', 0, %(at)s FROM unnest(%(endpoints)s::uuid[]) AS e
"""


def tell(
    uow: UnitOfWork,
    watchers: Sequence[Watcher],
    enterprise_id: UUID,
    kind: str,
    at: datetime,
    data: Mapping[str, object],
) -> UUID | None:
    """Tell those endpoints of an enterprise that want this kind; return the event's id, ``None`` when none does."""
    endpoints = [each.endpoint_id for each in watchers if each.wants(kind)]
    if not endpoints:
        return None
    event_id = uuidv7()
    body = {"type": kind, "timestamp": spelled(at), "data": data}
    event = {"id": event_id, "enterprise": enterprise_id, "kind": kind, "at": at, "payload": orjson.dumps(body).decode()}
    run(uow.connection, _EVENT, event)
    run(uow.connection, _DELIVERIES, {"event": event_id, "endpoints": array(endpoints), "at": at})
    return event_id


def tell_many(
    uow: UnitOfWork,
    watchers: Sequence[Watcher],
    enterprise_id: UUID,
    kind: str,
    at: datetime,
    name: str,
    entries: Sequence[Mapping[str, object]],
) -> None:
    """Tell of many documents: an event for every ``MOST_LISTED`` of them, listed under ``name``."""
    for start in range(0, len(entries), MOST_LISTED):
        tell(uow, watchers, enterprise_id, kind, at, {name: entries[start : start + MOST_LISTED]})


def send_test(uow: UnitOfWork, enterprise_id: UUID, endpoint_id: UUID, clock: Clock) -> UUID:
    """Send a test event to one endpoint; return its id. Raises ``NotFound``, ``Refused`` when it is disabled."""
    found = endpoint(uow.connection, enterprise_id, endpoint_id)
    if found is None:
        raise unknown(endpoint_id)
    if not found.enabled:
        raise Refused(Fault("", "webhook_disabled"))
    now = clock.now()
    data = {"endpoint": str(endpoint_id), "note": found.note}
    event_id = tell(uow, [Watcher(endpoint_id, frozenset())], enterprise_id, TEST_KIND, now, data)
    assert event_id is not None  # noqa: S101  # an endpoint without kinds wants all
    return event_id


def spelled(at: datetime) -> str:
    """Spell a moment as events do: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
