"""``ccezone inspection``: compute a published random draw again."""

from pathlib import Path

import click

from ccezone.cli_backup import DATA, main_database
from ccezone.inspection.queries.draws import plan_numbered, publication
from ccezone.inspection.queries.numbers import read_number
from ccezone.inspection.rules.drawing import Replay, beside, drawn_in, parse, replay
from ccezone.storage import Database


@click.group()
def inspection() -> None:
    """Inspections. 联合查验与随机抽查"""


@inspection.command("replay")
@click.argument("draw")
@DATA
def replay_draw(draw: str, data: Path) -> None:
    """Compute DRAW again: a file that was published, or a plan's number in the hub's database; exit status 1 when it differs.

    复算抽查结果：DRAW 为下载的公示文件，或平台数据库中的计划编号。
    """
    document = Path(draw).read_bytes() if Path(draw).is_file() else _stored(draw, data)
    try:
        found = replay(document)
    except ValueError as error:
        raise click.ClickException(f"不是公布的抽查结果 no published draw: {error}") from error
    _tell(document, found)
    if not found.same:
        raise SystemExit(1)


def _stored(draw: str, data: Path) -> bytes:
    number = read_number(draw)
    if number is None:
        raise click.BadParameter("既不是文件也不是计划编号 neither a file nor a plan's number", param_hint="DRAW")
    with main_database(data) as url:
        database = Database(url)
        try:
            with database.reading() as connection:
                known = plan_numbered(connection, number)
                told = publication(connection, known.id, "drawn") if known else None
        finally:
            database.close()
    if told is None:
        raise click.ClickException(f"没有已公布的抽查 no published draw: {draw}")
    return told.document


def _tell(document: bytes, found: Replay) -> None:
    frozen, known = parse(document), beside(document)
    click.echo(f"{frozen.title}: {len(frozen.population)} 个对象 objects, {len(drawn_in(document))} 个抽中 drawn")
    click.echo(f"种子 secret {known.secret}  口令 word {known.word}")
    for label, holds in (
        ("名单与摘要 population and digest", found.population),
        ("种子与事先公布的摘要 secret and commitment", found.secret),
        ("抽取结果 draw", found.draw),
    ):
        click.echo(f"{label}: {'相符 same' if holds else '不符 DIFFERENT'}")
