"""``ccezone reconcile``: look at a day's ledgers now."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from ccezone.bootstrap import LEDGERS
from ccezone.cli_backup import DATA, main_database
from ccezone.kernel.balances import Balance
from ccezone.kernel.clock import SHANGHAI, SystemClock
from ccezone.reconciliation.service import reconcile as look_at
from ccezone.storage import Database


@click.command()
@click.argument("day", required=False, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--all", "every", is_flag=True, help="Print every balance with its parts. 打印每一项余额")
@DATA
def reconcile(day: datetime | None, data: Path, *, every: bool) -> None:
    """Reconcile every ledger of DAY (yesterday): prints 0, or the items that differ with exit status 1. 每日对账"""
    clock = SystemClock()
    wanted = day.date() if day else clock.now().astimezone(SHANGHAI).date() - timedelta(days=1)
    with main_database(data) as url:
        database = Database(url)
        try:
            balances = look_at(database, LEDGERS, wanted, clock)
        finally:
            database.close()
    if not tell(balances, wanted, every=every):
        raise SystemExit(1)


def tell(balances: Sequence[Balance], day: date, *, every: bool = False) -> bool:
    """Print balances that do not stand, item by item, or nought, or ``every`` balance; return whether all stand."""
    wrong = [each for each in balances if not each.stands]
    for each in balances if every else wrong:
        parts = " + ".join(f"{part.name} {part.amount:f}" for part in each.parts)
        gap = f" (差额 gap {each.gap:f})" if not each.stands else ""
        click.echo(f"{each.ledger} {each.unit}: {each.whole:f} {'!=' if each.gap else '='} {parts}{gap}")
        for item in each.differences:
            click.echo(f"  {item.kind} {item.number} {item.merchant}: 应有 expected {item.expected:f}, 所记 found {item.found:f}")
    if not wrong:
        click.echo(f"0 ({day.isoformat()}: {len(balances)} 项余额 balances)")
    return not wrong
