"""``ccezone bench NAME``: run a benchmark and print its figures, one JSON object a line."""

import json
import sys
from collections.abc import Iterable, Mapping

import click

from ccezone.bench.explore import run_explore
from ccezone.bench.figures import run_figures
from ccezone.bench.monitor import run_monitor
from ccezone.bench.pipeline import Incomplete, Say, run_pipeline
from ccezone.bench.returns import ANNEX_ROWS, run_return
from ccezone.bench.risk import run_risk
from ccezone.bench.workbook import run_workbook


@click.group()
def bench() -> None:
    """Measure this machine. 性能测试"""


@bench.command()
@click.option("--declarations", type=click.IntRange(100), default=100_000, show_default=True, help="Declarations of one run.")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Runs; the median is printed last.")
@click.option("--share-import", type=click.FloatRange(0, 1), default=0.0, show_default=True, help="Part of them that are imports.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON lines.")
def pipeline(declarations: int, runs: int, share_import: float, as_json: bool) -> None:
    """Three parties' messages over HTTP → merge → lists → single window → release: declarations a second, all told."""
    _print("pipeline", run_pipeline(declarations, runs, share_import, _say(as_json)))


@bench.command()
@click.option("--rows", type=click.IntRange(100, 100_000), default=100_000, show_default=True, help="Rows of the workbook.")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Runs; the median is printed last.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON lines.")
def workbook(rows: int, runs: int, as_json: bool) -> None:
    """An xlsx upload over HTTP → good rows stored, bad ones in a workbook to mend: seconds, memory, counts that add up."""
    _print("workbook", run_workbook(rows, runs, _say(as_json)))


@bench.command()
@click.option("--lists", type=click.IntRange(100), default=1_000_000, show_default=True, help="Declaration lists of one firm.")
@click.option("--repeats", type=click.IntRange(1), default=20, show_default=True, help="Times each criterion is asked for.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON lines.")
def figures(lists: int, repeats: int, as_json: bool) -> None:
    """Queries of a firm's own figures over 30 days, a year, two years: p95 milliseconds, in a database of its own."""
    _print("figures", run_figures(lists, repeats, _say(as_json)))


@bench.command()
@click.option(
    "--seed", "seeds", type=click.IntRange(0, 999), multiple=True, default=(101, 102, 103), show_default=True, help="A world."
)
@click.option("--json", "as_json", is_flag=True, help="Only JSON lines.")
def risk(seeds: tuple[int, ...], as_json: bool) -> None:
    """Planted frauds and near misses in two months of trade → alerts: precision and recall of the rules that ship."""
    _print("risk", run_risk(seeds, _say(as_json)))


@bench.command()
@click.option("--lists", type=click.IntRange(100), default=1_000_000, show_default=True, help="Lists, and as many orders.")
@click.option("--repeats", type=click.IntRange(1), default=20, show_default=True, help="Times each page is asked for.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON lines.")
def monitor(lists: int, repeats: int, as_json: bool) -> None:
    """Pages of the office's monitor over facts loaded by COPY: p95 milliseconds; every number compared with its rows."""
    _print("monitor", run_monitor(lists, repeats, _say(as_json)))


@bench.command()
@click.option("--lists", type=click.IntRange(100), default=1_000_000, show_default=True, help="Lists, and as many orders.")
@click.option("--repeats", type=click.IntRange(1), default=20, show_default=True, help="Times each page is asked for.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON lines.")
def explore(lists: int, repeats: int, as_json: bool) -> None:
    """The explorer's pages over facts loaded by SQL, the office's and a firm's: p95 milliseconds; numbers compared with facts."""
    _print("explore", run_explore(lists, repeats, _say(as_json)))


@bench.command("return")
@click.option(
    "--declarations",
    "sizes",
    type=click.IntRange(100),
    multiple=True,
    default=(10_000, 100_000, 1_000_000),
    show_default=True,
    help="Facts of declarations stored; may be given more than once. 10,000,000 take some 15 GB and most of an hour to load.",
)
@click.option("--annex", type=click.IntRange(1), default=ANNEX_ROWS, show_default=True, help="Rows of the annex.")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Runs; medians are printed.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON lines.")
def statistical_return(sizes: tuple[int, ...], annex: int, runs: int, as_json: bool) -> None:
    """A monthly return over facts loaded by SQL: seconds to compile and to render; its totals compared with the facts."""
    _print("return", run_return(sizes, annex, runs, _say(as_json)))


def _say(as_json: bool) -> Say:
    return (lambda _: None) if as_json else (lambda text: click.echo(text, err=True))


def _print(name: str, lines: Iterable[Mapping[str, object]]) -> None:
    try:
        for line in lines:
            click.echo(json.dumps(line, ensure_ascii=False))
    except Incomplete as failure:
        click.echo(f"bench {name}: {failure}", err=True)
        sys.exit(1)
