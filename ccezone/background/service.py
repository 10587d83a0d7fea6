"""Asking for background jobs, doing them, stopping them.

A worker holds a job by a lease which every noted progress renews. A worker that dies lets it run out, and another goes on
from the last checkpoint; after three interruptions the job is given up.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import structlog
from psycopg.types.json import Jsonb
from sqlalchemy.exc import OperationalError

from ccezone.background.ports import Cancelled, Handler, LeaseLost, Outcome
from ccezone.background.tables import BackgroundJob
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run

LEASE = timedelta(seconds=60)
ATTEMPTS = 4
_CLAIM = """
UPDATE background_job SET state = 'running', attempts = attempts + 1, lease_until = %(lease)s,
    started_at = coalesce(started_at, %(now)s)
WHERE id = (
    SELECT id FROM background_job
    WHERE state = 'waiting' OR (state = 'running' AND lease_until < %(now)s)
    ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1
)
RETURNING id, kind, enterprise_id, user_id, arguments, checkpoint, attempts
"""
_REACHED = """
UPDATE background_job SET steps_done = %(done)s, steps = coalesce(%(of)s, steps), lease_until = %(lease)s,
    checkpoint = coalesce(%(checkpoint)s, checkpoint)
WHERE id = %(id)s AND attempts = %(attempt)s RETURNING state
"""
_FINISH = """
UPDATE background_job SET state = %(state)s, result = %(result)s, file_id = %(file)s, faults = %(faults)s, finished_at = %(now)s,
    lease_until = NULL
WHERE id = %(id)s AND attempts = %(attempt)s AND state = 'running'
"""
_CANCEL = """
UPDATE background_job SET state = 'cancelled', finished_at = %(now)s, lease_until = NULL
WHERE id = %(id)s AND (%(enterprise)s::uuid IS NULL OR enterprise_id = %(enterprise)s) AND state IN ('waiting', 'running')
"""
_THERE = "SELECT 1 FROM background_job WHERE id = %(id)s AND (%(enterprise)s::uuid IS NULL OR enterprise_id = %(enterprise)s)"
_log = structlog.get_logger("ccezone.background")


@dataclass(frozen=True, slots=True)
class JobFinished:
    """News: a job is over (``done`` or ``failed``), published in the transaction that ends it."""

    job_id: UUID
    kind: str
    enterprise_id: UUID | None
    user_id: UUID | None
    state: str
    outcome: Outcome
    at: datetime


@dataclass
class _Running:
    """A claimed job (``ports.Work``). ``attempt`` is this worker's title to it."""

    clock: Clock
    job_id: UUID
    kind: str
    enterprise_id: UUID | None
    user_id: UUID | None
    arguments: Mapping[str, Any]
    checkpoint: Mapping[str, Any]
    attempt: int

    def reached(self, uow: UnitOfWork, done: int, of: int | None = None, checkpoint: Mapping[str, object] | None = None) -> None:
        values = {"id": self.job_id, "attempt": self.attempt, "done": done, "of": of, "lease": self.clock.now() + LEASE}
        kept = Jsonb(dict(checkpoint)) if checkpoint is not None else None
        found = fetch(uow.connection, _REACHED, {**values, "checkpoint": kept})
        if not found:
            raise LeaseLost
        if found[0][0] == "cancelled":
            raise Cancelled


def request_job(
    uow: UnitOfWork,
    kind: str,
    clock: Clock,
    *,
    enterprise_id: UUID | None = None,
    user_id: UUID | None = None,
    arguments: Mapping[str, object] | None = None,
) -> UUID:
    """Ask for a job; a worker takes it up once this transaction commits. ``arguments`` must fit JSON."""
    job = BackgroundJob(
        id=uuidv7(),
        kind=kind,
        enterprise_id=enterprise_id,
        user_id=user_id,
        arguments=dict(arguments or {}),
        state="waiting",
        steps=None,
        checkpoint={},
        result={},
        file_id=None,
        faults=[],
        lease_until=None,
        created_at=clock.now(),
        started_at=None,
        finished_at=None,
    )
    uow.session.add(job)
    uow.session.flush()
    return job.id


def cancel_job(uow: UnitOfWork, job_id: UUID, clock: Clock, enterprise_id: UUID | None = None) -> None:
    """Stop a job: what it committed stays, what is open ends with its next progress. Raises ``NotFound``, ``Refused``."""
    named = {"id": job_id, "enterprise": enterprise_id}
    if run(uow.connection, _CANCEL, {**named, "now": clock.now()}):
        return
    if not fetch(uow.connection, _THERE, named):
        raise NotFound(Fault("", "job_not_found"))
    raise Refused(Fault("", "job_over"))


def run_next_job(database: Database, handlers: Mapping[str, Handler], clock: Clock) -> int:
    """Do the oldest job that waits or was left behind; return 1, or 0 when there is none."""
    now = clock.now()
    with database.begin() as uow:
        rows = fetch(uow.connection, _CLAIM, {"now": now, "lease": now + LEASE})
    if not rows:
        return 0
    work = _Running(clock, *rows[0])
    if work.attempt > ATTEMPTS:
        _finish(database, work, "failed", Outcome(), [Fault("", "job_gave_up")])
        return 1
    try:
        outcome = handlers[work.kind](work)
    except (Cancelled, LeaseLost):
        return 1
    except (OperationalError, psycopg.OperationalError):
        raise  # the database went away: the lease runs out, and the work goes on from its checkpoint
    except Refused as refused:
        _finish(database, work, "failed", Outcome(), list(refused.faults))
    except Exception:  # whatever a handler does wrong ends its own job, not the worker that does everybody's
        _log.exception("job_failed", job=str(work.job_id), kind=work.kind)
        _finish(database, work, "failed", Outcome(), [Fault("", "job_failed")])
    else:
        _finish(database, work, "done", outcome, [])
    return 1


def _finish(database: Database, work: _Running, state: str, outcome: Outcome, faults: list[Fault]) -> None:
    now = work.clock.now()
    values = {
        "id": work.job_id,
        "attempt": work.attempt,
        "state": state,
        "result": Jsonb(dict(outcome.result)),
        "file": outcome.file_id,
        "faults": Jsonb([{**asdict(fault), "params": dict(fault.params)} for fault in faults]),
        "now": now,
    }
    with database.begin() as uow:
        if run(uow.connection, _FINISH, values):
            uow.publish(JobFinished(work.job_id, work.kind, work.enterprise_id, work.user_id, state, outcome, now))
