"""``ccezone up``: the whole system on one machine, from an empty folder to a page, and all of it stopped by Ctrl-C."""

import json
import os
import secrets
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from ccezone.demo.zone import load_logins
from ccezone.settings import sqlalchemy_url
from ccezone.storage.embedded import BinariesMissing, ClusterFailed, ClusterInUse, EmbeddedPostgres
from ccezone.storage.migrating import upgrade
from ccezone.supervisor import Child, HttpReady, LogReady, Supervisor

_FAILURES = (BinariesMissing, ClusterFailed, ClusterInUse)
_STARTED = "worker_started"


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
            upgrade(url)
            environment = {**secrets_of(data), **addresses(data, url, site)}
            supervisor = Supervisor(
                children(environment, host, port, processes, demo_orders if demo else None),
                data / "logs",
                say=click.echo,
                on_ready=lambda: announce(site, data),
            )
            sys.exit(supervisor.run())
    except _FAILURES as failure:
        raise click.ClickException(str(failure)) from failure


@contextmanager
def database(data: Path) -> Iterator[str]:
    """Address of the database: DATABASE_URL's, else an embedded server's that lives as long as the block."""
    if given := os.environ.get("DATABASE_URL"):
        yield sqlalchemy_url(given)
        return
    with EmbeddedPostgres(data / "postgres") as server:
        yield server.url


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def secrets_of(data: Path) -> dict[str, str]:
    """Return the data folder's keys, made at the first start; whoever loses them loses the personal data."""
    path = data / "secrets.json"
    if not path.exists():
        made = {"CCEZONE_SECRET_KEY": secrets.token_hex(32), "CCEZONE_PERSONAL_KEY": secrets.token_hex(32)}
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return {name: os.environ.get(name, value) for name, value in kept.items()}


def addresses(data: Path, url: str, site: str) -> dict[str, str]:
    """Where the parts find each other."""
    return {
        "DATABASE_URL": url,
        "CCEZONE_DATA": str(data),
        "CCEZONE_PUBLIC_URL": os.environ.get("CCEZONE_PUBLIC_URL", site),
        "CCEZONE_SINGLE_WINDOW_URL": os.environ.get("CCEZONE_SINGLE_WINDOW_URL", f"http://127.0.0.1:{free_port()}"),
        "CCEZONE_URL": site,
    }


def children(environment: Mapping[str, str], host: str, port: int, processes: int, demo_orders: int | None) -> list[Child]:
    """The processes of the system, in the order they depend on each other."""
    program = [sys.executable, "-m", "ccezone.cli"]
    window = environment["CCEZONE_SINGLE_WINDOW_URL"]
    site = f"http://{host}:{port}"
    web = [*program, "web", "--host", host, "--port", str(port), "--processes", str(processes)]
    found = []
    if "CCEZONE_SINGLE_WINDOW_URL" not in os.environ:
        mock = [*program, "mock", "single-window", "--port", window.rsplit(":", 1)[1]]
        found.append(Child("single-window", mock, environment, HttpReady(f"{window}/health/live")))
    for stage in ("merge", "send", "receive"):
        found.append(Child(f"worker-{stage}", [*program, "worker", "--stage", stage], environment, LogReady(_STARTED)))
    found.append(Child("scheduler", [*program, "scheduler"], environment, LogReady("scheduler_started")))
    if demo_orders is not None:
        found.append(Child("demo-zone", [*program, "demo", "found"], environment, once=True))
    found.append(Child("web", web, environment, HttpReady(f"{site}/health/ready")))
    if demo_orders:
        load = [*program, "demo", "load", "--orders", str(demo_orders), "--url", site]
        found.append(Child("demo-load", load, environment, after=["web", "demo-zone"], once=True))
    return found


def announce(site: str, data: Path) -> None:
    """Say where the site is, and how to get in."""
    click.echo(f"\n  就绪 ready: {site}/\n  日志 logs:  {data / 'logs'}")
    logins = {login.role: login for login in load_logins(data)}
    for role in ("merchant", "officer"):
        if login := logins.get(role):
            click.echo(f"  {login.name}({role}): {login.login} / {login.password}")
    if logins:
        click.echo("  全部账号 all logins: ccezone demo credentials\n")
