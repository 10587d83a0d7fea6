"""The full trial of the API's contract: ``python -m tests.api.contract`` serves a founded zone with trades in it on a free port,
with real PostgreSQL, and lets ``schemathesis run`` send it some thousands of generated requests in the name of a merchant.

Credentials are tried apart, and without chaining requests: a chain soon ends the very token that it is tried with.
Exits with schemathesis's code. Further arguments are handed to it (``--max-examples 20``).
"""

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from werkzeug.serving import make_server

from ccezone.accounts.rules import FIRM
from ccezone.accounts.service import issue_credential
from ccezone.storage import Database
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.storage.migrating import upgrade
from ccezone.web.shell.observing import configure_logs
from tests.api.conftest import Api, an_api
from tests.hub.behind import leave
from tests.hub.bills import export_bills, import_bills, order
from tests.hub.emptying import empty
from tests.hub.founding import lay_up_zone
from tests.hub.harness import Hub

CONFIG, KNOWN = (Path(__file__).with_name(name) for name in ("schemathesis.toml", "known.toml"))
MERCHANT = "furniture"
_ONE = (
    *("getOrder", "getPayment", "getWaybill", "getShippingLink", "getBatch", "getBatchErrors"),
    *("getDeclaration", "getDeclarationTimeline", "submitDeclaration"),
)
_TRIALS = (
    (CONFIG, ["--exclude-tag", "Credentials"]),
    (CONFIG, ["--include-tag", "Credentials", "--phases", "examples,coverage"]),
    (KNOWN, ["--include-operation-id-regex", f"^({'|'.join(_ONE)})$"]),
)


def fill(hub: Hub) -> None:
    """Let some trades happen, good and bad, so that lists and details have something to show."""
    for trade in (export_bills(1), export_bills(2), import_bills(3), [order(4)]):
        hub.post(*trade)
    hub.merge()
    hub.dispatch()


def token_of(api: Api) -> str:
    """Issue the token that is tried with."""
    with api.hub.database.begin() as uow:
        return issue_credential(uow, api.hub.party(MERCHANT).id, "contract", FIRM, None, api.hub.clock).token


@contextmanager
def served(api: Api) -> Iterator[str]:
    """Serve the API on a free port, and give its address."""
    configure_logs(logging.ERROR)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, api.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(arguments: Sequence[str]) -> int:
    """Found, fill, serve, try."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with EmbeddedPostgres(folder / "postgres", durable=False) as postgres:
            upgrade(postgres.url)
            database = Database(postgres.url)
            lay_up_zone(database)
            empty(database)
            hub = Hub(database, folder / "keys")
            fill(hub)
            api = an_api(hub)
            with served(api) as url:
                codes = [_tried(api, url, config, [*chosen, *arguments]) for config, chosen in _TRIALS]
            leave(database)
            database.close()
            return max(codes)


def _tried(api: Api, url: str, config: Path, arguments: Sequence[str]) -> int:
    program = str(Path(sys.executable).with_name("schemathesis"))
    headers = ["-H", f"Authorization: Bearer {token_of(api)}", "-H", "Accept-Language: en"]
    command = [program, "--config-file", str(config), "run", f"{url}/api/openapi.json", *headers, *arguments]
    return subprocess.run(command, env={**os.environ, **_known(api)}, check=False).returncode


def _known(api: Api) -> dict[str, str]:
    """Ids of things of the merchant's, for the operations on one thing."""
    merchant, found = api.hub.party(MERCHANT).id, api.hub.rows
    order = found("SELECT order_key FROM order_version WHERE merchant_id = %(id)s ORDER BY batch_id LIMIT 1", id=merchant)[0][0]
    link = found("SELECT link_key, waybill_key FROM link_version WHERE order_key = %(order)s", order=order)[0]
    payment = found("SELECT payment_key FROM payment_version WHERE order_key = %(order)s", order=order)[0][0]
    return {
        "CONTRACT_ORDER": str(order),
        "CONTRACT_PAYMENT": str(payment),
        "CONTRACT_WAYBILL": str(link[1]),
        "CONTRACT_LINK": str(link[0]),
        "CONTRACT_LIST": str(found("SELECT id FROM declaration_list WHERE merchant_id = %(id)s LIMIT 1", id=merchant)[0][0]),
        "CONTRACT_BATCH": _batch_with_faults(api),
    }


def _batch_with_faults(api: Api) -> str:
    answer = api.call("POST", "/orders", MERCHANT, [{"orderNo": "incomplete"}])
    return str(answer.get_json()["batch"])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
