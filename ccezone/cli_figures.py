"""``ccezone figures``: make the figures of declaration lists and exported goods anew."""

import click

from ccezone.kernel.clock import SystemClock
from ccezone.settings import Settings
from ccezone.statistics.service import recompute_figures, recompute_goods, recompute_supplements
from ccezone.storage import Database


@click.command()
def figures() -> None:
    """Make all figures anew from the lists, while the system runs. 重新汇总统计数字"""
    settings = Settings.from_environment()
    database = Database(settings.database_url)
    try:
        number = recompute_figures(database, SystemClock(), settings.zone)
        items = recompute_goods(database, SystemClock())
        others = recompute_supplements(database, SystemClock(), settings.zone)
    finally:
        database.close()
    click.echo(f"{number} lists 份清单，{items} exported items 项出口商品，{others} other facts 项其他来源")
