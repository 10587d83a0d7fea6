"""``bench figures``: how long the queries of a firm's own figures take over many lists, in a database of its own.

The lists are made by PostgreSQL itself, straight into the figures' tables (``list_fact``, ``list_total``): one firm's, spread
over two years, 40 countries and 12 chapters of falling weight, four modes, two of three released, one in twenty sent back.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from ccezone.statistics.queries import BY, Span, figures
from ccezone.statistics.service.adding_up import add_up
from ccezone.storage import Database
from ccezone.storage.copying import run
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.storage.migrating import upgrade

AIM_MILLISECONDS = 100.0
_FIRM = UUID("01a201c7-ddd4-77ad-80e7-000000000001")
_UNTIL = date(2026, 11, 22)
_DAYS = 731
_SEED = "SELECT setseed(0.42)"
_FACTS = """
INSERT INTO list_fact
    (id, merchant_id, day, flow, trade_mode, country, chapter, node, stage, currency, value, cleared, updated_at)
SELECT n, %(firm)s, %(until)s::date - ((%(lists)s - n)::bigint * %(days)s / %(lists)s)::int,
    CASE WHEN random() < 0.8 THEN 'E' ELSE 'I' END, (array['9610', '9710', '9810', '1210'])[1 + floor(4 * random() ^ 2)::int],
    (300 + floor(40 * random() ^ 3)::int)::text,
    lpad((61 + floor(12 * random() ^ 3)::int)::text, 2, '0'), 'nankang', made.stage,
    CASE WHEN random() < 0.7 THEN '142' ELSE '502' END, round((random() * 900 + 1)::numeric, 2),
    CASE WHEN made.stage IN ('released', 'closed') THEN (60 + 86400 * random() ^ 4)::int END, now()
FROM generate_series(1, %(lists)s) AS n
CROSS JOIN LATERAL (
    SELECT (array['released', 'released', 'closed', 'filed', 'review', 'rejected'])
        [CASE WHEN x < 0.33 THEN 1 WHEN x < 0.5 THEN 2 WHEN x < 0.67 THEN 3 WHEN x < 0.85 THEN 4 WHEN x < 0.95 THEN 5 ELSE 6 END]
        AS stage FROM (SELECT random() + 0 * n AS x) AS drawn
) AS made
"""
_SPANS = (30, 365, _DAYS)


def run_figures(lists: int, repeats: int, say: Callable[[str], object]) -> Iterator[Mapping[str, object]]:
    """Yield p50 and p95 of a span's queries over every criterion, for each length of span."""
    with TemporaryDirectory(prefix="ccezone-bench-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as postgres:
            upgrade(postgres.url)
            database = Database(postgres.url)
            say(f"making {lists} lists")
            _fill(database, lists)
            for days in _SPANS:
                say(f"asking for {days} days")
                yield _measured(database, days, repeats)
            database.close()


def _fill(database: Database, lists: int) -> None:
    with database.begin() as uow:
        run(uow.connection, _SEED, {})
        run(uow.connection, _FACTS, {"firm": _FIRM, "until": _UNTIL, "days": _DAYS, "lists": lists})
    add_up(database)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        run(connection, "VACUUM ANALYZE list_fact, list_total", {})


def _measured(database: Database, days: int, repeats: int) -> Mapping[str, object]:
    span = Span(_FIRM, _UNTIL - timedelta(days=days - 1), _UNTIL)
    found: list[float] = []
    number = 0
    for turn in range(repeats + 1):
        for by in BY:
            with database.reading() as connection:
                began = time.perf_counter()
                rows = figures(connection, span, by)
                if turn:  # the first fills the caches
                    found.append((time.perf_counter() - began) * 1000)
            number = sum(row.lists for row in rows)
    p50, p95 = statistics.median(found), statistics.quantiles(found, n=20)[-1]
    aim = f"aim {AIM_MILLISECONDS:g} ms: {'met' if p95 <= AIM_MILLISECONDS else 'missed'}"
    note = f"{days} days, {number} lists, p50 {p50:.0f} ms; {aim}"
    return {"name": "figures", "value": round(p95, 1), "unit": "ms", "n": len(found), "p50": round(p50, 1), "note": note}
