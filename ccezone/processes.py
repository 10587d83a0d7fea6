"""What each process of a deployment does: migrate, web, worker, scheduler, mock."""

import logging
import os
from collections.abc import Sequence

import structlog
from granian import Granian
from granian.constants import Interfaces

from ccezone.bootstrap import assemble
from ccezone.settings import Settings
from ccezone.storage.migrating import upgrade
from ccezone.worker import run_scheduler, run_stages
from integrations.mockservers.single_window.server import main as serve_single_window

_BACKLOG = 1024


def run_migrate() -> None:
    """Upgrade the database."""
    upgrade(Settings.from_environment().database_url)


def run_web(host: str, port: int, processes: int) -> None:
    """Serve the WSGI application until told to stop."""
    Settings.from_environment()  # fail here, with the variable's name, rather than in every child
    server = Granian(
        "ccezone.wsgi:create",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=2,
        backlog=_BACKLOG,
        log_access=False,
        respawn_failed_workers=True,
    )
    server.serve()


def run_worker(stages: Sequence[str]) -> None:
    """Run stages until told to stop."""
    _log_json()
    hub = assemble(Settings.from_environment())
    steps = hub.steps()
    run_stages({stage: steps[stage] for stage in stages})
    hub.database.close()


def run_scheduler_process() -> None:
    """Run the scheduler until told to stop."""
    _log_json()
    hub = assemble(Settings.from_environment())
    run_scheduler(hub.database, hub.jobs())
    hub.database.close()


def run_mock(name: str, host: str, port: int) -> None:
    """Serve a mocked counterparty; its own database lies beside the hub's."""
    settings = Settings.from_environment()
    url = os.environ.get("CCEZONE_MOCK_DATABASE_URL") or mock_database(settings.database_url)
    serve_single_window(port, url, settings.data_dir / "keys" / "public", host)


def mock_database(hub_url: str) -> str:
    """Address of the mock's database in the hub's server."""
    base, slash, query = hub_url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/ccezone_mock{'?' if slash else ''}{query}"


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
