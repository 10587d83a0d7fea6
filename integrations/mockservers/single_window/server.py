"""The mock single window as a process: ``main`` serves until it is told to stop."""

import gc
from pathlib import Path

from ccezone.kernel.clock import Clock
from integrations.mockservers.serving import log_to_stderr, serve
from integrations.mockservers.single_window.app import create_app
from integrations.mockservers.single_window.service import SingleWindowService
from integrations.signatures.keys import PublicKeys


def main(port: int, database_url: str, keys_dir: Path, host: str = "127.0.0.1", clock: Clock | None = None) -> None:
    """Serve the mock on ``host:port`` (0: a free one, printed) until SIGTERM or SIGINT.

    ``database_url`` names the mock's own database, created when missing; ``keys_dir`` holds the public keys it trusts;
    ``clock`` dates its receipts.
    """
    log_to_stderr()
    service = SingleWindowService.open(database_url, PublicKeys(keys_dir), clock)
    _calm_collector()
    service.start()
    try:
        serve("mock single window", create_app(service), host, port)
    finally:
        service.close()


def _calm_collector() -> None:
    """Let the garbage collector look seldom: a turn makes many short-lived objects and no cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
