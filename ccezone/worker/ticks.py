"""Scheduled ticks (APScheduler). Every host may run a scheduler; whoever holds a job's advisory lock does it."""

from collections.abc import Callable, Mapping

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from ccezone.kernel.ids import key8
from ccezone.storage import Database
from ccezone.worker.loops import signalled

_log = structlog.get_logger("ccezone.scheduler")
_TURNS = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}  # a turn that comes late is late, not left out


def run_scheduler(database: Database, jobs: Mapping[str, tuple[float, Callable[[], object]]]) -> None:
    """Run jobs (name: seconds between, what) until SIGTERM or SIGINT, each while its lock is free."""
    told = signalled()
    scheduler = BackgroundScheduler(timezone="UTC")
    for name, (seconds, job) in jobs.items():
        scheduler.add_job(guarded(database, name, job), "interval", seconds=seconds, id=name, **_TURNS)
    scheduler.start()
    _log.info("scheduler_started", jobs=sorted(jobs))
    told.wait()
    scheduler.shutdown()


def guarded(database: Database, name: str, job: Callable[[], object]) -> Callable[[], None]:
    """Run a job only where its lock is free, and never let a failing job end the scheduler.

    Each job has a lock of its own: two that are due at the same moment must not keep each other from running.
    """

    def run() -> None:
        with database.alone(key8("scheduled job", name)) as held:
            if not held:
                return
            try:
                job()
            except Exception:  # its next turn comes by the clock; other jobs must not wait for it
                _log.exception("job_failed", job=name)

    return run
