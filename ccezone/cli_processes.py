"""``ccezone migrate|web|worker|scheduler|mock``: one process each, for real deployments and for ``ccezone up``."""

from collections.abc import Callable

import click

from ccezone.settings import SettingError

_MOCK_PORTS = {"single-window": 8101, "tax-bureau": 8102, "bank": 8103}
_STAGES = ("merge", "send", "receive", "background", "webhooks")


@click.command()
def migrate() -> None:
    """Bring the database at DATABASE_URL to the newest schema. 升级数据库结构"""
    from ccezone.processes.migrate import run_migrate

    _guarded(run_migrate)


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True)  # noqa: S104  # a container's own address
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True)
def web(host: str, port: int, processes: int) -> None:
    """Serve the site and the API. 网站与接口"""
    from ccezone.processes.web import run_web

    _guarded(lambda: run_web(host, port, processes))


@click.command()
@click.option("--stage", "stages", type=click.Choice(_STAGES), multiple=True, help="Only these stages (default: all).")
def worker(stages: tuple[str, ...]) -> None:
    """Match bills, file lists, exchange messages with the single window. 后台处理"""
    from ccezone.processes.work import run_worker

    _guarded(lambda: run_worker(stages or _STAGES))


@click.command()
def scheduler() -> None:
    """Run the scheduled jobs; where several run, one of them works. 定时任务"""
    from ccezone.processes.work import run_scheduler_process

    _guarded(run_scheduler_process)


@click.command()
@click.argument("name", type=click.Choice(["single-window", "tax-bureau", "bank"]))
@click.option("--port", type=click.IntRange(0, 65535), help="Port (default: 8101 single window, 8102 tax bureau, 8103 bank).")
@click.option("--host", default="127.0.0.1", show_default=True)
def mock(name: str, port: int | None, host: str) -> None:
    """Serve a mocked counterparty. 模拟对接方"""
    from ccezone.processes.mock import run_mock

    _guarded(lambda: run_mock(name, host, _MOCK_PORTS[name] if port is None else port))


def _guarded(work: Callable[[], None]) -> None:
    """A missing or wrong setting is one line, not a traceback."""
    try:
        work()
    except SettingError as error:
        raise click.ClickException(str(error)) from error
