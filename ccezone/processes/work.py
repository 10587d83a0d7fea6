"""The worker and the scheduler."""

import logging
from collections.abc import Sequence

import structlog

from ccezone.bootstrap import assemble
from ccezone.processes.collector import relax_collector
from ccezone.settings import Settings
from ccezone.worker import run_scheduler, run_stages


def run_worker(stages: Sequence[str]) -> None:
    """Run stages until told to stop."""
    _log_json()
    hub = assemble(Settings.from_environment())
    steps = hub.steps()
    relax_collector()
    run_stages({stage: steps[stage] for stage in stages})
    hub.database.close()


def run_scheduler_process() -> None:
    """Run the scheduler until told to stop."""
    _log_json()
    hub = assemble(Settings.from_environment())
    run_scheduler(hub.database, hub.jobs())
    hub.database.close()


def _log_json() -> None:
    logging.basicConfig(level=logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
