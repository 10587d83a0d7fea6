"""The worker and the scheduler."""

import logging
from collections.abc import Callable, Sequence

import structlog

from ccezone.bootstrap import Hub, assemble
from ccezone.declarations.queries.bustle import many_move
from ccezone.kernel.clock import Clock
from ccezone.kernel.demo_clock import leading
from ccezone.processes.collector import relax_collector
from ccezone.settings import Settings
from ccezone.worker import run_scheduler, run_stages
from ccezone.worker.giving_way import Jobs, giving_way

NEVER_RESTING = frozenset({"retry_parked_receipts", "recheck_waiting_lists", "keep_sightings"})
"""The jobs that go on while a demo's clock is led: they bring lists on, or keep what was seen of counterparties."""

FOLLOWING = frozenset({"refresh_figures", "refresh_supplements", "keep_goods_ledger", "keep_fx_orders", "look_for_risks"})
"""The jobs that look at what the main chain did, and give way to it."""


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
    run_scheduler(hub.database, scheduled(hub))
    hub.database.close()


def scheduled(hub: Hub) -> Jobs:
    """Return what the scheduler does: all jobs of the hub, each of which rests or gives way when it should."""
    jobs = giving_way(hub.jobs(), FOLLOWING, lambda: _bustling(hub))
    return {name: (seconds, rested(hub.traffic, name, job)) for name, (seconds, job) in jobs.items()}


def _bustling(hub: Hub) -> bool:
    with hub.database.reading() as connection:
        return many_move(connection, hub.traffic.now())


def rested(clock: Clock, name: str, job: Callable[[], object]) -> Callable[[], object]:
    """Let a job rest while the demo's clock is led, but for those that bring lists on.

    Whoever reads what is new since a moment, or judges what stands too long, would be misled by leaps.
    """

    def run() -> object:
        return None if leading(clock) else job()

    return job if name in NEVER_RESTING else run


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
