"""The command line: ``ccezone``. Exit status 0 fine, 1 the input is bad, 2 wrong usage.

A command's module is imported when the command is called: eight processes of a hub start by this line.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from ccezone.processes.collector import collect_rarely

COMMANDS: Final[Mapping[str, str]] = {
    # name: module and attribute
    "up": "ccezone.cli_up:up",
    "submit": "ccezone.cli_submit:submit",
    "inspection": "ccezone.cli_inspection:inspection",
    "message": "ccezone.cli_message:message",
    "return": "ccezone.cli_return:statistical_return",
    "quote": "ccezone.cli_quote:quote",
    "code": "ccezone.cli_code:code",
    "demo": "ccezone.cli_demo:demo",
    "figures": "ccezone.cli_figures:figures",
    "reconcile": "ccezone.cli_reconcile:reconcile",
    "backup": "ccezone.cli_backup:backup",
    "restore": "ccezone.cli_backup:restore",
    "administrators": "ccezone.cli_administrators:administrators",
    "audit": "ccezone.cli_audit:audit",
    "bench": "ccezone.bench.cli:bench",
    "migrate": "ccezone.cli_processes:migrate",
    "web": "ccezone.cli_processes:web",
    "worker": "ccezone.cli_processes:worker",
    "scheduler": "ccezone.cli_processes:scheduler",
    "mock": "ccezone.cli_processes:mock",
}


class CommandsByName(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        collect_rarely()
        module, _, attribute = place.partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place} is no command")
        return command


@click.command(cls=CommandsByName, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ccezone")
def main() -> None:
    """Online service platform of a cross-border e-commerce pilot zone. 跨境电商综试区线上综合服务平台"""


if __name__ == "__main__":
    main()
