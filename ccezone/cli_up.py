"""``ccezone up``: the whole system on one machine, from an empty folder to a page, and all of it stopped by Ctrl-C."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ccezone.demo.pacing import begin_month
from ccezone.demo.room import NotTheDemos, leave_real_data_alone
from ccezone.demo.standing import found_standing
from ccezone.demo.zone import NODE, OFFICER, SHOWN_MERCHANT, found_zone, load_logins, save_logins
from ccezone.deployment import addresses, children, for_show, free_port, secrets_of, vault_of
from ccezone.kernel.clock import SystemClock
from ccezone.processes.migrate import bring_up_to_date
from ccezone.settings import sqlalchemy_url
from ccezone.storage import Database
from ccezone.storage.embedded import BinariesMissing, ClusterFailed, ClusterInUse, EmbeddedPostgres
from ccezone.supervisor import Supervisor

_FAILURES = (BinariesMissing, ClusterFailed, ClusterInUse, NotTheDemos)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port of the site (0: any free one).")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CCEZONE_DATA",
    default=Path("var"),
    show_default=True,
    help="Data folder: database, keys, logs, attachments. 数据目录",
)
@click.option("--demo", is_flag=True, help="Found the demo zone and load a month of traffic. 演示数据")
@click.option("--demo-orders", type=click.IntRange(0), default=2000, show_default=True, help="Orders of the demo.")
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="Web processes.")
def up(port: int, host: str, data: Path, demo: bool, demo_orders: int, processes: int) -> None:
    """Run the whole system on this machine: database, mock single window, workers, scheduler, site. 一键启动"""
    data = data.absolute()
    data.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    site = f"http://{host}:{port}"
    try:
        with database(data) as url:
            bring_up_to_date(url)
            if demo:
                found_demo(data, url, months_traffic=demo_orders > 0)
            environment = {**secrets_of(data), **addresses(data, url, site), **(for_show(data) if demo else {})}
            supervisor = Supervisor(
                children(environment, host, port, processes, demo_orders if demo else None),
                data / "logs",
                say=click.echo,
                on_ready=lambda: announce(site, data),
            )
            sys.exit(supervisor.run())
    except _FAILURES as failure:
        raise click.ClickException(str(failure)) from failure


def found_demo(data: Path, url: str, *, months_traffic: bool) -> None:
    """Found the demo zone before the site opens, so that its logins can be told at once.

    Where it is founded in an empty hub and ``months_traffic`` is to follow, the hub's clock begins a month back.
    Raises ``NotTheDemos``.
    """
    hub = Database(url)
    try:
        leave_real_data_alone(hub)
        fresh = found_zone(hub, SystemClock(), lambda logins: save_logins(data, logins))
        found_standing(hub, os.environ.get("CCEZONE_ZONE", NODE), SystemClock(), vault_of(data))
        if fresh and months_traffic and "CCEZONE_SINGLE_WINDOW_URL" not in os.environ:  # another's would not follow the clock
            begin_month(hub, data)
    finally:
        hub.close()


@contextmanager
def database(data: Path) -> Iterator[str]:
    """Address of the database: DATABASE_URL's, else an embedded server's that lives as long as the block."""
    if given := os.environ.get("DATABASE_URL"):
        yield sqlalchemy_url(given)
        return
    with EmbeddedPostgres(data / "postgres") as server:
        yield server.url


def announce(site: str, data: Path) -> None:
    """Say where the site is, and how to get in."""
    click.echo(f"\n  就绪 ready: {site}/\n  日志 logs:  {data / 'logs'}")
    logins = load_logins(data)
    for login in logins:
        if login.enterprise == SHOWN_MERCHANT or login.login == OFFICER:
            click.echo(f"  {login.name}({login.role}): {login.login} / {login.password}")
    if logins:
        click.echo("  全部账号 all logins: ccezone demo credentials\n")
