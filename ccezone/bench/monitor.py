"""``bench monitor``: how long the pages of the office's monitor take over many lists, in a database of its own.

Facts of lists, orders and exported goods are written by COPY, not by trade, and added up by the worker's own statements; lists,
orders and goods themselves are not there, so that pages of rows name none. Pages are asked for within the process.
Afterwards every number of the pages is compared with a count and a sum of the facts.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.bench.monitor_facts import fill
from ccezone.bench.pages import of_goods, site, took
from ccezone.bench.pipeline import Incomplete
from ccezone.statistics.queries import STEPS
from ccezone.statistics.queries.strands import TAKEN
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.storage.migrating import upgrade

AIM_MILLISECONDS = 100.0
_NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
_YEAR = "since=2026-01-01&until=2026-11-22"
_PAGES: Mapping[str, str] = {
    "month": "/office/monitor",
    "today by enterprise": "/office/monitor?span=today&by=enterprise",
    "year by country": "/office/monitor?span=year&by=country",
    "year by enterprise": "/office/monitor?span=year&by=enterprise",
    "wall": "/office/monitor/wall",
    "rows of the year": f"/office/monitor/goods?{_YEAR}",
    "rows of a rare country": f"/office/monitor/goods?{_YEAR}&by=country&key=359",
    "rows of a time to clear": f"/office/monitor/goods?{_YEAR}&bucket=12",
    "exported goods of the year": f"/office/monitor/strands/settled?{_YEAR}",
    "orders of the year": f"/office/monitor/orders?{_YEAR}&step=released",
}
_NUMBER = re.compile(r'<a class="tap" href="([^"]*)" data-count="(\d+)"(?: data-sum="([^"]*)")?')


def run_monitor(lists: int, repeats: int, say: Callable[[str], object]) -> Iterator[Mapping[str, object]]:
    """Yield p50 and p95 of each page. Raises ``Incomplete`` when a number is not what its rows come to."""
    with TemporaryDirectory(prefix="ccezone-bench-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as postgres:
            upgrade(postgres.url)
            database = Database(postgres.url)
            say(f"copying facts of {lists} lists and as many orders")
            fill(database, lists, _NOW)
            officer = site(database, Path(folder), _NOW).browser(Role.ZONE_OFFICER)
            for name, address in _PAGES.items():
                say(name)
                yield took(officer, address, repeats).line("monitor", f"{name}, {lists} lists by COPY", AIM_MILLISECONDS)
            say("comparing numbers with rows")
            yield {"name": "monitor numbers", "value": _compared(officer, database), "unit": "numbers equal their rows", "n": lists}
            database.close()


def _compared(officer: FlaskClient, database: Database) -> int:
    """Compare every number of the monitor's pages with the facts; return how many there are."""
    pages = [address for address in _PAGES.values() if "?since" not in address]
    found = {number for page in pages for number in _NUMBER.findall(officer.get(page).text)}
    for address, number, worth in found:
        with database.reading() as connection:
            rows, yuan = fetch(connection, *_of_facts(unescape(address)))[0]
        if rows != int(number) or (worth and yuan != Decimal(worth)):
            raise Incomplete(f"{address}: shows {number} and {worth or 'no worth'}, its rows come to {rows} and {yuan}")
    return len(found)


def _of_facts(address: str) -> tuple[str, Mapping[str, object]]:
    """What counts and adds up the rows of an address."""
    place = urlsplit(address)
    asked = dict(parse_qsl(place.query))
    since, until = (date.fromisoformat(asked[name]) for name in ("since", "until"))
    if place.path.endswith("/orders"):
        flow = asked.get("flow", "")
        taken = f"{STEPS[asked['step']]} IS NOT NULL AND (%(flow)s = '' OR f.flow = %(flow)s)"
        statement = f"SELECT count(*), 0 FROM order_fact f WHERE f.day BETWEEN %(since)s AND %(until)s AND {taken}"  # noqa: S608  # our own names
        return statement, {"since": since, "until": until, "flow": flow}
    if "/strands/" in place.path:
        stage = TAKEN[place.path.rpartition("/")[2]]
        statement = f"SELECT count(*), 0 FROM goods_fact f WHERE f.day BETWEEN %(since)s AND %(until)s AND {stage}"  # noqa: S608  # our own names
        return statement, {"since": since, "until": until}
    return of_goods(address)
