"""``bench return``: how long a monthly return takes to compile and to render, at few and at many stored declarations.

Facts of lists are written by PostgreSQL itself, not by trade, over two years, and added up by the statements with which the worker
makes all figures anew (``statistics.service.adding_up``), into tables whose indexes are made afterwards. They are as many as it
says; lists and messages themselves are not there. Totals are compared with all facts, the printed total with those of its month.
A second part renders a return whose table of enterprises has as many rows as an annex may have.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from ccezone.bench.pipeline import Incomplete
from ccezone.bench.return_facts import complete, fill
from ccezone.printing.returns.document import render_return
from ccezone.statistics.queries.return_document import Wanted, document
from ccezone.statistics.rules.periods import Kind, period
from ccezone.statistics.rules.returns import Series, canonical
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.storage.migrating import upgrade

AIM_SECONDS, AIM_ANNEX_SECONDS = 5.0, 8.0
ANNEX_ROWS = 3_000
_NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
_MONTH = period(Kind.MONTHLY, "2026-10")
_COUNTED = "SELECT coalesce(sum(cny), 0) FROM list_fact WHERE counted_on BETWEEN %(since)s AND %(until)s"


def run_return(sizes: tuple[int, ...], annex: int, runs: int, say: Callable[[str], object]) -> Iterator[Mapping[str, object]]:
    """Yield seconds for each number of declarations, then for the annex. Raises ``Incomplete`` for a wrong figure."""
    told: dict[str, Any] = {}
    for size in sizes:
        with TemporaryDirectory(prefix="ccezone-bench-") as folder:
            Path(folder).chmod(0o755)
            with EmbeddedPostgres(Path(folder) / "postgres") as postgres:
                upgrade(postgres.url)
                database = Database(postgres.url)
                say(f"writing facts of {size} lists")
                began = time.perf_counter()
                fill(database, size, _NOW, say)
                sums, loaded = complete(database), time.perf_counter() - began
                say(f"loaded, added up, and {sums} sums of totals compared with the facts in {loaded:.0f} s")
                told = _compiled(database)
                yield {**measured(database, size, runs, say), "loaded_seconds": round(loaded)}
                database.close()
    say(f"rendering an annex of {annex} rows")
    yield _annex(told, annex, runs)


def _compiled(database: Database) -> dict[str, Any]:
    wanted = Wanted("GZ", ("基准综试区", "Benchmark zone"), _MONTH, Series.FINAL, 1)
    with database.reading() as connection:
        found = document(connection, wanted, _NOW)
    return {**found, "code": "BENCH", "address": "http://127.0.0.1/verify/BENCH"}


def measured(database: Database, size: int, runs: int, say: Callable[[str], object]) -> Mapping[str, object]:
    """Compile and render the month over a database that holds so many facts. Raises ``Incomplete`` for a wrong total."""
    compiling, rendering, worked = [], [], []
    for turn in range(runs + 1):
        say(f"run {turn} of {runs}")
        began, busy = time.perf_counter(), time.process_time()
        told = _compiled(database)
        between = time.perf_counter()
        made = render_return(canonical(told), "zh")
        if turn:  # the first loads the libraries and fills the caches
            compiling.append(between - began)
            rendering.append(time.perf_counter() - between)
            worked.append(time.process_time() - busy)
    if not made.startswith(b"%PDF"):
        raise Incomplete("no PDF was made")
    _check(database, told)
    compiled, rendered = statistics.median(compiling), statistics.median(rendering)
    whole, cpu = compiled + rendered, round(statistics.median(worked), 2)
    aim = f"aim {AIM_SECONDS:g} s: {'met' if whole <= AIM_SECONDS else 'missed'}"
    steps = f"compile {compiled:.2f} s, render zh {rendered:.2f} s, CPU of this process {cpu:.2f} s"
    note = f"monthly return, {size} facts of lists by INSERT, totals set-based; {steps}; {aim}"
    load = os.getloadavg()[0]
    figures = {"compile": round(compiled, 3), "render": round(rendered, 3), "bytes": len(made), "cpu": cpu, "load": round(load, 1)}
    return {"name": "return", "value": round(whole, 2), "unit": "s", "n": size, "runs": runs, **figures, "note": note}


def _check(database: Database, told: Mapping[str, Any]) -> None:
    """Compare the total of every table with a sum of the facts."""
    with database.reading() as connection:
        counted = fetch(connection, _COUNTED, {"since": _MONTH.since, "until": _MONTH.until})[0][0]
    for table in told["tables"]:
        shown = sum((Decimal(table["total"]["cells"][flow]["value"]) for flow in ("export", "import")), Decimal(0))
        if shown != counted:
            raise Incomplete(f"table {table['name']} says {shown}, its facts come to {counted}")


def _annex(told: Mapping[str, Any], rows: int, runs: int) -> Mapping[str, object]:
    """Render a return whose table of countries has so many rows: every one of them is printed."""
    made_up = [_row(number) for number in range(rows)]
    tables = [{**table, "rows": made_up} if table["name"] == "country" else table for table in told["tables"]]
    frozen = canonical({**told, "tables": tables})
    found = []
    for _turn in range(runs):
        began = time.perf_counter()
        render_return(frozen, "zh")
        found.append(time.perf_counter() - began)
    seconds = statistics.median(found)
    aim = f"aim {AIM_ANNEX_SECONDS:g} s: {'met' if seconds <= AIM_ANNEX_SECONDS else 'missed'}"
    note = (
        f"monthly return with a table of {rows} rows, made up; rendering alone, {len(orjson.dumps(tables))} bytes of tables; {aim}"
    )
    return {"name": "return annex", "value": round(seconds, 2), "unit": "s", "n": rows, "runs": runs, "note": note}


def _row(number: int) -> dict[str, Any]:
    cell = {"lists": number, "value": f"{number * 137.5:.2f}", "before": "0.00", "former": "0.00", "growth": None}
    cells = dict.fromkeys(("export", "export_year", "import", "import_year"), cell)
    return {"key": str(number), "zh": f"基准行 {number}", "en": f"Row {number}", "cells": cells}
