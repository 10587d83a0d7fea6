"""``ccezone backup`` and ``ccezone restore``: the hub's data and attachments as one folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ccezone.settings import SettingError, sqlalchemy_url
from ccezone.storage import backup as copies
from ccezone.storage.embedded import BinariesMissing, ClusterFailed, ClusterInUse, serving

_FAILURES = (copies.BackupRefused, SettingError, BinariesMissing, ClusterFailed, ClusterInUse)
DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CCEZONE_DATA",
    default=Path("var"),
    show_default=True,
    help="Data folder: attachments, and the embedded database unless DATABASE_URL is set. 数据目录",
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@DATA
def backup(folder: Path, data: Path) -> None:
    """Copy data and attachments into the new FOLDER, while the system runs. 备份数据与附件。

    The keys (CCEZONE_SECRET_KEY, CCEZONE_PERSONAL_KEY) are not in it: keep them elsewhere, safely.
    """
    with main_database(data) as url:
        manifest = copies.backup(url, data / "attachments", folder)
    click.echo(f"{folder}: 已备份 saved {sum(manifest.rows.values())} rows of {len(manifest.rows)} tables")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--force", is_flag=True, help="Remove what is there now. 覆盖现有数据")
@DATA
def restore(folder: Path, force: bool, data: Path) -> None:
    """Put the backup in FOLDER back, into an empty database. 从备份恢复。"""
    with main_database(data) as url:
        manifest = copies.restore(folder, url, data / "attachments", force=force)
    click.echo(f"{folder}: 已恢复 restored {sum(manifest.rows.values())} rows of {len(manifest.rows)} tables")


@contextmanager
def main_database(data: Path) -> Iterator[str]:
    """The database the environment names, else the embedded one; failures become one line and exit status 1."""
    try:
        if url := os.environ.get("DATABASE_URL"):
            yield sqlalchemy_url(url)
            return
        with serving(data / "postgres") as url:
            yield url
    except _FAILURES as failure:
        raise click.ClickException(str(failure)) from failure
