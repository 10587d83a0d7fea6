"""``ccezone demo``: found the fictional zone, tell its logins, load a month of its traffic through the public interface."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from ccezone.bootstrap import assemble
from ccezone.demo.applying import apply_for
from ccezone.demo.dues import found_dues
from ccezone.demo.loading import LoadFailed, check_hub, load_traffic
from ccezone.demo.money import found_money
from ccezone.demo.pacing import Pace, paced
from ccezone.demo.returning import publish_returns
from ccezone.demo.room import NotTheDemos, leave_real_data_alone
from ccezone.demo.span import BadMonth, remembered_span, span_of
from ccezone.demo.standing import found_standing
from ccezone.demo.supplying import found_supplements
from ccezone.demo.zone import NODE, Login, credentials_file, found_zone, load_logins, save_logins
from ccezone.deployment import vault_of
from ccezone.kernel.clock import SHANGHAI, SystemClock
from ccezone.settings import SettingError, Settings, sqlalchemy_url
from ccezone.storage import Database
from ccezone.storage.embedded import BinariesMissing, ClusterFailed, ClusterInUse, serving
from ccezone.storage.migrating import upgrade
from ccezone.submission.client import DEFAULT_URL

_FAILURES = (SettingError, BinariesMissing, ClusterFailed, ClusterInUse, NotTheDemos)
_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CCEZONE_DATA",
    default=Path("var"),
    show_default=True,
    help="Data folder. 数据目录",
)


@click.group()
def demo() -> None:
    """A fictional zone to try everything on. 演示综试区"""


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array. 输出 JSON")
@_DATA
def credentials(as_json: bool, data: Path) -> None:
    """Print the demo's logins and API tokens per role. 演示账号与令牌"""
    logins = _logins(data)
    if as_json:
        click.echo(json.dumps([asdict(login) for login in logins], ensure_ascii=False, indent=1))
        return
    for login in logins:
        click.echo(f"{login.role:<14}{login.name}  {login.code}")
        click.echo(f"{'':<14}账号 login  {login.login} / {login.password}")
        if login.token:
            click.echo(f"{'':<14}令牌 token  {login.token}")


@demo.command()
@_DATA
def found(data: Path) -> None:
    """Found the demo zone: enterprises, people, products, defaults. Founding it twice changes nothing. 建立演示综试区"""
    logins = _found(data)
    click.echo(f"演示综试区已就绪 the demo zone stands: {len(logins)} 个账号 logins ({credentials_file(data)})")


@demo.command()
@click.option("--orders", type=click.IntRange(1, 1_000_000), default=2000, show_default=True, help="How many orders. 订单数")
@click.option("--seed", type=click.IntRange(0, 99), default=0, show_default=True, help="Another seed, another month. 随机种子")
@click.option("--month", help="YYYY-MM; without it, the thirty days that end today. 月份")
@click.option("--url", envvar="CCEZONE_URL", default=DEFAULT_URL, show_default=True, help="Address of the hub. 平台地址")
@_DATA
def load(orders: int, seed: int, month: str | None, url: str, data: Path) -> None:
    """Send a month of realistic traffic to a running hub through its public interface. 装载一个月的演示业务

    The same seed, month and number again sends the same documents: nothing is stored twice.
    A hub with data that are not the demo's is refused.
    """
    now = datetime.now(SHANGHAI)
    try:
        span_of(month, now)
        check_hub(url)
        with _database(data) as database:
            leave_real_data_alone(database)
        span = remembered_span(data, seed, month, now)
        logins = load_logins(data) or _found(data)
        with _paced(data) as pace:
            load_traffic(url, logins, orders, seed, span, click.echo, pace)
        _pay()
        _apply()
        with _database(data) as database:
            found_supplements(database, os.environ.get("CCEZONE_ZONE", NODE), SystemClock(), click.echo)
            publish_returns(database, os.environ.get("CCEZONE_ZONE", NODE), url, SystemClock(), click.echo)
    except BadMonth as error:
        raise click.UsageError(str(error)) from error
    except LoadFailed as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _paced(data: Path) -> Iterator[Pace | None]:
    """Lead the clock of the hub beside us, if ``ccezone up`` gave it one to live through the month by."""
    path = os.environ.get("CCEZONE_DEMO_CLOCK")
    if not path:
        yield None
        return
    with _database(data) as database, paced(Path(path), database) as pace:
        yield pace


def _apply() -> None:
    """Beside a hub whose settings the environment holds, act for its firms after the traffic."""
    if os.environ.get("DATABASE_URL"):
        hub = assemble(Settings.from_environment())
        try:
            apply_for(hub, click.echo)
        finally:
            hub.database.close()


def _pay() -> None:
    """Let money come for the orders, where the hub's database is at hand: no public interface takes a bank's statement."""
    if url := os.environ.get("DATABASE_URL"):
        for database in _opened(sqlalchemy_url(url)):
            found_money(database, os.environ.get("CCEZONE_ZONE", NODE), SystemClock())
            found_dues(database, os.environ.get("CCEZONE_ZONE", NODE), SystemClock())


def _logins(data: Path) -> Sequence[Login]:
    logins = load_logins(data)
    if not logins:
        raise click.ClickException(f"{data} 中没有演示综试区 no demo zone in {data}: ccezone demo found")
    return logins


def _found(data: Path) -> Sequence[Login]:
    """Found the zone where it is missing. Only the data folder knows its logins."""
    with _database(data) as database:
        leave_real_data_alone(database)
        fresh = found_zone(database, SystemClock(), lambda logins: save_logins(data, logins))
        found_standing(database, os.environ.get("CCEZONE_ZONE", NODE), SystemClock(), vault_of(data))
    logins = fresh or load_logins(data)
    if not logins:
        raise click.ClickException(f"演示综试区已在数据库中，但其账号不在 {data} the zone stands, its logins are not in {data}")
    return logins


@contextmanager
def _database(data: Path) -> Iterator[Database]:
    """The hub's database: the one the environment names, else the data folder's own."""
    try:
        if url := os.environ.get("DATABASE_URL"):
            yield from _opened(sqlalchemy_url(url))
            return
        if not (data / "postgres").is_dir():
            raise click.ClickException(f"{data} 不是平台的数据目录 {data} is no hub's data folder: --data / DATABASE_URL")
        with serving(data / "postgres") as url:
            upgrade(url)
            yield from _opened(url)
    except _FAILURES as failure:
        raise click.ClickException(str(failure)) from failure


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
