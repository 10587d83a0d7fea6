"""Replaying: an event is delivered again, by the same id, because its receiver lost it or was away too long."""

from datetime import datetime, timedelta
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.notices.service.webhooks.endpoints import own_endpoint
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import run

KEPT = timedelta(days=30)
_ONE = """
UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = %(now)s, ended_at = NULL
WHERE endpoint_id = %(endpoint)s AND event_id = %(event)s
"""
_FAILED = """
UPDATE webhook_delivery d SET state = 'waiting', attempts = 0, due_at = %(now)s, ended_at = NULL FROM webhook_event v
WHERE v.id = d.event_id AND d.endpoint_id = %(endpoint)s AND d.state = 'failed' AND v.at >= %(since)s
"""
_DROP = (
    "DELETE FROM webhook_attempt WHERE at < %(before)s",
    """
    DELETE FROM webhook_delivery d USING webhook_event v WHERE v.id = d.event_id AND v.at < %(before)s AND d.state <> 'waiting'
    """,
    """
    DELETE FROM webhook_event v WHERE v.at < %(before)s AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.event_id = v.id)
    """,
)


def replay(uow: UnitOfWork, enterprise_id: UUID, endpoint_id: UUID, event_id: UUID, by: Principal, clock: Clock) -> None:
    """Deliver one event again, whatever became of it. Raises ``NotFound``, ``Refused`` when the endpoint is disabled."""
    _wake(uow, enterprise_id, endpoint_id)
    if not run(uow.connection, _ONE, {"endpoint": endpoint_id, "event": event_id, "now": clock.now()}):
        raise NotFound(Fault("", "webhook_delivery_not_found", {"id": str(event_id)}))
    record(uow, by, "webhook.replay", f"webhook:{endpoint_id}", clock, {"event": str(event_id)})


def replay_failed(uow: UnitOfWork, enterprise_id: UUID, endpoint_id: UUID, since: datetime, by: Principal, clock: Clock) -> int:
    """Deliver again all events since a moment that were given up; return how many. Raises as ``replay``."""
    _wake(uow, enterprise_id, endpoint_id)
    number = run(uow.connection, _FAILED, {"endpoint": endpoint_id, "since": since, "now": clock.now()})
    record(uow, by, "webhook.replay", f"webhook:{endpoint_id}", clock, {"since": since.isoformat(), "number": str(number)})
    return number


def drop_old_events(database: Database, clock: Clock) -> int:
    """Drop the log of what is older than thirty days and settled; return how many rows went."""
    with database.begin() as uow:
        return sum(run(uow.connection, statement, {"before": clock.now() - KEPT}) for statement in _DROP)


def _wake(uow: UnitOfWork, enterprise_id: UUID, endpoint_id: UUID) -> None:
    """A replay asks for attention now, whatever the endpoint's rest."""
    row = own_endpoint(uow, enterprise_id, endpoint_id)
    if row.disabled_because:
        raise Refused(Fault("", "webhook_disabled"))
    row.rest_until = None
    uow.session.flush()
