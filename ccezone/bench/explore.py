"""``bench explore``: how long the explorer takes over many lists, the office's and the largest firm's, in a database of its own.

Facts of lists and orders of 200 firms over two years are written by PostgreSQL itself, not by trade, and added up as the worker
does that makes all figures anew; lists themselves are not there. Pages and files are asked for within the process. Afterwards
numbers of every page, up to ``_COMPARED`` spread over it and its last, are compared with a count and a sum of the facts.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.bench.pages import of_goods, site, took
from ccezone.bench.pipeline import Incomplete
from ccezone.bench.return_facts import LARGEST, fill
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.storage.migrating import upgrade

AIM_MILLISECONDS = 300.0
_NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
_LONG = "since=2025-10-19&until=2026-11-22"
_LATELY = "since=2026-10-10&until=2026-11-08"
_OFFICE: Mapping[str, str] = {
    "what the page opens with": "/office/explore",
    "country by month": "/office/explore?rows=country&columns=month",
    "exports by chapter, 30 days": f"/office/explore?rows=chapter&columns=none&flow=E&{_LATELY}",
    "enterprise by flow": "/office/explore?rows=enterprise",
    "enterprise by month, 400 days": f"/office/explore?rows=enterprise&columns=month&{_LONG}",
    "lists of parks by month": "/office/explore?rows=park&columns=month&measure=lists",
    "month by flow, 400 days": f"/office/explore?rows=month&{_LONG}",
    "workbook of enterprises by month": f"/office/explore/table.xlsx?rows=enterprise&columns=month&{_LONG}",
}
_FIRM: Mapping[str, str] = {
    "what a firm's page opens with": "/firm/explore",
    "a firm's countries by month, 400 days": f"/firm/explore?rows=country&columns=month&{_LONG}",
    "a firm's chapters, 30 days": f"/firm/explore?rows=chapter&columns=none&{_LATELY}",
    "rows of a firm's year": "/firm/explore/goods?since=2026-01-01&until=2026-11-22",
    "rows of a firm's rare country": "/firm/explore/goods?since=2026-01-01&until=2026-11-22&by=country&key=359",
    "workbook of a firm's countries": f"/firm/explore/table.xlsx?rows=country&columns=month&{_LONG}",
}
_NUMBER = re.compile(r'href="([^"]*goods[^"]*)" data-number="([^"]*)"')
_COMPARED = 60


@dataclass(frozen=True, slots=True)
class _Looker:
    """Somebody before the explorer: the office, or the firm it is signed in for."""

    browser: FlaskClient
    pages: Mapping[str, str]
    firm: UUID | None = None


def run_explore(lists: int, repeats: int, say: Callable[[str], object]) -> Iterator[Mapping[str, object]]:
    """Yield p50 and p95 of each page. Raises ``Incomplete`` when a number is not what its rows come to."""
    with TemporaryDirectory(prefix="ccezone-bench-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as postgres:
            upgrade(postgres.url)
            database = Database(postgres.url)
            say(f"writing facts of {lists} lists")
            fill(database, lists, _NOW, say)
            yield from explored(database, Path(folder), lists, repeats, say)
            database.close()


def explored(
    database: Database, folder: Path, lists: int, repeats: int, say: Callable[[str], object]
) -> Iterator[Mapping[str, object]]:
    """Measure and compare over a database that holds so many facts."""
    opened = site(database, folder, _NOW)
    office = _Looker(opened.browser(Role.ZONE_OFFICER), _OFFICE)
    firm = _Looker(opened.browser(Role.FIRM, LARGEST), _FIRM, LARGEST)
    for looker in (office, firm):
        for name, address in looker.pages.items():
            say(name)
            told = f"{name}, {lists} lists by INSERT"
            yield took(looker.browser, address, repeats).line("explore", told, AIM_MILLISECONDS)
    say("comparing numbers with facts")
    for name, looker in (("office", office), ("firm", firm)):
        number = sum(_compared(looker, address, database) for address in looker.pages.values())
        yield {"name": f"explore numbers, {name}", "value": number, "unit": "numbers equal their facts", "n": lists}


def _compared(looker: _Looker, address: str, database: Database) -> int:
    """Compare numbers of a page with the facts; return how many."""
    if "/table." in address or "/goods" in address:
        return 0
    found = _NUMBER.findall(looker.browser.get(address).text)
    chosen = {*found[:: 1 + len(found) // _COMPARED], *found[-1:]}
    for link, number in chosen:
        with database.reading() as connection:
            rows, yuan = fetch(connection, *of_goods(unescape(link), looker.firm))[0]
        if Decimal(number) != (rows if "measure=lists" in address else yuan):
            raise Incomplete(f"{link}: shows {number}, its rows come to {rows} and {yuan}")
    return len(chosen)
