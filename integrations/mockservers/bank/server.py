"""The mock bank as a process: ``main`` serves until it is told to stop."""

import json
import logging
import signal
from pathlib import Path

from integrations.mockservers.bank.app import create_app
from integrations.mockservers.bank.store import BankStore
from integrations.mockservers.single_window.http_server import HttpServer


def main(port: int, folder: Path, host: str = "127.0.0.1", switches: str = "") -> None:
    """Serve the mock on ``host:port`` (0: a free one, printed) until SIGTERM or SIGINT; its file lies in ``folder``.

    ``switches`` (a JSON object) are set at the first start only.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    store = BankStore(folder / "bank.sqlite")
    store.begin_with(json.loads(switches or "{}"))
    server = HttpServer(host, port, create_app(store))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _interrupt())
    print(f"mock bank: http://{host}:{server.server_port}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        logging.getLogger(__name__).info("mock_stopping")
    finally:
        server.server_close()


def _interrupt() -> None:
    raise KeyboardInterrupt
