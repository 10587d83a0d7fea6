"""``ccezone audit``: is the trail of who saw and did what as it was written?"""

from pathlib import Path

import click

from ccezone.accounts.queries.audit import Verification
from ccezone.accounts.rules.chaining import BEGINNING, Break, Damage, Head
from ccezone.accounts.service import verify_audit
from ccezone.announcing import Announcer
from ccezone.cli_backup import DATA, main_database
from ccezone.kernel.clock import SystemClock
from ccezone.storage import Database

_WORDS = {
    Damage.ALTERED: "已被篡改 altered",
    Damage.REMOVED: "已被删除 removed",
    Damage.FORGED: "与前后记录不符 does not follow from the entry before it, or is not what an earlier check found",
}


@click.group()
def audit() -> None:
    """The audit trail. 审计日志"""


@audit.command()
@click.option("--anchor", help="NUMBER:DIGEST as an earlier check printed it and you kept it. 以往校验输出的锚点")
@DATA
def verify(anchor: str | None, data: Path) -> None:
    """Check the whole trail; exit status 1, and every place named, when an entry was changed or removed. 校验审计日志链"""
    kept = _anchor(anchor) if anchor else None
    with main_database(data) as url:
        database = Database(url, Announcer().subscriptions())
        try:
            checked = verify_audit(database, SystemClock(), "command line", kept)
        finally:
            database.close()
    _tell(checked)
    if not checked.whole:
        raise SystemExit(1)


def _tell(checked: Verification) -> None:
    for each in checked.breaks:
        click.echo(f"第 {each.number} 条 entry {each.number}{_named(each)}: {_WORDS[each.damage]}")
    if checked.found > len(checked.breaks):
        click.echo(f"另有 {checked.found - len(checked.breaks)} 处 more places")
    verdict = "完整 whole" if checked.whole else f"{checked.found} 处异常 places do not hold"
    click.echo(f"审计日志 audit trail: {checked.number} 条 entries, {verdict}")
    click.echo(f"锚点 anchor {checked.number}:{checked.digest.hex()}")


def _named(each: Break) -> str:
    return f" ({each.entry_id})" if each.entry_id else ""


def _anchor(text: str) -> Head:
    number, _, digest = text.partition(":")
    try:
        kept = Head(int(number), bytes.fromhex(digest))
    except ValueError:
        kept = Head()
    if len(digest) != len(BEGINNING) * 2 or not kept.number:
        raise click.BadParameter("NUMBER:DIGEST, e.g. 120:9f86d0…", param_hint="--anchor")
    return kept
