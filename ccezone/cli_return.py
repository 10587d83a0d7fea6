"""``ccezone return``: compile a return, render a snapshot again, verify a file that somebody holds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import click
import orjson

from ccezone.bootstrap import seal_of
from ccezone.cli_backup import DATA, main_database
from ccezone.kernel.clock import SystemClock
from ccezone.kernel.errors import Refused
from ccezone.printing.documents import Locale
from ccezone.printing.returns.document import render_return
from ccezone.printing.returns.published import SERIES as PUBLISHED
from ccezone.printing.returns.published import published_rows, render_published
from ccezone.printing.returns.verifying import Finding, snapshot_in, verify_return
from ccezone.printing.returns.workbook import return_workbook
from ccezone.settings import Settings
from ccezone.statistics.queries.returns import return_by_code, return_by_id, return_of_snapshot, returns, snapshot
from ccezone.statistics.rules.periods import Kind
from ccezone.statistics.rules.published import gaps, published_table
from ccezone.statistics.rules.returns import Series, digest
from ccezone.statistics.service.returns import Order, compile_return
from ccezone.storage import Database
from ccezone.web.zone import zone_name
from schemas.codes.problems import text

_LOCALES: dict[str, Locale] = {"zh": "zh", "en": "en"}


@click.group("return")
def statistical_return() -> None:
    """Statistical returns. 统计报表"""


@statistical_return.command("compile")
@click.option("--kind", type=click.Choice([each.value for each in Kind]), default=Kind.MONTHLY.value, show_default=True)
@click.option("--period", required=True, help="2026-W47, 2026-11, 2026-Q4, 2026-H2, 2026. 报告期")
@click.option("--series", type=click.Choice([each.value for each in Series]), default=Series.PRELIMINARY.value, show_default=True)
@click.option("--reason", default="", help="Why the period is compiled again. 更正原因")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the snapshot there. 另存快照")
@DATA
def compile_(kind: str, period: str, series: str, reason: str, out: Path | None, data: Path) -> None:
    """Compile and freeze a return of the hub here; its officers approve and publish it. 编制报表"""
    settings = _settings(data)
    zone = zone_name(settings.zone)
    order = Order(settings.zone, (zone.zh, zone.en), settings.public_url, kind, period, series, reason)
    with main_database(data) as url, _opened(url) as database:
        try:
            with database.begin() as uow:
                return_id = compile_return(uow, order, "command", SystemClock())
                found = return_by_id(uow.connection, return_id)
                frozen = snapshot(uow.connection, return_id)
        except Refused as refused:
            raise click.ClickException("; ".join(text(fault, "zh")[0] for fault in refused.faults)) from refused
    if out is not None:
        out.write_bytes(frozen)
    click.echo(f"{found.spelled if found else return_id} {kind} {period} SHA-256 {digest(frozen)}")


@statistical_return.command()
@click.argument("source")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="FILE.pdf or FILE.xlsx. 输出文件")
@click.option("--lang", type=click.Choice(list(_LOCALES)), default="zh", show_default=True)
@DATA
def render(source: str, out: Path, lang: str, data: Path) -> None:
    """Render SOURCE, a snapshot's file or a return's number (TJ-000012) of the hub here: the same bytes every time. 生成文件"""
    document = Path(source).read_bytes() if Path(source).is_file() else _stored(source, data)
    made = return_workbook(document, _LOCALES[lang]) if out.suffix == ".xlsx" else render_return(document, _LOCALES[lang])
    out.write_bytes(made)
    click.echo(f"{out}: {len(made)} bytes, SHA-256 {digest(made)}")


@statistical_return.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--offline", is_flag=True, help="Without the hub's database. 不连数据库")
@click.option("--signer", multiple=True, help="Fingerprint of a certificate to trust beside the hub's own. 信任的证书指纹")
@DATA
def verify(file: Path, offline: bool, signer: tuple[str, ...], data: Path) -> None:
    """Verify FILE: its seal, every byte before that against a fresh rendering, its figures against the hub's. 核验报表文件

    Exit status 1 when anything differs.
    """
    registered: bytes | None = None
    if not offline:
        with main_database(data) as url, _opened(url) as database:
            registered = _registered(database, file.read_bytes())
    seal = replace(seal_of(_settings(data)), trusted=frozenset(each.lower() for each in signer))
    found = verify_return(file.read_bytes(), seal, registered, told=not offline)
    for line in found:
        click.echo(_written(line))
    if not all(line.holds for line in found):
        raise SystemExit(1)


@statistical_return.command()
@click.option("--period", required=True, help="2019-10. 月份")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="FILE.pdf. 输出文件")
@click.option("--lang", type=click.Choice(list(_LOCALES)), default="zh", show_default=True)
def published(period: str, out: Path, lang: str) -> None:
    """Print customs' own table of a month, by customs regime, as published. 按公布数打印海关统计表"""
    try:
        table = published_table(published_rows(), PUBLISHED, period)
    except LookupError as error:
        raise click.ClickException(f"没有这个月的公布数 nothing is known of {period}") from error
    out.write_bytes(render_published(table, _LOCALES[lang]))
    click.echo(f"{out}: {len(table.rows)} rows, {', '.join(f'{column} {gap:+}' for column, gap in gaps(table).items())}")


def _written(line: Finding) -> str:
    mark = "相符 holds" if line.holds else "不符 DIFFERS"
    return f"{line.zh} {line.en}: {mark}" + (f" ({line.detail})" if line.detail else "")


def _registered(database: Database, content: bytes) -> bytes | None:
    """Return the hub's own snapshot of the return a file says it is: by the code the file's snapshot bears."""
    carried = snapshot_in(content)
    if carried is None:
        return None
    with database.reading() as connection:
        found = return_of_snapshot(connection, digest(carried)) or return_by_code(connection, _code(carried))
        return snapshot(connection, found.id) if found else None


def _code(carried: bytes) -> str:
    try:
        return str(orjson.loads(carried).get("code", ""))
    except (orjson.JSONDecodeError, AttributeError):
        return ""


def _stored(number: str, data: Path) -> bytes:
    with main_database(data) as url, _opened(url) as database, database.reading() as connection:
        after: UUID | None = None
        while rows := returns(connection, after=after):
            for row in rows:
                if row.spelled == number.upper():
                    return snapshot(connection, row.id)
            after = rows[-1].id
    raise click.BadParameter("既不是文件也不是报表编号 neither a file nor a return's number", param_hint="SOURCE")


def _settings(data: Path) -> Settings:
    """What a return hangs on: the zone, its address, its seal's key; the database comes by ``main_database``."""
    blank = {"DATABASE_URL": "postgresql://none", "CCEZONE_SECRET_KEY": "none", "CCEZONE_PERSONAL_KEY": "0" * 64}
    return Settings.from_environment({**blank, **os.environ, "CCEZONE_DATA": str(data)})


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
