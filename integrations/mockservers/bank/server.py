"""The mock bank as a process: ``main`` serves until it is told to stop."""

import json
from pathlib import Path

from integrations.mockservers.bank.app import create_app
from integrations.mockservers.bank.store import BankStore
from integrations.mockservers.serving import log_to_stderr, serve


def main(port: int, folder: Path, host: str = "127.0.0.1", switches: str = "") -> None:
    """Serve the mock on ``host:port`` (0: a free one, printed) until SIGTERM or SIGINT; its file lies in ``folder``.

    ``switches`` (a JSON object) are set at the first start only.
    """
    log_to_stderr()
    store = BankStore(folder / "bank.sqlite")
    store.begin_with(json.loads(switches or "{}"))
    serve("mock bank", create_app(store), host, port)
