"""The mock single window as a process: ``main`` serves until it is told to stop."""

import gc
import logging
import signal
from pathlib import Path

from integrations.mockservers.single_window.app import create_app
from integrations.mockservers.single_window.http_server import HttpServer
from integrations.mockservers.single_window.service import SingleWindowService
from integrations.signatures.keys import PublicKeys


def main(port: int, database_url: str, keys_dir: Path, host: str = "127.0.0.1") -> None:
    """Serve the mock on ``host:port`` (0: a free one, printed) until SIGTERM or SIGINT.

    ``database_url`` names the mock's own database, created when missing; ``keys_dir`` holds the public keys it trusts.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    service = SingleWindowService.open(database_url, PublicKeys(keys_dir))
    server = HttpServer(host, port, create_app(service))
    _calm_collector()
    service.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _interrupt())
    print(f"mock single window: http://{host}:{server.server_port}/", flush=True)
    _serve(server, service)


def _calm_collector() -> None:
    """Let the garbage collector look seldom: a turn makes many short-lived objects and no cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _interrupt() -> None:
    raise KeyboardInterrupt


def _serve(server: HttpServer, service: SingleWindowService) -> None:
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        logging.getLogger(__name__).info("mock_stopping")
    finally:
        server.server_close()
        service.close()
