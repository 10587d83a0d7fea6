"""``ccezone code``: judge one official code and say why."""

import sys

import click

from ccezone.kernel.check_digits import CHECKS


@click.group()
def code() -> None:
    """Official codes. 官方代码。"""


@code.command()
@click.argument("kind", type=click.Choice(list(CHECKS)))
@click.argument("value")
def check(kind: str, value: str) -> None:
    """Judge VALUE as a code of KIND: exit 0 when it is well formed, 1 when it is not."""
    verdict = CHECKS[kind](value)
    if verdict:
        click.echo(f"{value}: 有效 valid")
        return
    click.echo(f"{value}: 无效 invalid: {verdict.reason_zh} / {verdict.reason_en}")
    sys.exit(1)
