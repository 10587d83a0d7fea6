"""The command line: ``ccezone``. Exit status 0 fine, 1 the input is bad, 2 wrong usage."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from ccezone.bench.cli import bench
from ccezone.cli_backup import backup, restore
from ccezone.cli_code import code
from ccezone.cli_demo import demo
from ccezone.cli_message import message
from ccezone.cli_quote import quote
from ccezone.cli_submit import submit
from ccezone.cli_up import up
from ccezone.processes import run_migrate, run_mock, run_scheduler_process, run_web, run_worker
from ccezone.settings import SettingError
from ccezone.worker import STAGES


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ccezone")
def cli() -> None:
    """Online service platform of a cross-border e-commerce pilot zone. 跨境电商综试区线上综合服务平台"""


@cli.command()
def migrate() -> None:
    """Bring the database at DATABASE_URL to the newest schema. 升级数据库结构"""
    _guarded(run_migrate)


@cli.command()
@click.option("--host", default="0.0.0.0", show_default=True)  # noqa: S104  # a container's own address
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True)
def web(host: str, port: int, processes: int) -> None:
    """Serve the site and the API. 网站与接口"""
    _guarded(lambda: run_web(host, port, processes))


@cli.command()
@click.option("--stage", "stages", type=click.Choice(STAGES), multiple=True, help="Only these stages (default: all).")
def worker(stages: tuple[str, ...]) -> None:
    """Match bills, file lists, exchange messages with the single window. 后台处理"""
    _guarded(lambda: run_worker(stages or STAGES))


@cli.command()
def scheduler() -> None:
    """Run the scheduled jobs; where several run, one of them works. 定时任务"""
    _guarded(run_scheduler_process)


@cli.command()
@click.argument("name", type=click.Choice(["single-window"]))
@click.option("--port", type=click.IntRange(0, 65535), default=8101, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def mock(name: str, port: int, host: str) -> None:
    """Serve a mocked counterparty. 模拟对接方"""
    _guarded(lambda: run_mock(name, host, port))


def _guarded(work: Callable[[], None]) -> None:
    """A missing or wrong setting is one line, not a traceback."""
    try:
        work()
    except SettingError as error:
        raise click.ClickException(str(error)) from error


for command in (up, submit, backup, restore, message, quote, code, demo, bench):
    cli.add_command(command)


def main() -> None:
    """Entry point."""
    cli()


if __name__ == "__main__":
    sys.exit(main())
