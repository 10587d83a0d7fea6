"""Pages asked for within the process, without a network: signing in, p50 and p95, and what the facts behind a number come to."""

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex, token_urlsafe
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import structlog
from flask import Flask
from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation, create_user, sign_in
from ccezone.bench.pipeline import Incomplete
from ccezone.bootstrap import assemble
from ccezone.kernel.clock import FixedClock
from ccezone.settings import Settings
from ccezone.statistics.queries import Goods
from ccezone.storage import Database
from ccezone.web.app import create_app
from ccezone.web.shell.access import COOKIE


@dataclass(frozen=True, slots=True)
class Site:
    """A site over a database that stands at a moment, without its API."""

    app: Flask
    database: Database
    clock: FixedClock

    def browser(self, role: Role, firm: UUID | None = None) -> FlaskClient:
        """Sign somebody new in. Raises ``Incomplete``."""
        login, password = f"{role.value}-{token_hex(4)}@example.org", token_urlsafe(16)
        with self.database.begin() as uow:
            create_user(uow, Invitation(login, role.value, role, firm), password, self.clock)
            opened = sign_in(uow, login, password, self.clock)
        if opened is None:
            raise Incomplete(f"{login} cannot sign in")
        browser = self.app.test_client()
        browser.set_cookie(COOKIE, opened.token)
        return browser


def site(database: Database, folder: Path, now: datetime) -> Site:
    """Open a site over a database; ``folder`` is its data folder."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    settings = Settings(
        folder, database.url, database.url, "bench", bytes(32), "GZ", "http://127.0.0.1:1", "", "", production=False
    )
    clock = FixedClock(now)
    hub = assemble(settings, clock)
    hub.database.close()
    app = create_app(settings, database, clock, deliveries=hub.deliveries, terms=hub.terms)
    app.config.update(RATELIMIT_ENABLED=False)
    return Site(app, database, clock)


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds a page took: half of the times, 19 of 20; of them CPU of the process that answers, on average."""

    times: int
    p50: float
    p95: float
    cpu: float

    def line(self, name: str, told: str, aim: float) -> Mapping[str, object]:
        """Return the line a benchmark prints: p95 against its aim, in milliseconds."""
        met = f"aim {aim:g} ms: {'met' if self.p95 <= aim else 'missed'}"
        note = f"{told}, p50 {self.p50:.0f} ms, CPU of the web process alone {self.cpu:.0f} ms; {met}"
        figures = {"p50": round(self.p50, 1), "cpu": round(self.cpu, 1)}
        return {"name": name, "value": round(self.p95, 1), "unit": "ms", "n": self.times, **figures, "note": note}


def took(browser: FlaskClient, address: str, repeats: int) -> Took:
    """Ask for a page so many times, once before it counts. Raises ``Incomplete`` where it does not answer 200."""
    found: list[float] = []
    worked = 0.0
    for turn in range(repeats + 1):
        began, busy = time.perf_counter(), time.process_time()
        answer = browser.get(address)
        if turn:  # the first fills the caches
            found.append((time.perf_counter() - began) * 1000)
            worked += (time.process_time() - busy) * 1000
        if answer.status_code != 200:
            raise Incomplete(f"{address} answers {answer.status_code}")
    p95 = statistics.quantiles(found, n=20)[-1] if len(found) > 1 else found[0]
    return Took(len(found), statistics.median(found), p95, worked / len(found))


def of_goods(address: str, firm: UUID | None = None) -> tuple[str, Mapping[str, object]]:
    """Return what counts and adds up the released goods an address names, of one firm or all: of facts, not of totals."""
    asked = dict(parse_qsl(urlsplit(address).query))
    since, until = (date.fromisoformat(asked[name]) for name in ("since", "until"))
    bucket, before = (int(asked[name]) if name in asked else None for name in ("bucket", "before"))
    goods = Goods(since, until, asked.get("by", "every"), asked.get("key", ""), bucket, before)
    own = "true" if firm is None else "f.merchant_id = %(firm)s"
    statement = f"SELECT count(*), coalesce(sum(f.cny), 0) FROM list_fact f WHERE {goods.conditions} AND {own}"  # noqa: S608  # our own names
    return statement, {"since": since, "until": until, "key": goods.key, "firm": firm}
