"""A mock counterparty as a process: served until it is told to stop, with the address printed for whoever started it."""

import logging
import signal
from wsgiref.types import WSGIApplication

from integrations.mockservers.single_window.http_server import HttpServer


def serve(name: str, application: WSGIApplication, host: str, port: int) -> None:
    """Serve on ``host:port`` (0: a free one) until SIGTERM or SIGINT; print ``name`` and the address first."""
    server = HttpServer(host, port, application)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _interrupt())
    print(f"{name}: http://{host}:{server.server_port}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        logging.getLogger(__name__).info("mock_stopping")
    finally:
        server.server_close()


def log_to_stderr() -> None:
    """Set up the log of a mock's process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def _interrupt() -> None:
    raise KeyboardInterrupt
